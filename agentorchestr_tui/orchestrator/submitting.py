"""What is typed for a message: a bracketed paste, or lines between the words that open and close a text of several."""

from __future__ import annotations

from collections.abc import Iterator

from agentorchestr_tui.agents.card import Submission
from agentorchestr_tui.emulator.keys import paste
from agentorchestr_tui.emulator.modes import Modes

LINE = 3000  # bytes of one line at most where lines are read: a terminal in line mode loses what is past 4095
PIECE = 16 * 1024  # bytes of one write


def keys_of(text: str, submission: Submission, modes: Modes, name: str) -> Iterator[bytes]:
    """Yield what is typed before the submitting keys; `name` is the message's own word."""
    clean = cleaned(text)
    if submission.bracketed:
        typed = paste(clean, modes)
        yield from (typed[at : at + PIECE] for at in range(0, len(typed), PIECE))
        return
    lines = [part for line in clean.split("\n") for part in _short(line)]
    if len(lines) > 1 and submission.opens:
        lines = [submission.opens.replace("{name}", name), *lines, submission.closes.replace("{name}", name)]
    for line in lines[:-1]:
        yield f"{line}\r".encode()
    yield lines[-1].encode()


def cleaned(text: str) -> str:
    """Return a text without what a terminal or an agent would take for a command: control characters, half pairs."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    kept = "".join(each for each in plain if each == "\n" or (each.isprintable() or each in _INVISIBLE))
    return kept.encode("utf-8", "ignore").decode()


_INVISIBLE = frozenset("\u200d\ufe0f\u00a0\u3000\u200b\u2009\u202f\u00ad")  # parts of emoji and of typography


def _short(line: str) -> Iterator[str]:
    """Yield a line in parts that a terminal in line mode takes, cut at blanks where there are any."""
    while len(line.encode()) > LINE:
        part = line.encode()[:LINE].decode("utf-8", "ignore")
        cut = part.rfind(" ")
        part = part[:cut] if cut > LINE // 2 else part
        yield part
        line = line[len(part) :].lstrip(" ")
    yield line

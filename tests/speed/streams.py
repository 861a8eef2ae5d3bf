"""Fifteen kinds of output for measuring parsers at 120x40: generated, or recorded from the programs that are installed.

Generated streams are the same on every machine. A recording depends on the program's version, so each stream says what
it is; where a program is missing, a generated likeness stands in.
"""

from __future__ import annotations

import os
import random
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import ptyprocess

from agentorchestr_tui.emulator import Emulator

COLUMNS, LINES = 120, 40
SIZE = 60_000  # bytes of one stream, at least
_QUIET = 0.1  # seconds without output after which a program waits for a key
_LONGEST = 1.0  # seconds that one key's output is recorded
_ENOUGH = 2 * SIZE  # bytes of one recording
_LEAST = 2000  # bytes that are worth measuring
_WORDS = ("alpha", "beta", "gamma", "error", "warning: unused", "def main():", "/usr/lib/python", "0x3fa2", "12:33:01")


@dataclass(frozen=True)
class Stream:
    """A kind of output; `recorded` if a real program printed it."""

    name: str
    data: bytes
    recorded: bool = False


def streams() -> list[Stream]:
    """Return the fifteen."""
    made = {stream.name: stream for stream in generated()}
    with tempfile.TemporaryDirectory(prefix="ao-streams-") as folder:
        _fill(Path(folder))
        made |= {stream.name: stream for stream in _recorded(Path(folder))}
    return list(made.values())


# -- generated


def generated() -> Iterator[Stream]:
    """Make all fifteen, the same each time."""
    for name, frame in _FRAMES.items():
        chance = random.Random(name)
        parts: list[str] = []
        size = number = 0
        while size < SIZE:
            part = frame(chance, number)
            parts.append(part)
            size += len(part.encode())
            number += 1
        yield Stream(name, "".join(parts).encode())


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(count))


def _log(chance: random.Random, number: int) -> str:
    return f"{_words(chance, 2)} {number} {_words(chance, 3)}\r\n"


def _long_lines(chance: random.Random, number: int) -> str:
    return f"{number} {_words(chance, 90)}\r\n"


def _listing(chance: random.Random, number: int) -> str:
    color = chance.choice(["01;34", "01;32", "01;36", "00"])
    size = chance.randrange(9_999_999)
    return f"-rw-r--r-- 1 root root {size:>8} Jan  2 03:04 \x1b[0m\x1b[{color}mname-{number}.py\x1b[0m\r\n"


def _patch(chance: random.Random, number: int) -> str:
    if number % 12 == 0:
        return f"\x1b[36m@@ -{number},7 +{number},9 @@\x1b[m {_words(chance, 2)}\x1b[m\r\n"
    sign, color = chance.choice([("+", "32"), ("-", "31")])
    return f"\x1b[{color}m{sign}\x1b[m\x1b[{color}m    {_words(chance, 6)}\x1b[m\r\n"


def _regions(chance: random.Random, number: int) -> str:
    top = chance.randrange(1, 20)
    parts = [f"\x1b[{top};{top + chance.randrange(4, 20)}r\x1b[{top + 3};1H"]
    parts += [f"\n\r{_words(chance, 5)}" for _ in range(8)]
    return "".join([*parts, f"\x1b[{top};1H", "\x1bM" * 4, f"\x1b[2L{number}\x1b[1M\x1b[r"])


def _repaint(chance: random.Random, number: int) -> str:
    row = "\x1b[{};1H\x1b[2K\x1b[38;2;{};100;200m│\x1b[0m {} {}\x1b[K"
    parts = ["\x1b[?2026h\x1b[H", *(row.format(y, y * 5, _words(chance, 9), number) for y in range(1, 39))]
    spinner = "⠋⠙⠹⠸"[number % 4]
    return "".join([*parts, f"\x1b[39;3H\x1b[1m{spinner}\x1b[22m Thinking… ({number}s)\x1b[?2026l"])


def _pages(chance: random.Random, number: int) -> str:
    lines = [f"{_words(chance, 7)}\x1b[m\r\n\x1b[K" for _ in range(LINES - 1)]
    return "".join(["\r\x1b[K", *lines, f":\x1b[7m{number}\x1b[27m"])


def _yes(_chance: random.Random, _number: int) -> str:
    return "y\r\n"


def _alternate(chance: random.Random, number: int) -> str:
    start = "\x1b[?1049h\x1b[H" if number == 0 else ""
    return f"{start}\x1b[40;1H\r\n\x1b[3{number % 8}m{_words(chance, 7)}\x1b[m\x1b[K"


def _panes(chance: random.Random, number: int) -> str:
    """Half a screen beside a border, as tmux repaints it."""
    parts = [f"\x1b[?25l\x1b[{y};62H{_words(chance, 5)[:58]}\x1b[K" for y in range(1, 39, 3)]
    parts += [f"\x1b[{y};61H\x1b[32m│\x1b[39m" for y in range(1, 39, 6)]
    bar = f"\x1b[40;1H\x1b[30m\x1b[42m[0] 0:sh* {number}{' ' * 80}\x1b(B\x1b[m"
    return "".join([*parts, bar, "\x1b[?12l\x1b[?25h\x1b[20;63H"])


def _editor(chance: random.Random, number: int) -> str:
    parts = ["\x1b[?25l\x1b[1;39r\x1b[39;1H\n\x1b[1;40r"]
    parts.append(f"\x1b[39;1H\x1b[33m{number:>4} \x1b[m    \x1b[35mreturn\x1b[m {_words(chance, 3)}")
    parts.append(f"\x1b[40;103H{number},{chance.randrange(40)}\x1b[9C{number % 100}%\x1b[38;{chance.randrange(1, 60)}H")
    return "".join([*parts, "\x1b[34h\x1b[?25h"])


def _meters(chance: random.Random, _number: int) -> str:
    parts = []
    for y in range(8, 38):
        load = chance.random() * 100
        parts.append(
            f"\x1b[{y};1H\x1b[39m\x1b[49m{chance.randrange(99999):>7} root\x1b[{y};17H 20   0 \x1b[36m"
            f"{chance.randrange(99)}M\x1b[39m\x1b(B\x1b[m S \x1b[1m{load:5.1f}\x1b(B\x1b[m {_words(chance, 3)}\x1b[K"
        )
    return "".join(parts)


def _colors(chance: random.Random, _number: int) -> str:
    parts = []
    for _ in range(6):
        color = chance.choice(
            ["0", "1", "31", "32", "33", f"38;5;{chance.randrange(256)}", f"48;5;{chance.randrange(9)}"]
        )
        parts.append(f"\x1b[{color}m{chance.choice(_WORDS)}\x1b[0m")
    return " ".join(parts) + "\r\n"


def _motion(chance: random.Random, _number: int) -> str:
    return f"\x1b[{chance.randrange(1, 41)};{chance.randrange(1, 121)}H{chance.choice(_WORDS)}"


def _wide(chance: random.Random, number: int) -> str:
    words = ("漢字テスト", "中文", "한국어", "🎉", "emoji ✓", "done", "é", "日本語の長い文章です", "👍🏽")
    return " ".join(chance.choice(words) for _ in range(8)) + f" {number}\r\n"


_FRAMES: dict[str, Callable[[random.Random, int], str]] = {
    "plain log": _log,
    "long lines": _long_lines,
    "ls -lR --color": _listing,
    "git log -p": _patch,
    "scroll regions": _regions,
    "agent repaint": _repaint,
    "less": _pages,
    "yes": _yes,
    "alternate scroll": _alternate,
    "tmux": _panes,
    "vim": _editor,
    "htop": _meters,
    "dense colour": _colors,
    "cursor motion": _motion,
    "CJK and emoji": _wide,
}

# -- recorded

_LIBRARY = str(Path(random.__file__).parent)
_SCENES: dict[str, tuple[list[str], list[str]]] = {
    "ls -lR --color": (["ls", "-lR", "--color=always", _LIBRARY], []),
    "git log -p": (["git", "-c", "core.pager=cat", "log", "-p", "--color=always"], []),
    "less": (["less", "-R", f"{_LIBRARY}/argparse.py"], [*[" "] * 12, *["b"] * 6, "/def\r", *["n"] * 6]),
    "tmux": (
        ["tmux", "-S", "socket", "-f", "/dev/null", "new", "sh"],
        ["\x02%", *[f"head -{n * 40} {_LIBRARY}/argparse.py | tail -40\r" for n in (1, 4, 7)], '\x02"', "ls -l /\r"],
    ),
    "vim": (
        ["vim", "-u", "NONE", "-N", f"{_LIBRARY}/argparse.py"],
        [":syntax on\r", ":set number\r", *["\x06"] * 12, "/def\r", *["n"] * 8, *["\x02"] * 4, *["j"] * 30],
    ),
    "htop": (["htop", "-d", "2"], ["\x1b[B", "\x1b[6~", "t"]),
}
_ENDINGS = {"tmux": ["tmux", "-S", "socket", "kill-server"]}


def _recorded(folder: Path) -> Iterator[Stream]:
    """Record all at once: most of the time passes in waiting for quiet."""
    with ThreadPoolExecutor(len(_SCENES)) as threads:
        for name, data in zip(_SCENES, threads.map(lambda name: _scene(name, folder), _SCENES), strict=True):
            if len(data) > _LEAST:
                yield Stream(name, data * -(-SIZE // len(data)), recorded=True)


def _scene(name: str, folder: Path) -> bytes:
    argv, keys = _SCENES[name]
    if (program := shutil.which(argv[0])) is None:
        return b""
    said = _record([program, *argv[1:]], keys, folder)
    if name in _ENDINGS:
        _run(_ENDINGS[name], folder)
    return said


def _fill(folder: Path) -> None:
    """Make a repository with something in its history."""
    if not shutil.which("git"):
        return
    for number, module in enumerate(("argparse.py", "shutil.py", "inspect.py")):
        shutil.copy(f"{_LIBRARY}/{module}", folder / module)
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", f"Add {module} ({number})"]):
            _run(["git", "-c", "user.name=bench", "-c", "user.email=bench@localhost", *words], folder)


def _run(argv: list[str], folder: Path) -> None:
    subprocess.run(argv, cwd=folder, env=_environment(folder), check=False, capture_output=True, timeout=20)


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "xterm-256color", "LANG": "C.UTF-8", "PS1": "$ "}


def _record(argv: list[str], keys: list[str], folder: Path) -> bytes:
    process = ptyprocess.PtyProcess.spawn(argv, cwd=str(folder), env=_environment(folder), dimensions=(LINES, COLUMNS))
    answering, said = Emulator(COLUMNS, LINES), bytearray()
    for key in ["", *keys]:
        process.write(key.encode())
        if not _listen(process, answering, said):
            break
    process.terminate(force=True)
    return bytes(said)


def _listen(process: ptyprocess.PtyProcess, answering: Emulator, said: bytearray) -> bool:
    """Read until the program is quiet, and answer its questions; False once it ended or said enough."""
    stop = time.monotonic() + _LONGEST
    while time.monotonic() < stop and select.select([process.fd], [], [], _QUIET)[0]:
        try:
            data = process.read(65536)
        except EOFError:
            return False
        said += data
        answering.feed(data)
        process.write(answering.take_replies())
        if len(said) > _ENOUGH:
            return False
    return True


if __name__ == "__main__":
    for stream in streams():
        sys.stdout.write(f"{stream.name:<18} {len(stream.data):>8} {'recorded' if stream.recorded else 'generated'}\n")

"""How a worker without MCP says that its task has ended: a flag file with its nonce, or a closing line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from agentorchestr_tui.core.state import Worker
from agentorchestr_tui.core.words import Outcome
from agentorchestr_tui.paths import PROJECT_FOLDER

FLAG = "done.flag"
FLAG_BYTES = 64 * 1024  # of a flag that are read; a summary, not a log
_OUTCOMES = {"done": Outcome.DONE, "blocked": Outcome.BLOCKED, "failed": Outcome.FAILED}
_LINE = re.compile(r"^\W{0,4}WORKER_(DONE|BLOCKED|FAILED):\s*(\S.*)$")

Ending = tuple[Outcome, str]


def flag_stands(worktree: Path) -> bool:
    """Say whether there is a flag, of whatever content: one look at the folder, which a loop can spare."""
    return os.path.lexists(worktree / PROJECT_FOLDER / FLAG)


def take_flag(worktree: Path, nonce: str) -> Ending | None:
    """Read and remove a worker's flag; None without one, or when its nonce is not this worker's. Blocks."""
    flag = worktree / PROJECT_FOLDER / FLAG
    try:
        if flag.is_symlink():
            return None
        with flag.open("rb") as stream:
            text = stream.read(FLAG_BYTES).decode("utf-8", "replace")
    except OSError:
        return None
    ending = parse_flag(text, nonce)
    if ending is not None:
        flag.unlink(missing_ok=True)
    return ending


def parse_flag(text: str, nonce: str) -> Ending | None:
    """Return what a flag says: line 1 the outcome and the nonce, the rest the summary."""
    first, _, rest = text.partition("\n")
    words = first.split()
    if len(words) != 2 or not nonce or words[1] != nonce:
        return None
    outcome = _OUTCOMES.get(words[0].lower())
    return None if outcome is None else (outcome, rest.strip())


def closing_line(lines: Iterable[str], worker: Worker) -> Ending | None:
    """Return the last closing line on a screen that is not an echo of the worker's own prompt."""
    asked = " ".join(f"{worker.task} {worker.pass_criteria} {worker.extra_context} {_OWN_WORDS}".split())
    found = [match for match in map(_LINE.match, (line.strip() for line in lines)) if match]
    said = [match for match in found if " ".join(match[2].split()) not in asked]
    return (_OUTCOMES[said[-1][1].lower()], said[-1][2].strip()) if said else None


_OWN_WORDS = "WORKER_DONE: and your summary (or WORKER_BLOCKED: or WORKER_FAILED: and the reason)."

"""Where a goal comes from: a flag, a file, or lines typed and ended by /end."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agentorchestr_tui.core.errors import CannotRun, UsageError

END = "/end"


def read_goal(flags: argparse.Namespace, *, typed: bool) -> str | None:
    """Return the goal, or None when none was given. `typed` allows asking on stdin. Raises: UsageError, CannotRun."""
    if flags.goal is not None:
        return _checked(_valid(flags.goal), "--goal")
    if flags.goal_file is not None:
        return _checked(_from_file(Path(flags.goal_file)), f"{flags.goal_file}")
    if flags.interactive and typed:
        return _checked(_from_stdin(), "The typed goal")
    return None


def _valid(goal: str) -> str:
    try:
        goal.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError("--goal is not valid UTF-8. Put it into a UTF-8 file and say --goal-file.") from error
    return goal


def _from_file(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CannotRun(f"The goal file {file} does not exist.") from error
    except UnicodeDecodeError as error:
        raise CannotRun(f"The goal file {file} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error
    except OSError as error:
        raise CannotRun(f"The goal file {file} cannot be read: {error.strerror}.") from error


def _from_stdin() -> str:
    if sys.stdin.isatty():
        print(f"Type or paste the goal; end it with a line that says {END}", file=sys.stderr)
    lines = []
    try:
        for line in sys.stdin:
            if line.strip() == END:
                break
            lines.append(line)
    except UnicodeDecodeError as error:
        raise CannotRun("What was typed is not UTF-8 text.") from error
    return "".join(lines)


def _checked(goal: str, where: str) -> str:
    if not goal.strip():
        raise UsageError(f"{where} is empty: say what the team is to do.")
    if "\0" in goal:
        raise CannotRun(f"{where} holds binary data (a zero byte): give the goal as text.")
    return goal.strip()

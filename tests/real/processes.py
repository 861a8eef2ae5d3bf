"""The processes of a user whose home is a folder of a test."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil


def processes_of(home: Path) -> list[psutil.Process]:
    """Find the processes that run with this home, or one below it: all that a session of its user has started."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            theirs = Path(process.environ().get("HOME", "/"))
            if theirs.is_relative_to(home) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def words_of(process: psutil.Process) -> list[str]:
    """Return a process's argv, empty when it has just ended."""
    with suppress(psutil.Error):
        return process.cmdline()
    return []

"""Who has a session open: one program at a time, as long as it lives."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Phase
from agentorchestr_tui.panes.listening import is_served
from agentorchestr_tui.paths import SOCKET, Paths

HELD = "held"  # in a session's private folder: locked, and names the process that has it open


def hold(folder: Path, session: str) -> TextIO:
    """Hold a session until the file that is returned is closed.

    Two at once would both answer its agents, and both write down what happens. Raises: CannotRun while another program
    holds it, or when the folder takes no file.
    """
    path = folder / HELD
    try:
        while True:
            file = path.open("a+", encoding="ascii")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CannotRun(_by_another(session, file)) from error
            if _is(path, file):
                file.truncate(0)
                file.write(f"{os.getpid()}\n")
                file.flush()
                return file
            file.close()  # whoever held it has removed it meanwhile
    except OSError as error:
        raise CannotRun(
            f"{path} cannot be written ({error.strerror}); make room there, or set TMPDIR to another folder."
        ) from error


def _by_another(session: str, file: TextIO) -> str:
    """Say who holds a session; closes the file."""
    with file:
        file.seek(0)
        process = f" (process {named})" if (named := file.read().strip()) else ""
    return f"Session {session} is open in another window{process}: go on there, or leave it there first."


def as_it_stands(paths: Paths, session: Session) -> Session:
    """Return a session of which the log says that it runs as one that is paused, if nothing runs of it; blocks."""
    if session.phase is not Phase.RUNNING:
        return session
    with suppress(CannotRun):  # no socket fits there, so nobody serves at one
        if is_served(paths.session(session.id) / SOCKET):
            return session
    return replace(session, phase=Phase.PAUSED)


def _is(path: Path, file: TextIO) -> bool:
    """Say whether a path leads to an open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False

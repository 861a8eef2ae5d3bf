"""The background: where a pane host goes once it serves, with no terminal, no folder, and a note if it fails."""

from __future__ import annotations

import contextlib
import os
import sys


def leave_for_the_background(recordings: str) -> None:
    """Let go of the terminal and the folder; what the process may die of is noted beside the recordings."""
    with contextlib.suppress(OSError):  # we lead a session already
        os.setsid()
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    if null > 2:
        os.close(null)
    sys.excepthook = lambda kind, error, trace: _leave_a_note(recordings, error)


def _leave_a_note(recordings: str, error: BaseException) -> None:
    import traceback

    with contextlib.suppress(OSError), open(os.path.join(recordings, "host-crash.log"), "a", encoding="utf-8") as note:
        note.writelines(traceback.format_exception(error))

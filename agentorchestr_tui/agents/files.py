"""The private files of one launch: written before it, readable by their owner alone, removed after it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from agentorchestr_tui.agents.launch import Composed, PrivateFile


def write_files(composed: Composed) -> None:
    """Write the files of a launch, each aside and then renamed; blocks, so call it in a thread. Raises: OSError."""
    for file in composed.files:
        write_file(file)


def remove_files(composed: Composed) -> None:
    """Remove the files of a launch that are still there; their folders stay. Raises: OSError."""
    for file in composed.files:
        file.path.unlink(missing_ok=True)


def write_file(file: PrivateFile) -> None:
    """Write one file aside and rename it. Raises: OSError."""
    file.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.path.parent, prefix=f".{file.path.name}.")
    aside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            os.fchmod(stream.fileno(), file.mode)
            stream.write(file.content)
        aside.replace(file.path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise

"""The prompts that agents were given, kept beside their recordings."""

from __future__ import annotations

import logging
import os
from pathlib import Path

AGAIN = "\n\n─── started again ───\n\n"
_log = logging.getLogger(__name__)


def keep_prompt(recordings: Path, who: str, prompt: str) -> None:
    """Keep a prompt behind those of earlier starts; a disk that says no stops nothing. Blocks."""
    file = _file(recordings, who)
    try:
        recordings.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as out:
            out.write(f"{AGAIN if out.tell() else ''}{prompt}")
    except OSError as error:
        _log.warning("the prompt of %s is not kept: %s", who, error)


def kept_prompt(recordings: Path, who: str) -> str:
    """Return the prompts of one agent's starts; empty when there are none. Blocks."""
    try:
        return _file(recordings, who).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _file(recordings: Path, who: str) -> Path:
    return recordings / f"{who}.prompt.md"

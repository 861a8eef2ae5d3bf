"""What agents drop into the folder they work in (histories, caches): no work of theirs, and ignored in our calls."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from agentorchestr_tui.core.errors import GitError

from .git import Git
from .worktree import OURS

_FILE = "ignored"
_SETTING = "core.excludesFile"


class Litter:
    """Patterns as in .gitignore, beside those of the user's own ignore file."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(patterns)
        self._users: str | None = None

    async def kept_out(self, git: Git) -> Git:
        """Return git that ignores these in its folder too; nobody else's git there does. Raises: GitError."""
        if not self._patterns:
            return git
        if self._users is None:
            self._users = await _users_own(git)
        file = git.folder / OURS / _FILE
        await asyncio.to_thread(_write, file, "\n".join([self._users, *self._patterns, ""]))
        number = int(git.env.get("GIT_CONFIG_COUNT") or 0)
        setting = {f"GIT_CONFIG_KEY_{number}": _SETTING, f"GIT_CONFIG_VALUE_{number}": str(file)}
        return git.at(git.folder, **setting, GIT_CONFIG_COUNT=str(number + 1))


async def _users_own(git: Git) -> str:
    named = await git.ask("config", "--path", "--get", _SETTING)
    config = git.env.get("XDG_CONFIG_HOME") or f"{git.env.get('HOME', '')}/.config"  # git's own order
    return await asyncio.to_thread(_read, Path(named.line or f"{config}/git/ignore"))


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "surrogateescape")
    except OSError:  # git does without it too
        return ""


def _write(file: Path, text: str) -> None:
    try:
        if not file.is_file() or file.read_text("utf-8", "surrogateescape") != text:
            file.write_text(text, "utf-8", "surrogateescape")
    except OSError as error:
        raise GitError(f"{file} cannot be written ({error.strerror}): make that folder writable.") from error

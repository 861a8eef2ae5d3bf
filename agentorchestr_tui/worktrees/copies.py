"""Files that git ignores and a fresh checkout lacks, such as `.env`, copied from the user's own checkout."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from agentorchestr_tui.core.errors import GitError

from .git import Git, shown

LARGEST = 10 * 1024**2  # bytes of one file that is copied: what is larger is no configuration


async def copy_ignored(git: Git, root: Path, target: Path, patterns: Iterable[str]) -> tuple[str, ...]:
    """Copy the ignored files that match from `root` to where `target` lacks them; return their paths.

    A pattern without a slash is compared with the name, one with a slash with the path from the root. Links, large
    files and whole ignored folders stay where they are. Raises: GitError.
    """
    wanted = tuple(patterns)
    if not wanted:
        return ()
    answer = await git.answer("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    names = [name for name in answer.fields if not name.endswith("/") and _matches(name, wanted)]
    return await asyncio.to_thread(_copy, root, target, names)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    path = PurePosixPath(name)
    return any(path.match(f"/{each}" if each.startswith("/") else each) for each in patterns)


def _copy(root: Path, target: Path, names: Iterable[str]) -> tuple[str, ...]:
    copied = []
    for name in names:
        source, place = root / name, target / name
        if source.is_symlink() or not source.is_file() or source.stat().st_size > LARGEST or place.exists():
            continue
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place)
        except OSError as error:
            raise GitError(f"{shown(name)} cannot be copied into {target.name}: {error.strerror}.") from error
        copied.append(shown(name))
    return tuple(copied)

"""What stands in a checkout beside its last commit, and all of it as one tree, touching nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from .git import Git

STATUS = ("status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=none")


async def changed_paths(git: Git, *, untracked: bool = True) -> list[str]:
    """Return the changed paths, staged or not, in git's order; a repository inside stands as `name/`."""
    answer = await git.answer(*STATUS, *([] if untracked else ["--untracked-files=no"]))
    return [path_of(field) for field in answer.fields]


async def unmerged_paths(git: Git) -> list[str]:
    """Return the paths that an unfinished merge left in conflict."""
    answer = await git.answer(*STATUS, "--untracked-files=no")
    return [path_of(field) for field in answer.fields if field.startswith("u ")]


@asynccontextmanager
async def copied_index(git: Git) -> AsyncIterator[Git]:
    """Give a git that works on a copy of the worktree's index, which is gone afterwards."""
    index = Path(await git.run("rev-parse", "--path-format=absolute", "--git-path", "index"))
    async with copy_of(git, index) as copy:
        yield copy


@asynccontextmanager
async def copy_of(git: Git, index: Path) -> AsyncIterator[Git]:
    """Give a git that works on a copy of an index, which is gone afterwards."""
    copy = await asyncio.to_thread(_copy, index)
    try:
        # Nobody waits for the copy's lock, so what git learns about the files may be written back to it.
        yield git.at(git.folder, GIT_INDEX_FILE=str(copy), GIT_OPTIONAL_LOCKS="1")
    finally:
        await asyncio.to_thread(_forget, copy)


async def add_all(git: Git, paths: list[str]) -> None:
    """Put these paths into the index of `git` as they stand: changes, deletions, untracked files, repositories inside.

    They are those that `changed_paths` told: asked by name, git looks at no other file again.
    """
    await _update(git, [path for path in paths if not path.endswith("/")])
    for folder in paths:
        if folder.endswith("/"):
            await _add_inside(git, folder)


async def _update(git: Git, paths: list[str]) -> None:
    if paths:
        lines = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        await git.run("update-index", "--add", "--remove", "--replace", "-z", "--stdin", stdin=lines)


async def _add_inside(git: Git, folder: str) -> None:
    """Put the files of a repository inside into the index: its own commit would be a link to nowhere."""
    inner = git.at(git.folder / folder)
    env = {name: value for name, value in inner.env.items() if name not in _OURS}
    listed = await Git(inner.program, inner.folder, env).answer(
        "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"
    )
    names = [folder + name for name in listed.fields if not name.endswith("/")]
    there = await asyncio.to_thread(lambda: [name for name in names if os.path.lexists(git.folder / name)])
    await _update(git, there)


_OURS = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}
_FIELDS_BEFORE_PATH = {"1": 8, "2": 9, "u": 10, "?": 1, "!": 1}  # of a porcelain v2 line, by its first letter


def path_of(field: str) -> str:
    """Return the path of a porcelain v2 line."""
    return field.split(" ", _FIELDS_BEFORE_PATH[field[0]])[-1]


def _copy(index: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix="agentorchestr-index-", dir=index.parent)
    os.close(handle)
    copy = Path(name)
    if index.exists():
        shutil.copyfile(index, copy)
        shutil.copystat(index, copy)  # git compares this time with the files' to know which to read again
    else:
        copy.unlink()  # git takes a missing index for an empty one, and an empty file for a broken one
    return copy


def _forget(copy: Path) -> None:
    copy.unlink(missing_ok=True)
    copy.with_name(copy.name + ".lock").unlink(missing_ok=True)

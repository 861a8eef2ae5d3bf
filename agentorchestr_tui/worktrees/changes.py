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
    return [_path(field) for field in answer.fields]


async def unmerged_paths(git: Git) -> list[str]:
    """Return the paths that an unfinished merge left in conflict."""
    answer = await git.answer(*STATUS, "--untracked-files=no")
    return [_path(field) for field in answer.fields if field.startswith("u ")]


async def whole_tree(git: Git) -> tuple[str, list[str]]:
    """Return all that stands in a checkout as one tree (ignored files apart), and the paths not committed."""
    async with copied_index(git) as copy:
        paths = await changed_paths(copy)
        if not paths:
            return await git.run("rev-parse", "HEAD^{tree}"), paths
        await add_all(copy, paths)
        return await copy.run("write-tree"), paths


@asynccontextmanager
async def copied_index(git: Git) -> AsyncIterator[Git]:
    """Give a git that works on a copy of the worktree's index, which is gone afterwards."""
    index = Path(await git.run("rev-parse", "--path-format=absolute", "--git-path", "index"))
    copy = await asyncio.to_thread(_copy, index)
    try:
        # Nobody waits for the copy's lock, so what git learns about the files may be written back to it.
        yield git.at(git.folder, GIT_INDEX_FILE=str(copy), GIT_OPTIONAL_LOCKS="1")
    finally:
        await asyncio.to_thread(_forget, copy)


async def add_all(git: Git, paths: list[str]) -> None:
    """Put everything into the index of `git`: changes, deletions, untracked files, files of repositories inside."""
    inside = [path for path in paths if path.endswith("/")]
    excluded = [f":(exclude,top,literal){path.removesuffix('/')}" for path in inside]
    await git.run("add", "--all", "--sparse", "--", ":/", *excluded)
    for folder in inside:
        await _add_inside(git, folder)


async def _add_inside(git: Git, folder: str) -> None:
    """Put the files of a repository inside into the index: its own commit would be a link to nowhere."""
    inner = git.at(git.folder / folder)
    env = {name: value for name, value in inner.env.items() if name not in _OURS}
    listed = await Git(inner.program, inner.folder, env).answer(
        "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"
    )
    names = [folder + name for name in listed.fields if not name.endswith("/")]
    there = await asyncio.to_thread(lambda: [name for name in names if os.path.lexists(git.folder / name)])
    if there:
        lines = "".join(f"{name}\0" for name in there).encode("utf-8", "surrogateescape")
        await git.run("update-index", "--add", "-z", "--stdin", stdin=lines)


_OURS = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}
_FIELDS_BEFORE_PATH = {"1": 8, "2": 9, "u": 10, "?": 1, "!": 1}  # of a porcelain v2 line, by its first letter


def _path(field: str) -> str:
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

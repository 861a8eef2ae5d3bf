"""Looking at one worktree again and again: what did not change since the last look is not read anew."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from agentorchestr_tui.core.words import Evidence, FileChange

from . import evidence as seen
from . import patch
from .changes import STATUS, add_all, copy_of, path_of
from .evidence import Standing
from .git import Git

SHADOW = "agentorchestr-index"  # beside the worktree's own index: what git learns about the files stays in it
FRESH = 2 * 10**9  # ns; a file changed so shortly ago may change once more within one tick of its clock
_HEAD = "# branch.oid "
_BRANCH = "# branch.head "
_DETACHED = "(detached)"

_Stamps = tuple[tuple[str, int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A worker's work at one moment: counted, the commit where it begins, all of it as a tree, and line by line.

    `branch` is the one that is checked out in its worktree, empty when HEAD is detached.
    """

    evidence: Evidence
    origin: str
    tree: str
    changes: tuple[FileChange, ...]
    branch: str


@dataclass(frozen=True, slots=True)
class _Signs:
    """What would differ if anything in a worktree had changed."""

    base: str
    head: str
    branch: str
    trunks: str
    paths: _Stamps


class Sight:
    """What was last seen of one worktree."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._index: tuple[int, int, int] | None = None  # how the worktree's own index stood when it was copied
        self._signs: _Signs | None = None
        self._standing: Standing | None = None
        self._origin: tuple[tuple[str, str, str], str] | None = None
        self._measured: tuple[Standing, Measured] | None = None

    async def standing(self, git: Git, base: str, trunks: tuple[str, ...]) -> Standing:
        """Take a worktree as it stands, uncommitted and untracked files included; nothing in it is touched."""
        async with self._lock:
            return await self._stand(git, base, trunks)

    async def evidence(self, git: Git, base: str, trunks: tuple[str, ...]) -> Evidence:
        """Count what stands in a worktree beside where its work began."""
        async with self._lock:
            now = await self._stand(git, base, trunks)
            if self._measured is not None and self._measured[0] == now:
                return self._measured[1].evidence
            return await seen.counted(git, now)

    async def measured(self, git: Git, base: str, trunks: tuple[str, ...]) -> Measured:
        """Count what stands in a worktree and tell it line by line, both of one moment."""
        async with self._lock:
            now = await self._stand(git, base, trunks)
            if self._measured is None or self._measured[0] != now:
                changes = await patch.changes(git, now.origin, now.tree)
                counts = await _counted(git, now, changes)
                self._measured = now, Measured(counts, now.origin, now.tree, changes, now.branch)
            return self._measured[1]

    async def _stand(self, git: Git, base: str, trunks: tuple[str, ...]) -> Standing:
        shadow = await asyncio.to_thread(self._shadow, Path(git.env["GIT_DIR"]))
        # Nobody waits for the shadow's lock, so what git learns about the files may be written back to it.
        look = git.at(git.folder, GIT_INDEX_FILE=str(shadow), GIT_OPTIONAL_LOCKS="1")
        told = (await look.answer(*STATUS, "--branch")).fields
        head, branch = (_told(told, sign) for sign in (_HEAD, _BRANCH))
        head = base if head.startswith("(") else head  # a branch without a commit, or one deleted under its feet
        paths = [path_of(line) for line in told if not line.startswith("# ")]
        tips = (await git.ask("rev-parse", "--quiet", *trunks)).out if head != base else ""
        stamps = await asyncio.to_thread(_stamps, git.folder, paths)
        signs = None if stamps is None else _Signs(base, head, branch, tips, stamps)
        if self._standing is None or signs is None or signs != self._signs:
            tree = await _tree(look, head, paths)
            origin = await self._origin_of(git, (base, head, tips), trunks)
            self._standing = Standing(origin, head, tree, len(paths), "" if branch == _DETACHED else branch)
            self._signs = signs
        return self._standing

    async def _origin_of(self, git: Git, of: tuple[str, str, str], trunks: tuple[str, ...]) -> str:
        """Return where the work begins; asked anew only when a commit came, here or on a trunk."""
        base, head, _ = of
        if head == base:
            return base
        if self._origin is None or self._origin[0] != of:
            self._origin = of, await seen.origin_of(git, base, head, trunks)
        return self._origin[1]

    def _shadow(self, record: Path) -> Path:
        """Return the copy of the worktree's index, made anew when an agent's git wrote that one."""
        index, shadow = record / "index", record / SHADOW
        try:
            told = index.stat()
        except FileNotFoundError:  # git takes a missing index for an empty one
            shadow.unlink(missing_ok=True)
            self._index = None
            return shadow
        stands = (told.st_ino, told.st_mtime_ns, told.st_size)
        if stands != self._index or not shadow.exists():
            shadow.with_name(SHADOW + ".lock").unlink(missing_ok=True)  # what a git that was killed left behind
            shutil.copyfile(index, shadow)
            shutil.copystat(index, shadow)  # git compares this time with the files' to know which to read again
            self._index = stands
        return shadow


def _told(status: list[str], sign: str) -> str:
    return next((line.removeprefix(sign) for line in status if line.startswith(sign)), "")


async def _counted(git: Git, now: Standing, changes: tuple[FileChange, ...]) -> Evidence:
    """Count lines that were read already; where some were too many to read, git counts."""
    if any(patch.UNREAD in each.note for each in changes):
        return await seen.counted(git, now)
    lines = [line for each in changes for hunk in each.hunks for line in hunk.lines]
    return Evidence(
        commit=now.head,
        commits=await seen.commits(git, now.origin, now.head),
        files=tuple(each.path for each in changes),
        insertions=sum(line.old is None for line in lines),
        deletions=sum(line.new is None for line in lines),
        uncommitted=now.uncommitted,
    )


async def _tree(look: Git, head: str, paths: list[str]) -> str:
    if not paths:
        return await look.run("rev-parse", f"{head}^{{tree}}")
    async with copy_of(look, Path(look.env["GIT_INDEX_FILE"])) as copy:
        await add_all(copy, paths)
        return await copy.run("write-tree")


def _stamps(folder: Path, paths: list[str]) -> _Stamps | None:
    """Return what tells the files from what they were; None where that cannot be told, or not yet."""
    stamps = []
    fresh = time.time_ns() - FRESH
    for path in paths:
        try:
            told = (folder / path).lstat()
        except OSError:
            stamps.append((path, 0, 0, 0, 0))
            continue
        changed = max(told.st_mtime_ns, told.st_ctime_ns)
        if changed > fresh or os.path.isdir(folder / path):  # a folder tells nothing of a repository inside
            return None
        stamps.append((path, told.st_mtime_ns, told.st_ctime_ns, told.st_size, told.st_mode))
    return tuple(stamps)

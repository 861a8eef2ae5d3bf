"""The user's own branch: the one place where their checkout is written to, and only when it is clean."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.core.words import MergeStep

from . import integration
from .changes import changed_paths
from .git import Git, shown
from .integration import Conflicted, Merged
from .repository import Repository

PATHS_NAMED = 3  # of the uncommitted changes
Tell = Callable[[MergeStep, int], Awaitable[None]]


async def _tell_nobody(_: MergeStep, __: int) -> None:
    pass


async def merge(
    repository: Repository, branch: str, identity: Mapping[str, str], tell: Tell = _tell_nobody
) -> Merged | Conflicted:
    """Merge `branch` into the user's checked-out branch, forward where that is possible. Raises: GitError.

    `tell` hears each step, and how many files it concerns. Cancelled before the branch has moved, branch and checkout
    are as they were; after that it is too late, and the merge stands.
    """
    git = repository.git.at(repository.root, **identity)
    await _check_checkout(repository, branch)
    into = await git.run("rev-parse", "HEAD")
    tip = (await git.ask("rev-parse", "--quiet", "--verify", f"refs/heads/{branch}")).line
    if not tip:
        raise GitError(f"Nothing was integrated yet: there is no branch {branch} to merge.")
    await tell(MergeStep.TRIES, 0)
    tried = await integration.merge(git, into, [(branch, tip)])
    if isinstance(tried, Conflicted) or not tried.merged:
        return tried
    writes = await _writes(git, into, tried.commit)
    await tell(MergeStep.WRITES, len(writes))
    words = ("--quiet", "--ff", "--no-edit", "--no-verify", "--no-verify-signatures", "--no-gpg-sign", "--no-autostash")
    try:
        await git.run("merge", *words, "-m", f"Merge {branch}", tip)
    except asyncio.CancelledError:
        if await tasks.whole(_has_moved(git, into), name="see how far the merge came"):
            return Merged(await git.run("rev-parse", "HEAD"), tried.merged)
        await tasks.whole(_put_back(git, into, writes), name="put the checkout back")
        raise
    return Merged(await git.run("rev-parse", "HEAD"), tried.merged)


async def _check_checkout(repository: Repository, branch: str) -> None:
    by_hand = f"run `git merge {branch}` yourself"
    now = (await repository.git.ask("symbolic-ref", "--quiet", "--short", "HEAD")).line or None
    if now is None:
        raise GitError(f"Your checkout is on no branch (detached HEAD): check one out, then {by_hand}.")
    if now != repository.branch:
        raise GitError(f"Your checkout is on {now}, not on {repository.branch} as at the start: {by_hand}.")
    if changed := await changed_paths(repository.git, untracked=False):
        raise GitError(
            f"Your checkout has uncommitted changes ({_named(changed)}): commit or stash them, then {by_hand}."
        )


def _named(paths: Sequence[str]) -> str:
    return ", ".join(shown(path) for path in paths[:PATHS_NAMED])


class _Write(NamedTuple):
    """A path that a merge writes or removes, with its blobs before and after it."""

    path: str
    before: str
    after: str
    new: bool  # nothing stood there


async def _writes(git: Git, into: str, commit: str) -> list[_Write]:
    """Return what a merge will write; a file that stands in a new one's place is git's to refuse, and not in it."""
    fields = (await git.answer("diff-tree", "-r", "-z", "--no-renames", "--raw", "--no-abbrev", into, commit)).fields
    found = []
    for facts, path in zip(fields[::2], fields[1::2], strict=True):
        _, _, before, after, state = facts.split(" ")
        found.append(_Write(path, before, after, new=state == "A"))
    there = await asyncio.to_thread(lambda: {each.path for each in found if os.path.lexists(git.folder / each.path)})
    return [each for each in found if not (each.new and each.path in there)]


async def _has_moved(git: Git, commit: str) -> bool:
    return await git.run("rev-parse", "HEAD") != commit


async def _put_back(git: Git, commit: str, writes: Sequence[_Write]) -> None:
    """Take back what a merge that was ended has written; a file that someone else wrote meanwhile is left alone.

    Raises: GitError when a file is not as it was.
    """
    await git.run("reset", "--quiet")  # the index, and what git noted of the merge; no file
    strange = await _strange(git, writes)
    mine = [each for each in writes if each.path not in strange]
    await asyncio.to_thread(_remove, git.folder, [each.path for each in mine if each.new])
    if others := [each.path for each in mine if not each.new]:
        named = ("--pathspec-from-file=-", "--pathspec-file-nul")
        stdin = b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in others)
        await git.ask("--literal-pathspecs", "checkout", "--quiet", commit, *named, stdin=stdin)
    if left := sorted({*await changed_paths(git, untracked=False), *strange}):
        raise GitError(
            f"The merge was cancelled and your branch is as it was, but not all files of your checkout are "
            f"({_named(left)}): somebody wrote there meanwhile, so look at them, and bring back what you do not want."
        )


async def _strange(git: Git, writes: Sequence[_Write]) -> set[str]:
    """Return the paths of files that hold neither what was there before the merge nor what it writes."""

    def is_plain(each: _Write) -> bool:
        try:
            return "\n" not in each.path and stat.S_ISREG((git.folder / each.path).lstat().st_mode)
        except OSError:
            return False

    plain = await asyncio.to_thread(lambda: [each for each in writes if is_plain(each)])
    names = b"".join(each.path.encode("utf-8", "surrogateescape") + b"\n" for each in plain)
    blobs = (await git.answer("hash-object", "--stdin-paths", stdin=names)).out.split()
    return {each.path for each, blob in zip(plain, blobs, strict=True) if blob not in (each.before, each.after)}


def _remove(folder: Path, paths: Iterable[str]) -> None:
    """Remove files that were not there, and the folders that hold nothing else."""
    for path in paths:
        with suppress(OSError):
            (folder / path).unlink()
        for parent in Path(path).parents[:-1]:
            try:
                (folder / parent).rmdir()
            except OSError:
                break

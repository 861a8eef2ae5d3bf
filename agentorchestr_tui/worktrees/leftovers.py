"""What an agent left uncommitted, put onto its branch by plumbing that runs nobody's hooks."""

from __future__ import annotations

import asyncio
from pathlib import Path

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import GitError

from .changes import add_all, changed_paths, unmerged_paths
from .git import Git
from .integration import contains, merge_tree
from .snapshots import NONE
from .worktree import Worktree

NOTE = "agentorchestr: leftovers"  # in the reflog


async def commit_leftovers(git: Git, worktree: Worktree, message: str) -> str:
    """Commit everything uncommitted, bring it onto the worktree's branch, leave the worktree clean on it.

    Wherever the agent went (another branch, a detached HEAD, a reset), its branch ends with what it had and
    what stands in the folder. Returns the branch's commit. Raises: GitError when a merge or rebase is unfinished,
    or the folder stands on work that does not merge with the branch.
    """
    await _check_finished(git, worktree)
    head = await git.run("rev-parse", "HEAD")
    left, merging = head, (await git.ask("rev-parse", "--quiet", "--verify", "MERGE_HEAD")).line
    paths = await changed_paths(git)
    if paths or merging:
        left = await _commit_all(git, head, merging, paths, message)
    # Whole or not at all: up to here a caller that goes away leaves everything where it was.
    return await tasks.whole(_put(git, worktree, head, left, merging), name=f"leftovers of {worktree.name}")


async def _put(git: Git, worktree: Worktree, head: str, left: str, merging: str) -> str:
    """Put a commit under the worktree; return where its branch stands then."""
    if not worktree.branch:
        await git.run("update-ref", "--no-deref", "-m", NOTE, "HEAD", left, head)
    else:
        left = await _back_to_branch(git, worktree, left)
    if merging:
        await git.run("merge", "--quit")
    return left


async def _check_finished(git: Git, worktree: Worktree) -> None:
    unmerged = await unmerged_paths(git)
    if unmerged:
        raise GitError(
            f"{worktree.name} left a merge unfinished ({', '.join(unmerged[:3])}): "
            "it is to be resolved or aborted first."
        )
    for state in ("rebase-merge", "rebase-apply"):
        place = await git.run("rev-parse", "--path-format=absolute", "--git-path", state)
        if await asyncio.to_thread(Path(place).exists):
            raise GitError(f"{worktree.name} left a rebase unfinished: it is to be continued or aborted first.")


async def _commit_all(git: Git, head: str, merging: str, paths: list[str], message: str) -> str:
    await add_all(git, paths)
    tree = await git.run("write-tree")
    if not merging and tree == await git.run("rev-parse", "HEAD^{tree}"):
        return head
    parents = [head, merging] if merging else [head]
    given = [word for parent in parents for word in ("-p", parent)]
    return await git.run("commit-tree", tree, *given, "-m", message)


async def _back_to_branch(git: Git, worktree: Worktree, left: str) -> str:
    """Put the worktree onto its branch, and the branch onto a commit that holds both what it had and `left`."""
    own = f"refs/heads/{worktree.branch}"
    tip = (await git.ask("rev-parse", "--quiet", "--verify", own)).line
    target = await _joined(git, worktree, tip, left)
    await git.run("read-tree", "-m", "-u", left, target)  # refuses to write over what was changed meanwhile
    await git.run("update-ref", "-m", NOTE, own, target, tip or NONE)
    if (await git.ask("symbolic-ref", "--quiet", "HEAD")).line != own:
        await git.run("symbolic-ref", "-m", NOTE, "HEAD", own)
    return target


async def _joined(git: Git, worktree: Worktree, tip: str, left: str) -> str:
    if tip and await contains(git, left, tip):
        return tip
    if not tip or await contains(git, tip, left):
        return left
    tree, conflicts = await merge_tree(git, tip, left)
    if conflicts:
        raise GitError(
            f"{worktree.name}'s folder stands on {left[:12]}, which conflicts with its branch {worktree.branch}: "
            "the two are to be brought together."
        )
    title = f"Merge what {worktree.name} left elsewhere"
    return await git.run("commit-tree", tree, "-p", tip, "-p", left, "-m", title)

"""The user's own branch: the one place where their checkout is written to, and only when it is clean."""

from __future__ import annotations

from collections.abc import Mapping

from agentorchestr_tui.core.errors import GitError

from . import integration
from .changes import changed_paths
from .git import shown
from .integration import Conflicted, Merged
from .repository import Repository

PATHS_NAMED = 3  # of the uncommitted changes


async def merge(repository: Repository, branch: str, identity: Mapping[str, str]) -> Merged | Conflicted:
    """Merge `branch` into the user's checked-out branch, forward where that is possible. Raises: GitError."""
    git = repository.git.at(repository.root, **identity)
    await _check_checkout(repository, branch)
    into = await git.run("rev-parse", "HEAD")
    tip = (await git.ask("rev-parse", "--quiet", "--verify", f"refs/heads/{branch}")).line
    if not tip:
        raise GitError(f"Nothing was integrated yet: there is no branch {branch} to merge.")
    tried = await integration.merge(git, into, [(branch, tip)])
    if isinstance(tried, Conflicted) or not tried.merged:
        return tried
    words = ("--quiet", "--ff", "--no-edit", "--no-verify", "--no-verify-signatures", "--no-gpg-sign", "--no-autostash")
    await git.run("merge", *words, "-m", f"Merge {branch}", tip)
    return Merged(await git.run("rev-parse", "HEAD"), tried.merged)


async def _check_checkout(repository: Repository, branch: str) -> None:
    by_hand = f"run `git merge {branch}` yourself"
    now = (await repository.git.ask("symbolic-ref", "--quiet", "--short", "HEAD")).line or None
    if now is None:
        raise GitError(f"Your checkout is on no branch (detached HEAD): check one out, then {by_hand}.")
    if now != repository.branch:
        raise GitError(f"Your checkout is on {now}, not on {repository.branch} as at the start: {by_hand}.")
    changed = await changed_paths(repository.git, untracked=False)
    if changed:
        named = ", ".join(shown(path) for path in changed[:PATHS_NAMED])
        raise GitError(f"Your checkout has uncommitted changes ({named}): commit or stash them, then {by_hand}.")

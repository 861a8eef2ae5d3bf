"""Two sides of a conflict in one worktree, for somebody to settle there; markers that stay in are found."""

from __future__ import annotations

from collections.abc import Sequence

from .changes import unmerged_paths
from .git import Git, shown
from .integration import CONFLICT_STYLE

MARKER = "^(<<<<<<< |>>>>>>> |\\|\\|\\|\\|\\|\\|\\| )"


async def bring_in(git: Git, commit: str, title: str) -> tuple[str, ...]:
    """Begin to merge a commit in a worktree and stop before it is committed; return the paths that clash."""
    words = ("merge", "--no-commit", "--no-ff", "--quiet", "--no-verify-signatures", "--no-autostash", "-m", title)
    await git.ask("-c", CONFLICT_STYLE, *words, commit)
    return tuple(shown(path) for path in await unmerged_paths(git))


async def marked(git: Git, commit: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Return which of the paths still hold conflict markers in a commit."""
    if not paths:
        return ()
    places = [f":(literal){path}" for path in paths]
    found = await git.ask("grep", "-l", "-z", "-E", "-e", MARKER, commit, "--", *places)
    return tuple(shown(name.partition(":")[2]) for name in found.fields)

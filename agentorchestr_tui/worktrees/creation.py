"""A new repository with one commit, for the throw-away project of the demo."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agentorchestr_tui.worktrees.git import find_git

_AUTHOR = {
    "GIT_AUTHOR_NAME": "agentorchestr",
    "GIT_AUTHOR_EMAIL": "agentorchestr@localhost",
    "GIT_COMMITTER_NAME": "agentorchestr",
    "GIT_COMMITTER_EMAIL": "agentorchestr@localhost",
}


async def create_repository(folder: Path, env: Mapping[str, str], message: str) -> str:
    """Make a folder a repository that holds what stands in it; return the commit. Raises: ProjectUnusable, GitError."""
    git = find_git(folder, env).at(folder, **_AUTHOR)
    await git.run("init", "--quiet", "--initial-branch=main")
    await git.run("add", "--all")
    await git.run("commit", "--quiet", "--no-verify", "--message", message)
    return await git.run("rev-parse", "HEAD")

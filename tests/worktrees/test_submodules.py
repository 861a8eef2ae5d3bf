"""Submodules in worktrees: filled without network, and nothing done inside them lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.worktrees.worktrees import Worktrees

from .conftest import Folder

At = Callable[[Path], Folder]


@pytest.fixture
def library(project: Folder, tmp_path: Path, env: dict[str, str]) -> str:
    upstream = Folder(tmp_path / "upstream", env)
    upstream.path.mkdir()
    upstream.git("init", "-q")
    upstream.commit("lib.py", "lib\n")
    project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(upstream.path), "the lib")
    project.git("commit", "-qm", "library")
    upstream.path.rename(tmp_path / "upstream is offline")
    return "the lib"


async def test_a_worktree_has_the_users_submodules_without_network_and_configuration(
    session: Worktrees, project: Folder, library: str, at: At
) -> None:
    before = (project.path / ".git/config").read_bytes()
    await session.prepare(1)

    worktree = await session.add("w01", "implementer", "HEAD")

    assert (worktree.path / library / "lib.py").read_text() == "lib\n"
    assert at(worktree.path).status() == ""
    assert (project.path / ".git/config").read_bytes() == before
    assert await session.remove(worktree) is None
    assert not worktree.path.exists()
    assert project.status() == ""


async def test_commits_inside_a_submodule_reach_the_users_copy_before_the_worktree_goes(
    session: Worktrees, project: Folder, library: str, at: At
) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")
    inner = at(worktree.path / library).commit("new.py", "new\n")

    commit = await session.commit_leftovers(worktree, "Use the new library")
    await session.remove(worktree)

    assert inner in project.git("ls-tree", commit, library)
    assert at(project.path / library).show(f"{inner}:new.py") == "new"
    assert at(project.path / library).status() == ""


async def test_uncommitted_changes_inside_a_submodule_are_never_removed(
    session: Worktrees, library: str, at: At
) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")
    half = at(worktree.path / library).write("half.py", "half\n")

    with pytest.raises(GitError, match="uncommitted changes inside the submodule the lib"):
        await session.remove(worktree)

    assert half.read_text() == "half\n"


async def test_a_submodule_that_the_user_never_checked_out_stays_empty(
    session: Worktrees, project: Folder, library: str, at: At
) -> None:
    project.git("submodule", "--quiet", "deinit", "-f", library)
    (project.path / ".git/modules" / library).rename(project.path / ".git/gone")

    worktree = await session.add("w01", "implementer", "HEAD")

    assert list((worktree.path / library).iterdir()) == []
    assert at(worktree.path).status() == ""
    await session.remove(worktree)

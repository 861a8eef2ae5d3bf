"""Submodules in worktrees: filled without network, and nothing done inside them lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.worktrees.integration import Conflicted, Merged
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


async def test_two_branches_that_move_one_submodule_conflict_and_one_that_holds_both_settles_it(
    session: Worktrees, project: Folder, library: str, at: At
) -> None:
    one, two = [await session.add(f"w0{number}", "implementer", "HEAD") for number in (1, 2)]
    inner = [at(each.path / library).commit(f"{each.name}.py", "new\n") for each in (one, two)]
    heads = [await session.commit_leftovers(each, f"Move it for {each.name}") for each in (one, two)]
    merged = await session.merge(one.base, [("w01", heads[0])])
    assert isinstance(merged, Merged)

    clash = await session.merge(merged.commit, [("w02", heads[1])])

    assert isinstance(clash, Conflicted)
    assert [each.path for each in clash.conflicts] == [library]
    assert all(commit in clash.conflicts[0].text for commit in inner)
    third = await session.add("w03", "implementer", merged.commit)
    assert await session.bring_in(third, heads[1], "Settle it") == (library,)
    inside = at(third.path / library)  # both sides can be had there, without network
    inside.git("checkout", "-q", inner[0])
    inside.git("merge", "-q", "-m", "both", inner[1])
    at(third.path).git("add", library)
    settled = await session.commit_leftovers(third, "Hold both")
    both = await session.merge(merged.commit, [("w03", settled), ("w02", heads[1])])
    assert isinstance(both, Merged)
    tip = project.git("rev-parse", f"{both.commit}:{library}")
    assert at(project.path / library).git("ls-tree", "--name-only", tip).split() == ["lib.py", "w01.py", "w02.py"]

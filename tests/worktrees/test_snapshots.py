"""Snapshots: all of a worktree under a ref of ours, found again and brought back."""

from __future__ import annotations

import asyncio
import os

import pytest

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.worktrees import snapshots
from agentorchestr_tui.worktrees.snapshots import Snapshot
from agentorchestr_tui.worktrees.worktree import Worktree
from agentorchestr_tui.worktrees.worktrees import Worktrees

from .conftest import At, Folder


async def taken(session: Worktrees, worktree: Worktree) -> Snapshot:
    snapshot = await session.snapshot(worktree, "to be safe")
    assert snapshot is not None
    return snapshot


async def test_staged_unstaged_and_untracked_states_are_all_in_it(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    agent.write("README.md", "staged\n")
    agent.git("add", "README.md")
    agent.write("README.md", "unstaged on top\n")
    agent.write("ünïcode\nnew line", "untracked\n")
    agent.git("rm", "-q", "--cached", "src/app.py")
    (agent.path / "notes with spaces.txt").unlink()

    ref = (await taken(session, worktree)).ref

    assert project.show(f"{ref}:README.md") == "unstaged on top"
    assert project.show(f"{ref}:ünïcode\nnew line") == "untracked"
    assert project.show(f"{ref}^2:README.md") == "staged"
    assert "src/app.py" in project.git("ls-tree", "-r", "--name-only", ref)
    assert "src/app.py" not in project.git("ls-tree", "-r", "--name-only", f"{ref}^2")
    assert "notes with spaces.txt" not in project.git("ls-tree", "-r", "--name-only", ref)
    assert project.git("rev-parse", f"{ref}^1") == worktree.base


async def test_neither_index_nor_branch_nor_files_are_touched(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    agent.write("README.md", "staged\n")
    agent.git("add", "README.md")
    agent.write("README.md", "unstaged\n")
    agent.write("new.txt", "new\n")
    before = agent.status(), agent.git("rev-parse", "HEAD"), agent.git("diff", "--cached"), _folder(agent)

    await taken(session, worktree)

    assert before == (agent.status(), agent.git("rev-parse", "HEAD"), agent.git("diff", "--cached"), _folder(agent))


def _folder(agent: Folder) -> list[str]:
    return sorted(os.listdir(agent.git("rev-parse", "--absolute-git-dir")))


async def test_nothing_is_kept_of_what_the_branch_has_already(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    assert await session.snapshot(worktree, "nothing") is None
    agent.commit("new.txt", "new\n")
    assert await session.snapshot(worktree, "committed") is None
    agent.write(".env", "SECRET=1\n")
    assert await session.snapshot(worktree, "ignored") is None


async def test_commits_are_kept_when_the_worker_left_or_deleted_its_branch(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    agent.git("switch", "-q", "--detach")
    agent.commit("elsewhere.txt", "x\n")
    assert project.show(f"{(await taken(session, worktree)).ref}:elsewhere.txt") == "x"

    agent.git("switch", "-q", "-c", "own-idea")
    agent.git("branch", "-qD", worktree.branch)
    agent.commit("more.txt", "y\n")
    assert project.show(f"{(await taken(session, worktree)).ref}:more.txt") == "y"


async def test_the_same_work_is_kept_once_and_new_work_under_the_next_number(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    agent.write("new.txt", "new\n")
    first = await taken(session, worktree)
    assert await taken(session, worktree) == first
    agent.git("add", "new.txt")
    second = await taken(session, worktree)
    assert await taken(session, worktree) == second
    agent.write("new.txt", "newer\n")
    third = await taken(session, worktree)

    assert [snapshot.ref.rpartition("/")[2] for snapshot in (first, second, third)] == ["1", "2", "3"]


async def test_several_snapshots_at_once_each_stand_under_a_ref(session: Worktrees, at: At) -> None:
    worktrees = await asyncio.gather(*(session.add(f"w{number:02}", "tester", "HEAD") for number in range(1, 5)))
    for worktree in worktrees:
        at(worktree.path).write("new.txt", worktree.name)

    made = await asyncio.gather(*(taken(session, worktree) for worktree in worktrees for _ in range(2)))

    assert {kept.worker for kept in await session.kept()} == {"w01", "w02", "w03", "w04"}
    assert {snapshot.ref for snapshot in made} == {kept.ref for kept in await session.kept()}


async def test_an_unfinished_merge_is_kept_as_it_stands_in_the_files(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    other = project.commit("README.md", "theirs\n")
    agent.commit("README.md", "ours\n")
    agent.git("merge", other, check=False)
    assert agent.status().startswith("u ")

    ref = (await taken(session, worktree)).ref

    assert "<<<<<<<" in project.show(f"{ref}:README.md")
    assert agent.status().startswith("u ")


async def test_files_of_a_repository_that_the_agent_made_inside_are_kept_as_files(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder, at: At
) -> None:
    for name, commits in (("empty one", False), ("one with commits", True)):
        inner = at(agent.path / name)
        inner.write("a.txt", f"{name}\n")
        inner.write(".gitignore", "built\n")
        inner.write("built", "x")
        inner.git("init", "-q")
        if commits:
            inner.git("add", "-A")
            inner.git("commit", "-qm", "inner")
            inner.write("b.txt", "later\n")

    ref = (await taken(session, worktree)).ref

    kept = project.git("ls-tree", "-r", "--name-only", ref, "--", "empty one", "one with commits").splitlines()
    assert kept == [
        f"{name}/{file}" for name in ("empty one", "one with commits") for file in (".gitignore", "a.txt")
    ] + ["one with commits/b.txt"]
    assert project.show(f"{ref}:empty one/a.txt") == "empty one"
    assert project.show(f"{ref}:one with commits/b.txt") == "later"


async def test_binary_files_modes_and_links_are_kept_exactly(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    agent.write("run.sh", "#!/bin/sh\n").chmod(0o755)
    agent.write("image.bin", bytes(range(256)))
    (agent.path / "link").symlink_to("README.md")

    ref = (await taken(session, worktree)).ref

    modes = dict(line.split("\t")[::-1] for line in project.git("ls-tree", ref).splitlines())
    assert modes["run.sh"].startswith("100755")
    assert modes["link"].startswith("120000")
    assert project.git("cat-file", "-s", f"{ref}:image.bin") == "256"


async def test_a_snapshot_needs_no_identity_and_names_session_worker_and_note(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    agent.write("new.txt", "new\n")

    ref = (await taken(session, worktree)).ref

    assert project.git("log", "-1", "--format=%an <%ae>%n%B", ref).strip().splitlines() == [
        "agentorchestr <agentorchestr@localhost>",
        "to be safe",
        "",
        "Session: s1",
        "Worker: w01",
        f"Base: {worktree.base}",
    ]


async def test_kept_work_is_listed_with_the_files_beside_where_it_began(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    agent.git("switch", "-q", "--detach")
    agent.commit("committed.txt", "x\n")
    agent.write("half.txt", "y\n")
    snapshot = await taken(session, worktree)

    (kept,) = await session.kept()

    assert (kept.ref, kept.session, kept.worker, kept.note) == (snapshot.ref, "s1", "w01", "to be safe")
    assert kept.files == ("committed.txt", "half.txt")
    assert kept.created_at.tzinfo is not None
    assert await snapshots.kept(session.repository.git) == [kept]


async def test_kept_work_comes_back_on_a_new_branch(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    committed = agent.commit("committed.txt", "x\n")
    agent.write("half.txt", "y\n")
    agent.git("add", "-A")
    snapshot = await session.remove(worktree)
    assert snapshot is not None

    commit = await session.restore(snapshot.ref, "rescued")

    assert project.git("rev-parse", "rescued") == commit
    assert project.git("rev-list", "--parents", "-1", "rescued").split() == [commit, committed]
    assert project.show("rescued:half.txt") == "y"


async def test_restoring_onto_a_branch_that_exists_or_from_nothing_is_a_sentence(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    agent.write("half.txt", "y\n")
    ref = (await taken(session, worktree)).ref

    with pytest.raises(GitError, match="There is a branch main already"):
        await session.restore(ref, "main")
    for nothing in ("refs/agentorchestr/s1/w09/1", "refs/heads/main"):
        with pytest.raises(GitError, match="Nothing is kept under"):
            await session.restore(nothing, "rescued")
    with pytest.raises(GitError, match="not a name for a branch"):
        await session.restore(ref, "two words")


async def test_work_on_an_orphan_branch_without_a_commit_is_kept(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    agent.git("checkout", "-q", "--orphan", "fresh")
    agent.write("new.txt", "new\n")

    ref = (await taken(session, worktree)).ref

    assert project.show(f"{ref}:new.txt") == "new"
    assert project.git("rev-parse", f"{ref}^1") == worktree.base

"""A project of which only a part is checked out: workers get that part, and what they make beside it is not lost."""

from __future__ import annotations

import pytest

from agentorchestr_tui.worktrees.integration import Merged


@pytest.fixture
def sparse(project):
    """Check out `src` alone, beside the files at the root."""
    project.commit("docs/guide.md", "guide\n")
    project.commit("data/big.csv", "1,2\n")
    project.git("sparse-checkout", "set", "--cone", "src")
    return project


async def test_a_worker_gets_the_part_that_the_user_has_and_nothing_counts_as_deleted(session, sparse, at):
    configuration = (sparse.path / ".git/config").read_bytes()
    await session.prepare(1)
    worktree = await session.add("w01", "implementer", "main")

    assert (worktree.path / "src/app.py").exists()
    assert not (worktree.path / "docs").exists()
    assert at(worktree.path).status() == ""
    assert (await session.evidence(worktree)).empty
    assert (sparse.path / ".git/config").read_bytes() == configuration
    assert not (sparse.path / "docs").exists()


async def test_work_beside_the_part_is_counted_kept_merged_and_brought_home(session, sparse, at):
    worktree = await session.add("w01", "implementer", "main")
    agent = at(worktree.path)
    agent.write("src/app.py", "all new\n")
    agent.write("docs/guide.md", "a better guide\n")
    agent.write("extra/new.txt", "new\n")
    assert set((await session.evidence(worktree)).files) == {"docs/guide.md", "extra/new.txt", "src/app.py"}
    assert [change.status for change in await session.changes(worktree)] == ["modified", "added", "modified"]
    assert await session.snapshot(worktree, "before it is committed") is not None

    head = await session.commit_leftovers(worktree, "Work of w01")
    merged = await session.merge(worktree.base, [("w01", head)])

    assert isinstance(merged, Merged)
    assert sparse.show(f"{merged.commit}:docs/guide.md") == "a better guide"
    assert sparse.show(f"{merged.commit}:extra/new.txt") == "new"
    assert sparse.show(f"{merged.commit}:data/big.csv") == "1,2"
    await session.set_integration(merged.commit, None)
    assert isinstance(await session.merge_into_users_branch(), Merged)
    assert (sparse.path / "src/app.py").read_text() == "all new\n"
    assert not (sparse.path / "data").exists()
    await session.remove(worktree)

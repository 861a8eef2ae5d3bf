"""What an agent left uncommitted ends on its branch, wherever the agent went meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.worktrees.worktree import Worktree
from agentorchestr_tui.worktrees.worktrees import Worktrees

from .conftest import At, Folder


async def settled(session: Worktrees, worktree: Worktree, agent: Folder) -> str:
    commit = await session.commit_leftovers(worktree, "Leftovers of w01")
    assert agent.status() == ""
    assert agent.git("symbolic-ref", "--short", "HEAD") == worktree.branch
    assert agent.git("rev-parse", worktree.branch, "HEAD").split() == [commit, commit]
    return commit


async def test_everything_uncommitted_becomes_one_commit_on_the_branch(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    first = agent.commit("committed.txt", "x\n")
    agent.write("README.md", "staged\n")
    agent.git("add", "README.md")
    agent.write("README.md", "final\n")
    agent.write("new folder/ü.txt", "new\n")
    (agent.path / "src/app.py").unlink()
    agent.write(".env", "SECRET=1\n")

    commit = await settled(session, worktree, agent)

    assert agent.git("rev-parse", f"{commit}^") == first
    assert agent.git("log", "-1", "--format=%s", commit) == "Leftovers of w01"
    changed = agent.git("-c", "core.quotePath=false", "diff", "--name-only", first, commit).splitlines()
    assert changed == ["README.md", "new folder/ü.txt", "src/app.py"]
    assert agent.show(f"{commit}:README.md") == "final"
    assert (agent.path / ".env").exists()


async def test_a_clean_worktree_gets_no_commit(session: Worktrees, worktree: Worktree, agent: Folder) -> None:
    assert await settled(session, worktree, agent) == worktree.base


async def test_hooks_and_signing_of_the_user_do_not_run(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    for name in (
        "pre-commit",
        "commit-msg",
        "post-commit",
        "post-checkout",
        "reference-transaction",
        "post-index-change",
    ):
        project.write(f".git/hooks/{name}", "#!/bin/sh\necho ran >> ran; exit 1\n").chmod(0o755)
    project.git("config", "commit.gpgSign", "true")
    project.git("config", "gpg.program", "false")
    agent.write("new.txt", "new\n")

    await session.commit_leftovers(worktree, "x")

    assert not list(project.path.rglob("ran"))
    assert not (agent.path / "ran").exists()


async def test_the_users_identity_is_used_where_there_is_one(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    project.git("config", "user.name", "Grace")
    project.git("config", "user.email", "grace@example.org")
    agent.write("new.txt", "new\n")

    commit = await settled(session, worktree, agent)

    assert agent.git("log", "-1", "--format=%an %ae %cn", commit) == "Grace grace@example.org Grace"
    assert await session.identity() == {}


async def test_without_an_identity_a_fixed_name_stands(session: Worktrees, worktree: Worktree, agent: Folder) -> None:
    agent.write("new.txt", "new\n")

    commit = await settled(session, worktree, agent)

    assert agent.git("log", "-1", "--format=%an <%ae>", commit) == "agentorchestr <agentorchestr@localhost>"
    theirs = session.repository.git.at(agent.path, **await session.identity())  # as an agent of ours runs git
    assert await theirs.run("config", "--get", "user.name") == "agentorchestr"


async def test_work_on_a_branch_of_the_agents_own_comes_onto_its_branch(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    agent.git("switch", "-q", "-c", "feature")
    feature = agent.commit("feature.txt", "x\n")
    agent.write("half.txt", "y\n")

    commit = await settled(session, worktree, agent)

    assert agent.git("rev-parse", f"{commit}^", "feature").split() == [feature, feature]


async def test_an_agent_that_went_back_to_look_at_an_old_commit_loses_nothing(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    done = agent.commit("done.txt", "x\n")
    agent.git("checkout", "-q", "HEAD~1")

    assert await settled(session, worktree, agent) == done
    assert (agent.path / "done.txt").exists()


async def test_two_lines_of_work_are_merged_onto_the_branch(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    agent.commit("one.txt", "1\n")
    agent.git("checkout", "-q", "HEAD~1")
    agent.write("two.txt", "2\n")

    await settled(session, worktree, agent)

    assert (agent.path / "one.txt").exists()
    assert (agent.path / "two.txt").exists()


async def test_two_lines_that_conflict_are_left_for_the_worker_with_a_sentence(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    one = agent.commit("README.md", "one\n")
    agent.git("checkout", "-q", "HEAD~1")
    two = agent.commit("README.md", "two\n")

    with pytest.raises(GitError, match="the two are to be brought together"):
        await session.commit_leftovers(worktree, "x")

    assert agent.git("rev-parse", "HEAD", worktree.branch).split() == [two, one]


async def test_a_branch_that_was_reset_rebased_or_amended_stands_as_the_worker_left_it(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    newer = project.commit("upstream.txt", "u\n")
    agent.commit("a.txt", "a\n")
    agent.commit("b.txt", "b\n")
    agent.git("rebase", "-q", newer)
    agent.git("reset", "-q", "--soft", "HEAD~1")
    agent.git("commit", "-q", "--amend", "--no-edit")
    agent.write("c.txt", "c\n")

    commit = await settled(session, worktree, agent)

    assert agent.git("diff", "--name-only", newer, commit).split() == ["a.txt", "b.txt", "c.txt"]


async def test_a_branch_that_the_worker_deleted_is_made_again(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    agent.git("switch", "-q", "--detach")
    agent.git("branch", "-qD", worktree.branch)
    mine = agent.commit("mine.txt", "x\n")

    assert await settled(session, worktree, agent) == mine


async def test_an_unfinished_merge_or_rebase_is_the_workers_to_finish(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    other = project.commit("README.md", "theirs\n")
    mine = agent.commit("README.md", "ours\n")
    agent.git("merge", other, check=False)
    with pytest.raises(GitError, match=r"left a merge unfinished \(README.md\)"):
        await session.commit_leftovers(worktree, "x")
    agent.git("merge", "--abort")

    agent.git("rebase", other, check=False)
    agent.git("checkout", "-q", "--ours", "README.md")
    agent.git("add", "README.md")
    with pytest.raises(GitError, match="left a rebase unfinished"):
        await session.commit_leftovers(worktree, "x")
    assert agent.git("rev-parse", worktree.branch) == mine


async def test_a_resolved_merge_that_was_not_committed_becomes_a_merge_commit(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    other = project.commit("README.md", "theirs\n")
    mine = agent.commit("README.md", "ours\n")
    agent.git("merge", other, check=False)
    agent.write("README.md", "both\n")
    agent.git("add", "README.md")

    commit = await settled(session, worktree, agent)

    assert agent.git("rev-list", "--parents", "-1", commit).split()[1:] == [mine, other]
    assert "MERGE_HEAD" not in [path.name for path in Path(agent.git("rev-parse", "--absolute-git-dir")).iterdir()]


async def test_files_of_a_repository_inside_are_committed_as_files(
    session: Worktrees, worktree: Worktree, agent: Folder, at: At
) -> None:
    inner = at(agent.path / "inner")
    inner.path.mkdir()
    inner.git("init", "-q")
    inner.commit("a.txt", "a\n")

    commit = await session.commit_leftovers(worktree, "x")

    assert agent.show(f"{commit}:inner/a.txt") == "a"


async def test_leftovers_of_a_detached_worktree_stay_on_its_detached_head(session: Worktrees, at: At) -> None:
    lead = await session.add_detached("lead", "HEAD")
    at(lead.path).write("plan.md", "a plan\n")

    commit = await session.commit_leftovers(lead, "The lead's notes")

    assert (await session.head(lead), at(lead.path).status()) == (commit, "")
    assert at(lead.path).git("rev-parse", f"{commit}^") == lead.base

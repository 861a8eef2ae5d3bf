"""Evidence and diffs: what a worker did, counted beside where its own work began."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.core.words import Evidence
from agentorchestr_tui.worktrees import evidence as seen
from agentorchestr_tui.worktrees.evidence import Range
from agentorchestr_tui.worktrees.worktree import Worktree
from agentorchestr_tui.worktrees.worktrees import Worktrees

from .conftest import At, Folder


async def test_an_untouched_worktree_is_empty_evidence(session: Worktrees, worktree: Worktree, agent: Folder) -> None:
    agent.write(".env", "ignored\n")
    agent.write(".agentorchestr/done.flag", "done\n")

    evidence = await session.evidence(worktree)

    assert evidence.empty
    assert evidence == Evidence(commit=worktree.base)
    assert await session.diff(worktree) == ""


async def test_commits_staged_changed_and_untracked_files_are_counted_together(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    commit = agent.commit("done.txt", "1\n2\n")
    agent.write("README.md", "# A project\nmore\n")
    agent.git("add", "README.md")
    agent.write("new/ü\n.txt", "1\n2\n3\n")
    (agent.path / "notes with spaces.txt").unlink()

    assert await session.evidence(worktree) == Evidence(
        commit=commit,
        commits=1,
        files=("README.md", "done.txt", "new/ü\n.txt", "notes with spaces.txt"),
        insertions=6,
        deletions=3,
        uncommitted=3,
    )


async def test_renames_are_one_file_and_binary_files_have_no_lines(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    agent.git("mv", "src/app.py", "src/moved app.py")
    agent.write("src/moved app.py", (agent.path / "src/moved app.py").read_text() + "line 21\n")
    agent.write("image.bin", bytes(range(256)))
    agent.git("add", "-A")
    agent.git("commit", "-qm", "move")

    evidence = await session.evidence(worktree)

    assert evidence.files == ("image.bin", "src/moved app.py")
    assert (evidence.insertions, evidence.deletions) == (1, 0)


async def test_a_changed_mode_is_a_changed_file(session: Worktrees, worktree: Worktree, agent: Folder) -> None:
    (agent.path / "src/app.py").chmod(0o755)

    evidence = await session.evidence(worktree)

    assert (evidence.files, evidence.uncommitted) == (("src/app.py",), 1)


async def test_names_that_are_no_utf_8_travel_as_escapes(session: Worktrees, worktree: Worktree, agent: Folder) -> None:
    try:
        (agent.path / b"caf\xe9.txt".decode("utf-8", "surrogateescape")).write_text("x\n")
    except OSError:
        return  # this file system takes only UTF-8 names, so none can come up

    evidence = await session.evidence(worktree)

    assert evidence.files == ("caf\\xe9.txt",)


async def test_what_happened_on_the_users_branch_meanwhile_is_not_the_workers(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    project.commit("upstream.txt", "u\n")
    agent.commit("mine.txt", "m\n")

    evidence = await session.evidence(worktree)

    assert (evidence.files, evidence.commits) == (("mine.txt",), 1)


@pytest.mark.parametrize("how", ["rebase", "merge"])
async def test_newer_commits_that_the_worker_took_in_are_not_its_own(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder, how: str
) -> None:
    agent.commit("mine.txt", "m\n")
    project.commit("upstream.txt", "u\n")
    project.commit("later.txt", "l\n")
    agent.git(how, "-q", "main", *(["--no-edit"] if how == "merge" else []))
    project.commit("latest.txt", "l\n")

    evidence = await session.evidence(worktree)

    assert evidence.files == ("mine.txt",)
    assert evidence.commits == (2 if how == "merge" else 1)


async def test_work_that_was_integrated_still_counts_as_the_workers(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    commit = agent.commit("mine.txt", "m\n")
    merged = await session.merge(worktree.base, [("w01", commit)])
    await session.set_integration(merged.commit, None)

    assert (await session.evidence(worktree)).files == ("mine.txt",)


async def test_others_work_taken_in_from_the_integration_branch_is_not_the_workers(
    session: Worktrees, worktree: Worktree, agent: Folder, at: At
) -> None:
    other = await session.add("w02", "tester", "HEAD")
    theirs = at(other.path).commit("theirs.txt", "t\n")
    merged = await session.merge(worktree.base, [("w02", theirs)])
    await session.set_integration(merged.commit, None)
    agent.commit("mine.txt", "m\n")
    agent.git("merge", "-q", "--no-edit", session.integration_branch)

    assert (await session.evidence(worktree)).files == ("mine.txt",)


async def test_a_branch_that_was_reset_to_before_its_base_shows_only_what_stands(
    session: Worktrees, project: Folder, at: At
) -> None:
    project.commit("second.txt", "2\n")
    worktree = await session.add("w01", "implementer", "HEAD")
    agent = at(worktree.path)
    agent.git("reset", "-q", "--hard", "HEAD~1")
    agent.commit("mine.txt", "m\n")

    evidence = await session.evidence(worktree)

    assert (evidence.files, evidence.commits) == (("mine.txt",), 1)


async def test_evidence_touches_neither_index_nor_lock(session: Worktrees, worktree: Worktree, agent: Folder) -> None:
    agent.write("new.txt", "x\n")
    folder = Path(agent.git("rev-parse", "--absolute-git-dir"))
    (folder / "index.lock").write_text("")
    before = (folder / "index").read_bytes()

    assert (await session.evidence(worktree)).uncommitted == 1

    assert (folder / "index").read_bytes() == before


async def test_a_diff_is_a_stat_or_a_patch_of_all_that_stands(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    agent.commit("done.txt", "committed\n")
    agent.write("new.txt", "untracked\n")

    stat, patch = await session.diff(worktree), await session.diff(worktree, stat_only=False)

    assert "2 files changed, 2 insertions(+)" in stat
    assert "+committed" in patch
    assert "+untracked" in patch


async def test_a_diff_between_two_commits_uses_no_program_of_the_users(
    session: Worktrees, worktree: Worktree, agent: Folder, project: Folder
) -> None:
    project.git("config", "diff.external", "false")
    commit = agent.commit("done.txt", "committed\n")

    assert "+committed" in await session.diff(Range(worktree.base, commit), stat_only=False)
    with pytest.raises(GitError):
        await session.diff(Range("nowhere", commit))


async def test_a_very_long_diff_is_cut_and_says_so(
    session: Worktrees, worktree: Worktree, agent: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "DIFF_LIMIT", 1000)
    agent.write("long.txt", "a line\n" * 1000)

    text = await session.diff(worktree, stat_only=False)

    assert len(text) < 1100
    assert text.endswith("+a line\n[cut after 1,000 bytes: ask for the stat, or read the files]\n")


async def test_what_one_commit_holds_beside_another_is_counted(
    session: Worktrees, worktree: Worktree, agent: Folder
) -> None:
    commit = agent.commit("done.txt", "1\n2\n")

    assert await session.between(worktree.base, commit) == Evidence(
        commit=commit, commits=1, files=("done.txt",), insertions=2
    )

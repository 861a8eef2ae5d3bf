"""Worktrees made, taken up again, moved and removed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from agentorchestr_tui.core.errors import CannotRun, GitError
from agentorchestr_tui.worktrees.worktree import record_of
from agentorchestr_tui.worktrees.worktrees import Worktrees

from .conftest import Folder

At = Callable[[Path], Folder]


async def test_a_worker_gets_a_folder_on_its_own_branch_at_the_base(
    session: Worktrees, project: Folder, at: At
) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")

    agent = at(worktree.path)
    assert worktree.branch == "agentorchestr/s1/implementer-w01"
    assert agent.git("symbolic-ref", "--short", "HEAD") == worktree.branch
    assert worktree.base == await session.head(worktree) == project.git("rev-parse", "HEAD")
    assert agent.status() == ""
    assert (worktree.path / "notes with spaces.txt").read_text() == "one\ntwo\nthree\n"


async def test_the_users_uncommitted_changes_are_not_in_a_worktree(session: Worktrees, project: Folder) -> None:
    project.write("README.md", "half done\n")

    worktree = await session.add("w01", "implementer", "HEAD")

    assert (worktree.path / "README.md").read_text() == "# A project\n"
    assert (project.path / "README.md").read_text() == "half done\n"


async def test_several_worktrees_are_made_at_once(session: Worktrees, at: At) -> None:
    made = await asyncio.gather(*(session.add(f"w{number:02}", "implementer", "HEAD") for number in range(1, 9)))

    assert len({worktree.path for worktree in made}) == 8
    assert all(at(worktree.path).status() == "" for worktree in made)


async def test_two_sessions_make_worktrees_in_one_repository_at_once(session: Worktrees, tmp_path: Path) -> None:
    other = Worktrees(session.repository, "s2", tmp_path / "other")

    await asyncio.gather(
        *(where.add(f"w{number:02}", "tester", "HEAD") for number in range(1, 7) for where in (session, other))
    )

    listed = await session.repository.git.run("worktree", "list")
    assert len(listed.splitlines()) == 13


async def test_our_folder_inside_a_worktree_is_no_change_to_git(session: Worktrees, at: At) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")
    agent = at(worktree.path)
    agent.write(".agentorchestr/done.flag", "done\n")

    assert agent.status() == ""
    agent.git("add", "-A")
    assert agent.git("diff", "--cached", "--name-only") == ""


async def test_a_projects_own_tracked_folder_of_that_name_stays_as_it_is(
    session: Worktrees, project: Folder, at: At
) -> None:
    project.write(".agentorchestr/PROJECT.md", "facts\n")
    project.commit(".agentorchestr/.gitignore", "memory/\n")

    worktree = await session.add("w01", "implementer", "HEAD")
    agent = at(worktree.path)
    agent.write(".agentorchestr/done.flag", "done\n")
    agent.write("new.txt", "new\n")
    await session.commit_leftovers(worktree, "work")

    assert agent.git("diff", "--name-only", worktree.base, "HEAD") == "new.txt"
    assert agent.show("HEAD:.agentorchestr/.gitignore") == "memory/"
    assert agent.status() == ""


async def test_our_folder_stays_out_even_after_the_agent_cleaned_everything(session: Worktrees, at: At) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")
    agent = at(worktree.path)
    agent.git("clean", "-ffdxq")
    agent.write(".agentorchestr/done.flag", "done\n")
    agent.write("new.txt", "new\n")

    await session.commit_leftovers(worktree, "work")

    assert agent.git("diff", "--name-only", worktree.base, "HEAD") == "new.txt"


async def test_a_spare_becomes_the_next_workers_folder(session: Worktrees, project: Folder, at: At) -> None:
    await session.prepare(1)
    (spare,) = session.home.iterdir()
    inode = spare.stat().st_ino

    worktree = await session.add("w01", "implementer", "HEAD")

    assert worktree.path.stat().st_ino == inode
    assert at(worktree.path).git("symbolic-ref", "--short", "HEAD") == worktree.branch
    assert at(worktree.path).status() == ""
    assert not spare.exists()


async def test_a_spare_that_was_made_at_another_commit_comes_to_the_base(
    session: Worktrees, project: Folder, at: At
) -> None:
    await session.prepare(1)
    newer = project.commit("later.txt", "later\n")

    worktree = await session.add("w01", "implementer", newer)

    assert (worktree.path / "later.txt").read_text() == "later\n"
    assert await session.head(worktree) == newer
    assert at(worktree.path).status() == ""


async def test_more_workers_than_spares_at_once_all_get_a_folder(session: Worktrees, at: At) -> None:
    await session.prepare(9)
    assert len(list(session.home.iterdir())) == 2

    made = await asyncio.gather(*(session.add(f"w{number:02}", "tester", "HEAD") for number in range(1, 5)))

    assert all(at(worktree.path).status() == "" for worktree in made)


async def test_two_preparations_at_once_make_no_more_spares_than_asked(session: Worktrees) -> None:
    await asyncio.gather(session.prepare(2), session.prepare(2))

    assert len(list(session.home.iterdir())) == 2


async def test_a_spare_that_somebody_deleted_is_passed_over(session: Worktrees, at: At) -> None:
    await session.prepare(1)
    (spare,) = session.home.iterdir()
    shutil.rmtree(spare)

    worktree = await session.add("w01", "implementer", "HEAD")

    assert at(worktree.path).status() == ""


async def test_a_worktree_that_exists_is_taken_up_with_what_stands_in_it(session: Worktrees, at: At) -> None:
    first = await session.add("w01", "implementer", "HEAD")
    at(first.path).commit("done.txt", "work\n")
    at(first.path).write("half.txt", "half\n")

    again = await session.add("w01", "implementer", first.base)

    assert again == first
    assert (again.path / "half.txt").read_text() == "half\n"


async def test_a_worktree_whose_folder_is_gone_comes_back_on_its_branch(session: Worktrees, at: At) -> None:
    first = await session.add("w01", "implementer", "HEAD")
    at(first.path).commit("done.txt", "work\n")
    shutil.rmtree(first.path)

    again = await session.add("w01", "implementer", first.base)

    assert (again.path / "done.txt").read_text() == "work\n"


async def test_a_crash_between_folder_and_checkout_is_settled(session: Worktrees, project: Folder, at: At) -> None:
    path = session.home / "implementer-w01"
    branch = "agentorchestr/s1/implementer-w01"
    project.git("worktree", "add", "-q", "--no-checkout", "-b", branch, str(path))
    record = record_of(session.repository.common, path)
    assert record is not None
    (record / "index.lock").write_bytes(b"")

    await session.add("w01", "implementer", "HEAD")

    assert at(path).status() == ""
    assert (path / "README.md").exists()


async def test_a_crash_between_a_spare_and_its_branch_is_settled(session: Worktrees, project: Folder, at: At) -> None:
    path = session.home / "implementer-w01"
    project.git("worktree", "add", "-q", "--detach", str(path))

    worktree = await session.add("w01", "implementer", "HEAD")

    assert at(path).git("symbolic-ref", "--short", "HEAD") == worktree.branch


async def test_a_foreign_folder_in_the_way_is_left_alone(session: Worktrees) -> None:
    mine = session.home / "implementer-w01" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")

    with pytest.raises(GitError, match="in the way"):
        await session.add("w01", "implementer", "HEAD")

    assert mine.read_text() == "mine"


async def test_a_checkout_that_fails_leaves_neither_folder_nor_branch(session: Worktrees, project: Folder) -> None:
    project.commit(".gitattributes", "*.py filter=missing\n")
    project.git("config", "filter.missing.smudge", "no-such-filter-program")
    project.git("config", "filter.missing.required", "true")

    with pytest.raises(GitError, match="smudge filter missing failed; install the filter"):
        await session.add("w01", "implementer", "HEAD")

    assert list(session.home.iterdir()) == []
    assert project.git("branch", "--list", "agentorchestr/*") == ""
    assert len(project.git("worktree", "list").splitlines()) == 1


async def test_a_base_that_is_no_commit_and_names_unfit_for_a_branch_are_sentences(session: Worktrees) -> None:
    with pytest.raises(GitError, match="There is no commit nowhere"):
        await session.add("w01", "implementer", "nowhere")
    for name in ("two words", "../up", "a..b", "x.lock", "-x", ""):
        with pytest.raises(GitError, match="cannot be part of a branch's name"):
            await session.add("w01", name, "HEAD")


async def test_a_users_branch_that_takes_our_name_is_a_sentence(session: Worktrees, project: Folder) -> None:
    project.git("branch", "agentorchestr")

    with pytest.raises(GitError, match="rename the branch that stands in its way"):
        await session.add("w01", "implementer", "HEAD")

    assert list(session.home.iterdir()) == []


async def test_a_home_that_cannot_be_made_is_a_sentence(session: Worktrees, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotRun, match="cannot be made"):
        await Worktrees(session.repository, "s2", tmp_path / "file" / "s2").add("w01", "tester", "HEAD")


async def test_a_detached_worktree_moves_to_another_commit_without_droppings(
    session: Worktrees, project: Folder, at: At
) -> None:
    newer = project.commit("later.txt", "later\n")
    verify = await session.add_detached("verify", "HEAD~1")
    folder = at(verify.path)
    folder.write("README.md", "changed by a test\n")
    folder.write("report/out.xml", "<x/>\n")
    folder.write("later.txt", "in the way\n")
    folder.write("cache/kept", "cache\n")

    moved = await session.move(verify, newer, keep=False)

    assert folder.status() == ""
    assert (await session.head(moved), moved.base) == (newer, newer)
    assert (verify.path / "cache/kept").exists()
    assert not (verify.path / "report").exists()
    assert (verify.path / "later.txt").read_text() == "later\n"
    assert await session.kept() == []


async def test_what_a_lead_changed_is_kept_before_its_worktree_moves(
    session: Worktrees, project: Folder, at: At
) -> None:
    lead = await session.add_detached("lead", "HEAD")
    at(lead.path).write("idea.md", "an idea\n")

    await session.move(lead, project.commit("later.txt", "later\n"))

    (kept,) = await session.kept()
    assert (kept.worker, kept.files) == ("lead", ("idea.md",))


async def test_a_workers_worktree_is_never_moved(session: Worktrees) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")

    with pytest.raises(GitError, match="only a detached worktree"):
        await session.move(worktree, "HEAD")


async def test_removing_a_clean_worktree_keeps_its_branch_and_nothing_else(
    session: Worktrees, project: Folder, at: At
) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")
    commit = at(worktree.path).commit("done.txt", "work\n")

    assert await session.remove(worktree) is None

    assert not worktree.path.exists()
    assert project.git("rev-parse", worktree.branch) == commit
    assert len(project.git("worktree", "list").splitlines()) == 1
    assert not (project.path / ".git/worktrees").exists()


async def test_removing_a_dirty_worktree_keeps_all_of_it_under_a_ref(
    session: Worktrees, project: Folder, at: At
) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")
    agent = at(worktree.path)
    agent.write("half done.txt", "half\n")
    agent.write("README.md", "changed\n")

    snapshot = await session.remove(worktree)

    assert snapshot is not None
    assert snapshot.ref == "refs/agentorchestr/s1/w01/1"
    assert project.show(f"{snapshot.ref}:half done.txt") == "half"
    assert project.show(f"{snapshot.ref}:README.md") == "changed"
    assert not worktree.path.exists()


async def test_a_locked_worktree_and_one_with_a_read_only_folder_go_too(session: Worktrees, at: At) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")
    at(worktree.path).git("worktree", "lock", str(worktree.path))
    at(worktree.path).write("cache/deep/file", "x")
    (worktree.path / "cache/deep").chmod(0o500)

    await session.remove(worktree)

    assert not worktree.path.exists()


async def test_an_agent_that_replaced_the_git_file_of_its_worktree_loses_nothing(
    session: Worktrees, project: Folder, at: At
) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")
    agent = at(worktree.path)
    (worktree.path / ".git").unlink()
    agent.git("init", "-q")
    agent.commit("mine.txt", "mine\n")

    snapshot = await session.remove(worktree)

    assert snapshot is not None
    assert project.show(f"{snapshot.ref}:mine.txt") == "mine"
    assert not worktree.path.exists()
    assert not (project.path / ".git/worktrees").exists()


async def test_removing_twice_or_after_the_folder_was_deleted_is_quiet(session: Worktrees, project: Folder) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")
    shutil.rmtree(worktree.path)

    assert await session.remove(worktree) is None
    assert await session.remove(worktree) is None

    assert len(project.git("worktree", "list").splitlines()) == 1


async def test_asking_about_a_deleted_worktree_is_a_sentence(session: Worktrees) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")
    shutil.rmtree(worktree.path)

    with pytest.raises(GitError, match="was deleted"):
        await session.evidence(worktree)
    await session.remove(worktree)
    with pytest.raises(GitError, match="no worktree any more"):
        await session.head(worktree)


async def test_sweeping_takes_spares_and_dead_records_of_ours_and_nobody_elses(
    session: Worktrees, project: Folder, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    project.git("worktree", "add", "-q", "--detach", str(theirs))
    shutil.rmtree(theirs)
    dead = await session.add("w01", "implementer", "HEAD")
    shutil.rmtree(dead.path)
    await session.prepare(2)

    await session.sweep()

    assert not session.home.exists()
    listed = project.git("worktree", "list", "--porcelain")
    assert listed.count("worktree ") == 2
    assert f"worktree {theirs}" in listed


async def test_sweeping_leaves_a_worker_that_is_there(session: Worktrees) -> None:
    worktree = await session.add("w01", "implementer", "HEAD")

    await session.sweep()

    assert (worktree.path / "README.md").exists()


async def test_a_verification_folder_that_a_crash_left_comes_to_the_commit_asked_for(
    session: Worktrees, project: Folder, at: At
) -> None:
    old = await session.add_detached("verify", "HEAD")
    at(old.path).write("dropping.txt", "x\n")
    newer = project.commit("later.txt", "later\n")

    verify = await session.add_detached("verify", newer)

    assert await session.head(verify) == verify.base == newer
    assert at(verify.path).status() == ""


async def test_a_branch_is_dropped_only_while_nothing_is_on_it(session: Worktrees, project: Folder, at: At) -> None:
    idle, busy = await session.add("w01", "tester", "HEAD"), await session.add("w02", "tester", "HEAD")
    at(busy.path).commit("mine.txt", "m\n")

    for worktree in (idle, busy):
        await session.remove(worktree)
        await session.drop_empty_branch(worktree)

    assert project.git("branch", "--list", "--format=%(refname:short)", "agentorchestr/*") == busy.branch

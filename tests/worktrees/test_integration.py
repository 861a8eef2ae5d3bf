"""Merging in memory: worker branches into the integration branch, and that into the user's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.core.words import MergeStep
from agentorchestr_tui.worktrees.integration import Conflicted, Merged
from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.worktrees import Worktrees

from .conftest import Folder

At = Callable[[Path], Folder]
Branch = tuple[str, str]


@pytest.fixture
def base(project: Folder) -> str:
    return project.git("rev-parse", "HEAD")


@pytest.fixture
def work(session: Worktrees, base: str, at: At) -> Callable[..., object]:
    async def done(worker: str, change: Callable[[Folder], object]) -> Branch:
        worktree = await session.add(worker, "implementer", base)
        change(at(worktree.path))
        return worker, await session.commit_leftovers(worktree, f"Work of {worker}")

    return done


async def conflicted(session: Worktrees, base: str, *branches: Branch) -> Conflicted:
    result = await session.merge(base, branches)
    assert isinstance(result, Conflicted)
    return result


async def test_branches_are_merged_each_by_a_commit_that_names_it(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    one = await work("w01", lambda agent: agent.write("one.txt", "1\n"))
    two = await work("w02", lambda agent: agent.write("src/app.py", "replaced\n"))

    result = await session.merge(base, [one, two])

    assert result == Merged(result.commit, ("w01", "w02"))
    assert project.git("log", "--first-parent", "--format=%s", f"{base}..{result.commit}").splitlines() == [
        "Merge w02",
        "Merge w01",
    ]
    assert project.show(f"{result.commit}:one.txt") == "1"
    assert project.show(f"{result.commit}:src/app.py") == "replaced"
    assert await session.contains(one[1], result.commit)
    assert not await session.contains(result.commit, one[1])


async def test_a_branch_without_change_or_merged_before_adds_nothing(session: Worktrees, base: str, work) -> None:
    idle = await work("w01", lambda agent: None)
    two = await work("w02", lambda agent: agent.write("two.txt", "2\n"))
    first = await session.merge(base, [idle, two])

    assert first == Merged(first.commit, ("w02",))
    assert await session.merge(first.commit, [idle, two]) == Merged(first.commit, ())


async def test_edits_of_one_file_far_apart_merge_and_renames_carry_edits_along(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    lines = (project.path / "src/app.py").read_text()
    one = await work("w01", lambda agent: agent.write("src/app.py", lines.replace("line 1\n", "line one\n")))
    two = await work("w02", lambda agent: agent.git("mv", "src/app.py", "src/main.py"))
    three = await work("w03", lambda agent: agent.write("src/app.py", lines.replace("line 20\n", "line twenty\n")))

    result = await session.merge(base, [one, two, three])

    assert result == Merged(result.commit, ("w01", "w02", "w03"))
    merged = project.show(f"{result.commit}:src/main.py").splitlines()
    assert (merged[0], merged[-1]) == ("line one", "line twenty")


async def test_a_clash_comes_back_as_its_lines_with_both_sides_and_their_origin(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    lines = (project.path / "src/app.py").read_text()
    one = await work("w01", lambda agent: agent.write("src/app.py", lines.replace("line 10\n", "line ten\n")))
    two = await work("w02", lambda agent: agent.write("src/app.py", lines.replace("line 10\n", "LINE 10\n")))
    before = _refs(project)

    result = await conflicted(session, base, one, two)

    assert (result.name, result.merged) == ("w02", ("w01",))
    (clash,) = result.conflicts
    assert clash.path == "src/app.py"
    assert clash.text.splitlines()[:2] == ["CONFLICT (content): Merge conflict in src/app.py", "@@ line 7"]
    for line in ("line 9", "line ten", "line 10", "LINE 10", "line 11"):
        assert f"\n{line}\n" in clash.text
    assert "line 1\n" not in clash.text
    assert project.show(f"{result.commit}:src/app.py").splitlines()[9] == "line ten"
    assert _refs(project) == before


async def test_every_kind_of_conflict_names_its_file_and_reason(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    def ours(agent: Folder) -> None:
        agent.write("README.md", "changed\n")
        agent.write("added ü.txt", "ours\n")
        agent.write("image.bin", b"\0ours")
        agent.git("mv", "notes with spaces.txt", "notes.txt")

    def theirs(agent: Folder) -> None:
        (agent.path / "README.md").unlink()
        agent.write("added ü.txt", "theirs\n")
        agent.write("image.bin", b"\0theirs")
        agent.git("mv", "notes with spaces.txt", "other notes.txt")

    result = await conflicted(session, base, await work("w01", ours), await work("w02", theirs))

    said = {conflict.path: conflict.text for conflict in result.conflicts}
    assert "modify/delete" in said["README.md"]
    assert "add/add" in said["added ü.txt"]
    assert "theirs" in said["added ü.txt"]
    assert "image.bin" in said["image.bin"]
    assert "rename/rename" in said["notes.txt"]
    assert "\0" not in said["image.bin"]


async def test_an_executable_bit_is_merged(session: Worktrees, base: str, project: Folder, work) -> None:
    one = await work("w01", lambda agent: (agent.path / "src/app.py").chmod(0o755))
    two = await work("w02", lambda agent: agent.write("src/app.py", "replaced\n"))

    result = await session.merge(base, [one, two])

    assert project.git("ls-tree", result.commit, "src/app.py").startswith("100755")


async def test_work_without_common_history_is_a_sentence(session: Worktrees, base: str, project: Folder) -> None:
    alien = project.git("commit-tree", "-m", "alien", f"{base}^{{tree}}")

    with pytest.raises(GitError, match="shares no history"):
        await session.merge(base, [("w01", alien)])
    with pytest.raises(GitError):
        await session.merge(base, [("w01", "nowhere")])


async def test_the_integration_branch_moves_only_from_where_it_was_seen(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    assert await session.integration() is None
    _, one = await work("w01", lambda agent: agent.write("one.txt", "1\n"))

    await session.set_integration(base, None)
    await session.set_integration(one, base)

    assert await session.integration() == one == project.git("rev-parse", "agentorchestr/s1/integration")
    for expected in (None, base):
        with pytest.raises(GitError, match="was moved by somebody else"):
            await session.set_integration(base, expected)
    assert await session.integration() == one


async def test_an_integration_branch_that_somebody_checked_out_is_not_moved_under_them(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    _, one = await work("w01", lambda agent: agent.write("one.txt", "1\n"))
    await session.set_integration(base, None)
    project.git("switch", "-q", session.integration_branch)

    with pytest.raises(GitError, match="is checked out in"):
        await session.set_integration(one, base)


async def integrated(session: Worktrees, base: str, *branches: Branch) -> str:
    result = await session.merge(base, branches)
    assert isinstance(result, Merged)
    await session.set_integration(result.commit, await session.integration())
    return result.commit


async def test_the_users_clean_branch_goes_forward_to_the_integration(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    commit = await integrated(session, base, await work("w01", lambda agent: agent.write("one.txt", "1\n")))
    project.write(".git/hooks/post-merge", "#!/bin/sh\ntouch ran\n").chmod(0o755)
    project.write("stray.txt", "untracked\n")

    assert await session.merge_into_users_branch() == Merged(commit, (session.integration_branch,))

    assert (project.path / "one.txt").read_text() == "1\n"
    assert project.git("rev-parse", "main") == commit
    assert not (project.path / "ran").exists()
    assert await session.merge_into_users_branch() == Merged(commit, ())


async def test_a_users_branch_that_went_on_gets_a_merge_commit(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    commit = await integrated(session, base, await work("w01", lambda agent: agent.write("one.txt", "1\n")))
    mine = project.commit("mine.txt", "m\n")

    result = await session.merge_into_users_branch()

    assert project.git("rev-list", "--parents", "-1", "main").split() == [result.commit, mine, commit]
    assert project.status() == ""


async def test_a_users_branch_that_conflicts_is_left_as_it_is(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    await integrated(session, base, await work("w01", lambda agent: agent.write("README.md", "w01\n")))
    mine = project.commit("README.md", "mine\n")

    result = await session.merge_into_users_branch()

    assert isinstance(result, Conflicted)
    assert result.conflicts[0].path == "README.md"
    assert (project.git("rev-parse", "HEAD"), project.status()) == (mine, "")


async def test_a_checkout_that_is_dirty_elsewhere_or_detached_is_not_merged_into(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    with pytest.raises(GitError, match="Nothing was integrated"):
        await session.merge_into_users_branch()
    await integrated(session, base, await work("w01", lambda agent: agent.write("one.txt", "1\n")))

    project.write("README.md", "half\n")
    with pytest.raises(GitError, match=r"uncommitted changes \(README.md\): commit or stash them, then run `git merge"):
        await session.merge_into_users_branch()
    project.git("checkout", "-q", "--", ".")
    project.git("switch", "-q", "-c", "side")
    with pytest.raises(GitError, match="on side, not on main"):
        await session.merge_into_users_branch()
    project.git("switch", "-q", "--detach")
    with pytest.raises(GitError, match="detached HEAD"):
        await session.merge_into_users_branch()

    assert project.git("rev-parse", "main") == base


async def test_an_untracked_file_in_the_way_of_the_merge_is_named(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    await integrated(session, base, await work("w01", lambda agent: agent.write("one.txt", "1\n")))
    project.write("one.txt", "mine\n")

    with pytest.raises(GitError, match=r"one\.txt; commit or move those files first"):
        await session.merge_into_users_branch()

    assert (project.path / "one.txt").read_text() == "mine\n"


@pytest.mark.parametrize("went_on", [False, True])
async def test_a_merge_that_is_cancelled_while_it_writes_leaves_branch_and_checkout_as_they_were(
    session: Worktrees, base: str, project: Folder, work, tmp_path: Path, went_on: bool
) -> None:
    def change(agent: Folder) -> None:
        agent.write(".gitattributes", "slow.txt filter=slow\n")
        agent.write("a/b/new.txt", "new\n")
        agent.write("slow.txt", "slow\n")
        agent.write("README.md", "theirs\n")
        if went_on:
            (agent.path / "README.md").unlink()

    commit = await integrated(session, base, await work("w01", change))
    if went_on:
        project.commit("mine.txt", "m\n")
    project.write("stray.txt", "untracked\n")
    began = tmp_path / "began"
    project.git("config", "filter.slow.smudge", f"touch {began}; sleep 600; cat")
    before = _refs(project), project.git("rev-parse", "HEAD"), project.status(), _files(project)
    told: list[tuple[MergeStep, int]] = []

    async def tell(step: MergeStep, files: int) -> None:
        told.append((step, files))

    merging = asyncio.create_task(session.merge_into_users_branch(tell))
    async with asyncio.timeout(60):
        while not began.exists():
            await asyncio.sleep(0.02)
    merging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await merging

    assert told == [(MergeStep.TRIES, 0), (MergeStep.WRITES, 4)]
    assert (_refs(project), project.git("rev-parse", "HEAD"), project.status(), _files(project)) == before
    project.git("config", "filter.slow.smudge", "cat")
    assert isinstance(await session.merge_into_users_branch(), Merged)
    assert project.git("merge-base", "--is-ancestor", commit, "HEAD") == ""
    assert project.status() == before[2]


async def test_what_a_person_writes_while_a_merge_is_cancelled_is_left_alone_and_named(
    session: Worktrees, base: str, project: Folder, work, tmp_path: Path
) -> None:
    def change(agent: Folder) -> None:
        agent.write(".gitattributes", "slow.txt filter=slow\n")
        agent.write("README.md", "theirs\n")
        agent.write("new.txt", "new\n")
        agent.write("other.txt", "new\n")
        agent.write("slow.txt", "slow\n")

    await integrated(session, base, await work("w01", change))
    began = tmp_path / "began"
    project.git("config", "filter.slow.smudge", f"touch {began}; sleep 600; cat")
    before = project.git("rev-parse", "HEAD"), _files(project)
    merging = asyncio.create_task(session.merge_into_users_branch())
    async with asyncio.timeout(60):
        while not began.exists():
            await asyncio.sleep(0.02)
    project.write("README.md", "mine\n")
    project.write("new.txt", "mine too\n")
    merging.cancel()
    with pytest.raises(GitError, match=r"not all files of your checkout are \(README\.md, new\.txt\)"):
        await merging
    mine = {f"{project.path}/README.md": "mine\n", f"{project.path}/new.txt": "mine too\n"}
    assert (project.git("rev-parse", "HEAD"), _files(project)) == (before[0], before[1] | mine)


def _files(project: Folder) -> dict[str, str]:
    found = (path for path in project.path.rglob("*") if ".git" not in path.parts)
    return {str(path): path.read_text() if path.is_file() else "" for path in found}


def _refs(project: Folder) -> str:
    return project.git("for-each-ref")


async def test_line_endings_and_large_file_pointers_merge_byte_for_byte(
    session: Worktrees, base: str, project: Folder, work
) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 3\n"
    one = await work("w01", lambda agent: agent.write("dos.txt", "one\r\ntwo\r\n"))
    two = await work("w02", lambda agent: agent.write("big.bin", pointer))

    result = await session.merge(base, [one, two])

    assert (await session.repository.git.answer("cat-file", "blob", f"{result.commit}:dos.txt")).out == "one\r\ntwo\r\n"
    assert (await session.repository.git.answer("cat-file", "blob", f"{result.commit}:big.bin")).out == pointer


async def test_a_session_begun_in_a_linked_worktree_comes_home_to_that_one_alone(
    project: Folder, env: dict[str, str], tmp_path: Path, at: At
) -> None:
    side = Folder(tmp_path / "side", env)
    project.git("worktree", "add", "-q", "-b", "side", str(side.path))
    side.commit("side.txt", "side\n")
    main = project.git("rev-parse", "main")
    session = Worktrees(await Repository.open(side.path, env), "s2", tmp_path / "homes" / "s2")
    await session.prepare(1)
    worktree = await session.add("w01", "implementer", "HEAD")
    assert (worktree.path / "side.txt").exists()
    at(worktree.path).write("new.txt", "new\n")
    head = await session.commit_leftovers(worktree, "Work")
    merged = await session.merge(worktree.base, [("w01", head)])
    await session.set_integration(merged.commit, None)

    assert isinstance(await session.merge_into_users_branch(), Merged)

    assert (side.path / "new.txt").read_text() == "new\n"
    assert (side.git("branch", "--show-current"), side.status()) == ("side", "")
    assert (project.git("rev-parse", "main"), project.status()) == (main, "")
    await session.remove(worktree)
    await session.sweep()
    assert project.git("worktree", "list", "--porcelain").count("worktree ") == 2

"""The runner: patient with locks, bounded, deaf to hooks, and plain about what went wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.worktrees import call
from agentorchestr_tui.worktrees import git as runner
from agentorchestr_tui.worktrees.git import Git, environment, find_git

from .conftest import Folder


@pytest.fixture
def git(project: Folder, env: dict[str, str]) -> Git:
    return find_git(project.path, env)


def script(tmp_path: Path, text: str) -> str:
    path = tmp_path / "slow git"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


async def test_a_refusal_is_one_sentence_with_reason_and_way_out(git: Git) -> None:
    with pytest.raises(GitError) as refused:
        await git.run("switch", "nowhere")

    assert str(refused.value) == (
        f"`git switch nowhere` failed in {git.folder}: invalid reference: nowhere; "
        "run it there to see the whole answer."
    )


async def test_a_question_is_answered_by_the_exit_code_and_nonsense_is_an_error(git: Git) -> None:
    assert await git.says("show-ref", "--verify", "--quiet", "refs/heads/main")
    assert not await git.says("show-ref", "--verify", "--quiet", "refs/heads/nowhere")
    with pytest.raises(GitError):
        await git.says("merge-base", "--is-ancestor", "nowhere", "HEAD")


async def test_a_held_index_lock_is_waited_for(git: Git, project: Folder) -> None:
    lock = project.write(".git/index.lock", "")
    project.write("README.md", "changed\n")
    adding = asyncio.ensure_future(git.run("add", "README.md"))
    asyncio.get_running_loop().call_later(0.2, lock.unlink)

    await adding

    assert project.git("diff", "--cached", "--name-only") == "README.md"


async def test_a_stale_index_lock_is_named_with_the_way_out(
    git: Git, project: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BUSY_FOR", 0.1)
    project.write(".git/index.lock", "")

    with pytest.raises(GitError, match=r"index\.lock.*delete that lock file"):
        await git.run("add", "--all")


async def test_an_answer_that_does_not_come_ends_with_its_whole_process_tree(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "TIME_LIMIT", 2.0)
    pid_file = tmp_path / "pid"
    slow = Git(script(tmp_path, f"sleep 300 & echo $! > '{pid_file}'; wait"), git.folder, git.env)

    with pytest.raises(GitError, match="no answer within"):
        await slow.run("status")

    async with asyncio.timeout(10):
        while _alive(int(pid_file.read_text())):  # it was told to end, and a busy machine takes its time
            await asyncio.sleep(0.005)


async def test_a_cancelled_call_leaves_no_process(git: Git, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    slow = Git(script(tmp_path, f"echo $$ > '{pid_file}.new'; mv '{pid_file}.new' '{pid_file}'; exec sleep 300"),
               git.folder, git.env)  # fmt: skip
    running = asyncio.ensure_future(slow.run("status"))
    async with asyncio.timeout(10):
        while not pid_file.exists():
            await asyncio.sleep(0.005)

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert not _alive(int(pid_file.read_text()))


async def test_output_past_the_limit_is_dropped_and_git_still_ends(git: Git) -> None:
    answer = await git.ask("help", "--all", at_most=100)

    assert (answer.code, len(answer.out)) == (0, 100)


async def test_a_missing_folder_is_a_sentence(git: Git, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="No such file or directory"):
        await git.at(tmp_path / "gone").run("status")


def test_the_environment_keeps_identity_and_configuration_and_drops_what_misleads() -> None:
    given = {
        "PATH": "/bin", "GIT_DIR": "x", "GIT_INDEX_FILE": "x", "GIT_TRACE": "1", "GIT_CONFIG_PARAMETERS": "'a=b'",
        "GIT_AUTHOR_NAME": "Ada", "GIT_CONFIG_GLOBAL": "/etc/g", "LC_ALL": "de_DE.UTF-8", "GIT_EDITOR": "vi",
    }  # fmt: skip

    env = environment(given)

    assert env == {
        "PATH": "/bin", "GIT_AUTHOR_NAME": "Ada", "GIT_CONFIG_GLOBAL": "/etc/g", "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0", "GIT_EDITOR": "true", "GIT_PAGER": "cat", "LC_ALL": "C", "LANGUAGE": "C",
    }  # fmt: skip


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_loop_that_ends_while_calls_are_starting_does_end(git: Git) -> None:
    # asyncio's own subprocesses hung here for ever (3.11): cancelled while their pipes were being connected.
    async def begin() -> None:
        calls = [asyncio.ensure_future(git.run("hash-object", "--stdin", stdin=b"x" * 200_000)) for _ in range(6)]
        await asyncio.sleep(0)
        assert not any(call.done() for call in calls)

    for _ in range(10):
        asyncio.run(begin())

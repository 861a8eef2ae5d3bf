"""What a whole session leaves in the user's repository: our refs, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from agentorchestr_tui.worktrees.integration import Merged
from agentorchestr_tui.worktrees.worktrees import Worktrees

from .conftest import Folder

At = Callable[[Path], Folder]


async def test_a_session_leaves_checkout_configuration_and_other_refs_byte_identical(
    session: Worktrees, project: Folder, at: At
) -> None:
    project.git("tag", "v1")
    project.git("branch", "other")
    for name in ("pre-commit", "post-checkout", "reference-transaction", "post-index-change", "pre-merge-commit"):
        project.write(f".git/hooks/{name}", "#!/bin/sh\ntouch hook-ran; exit 1\n").chmod(0o755)
    project.write("README.md", "half done\n")
    project.write("staged.txt", "staged\n")
    project.git("-c", "core.hooksPath=/dev/null", "add", "staged.txt")
    project.write("stray.txt", "stray\n")
    project.write(".env", "SECRET=1\n")
    before = _footprint(project)

    await _whole_session(session, at)

    assert _footprint(project) == before
    assert not session.home.exists()
    ours = {line.split("\t")[1] for line in project.git("for-each-ref").splitlines()} - before["refs"]
    assert ours == {
        "refs/heads/agentorchestr/s1/implementer-w01",
        "refs/heads/agentorchestr/s1/tester-w02",
        "refs/heads/agentorchestr/s1/integration",
        "refs/agentorchestr/s1/w02/1",
    }


async def _whole_session(session: Worktrees, at: At) -> None:
    await session.prepare(1)
    one = await session.add("w01", "implementer", "HEAD")
    two = await session.add("w02", "tester", "HEAD")
    lead = await session.add_detached("lead", "HEAD")
    at(one.path).write("one.txt", "1\n")
    at(one.path).write(".agentorchestr/done.flag", "done\n")
    at(two.path).write("two.txt", "2\n")
    assert (await session.evidence(two)).files == ("two.txt",)
    assert await session.diff(two)
    commit = await session.commit_leftovers(one, "Work of w01")
    merged = await session.merge(one.base, [("w01", commit)])
    assert isinstance(merged, Merged)
    await session.set_integration(merged.commit, None)
    verify = await session.add_detached("verify", merged.commit)
    await session.prepare(2)
    for worktree in (one, two, lead, verify):
        await session.remove(worktree)
    await session.sweep()


def _footprint(project: Folder) -> dict[str, object]:
    ours = ("refs/heads/agentorchestr/", "refs/agentorchestr/")
    refs = [line.split(" ", 1) for line in project.git("for-each-ref").splitlines()]
    hidden = (
        "config",
        "HEAD",
        "index",
        "info",
        "hooks",
        "packed-refs",
        "ORIG_HEAD",
        "FETCH_HEAD",
        "worktrees",
        "logs/HEAD",
    )
    return {
        "status": project.git("--no-optional-locks", "status", "--porcelain=v2", "--branch", "--ignored"),
        "refs": {name.split("\t")[1] for _, name in refs if not name.split("\t")[1].startswith(ours)},
        "commits": [(commit, name) for commit, name in refs if not name.split("\t")[1].startswith(ours)],
        "files": {
            str(path.relative_to(project.path)): (path.stat().st_mode, hashlib.sha256(path.read_bytes()).hexdigest())
            for top in (*(project.path / ".git" / name for name in hidden), project.path)
            for path in ([top] if top.is_file() else sorted(top.rglob("*")))
            if path.is_file() and (top != project.path or ".git" not in path.relative_to(project.path).parts[:1])
        },
    }

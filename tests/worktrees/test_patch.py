"""Changes as values: numbers, renames, modes, binary files, and lines that look like headers."""

from __future__ import annotations

from agentorchestr_tui.core.words import ChangedLine
from agentorchestr_tui.worktrees.evidence import Range


async def test_every_kind_of_change_is_told_with_its_lines(session, project, at):
    worktree = await session.add("w01", "implementer", "HEAD")
    agent = at(worktree.path)
    base = agent.commit("long.txt", "".join(f"line {n}\n" for n in range(1, 31)))
    agent.commit("run.sh", "#!/bin/sh\n")
    base = agent.commit("-- odd", "--- a\n+++ b\n@@ -1 +1 @@\n")
    agent.git("mv", "long.txt", "moved.txt")
    agent.write("moved.txt", "".join(f"line {n}\n" for n in (1, "2b", *range(3, 31), 31)))
    (agent.path / "run.sh").chmod(0o755)
    agent.write("-- odd", "--- a\n++ c\n@@ -1 +1 @@\n")
    (agent.path / "logo.png").write_bytes(b"\x89PNG\0\1")
    agent.write("empty", "")
    agent.write("crlf.txt", "a\r\nb\r\n")
    (agent.path / "link").symlink_to("run.sh")
    agent.git("add", "--all")
    agent.git("commit", "--quiet", "-m", "all")
    head = agent.git("rev-parse", "HEAD").strip()

    found = {each.path: each for each in await session.changes(Range(base, head))}

    assert {path: (each.status, each.note) for path, each in found.items()} == {
        "-- odd": ("modified", ""),
        "crlf.txt": ("added", "new file"),
        "empty": ("added", "new file, empty"),
        "link": ("added", "new file, symbolic link"),
        "logo.png": ("added", "new file, binary"),
        "moved.txt": ("renamed", "renamed from long.txt"),
        "run.sh": ("modified", "now executable"),
    }
    assert found["moved.txt"].before == "long.txt"
    first, last = found["moved.txt"].hunks
    assert first.lines[:3] == (
        ChangedLine("line 1", 1, 1), ChangedLine("line 2", 2, None), ChangedLine("line 2b", None, 2),
    )  # fmt: skip
    assert last.lines[-1] == ChangedLine("line 31", None, 31)
    assert [(line.text, line.old, line.new) for line in found["-- odd"].hunks[0].lines] == [
        ("--- a", 1, 1), ("+++ b", 2, None), ("++ c", None, 2), ("@@ -1 +1 @@", 3, 3),
    ]  # fmt: skip
    assert [line.text for line in found["crlf.txt"].hunks[0].lines] == ["a", "b"]
    assert found["logo.png"].hunks == ()


async def test_uncommitted_and_untracked_work_is_in_it(session, at):
    worktree = await session.add("w01", "implementer", "HEAD")
    agent = at(worktree.path)
    agent.write("new.txt", "1\n")
    agent.write("README.md", "changed\n")
    assert [each.path for each in await session.changes(worktree)] == ["README.md", "new.txt"]

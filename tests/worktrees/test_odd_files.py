"""Files that are not plain text as git stores it: line ends that git changes, and pointers to large files."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.worktrees.evidence import Range
from agentorchestr_tui.worktrees.integration import Conflicted, Merged

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 12345\n"


async def test_line_ends_that_git_changes_on_checkout_are_no_change_and_merge(session, project, at):
    project.write(".gitattributes", "*.txt text eol=crlf\n")
    project.commit("a.txt", "".join(f"line {n}\r\n" for n in range(1, 21)))
    one, two = [await session.add(f"w0{n}", "implementer", "main") for n in (1, 2)]
    assert (one.path / "a.txt").read_bytes().startswith(b"line 1\r\n")
    assert (await session.evidence(one)).empty
    for tree, line in ((one, 2), (two, 18)):
        text = (tree.path / "a.txt").read_bytes().replace(b"line %d\r\n" % line, b"changed\r\n")
        at(tree.path).write("a.txt", text)
    (change,) = await session.changes(one)
    assert [line.text for hunk in change.hunks for line in hunk.lines if line.old is None] == ["changed"]
    heads = [(tree.name, await session.commit_leftovers(tree, "work")) for tree in (one, two)]
    merged = await session.merge(one.base, heads)
    assert isinstance(merged, Merged)
    assert project.show(f"{merged.commit}:a.txt").split("\n")[1] == "changed"
    assert "\r" not in project.show(f"{merged.commit}:a.txt")


async def test_a_pointer_to_a_large_file_is_carried_as_it_is_and_two_of_them_clash(session, project, at):
    project.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")
    project.commit("model.bin", POINTER % ("a" * 64))
    one, two = [await session.add(f"w0{n}", "implementer", "main") for n in (1, 2)]
    first = at(one.path).commit("model.bin", POINTER % ("b" * 64))
    second = at(two.path).commit("model.bin", POINTER % ("c" * 64))
    merged = await session.merge(one.base, [("w01", first)])
    assert isinstance(merged, Merged)
    assert project.show(f"{merged.commit}:model.bin") == (POINTER % ("b" * 64)).strip()
    clash = await session.merge(merged.commit, [("w02", second)])
    assert isinstance(clash, Conflicted)
    assert [conflict.path for conflict in clash.conflicts] == ["model.bin"]
    (change,) = await session.changes(Range(one.base, first))
    assert any("b" * 64 in line.text for hunk in change.hunks for line in hunk.lines)


async def test_a_filter_that_a_checkout_needs_and_that_is_missing_is_said_in_a_sentence(session, project):
    project.write(".gitattributes", "*.bin filter=gone\n")
    project.commit("model.bin", "data\n")
    project.git("config", "filter.gone.smudge", "no-such-program-at-all")
    project.git("config", "filter.gone.required", "true")
    with pytest.raises(GitError, match=r"model\.bin"):
        await session.add("w01", "implementer", "main")

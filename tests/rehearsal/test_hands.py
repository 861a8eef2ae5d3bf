"""Files, programs and commits."""

from __future__ import annotations

import pytest

from agentorchestr_tui.rehearsal.hands import Hands, HandsError
from tests.rehearsal.orchestra import git


def test_an_edit_counts_and_shows_its_lines(tmp_path):
    hands = Hands(tmp_path)
    hands.write("deep/a.txt", "one\ntwo\nthree\n")
    change = hands.edit("deep/a.txt", "two", "2\n2b")
    assert str(change) == "+2 -1"
    assert change.lines == ("- two", "+ 2", "+ 2b")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.txt"]


@pytest.mark.parametrize(("old", "times"), [("no", 0), ("o", 2)])
def test_an_edit_wants_its_place_exactly_once(tmp_path, old, times):
    hands = Hands(tmp_path)
    hands.write("a.txt", "one two\n")
    with pytest.raises(HandsError, match=f"a.txt holds '{old}' {times} times where once was expected"):
        hands.edit("a.txt", old, "x")


def test_what_cannot_be_read_is_said(tmp_path):
    (tmp_path / "junk").write_bytes(b"\xff\xfe")
    with pytest.raises(HandsError, match="missing cannot be read: no such file"):
        Hands(tmp_path).read("missing")
    with pytest.raises(HandsError, match="junk cannot be read: it is not UTF-8"):
        Hands(tmp_path).read("junk")


async def test_a_program_runs_in_the_folder_without_the_token(tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTORCHESTR_MCP_TOKEN", "secret")
    ran = await Hands(tmp_path).run(("sh", "-c", "pwd; echo [$AGENTORCHESTR_MCP_TOKEN]; exit 3"))
    assert ran.code == 3
    assert ran.output == f"{tmp_path}\n[]\n"


async def test_a_program_that_is_not_there_is_said(tmp_path):
    with pytest.raises(HandsError, match="no-such-program cannot be started: no such file"):
        await Hands(tmp_path).run(("no-such-program",))


async def test_a_commit_needs_no_identity(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    git(tmp_path, "init", "-q")
    hands = Hands(tmp_path)
    hands.write("a.txt", "one\n")
    commit = await hands.commit("Say one; -m is no trap")
    assert git(tmp_path, "log", "--format=%h %an %s") == f"{commit} Rehearsal Say one; -m is no trap"
    with pytest.raises(HandsError, match="git commit failed: nothing to commit"):
        await hands.commit("Nothing")

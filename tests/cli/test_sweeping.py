"""`--gc` clears away what dead sessions left and keeps all work; `--rescue` lists it and brings it back."""

from __future__ import annotations

import asyncio
import json
import os
import signal

import pytest

from tests.house import command_line, make_place, processes_of, running, slow_git, started

LEAD = """
[[opening]]
call = "spawn_worker"
arguments = { task = "Say hello in hello.txt." }
as = "worker"
[[opening]]
hang = "Waiting"
"""
LEAVES_WORK = """
[[opening]]
write = ".mimic/history"
text = "what was said\\n"
[[opening]]
write = "notes.txt"
text = "not committed\\n"
[[opening]]
hang = "Thinking"
"""
TEAM = ("--agents", "lead", "messy", "--lead", "lead")


@pytest.fixture
def place(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", LEAD, rank=2)
    place.agent("messy", LEAVES_WORK)
    card = place.paths.config / "agents" / "messy.toml"
    card.write_text(f'litter = [".mimic*"]\n{card.read_text()}')
    return place


async def crashed(place) -> str:
    """Run a session until its worker has written something, then kill all of it; returns its id."""
    running = await started(place, "--no-tui", *TEAM, "--goal", "Say hello")
    trees = place.paths.data / "worktrees"
    while not list(trees.glob("*/*/notes.txt")):
        assert running.returncode is None
        await asyncio.sleep(0.05)
    running.kill()
    await running.communicate()
    for process in processes_of(place):
        if "agentorchestr_tui.panes.host" in " ".join(process.cmdline()):
            process.send_signal(signal.SIGKILL)
    while processes_of(place):
        await asyncio.sleep(0.05)
    (session,) = trees.iterdir()
    return session.name


def age(place, session: str) -> None:
    """Make what the session left look as old as one that nobody will resume."""
    import sqlite3

    with sqlite3.connect(place.paths.database) as database:
        database.execute("UPDATE events SET at = 1000.0 WHERE session = ?", (session,))
    folder = place.runtime / f"agentorchestr-{session}"
    if folder.is_dir():
        os.utime(folder, (1000, 1000))


async def test_what_a_crash_left_is_kept_to_be_resumed_and_swept_when_it_is_old_with_its_work_under_a_ref(place):
    session = await crashed(place)
    kept = await command_line(place, "--gc", "--json")
    assert kept.code == 0, kept.err
    assert [each["session"] for each in json.loads(kept.out)["kept"]] == [session]
    assert list((place.paths.data / "worktrees" / session).iterdir())
    age(place, session)
    done = await command_line(place, "--gc", "--json")
    told = json.loads(done.out)
    assert told["kept"] == []
    assert told["freed_bytes"] > 0
    assert {each["what"] for each in told["swept"]} >= {"worktree", "temporary folder"}
    assert not (place.paths.data / "worktrees" / session).exists()
    assert not (place.paths.data / "launches" / session).exists()
    assert not (place.runtime / f"agentorchestr-{session}").exists()
    assert len(place.git("worktree", "list").splitlines()) == 1
    again = await command_line(place, "--gc")
    assert (again.code, again.out.strip()) == (0, "Nothing is left of dead sessions.")
    rows = json.loads((await command_line(place, "--rescue", "--json")).out)
    (row,) = [row for row in rows if row["worker"] == "w01"]
    assert (row["session"], row["files"]) == (session, ["notes.txt"])
    brought = await command_line(place, "--rescue", row["ref"])
    assert f"rescue/{session}-w01-1" in brought.out, brought.err
    assert place.git("show", f"rescue/{session}-w01-1:notes.txt") == "not committed"
    twice = await command_line(place, "--rescue", f"{session}/w01/1")
    assert twice.code == 1
    assert "already" in twice.err


async def test_a_session_that_runs_is_left_alone(place):
    running = await started(place, "--no-tui", *TEAM, "--goal", "Say hello")
    trees = place.paths.data / "worktrees"
    while not list(trees.glob("*/*/notes.txt")):
        assert running.returncode is None
        await asyncio.sleep(0.05)
    (session,) = trees.iterdir()
    age(place, session.name)
    done = await command_line(place, "--gc", "--json")
    assert json.loads(done.out)["kept"] == [{"session": session.name, "why": "it runs"}]
    assert list(trees.glob("*/*/notes.txt"))
    running.terminate()
    await running.communicate()


async def test_without_anything_left_both_say_so(place):
    assert (await command_line(place, "--gc")).out.strip() == "Nothing is left of dead sessions."
    assert f"No work is kept in {place.project}" in (await command_line(place, "--rescue")).out
    wrong = await command_line(place, "--rescue", "x/y")
    assert (wrong.code, wrong.out) == (2, "")
    none = await command_line(place, "--rescue", "s1/w01/1")
    assert none.code == 1
    assert "Nothing is kept under refs/agentorchestr/s1/w01/1" in none.err


async def test_a_rehearsal_that_crashed_is_ended_and_its_ground_removed_and_one_that_runs_is_left_alone(place):
    running = await started(place, "--no-tui", "--demo")
    while not (workers := list(place.runtime.glob("agentorchestr-demo-*/data/worktrees/*/*"))):
        assert running.returncode is None
        await asyncio.sleep(0.05)
    assert (await command_line(place, "--gc")).out.strip() == "Nothing is left of dead sessions."
    assert workers[0].exists()
    running.kill()
    await running.communicate()
    assert processes_of(place)  # the host of its panes, and the agents in them
    done = await command_line(place, "--gc", "--json")
    assert [each["what"] for each in json.loads(done.out)["swept"]] == ["rehearsal"], done
    assert json.loads(done.out)["freed_bytes"] > 0
    assert processes_of(place) == []
    assert list(place.runtime.iterdir()) == []


async def test_a_rescue_that_is_stopped_says_what_was_done_and_leaves_nothing_half(place):
    (place.project / "README.md").write_text("kept\n", encoding="utf-8")
    place.git("config", "user.name", "T")
    place.git("config", "user.email", "t@localhost")
    place.git("update-ref", "refs/agentorchestr/s1/w01/1", place.git("stash", "create"))
    place.git("checkout", "--", ".")
    nap = f"sleep {3900 + os.getpid()}"
    slow = slow_git(place, "commit-tree", nap)
    slow.touch()
    rescue = await started(place, "--rescue", "s1/w01/1", env={"PATH": f"{slow.parent}:{os.environ['PATH']}"})
    async with asyncio.timeout(60):
        while not running(nap):
            await asyncio.sleep(0.02)
    rescue.send_signal(signal.SIGINT)
    out, err = await rescue.communicate()
    assert (rescue.returncode, out) == (130, b"")
    assert "agentorchestr: No branch is made; s1/w01/1 is kept as it was.\n" in err.decode()
    assert "Stopped by Ctrl-C" in err.decode()
    assert not running(nap)
    assert not place.git("branch", "--list", "rescue/*")
    done = await command_line(place, "--rescue", "s1/w01/1")
    assert "It stands on the branch rescue/s1-w01-1 now" in done.out
    assert place.git("show", "rescue/s1-w01-1:README.md") == "kept"

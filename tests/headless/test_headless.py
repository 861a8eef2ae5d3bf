"""The session as lines: output, exit codes, signals, and going on after any end."""

from __future__ import annotations

import asyncio
import json
import os
import signal

import pytest

from agentorchestr_tui.headless.run import Wish, run
from agentorchestr_tui.mcp_server.door import serve
from agentorchestr_tui.orchestrator import closing
from agentorchestr_tui.orchestrator.opening import open_session
from tests.house import command_line, make_place, processes_of, started

GOAL = ("--no-tui", "--backend", "pty", "--goal", "Say hello")
TEAM = ("--agents", "lead", "works", "--lead", "lead")
PATIENCE = 60.0


@pytest.fixture
def place(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", "plain_lead", rank=2)
    place.agent("works")
    return place


@pytest.fixture
def slow(tmp_path):
    """A place whose worker never ends."""
    place = make_place(tmp_path)
    place.agent("lead", "plain_lead", rank=2)
    place.agent("works", "hangs")
    return place


async def until_started(process, worker: str = "w01 implementer starts") -> str:
    """Read lines until a worker runs; returns them."""
    seen = b""
    async with asyncio.timeout(PATIENCE):
        while worker.encode() not in seen:
            line = await process.stdout.readline()
            assert line, seen
            seen += line
    return seen.decode()


async def ended(process) -> tuple[int, str, str]:
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_a_session_prints_a_line_an_event_and_a_summary(place):
    done = await command_line(place, *GOAL, *TEAM)
    assert done.code == 0, done
    for words in (
        "goal: Say hello",
        "lead leads",
        "w01 implementer is done",
        "w01 implementer is integrated",
        "✓ done",
    ):
        assert words in done.out
    assert "take it with: git merge agentorchestr/" in done.out
    assert done.err == ""


async def test_json_is_one_event_a_line(place):
    done = await command_line(place, *GOAL, *TEAM, "--json")
    events = [json.loads(line) for line in done.out.splitlines()]
    assert [event["seq"] for event in events] == list(range(2, len(events) + 2))
    kinds = [event["kind"] for event in events]
    assert kinds[0] == "goal_set"
    assert {"worker_spawned", "outcome_reached", "branch_integrated", "verify_finished", "goal_done"} <= set(kinds)
    assert kinds[-1] == "session_closed"
    assert all(event["time"].endswith("+00:00") for event in events)


async def test_merge_takes_the_result_into_a_clean_branch(place):
    done = await command_line(place, *GOAL, *TEAM, "--merge")
    assert done.code == 0, done
    assert "merged into main" in done.out
    assert (place.project / "hello.txt").read_text(encoding="utf-8") == "hello\n"


async def test_merge_leaves_a_dirty_checkout_alone_and_says_so(place):
    (place.project / "README.md").write_text("mine\n", encoding="utf-8")
    done = await command_line(place, *GOAL, *TEAM, "--merge")
    assert done.code == 0
    assert "not merged" in done.out
    assert not (place.project / "hello.txt").exists()
    assert (place.project / "README.md").read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 4), (signal.SIGHUP, 4)])
async def test_a_signal_pauses_the_session_and_leaves_no_process(slow, number, code):
    process = await started(slow, *GOAL, *TEAM)
    await until_started(process)
    process.send_signal(number)
    returned, out, err = await ended(process)
    assert (returned, err) == (code, "")
    assert "go on with: agentorchestr --resume" in out
    assert processes_of(slow) == []
    assert list(slow.runtime.iterdir()) == []


async def test_a_paused_session_is_listed_and_goes_on_with_its_own_goal(slow):
    process = await started(slow, *GOAL, *TEAM)
    await until_started(process)
    process.send_signal(signal.SIGINT)
    await ended(process)
    (row,) = json.loads((await command_line(slow, "--list-sessions", "--json")).out)
    assert (row["goal"], row["status"], row["resumable"], row["workers_total"]) == ("Say hello", "paused", True, 1)
    slow.agent("works")
    done = await command_line(slow, "--no-tui", "--resume", row["id"])
    assert done.code == 0, done
    assert "w02 implementer is done" in done.out
    (row,) = json.loads((await command_line(slow, "--list-sessions", "--json")).out)
    assert (row["status"], row["resumable"], row["workers_done"]) == ("done", False, 1)
    refused = await command_line(slow, "--no-tui", "--resume", row["id"])
    assert refused.code == 1
    assert "cannot be resumed: its goal is done" in refused.err


async def test_a_killed_application_leaves_its_agents_at_work_and_resume_joins_them(slow):
    process = await started(slow, *GOAL, *TEAM)
    await until_started(process)
    process.kill()
    await process.wait()
    before = {each.pid for each in processes_of(slow)}
    assert before
    (row,) = json.loads((await command_line(slow, "--list-sessions", "--json")).out)
    assert row["resumable"]
    again = await started(slow, "--no-tui", "--resume", row["id"])
    seen = await until_started(again, "goes on")
    assert "is lost" not in seen
    assert before <= {each.pid for each in processes_of(slow)}
    again.send_signal(signal.SIGTERM)
    returned, out, _ = await ended(again)
    assert returned == 4
    assert "is lost" not in out
    assert processes_of(slow) == []


async def test_a_session_in_a_folder_with_spaces_works(tmp_path):
    place = make_place(tmp_path / "a folder with spaces & ü")
    place.agent("lead", "plain_lead", rank=2)
    place.agent("works")
    done = await command_line(place, *GOAL, *TEAM)
    assert done.code == 0, done


async def test_a_typed_goal_ends_with_its_own_line(place):
    done = await command_line(
        place, "--no-tui", "--interactive", *TEAM, stdin=b"Say hello\nin two lines\n/end\nnot this\n"
    )
    assert done.code == 0, done
    assert "goal: Say hello in two lines" in done.out


async def test_an_output_that_nobody_reads_any_more_ends_the_session(slow):
    process = await started(slow, *GOAL, *TEAM)
    await until_started(process)
    process.stdout._transport.close()
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        await process.wait()
    assert processes_of(slow) == []


async def test_a_second_ctrl_c_kills_what_does_not_end_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(closing, "GRACE", 600.0)
    place = make_place(tmp_path)
    place.agent("lead", "ignores_signals", rank=2)
    orchestrator = await open_session(place.opening(lead="lead", lead_silence_s=600.0))
    async with serve(orchestrator), asyncio.timeout(PATIENCE):
        session = asyncio.ensure_future(run(orchestrator, Wish(goal="Say hello")))
        assert await orchestrator.until(lambda now: now.lead is not None, PATIENCE)
        while "Ignoring you" not in "\n".join(orchestrator.pane("lead").emulator.display):
            await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)
        await orchestrator.closing.wait()
        os.kill(os.getpid(), signal.SIGINT)
        assert await session == 130
    assert orchestrator.state.resumable

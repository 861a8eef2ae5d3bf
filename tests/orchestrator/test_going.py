"""How a session's end is hurried, and that it waits for what it says, for as long as it says."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3

import pytest

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import SetGoal
from agentorchestr_tui.core.errors import StoreError
from agentorchestr_tui.core.words import Phase, Status
from agentorchestr_tui.orchestrator import closing, leaving
from agentorchestr_tui.orchestrator.closing import close_session
from agentorchestr_tui.orchestrator.going import Going
from agentorchestr_tui.orchestrator.opening import open_session
from agentorchestr_tui.panes.strays import stands
from agentorchestr_tui.store.log import EventLog
from tests.house import DONE_LEAD, LIMIT, make_place, processes_of, running, session, until

LONG = 600.0  # seconds that no test waits for
STAYS = '[[exit]]\nkeys = "x"\n'  # keys that it does not leave by


@pytest.fixture
def place(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", '[[opening]]\nsay = "At rest."\n', rank=2)
    with (place.paths.config / "agents" / "lead.toml").open("a") as card:
        card.write(STAYS)
    return place


async def at_rest(place):
    """Open a session whose lead is idle."""
    orchestrator = await open_session(place.opening(lead="lead", lead_silence_s=600.0))
    await orchestrator.perform(SetGoal("Say hello"))
    assert await orchestrator.until(lambda now: now.lead.status is Status.IDLE, LIMIT)
    return orchestrator


async def test_an_agent_that_does_not_leave_is_waited_for_until_somebody_hurries(place, monkeypatch):
    monkeypatch.setattr(leaving, "LEAVES", LONG)
    orchestrator, going = await at_rest(place), Going()
    assert (going.begun, going.waits_for) == (False, ("", 0.0))
    end = asyncio.ensure_future(close_session(orchestrator, "for lunch", going))
    await until(lambda: going.waits_for[0] == "lead to leave on their own")
    assert going.begun
    assert LONG - LIMIT < going.waits_for[1] <= LONG
    going.hurry()
    await asyncio.wait_for(end, LIMIT)
    assert orchestrator.pane("lead").exit is not None
    assert (orchestrator.state.phase, orchestrator.state.closed) == (Phase.PAUSED, True)


async def test_a_hook_after_the_end_is_waited_for_until_somebody_hurries_and_ends_with_all_it_started(place):
    nap = f"sleep {9700 + os.getpid()}"
    (place.paths.config / "hooks.json").write_text(json.dumps({"on_pause": ["true", f"{nap} & {nap}; true"]}))
    orchestrator, going = await at_rest(place), Going()
    end = asyncio.ensure_future(close_session(orchestrator, "for lunch", going))
    await until(lambda: going.waits_for[0] == "your hooks" and len(running(nap)) == 2)
    going.hurry()
    await asyncio.wait_for(end, LIMIT)
    await until(lambda: not running(nap))
    assert orchestrator.state.closed


async def test_an_end_that_is_called_off_before_anything_was_ended_leaves_the_session_as_it_is(place, monkeypatch):
    monkeypatch.setattr(closing, "FAREWELL", LONG)
    place.agent("lead", DONE_LEAD, rank=2)
    going = Going()
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        assert await orchestrator.until(lambda now: now.phase is Phase.DONE, LIMIT)
        end = asyncio.ensure_future(close_session(orchestrator, "for lunch", going))
        await until(lambda: going.waits_for[0] == "the lead's last words")
        assert not going.begun
        await tasks.end([end])
        assert orchestrator.pane("lead").exit is None
        assert not orchestrator.closing.is_set()
        monkeypatch.setattr(closing, "FAREWELL", 0.1)
    assert orchestrator.state.closed


def refuse_to_write(place):
    """Have the event log take nothing more, as on a full disk."""
    with sqlite3.connect(place.paths.database) as log:
        log.execute("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'it is full'); END")
    log.close()


async def test_an_end_that_cannot_be_written_down_leaves_no_process_all_the_same(place):
    orchestrator = await at_rest(place)
    refuse_to_write(place)
    with pytest.raises(StoreError):
        await close_session(orchestrator)
    assert orchestrator.pane("lead").exit is not None
    assert not stands(orchestrator.ground.panes.host)
    await orchestrator.ground.log.close()


async def test_a_session_that_cannot_be_written_down_from_the_start_leaves_no_process(place):
    await (await EventLog.open(place.paths.database)).close()
    refuse_to_write(place)
    with pytest.raises(StoreError):
        await open_session(place.opening(lead="lead"))
    assert not [each for each in processes_of(place) if "panes.host" in " ".join(each.cmdline())]

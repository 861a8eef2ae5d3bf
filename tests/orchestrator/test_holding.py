"""One program at a time has a session open, and what it left behind is told as it stands."""

from __future__ import annotations

import os

import pytest

from agentorchestr_tui.core.commands import ResumeSession, SetGoal, SpawnWorker
from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.words import Outcome, Phase
from agentorchestr_tui.orchestrator.closing import close_session, leave_session
from agentorchestr_tui.orchestrator.holding import HELD, as_it_stands, hold
from agentorchestr_tui.orchestrator.opening import open_session, reopen_session
from tests.house import make_place, pull_the_plug

LIMIT = 60.0


@pytest.fixture
def place(tmp_path):
    place = make_place(tmp_path)
    for name, rank in (("lead", 2), ("hangs", 1)):
        place.agent(name, "hangs", rank=rank)
    return place


async def begun(place):
    """Open a session and give it a goal, a lead and a worker."""
    orchestrator = await open_session(place.opening(lead="lead"))
    await orchestrator.perform(SetGoal("Say hello"))
    await orchestrator.perform(SpawnWorker("Say hello.", agent_hint="hangs"))
    assert await orchestrator.until(lambda state: "w01" in state.workers and state.workers["w01"].running, LIMIT)
    return orchestrator


async def test_a_session_is_open_in_one_place_and_its_agents_in_none_other(place):
    first = await begun(place)
    with pytest.raises(CannotRun, match=rf"is open in another window \(process {os.getpid()}\)"):
        await reopen_session(place.opening(lead="lead"), first.state.id)
    assert not first.ground.panes.left
    await leave_session(first)
    second = await reopen_session(place.opening(lead="lead"), first.state.id)
    assert set(second.ground.panes.panes) == {"lead", "w01"}
    await second.perform(ResumeSession(("lead", "w01")))
    await close_session(second)
    third = await reopen_session(place.opening(lead="lead"), first.state.id)
    assert third.state.phase is Phase.PAUSED
    await close_session(third)


def test_a_hold_outlives_nobody(tmp_path):
    with hold(tmp_path, "5e55a0b1"), pytest.raises(CannotRun):
        hold(tmp_path, "5e55a0b1")
    (tmp_path / HELD).unlink()
    with hold(tmp_path, "5e55a0b1") as held:
        assert held.closed is False


def test_a_folder_that_takes_no_file_is_named_with_a_way_out(tmp_path):
    with pytest.raises(CannotRun, match=r"held cannot be written .*set TMPDIR"):
        hold(tmp_path / "gone", "5e55a0b1")


async def test_a_worker_whose_process_is_gone_on_resume_is_told_with_what_it_left_unwritten(place):
    first = await begun(place)
    worker = first.state.workers["w01"]
    (place.paths.worktrees(first.state.id) / worker.worktree / "half.txt").write_text("half\n")
    await leave_session(first)
    assert as_it_stands(place.paths, first.state).phase is Phase.RUNNING
    await pull_the_plug(place)
    assert as_it_stands(place.paths, first.state).phase is Phase.PAUSED
    again = await reopen_session(place.opening(lead="lead"), first.state.id)
    await again.perform(ResumeSession())
    lost = again.state.workers["w01"]
    assert lost.outcome is Outcome.LOST
    assert (lost.evidence.uncommitted, lost.evidence.insertions) == (1, 1)
    await close_session(again)

"""Hooks in whole sessions: all nine moments, what they are told, and what a failing one stops."""

from __future__ import annotations

import asyncio
import json
import os

import pytest

from agentorchestr_tui.core.commands import KillWorker, PauseSession, ResumeSession, SetGoal, SpawnWorker
from agentorchestr_tui.core.events import HookRan
from agentorchestr_tui.core.words import NOTHING, Outcome, Phase
from agentorchestr_tui.hooks import Moment
from tests.house import make_place, running, session, until
from tests.mcp_server.client import connected, told

IDLE_LEAD = '[[opening]]\nhang = "Leading"\n'


@pytest.fixture
def place(tmp_path):
    made = make_place(tmp_path)
    made.agent("lead", IDLE_LEAD, rank=2)
    made.agent("told", "does_as_told")
    return made


def write_hooks(place, **hooks: str) -> None:
    place.paths.config.mkdir(parents=True, exist_ok=True)
    (place.paths.config / "hooks.json").write_text(json.dumps(hooks))


async def test_every_moment_has_its_hooks_run_and_told(place):
    folder = place.home / "told"
    folder.mkdir(parents=True)
    write_hooks(place, **dict.fromkeys(Moment, f"cat > {folder}/$$"))
    ran = []
    async with session(place.opening(lead="lead", verify=("true",))) as orchestrator:
        orchestrator.listen(lambda recorded, _: isinstance(recorded.event, HookRan) and ran.append(recorded.event))
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            await told(lead, "spawn_worker", task="echo 1 > one.txt")
            await told(lead, "wait_for_worker", worker_id="w01")
            await told(lead, "spawn_worker", task="false")
            await told(lead, "wait_for_worker", worker_id="w02")
            await orchestrator.perform(PauseSession("for lunch"))
            await orchestrator.perform(ResumeSession(alive=("lead", "w01", "w02")))
            assert (await told(lead, "verify"))["passed"]
            await told(lead, "mark_goal_done", summary="one.txt is there")
    files = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    told_all = [json.loads(path.read_text()) for path in files]
    first = {}
    for each in told_all:
        first.setdefault(each["moment"], each)
    assert set(first) == set(Moment)
    assert {each["session"] for each in told_all} == {orchestrator.state.id}
    assert first["pre_session"]["goal"] == "Say hello"
    assert (first["post_task"]["worker"]["id"], first["post_task"]["worker"]["evidence"]["commits"]) == ("w01", 1)
    assert first["on_failure"]["worker"]["id"] == "w02"
    assert first["on_pause"]["reason"] == "for lunch"
    assert (first["post_eval"]["passed"], first["pre_eval"]["commands"]) == (True, ["true"])
    assert (first["post_session"]["phase"], told_all[-1]["moment"]) == ("done", "post_session")
    assert {event.moment for event in ran} == set(Moment)
    assert {(event.scope, event.code) for event in ran} == {("global", 0)}


async def test_a_failing_pre_session_hook_ends_the_session_before_any_agent_starts(place):
    write_hooks(place, pre_session="echo not today; exit 1")
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        assert orchestrator.state.phase is Phase.FAILED
        assert "hook pre_session" in orchestrator.state.why
        assert "not today" in orchestrator.state.why
        assert orchestrator.state.lead is None


async def test_a_failing_pre_hook_keeps_a_worker_from_its_task_and_a_tree_from_being_passed(place):
    write_hooks(place, pre_task="exit 4", pre_eval="exit 5")
    async with session(place.opening(lead="lead", verify=("true",))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await orchestrator.perform(SpawnWorker("echo 1"))
        worker = orchestrator.state.workers["w01"]
        assert (worker.outcome, worker.pane) == (Outcome.FAILED, "")
        assert "exited with code 4" in worker.summary
        async with connected(orchestrator) as lead:
            check = await told(lead, "verify")
        assert not check["passed"]
        assert "exited with code 5" in check["note"]


async def test_a_hook_before_a_worker_ends_with_all_it_started_when_the_worker_is_killed(place):
    nap = f"sleep {8200 + os.getpid()}"
    write_hooks(place, pre_task=f"{nap} & {nap}; exit 1")
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        spawning = asyncio.ensure_future(orchestrator.perform(SpawnWorker("echo 1")))
        await until(lambda: len(running(nap)) == 2)
        await orchestrator.perform(KillWorker("w01", "enough", NOTHING))
        await spawning
        await until(lambda: not running(nap))
        worker = orchestrator.state.workers["w01"]
        assert (worker.outcome, worker.summary, worker.pane) == (Outcome.KILLED, "enough", "")


@pytest.mark.parametrize("moment", ["pre_session", "pre_task"])
async def test_closing_does_not_wait_for_a_hook_before_a_start(place, moment):
    nap = f"sleep {8400 + os.getpid()}"
    write_hooks(place, **{moment: f"{nap} & {nap}"})
    async with session(place.opening(lead="lead")) as orchestrator:
        setting = asyncio.ensure_future(orchestrator.perform(SetGoal("Say hello")))
        if moment == "pre_task":
            await setting
            setting = asyncio.ensure_future(orchestrator.perform(SpawnWorker("echo 1")))
        await until(lambda: len(running(nap)) == 2)
    await setting
    await until(lambda: not running(nap))
    assert orchestrator.state.phase is Phase.PAUSED
    assert (orchestrator.state.lead is None) is (moment == "pre_session")


async def test_a_projects_hooks_run_only_when_it_is_trusted(place):
    folder = place.project / ".agentorchestr"
    folder.mkdir()
    (folder / "hooks.json").write_text(json.dumps({"pre_session": "touch ran.txt"}))
    from dataclasses import replace

    for trusted in (False, True):
        async with session(replace(place.opening(lead="lead"), trusted=trusted)) as orchestrator:
            await orchestrator.perform(SetGoal("Say hello"))
        assert (place.project / "ran.txt").exists() is trusted

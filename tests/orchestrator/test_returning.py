"""A session that was closed before its end comes back with the conversations that its agents had."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agentorchestr_tui.core.commands import ResumeSession, SetGoal, SpawnWorker
from agentorchestr_tui.core.events import LeadExited, WorkerExited
from agentorchestr_tui.mcp_server.door import serve
from agentorchestr_tui.orchestrator.closing import close_session, leave_session
from agentorchestr_tui.orchestrator.opening import open_session, reopen_session
from tests.house import FAKES, make_place, pull_the_plug, session

LIMIT = 60.0
CONVERSATION = """
[conversation]
start = ["--begin", "{conversation}"]
resume = ["--go-on", "{conversation}"]
"""

FILE = """
[launch.files."read-later"]
text = "It is read some time after the start."
"""


@pytest.fixture
def place(tmp_path):
    place = make_place(tmp_path)
    for name, rank in (("lead", 2), ("hangs", 1)):
        place.agent(name, "hangs", rank=rank)
        path = place.paths.config / "agents" / f"{name}.toml"
        wrapped = f'"{FAKES / "remembers.py"}", "@conversation"'
        text = path.read_text().replace('"-P", "-m", "agentorchestr_tui.rehearsal"', wrapped)
        path.write_text(
            text.replace("[launch]", f'[launch.env]\nNOTES = "{tmp_path / "notes"}"\n[launch]') + CONVERSATION + FILE
        )
    return place


@asynccontextmanager
async def resumed(place, session_id: str):
    orchestrator = await reopen_session(place.opening(lead="lead"), session_id)
    async with serve(orchestrator):
        try:
            await orchestrator.perform(ResumeSession())
            yield orchestrator
        finally:
            await close_session(orchestrator)


def both_work(state) -> bool:
    return bool(state.lead and state.lead.running) and state.workers["w01"].status == "working"


async def closed_before_its_end(place) -> tuple[str, set[str]]:
    """Return the session, and what its lead and its worker call their conversations."""
    async with session(place.opening(lead="lead")) as orchestrator:
        await begin(orchestrator)
    return conversations_of(orchestrator.state)


async def crashed(place) -> tuple[str, set[str]]:
    """Return as `closed_before_its_end` does, after a power cut."""
    orchestrator = await open_session(place.opening(lead="lead"))
    async with serve(orchestrator):
        await begin(orchestrator)
        await leave_session(orchestrator)
    await pull_the_plug(place)
    return conversations_of(orchestrator.state)


async def begin(orchestrator) -> None:
    await orchestrator.perform(SetGoal("Say hello"))
    await orchestrator.perform(SpawnWorker("Think", agent_hint="hangs"))
    assert await orchestrator.until(both_work, LIMIT)


def conversations_of(state) -> tuple[str, set[str]]:
    return state.id, {state.lead.conversation, state.workers["w01"].conversation}


def noted(folder: Path, how: str) -> set[str]:
    return {line.split()[1] for line in (folder / "notes").read_text().splitlines() if line.startswith(how)}


@pytest.mark.parametrize("ended", [closed_before_its_end, crashed])
async def test_lead_and_worker_go_on_with_the_conversations_that_they_had(ended, place, tmp_path):
    session_id, conversations = await ended(place)
    assert noted(tmp_path, "begin") == conversations
    async with resumed(place, session_id) as orchestrator:
        assert await orchestrator.until(both_work, LIMIT), orchestrator.state
        files = {path.parent.name for path in place.paths.launches(session_id).rglob("read-later")}
        assert files == {"lead", "w01"}  # once the exits of before took away what was written for the return
        worker = orchestrator.state.workers["w01"]
        assert (worker.live, worker.outcome, len(orchestrator.state.workers)) == (True, None, 1)
    assert noted(tmp_path, "go-on") == conversations
    assert noted(tmp_path, "begin") == conversations


async def test_whoever_has_lost_its_conversation_begins_a_new_one_and_that_is_told(place, tmp_path):
    session_id, conversations = await closed_before_its_end(place)
    (tmp_path / "notes").write_text("")
    async with resumed(place, session_id) as orchestrator:
        assert await orchestrator.until(both_work, LIMIT), orchestrator.state
        told = [words for words in orchestrator.state.notices if "cannot go on with its earlier conversation" in words]
        assert len(told) == 2
    assert len(noted(tmp_path, "begin") - conversations) == 2


async def test_a_lead_that_takes_over_begins_afresh(place, tmp_path):
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        first = orchestrator.state.lead.conversation
        assert await orchestrator.until(lambda state: state.lead.status == "working", LIMIT)
        await orchestrator.pane("lead").end()
        assert await orchestrator.until(lambda state: not state.lead.running, LIMIT)
        launched = await orchestrator.hands.launcher.lead(orchestrator, again=False)
        assert (launched.resumed, launched.conversation == first) == (False, False)
    assert noted(tmp_path, "go-on") == set()


async def test_an_end_that_is_told_after_the_next_start_does_not_take_its_files_away(place):
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await orchestrator.perform(SpawnWorker("Think", agent_hint="hangs"))
        assert await orchestrator.until(both_work, LIMIT)
        launches = orchestrator.ground.paths.launches(orchestrator.state.id)
        files = {path for path in launches.rglob("*") if path.is_file()}
        for gone in (LeadExited(None, "gone on resume"), WorkerExited("w01", None, "gone on resume")):
            await orchestrator.hands.act(orchestrator, gone)
        assert files
        assert {path for path in launches.rglob("*") if path.is_file()} == files

"""The first turn: begun with once, whatever became of the prompt that an agent was started with."""

from __future__ import annotations

import json

import pytest

from agentorchestr_tui.core.commands import SetGoal, SpawnWorker
from agentorchestr_tui.core.words import NeedKind, Source
from agentorchestr_tui.orchestrator.beginning import UNBEGUN
from agentorchestr_tui.orchestrator.prompts import WORKER_NUDGE
from tests.house import Place, make_place, session
from tests.sending import IDLE_LEAD

LIMIT = 60.0


def beginner(place: Place, how: str, begins_seconds: float) -> None:
    """Add an agent that gets its prompt in its argv, and does with it as tests/fakes/beginners.py says."""
    place.agent("lead", IDLE_LEAD, rank=2)
    place.reader(how, program="beginners.py")
    card = place.paths.config / "agents" / f"{how}.toml"
    wanted = f'"{{prompt}}"]\nbegins_seconds = {begins_seconds}'
    card.write_text(card.read_text().replace('"{prompt_file}"]', wanted), "utf-8")


@pytest.mark.parametrize(("how", "begins_seconds"), [("loses", 1.0), ("tardy", 20.0), ("hasty", 1.0)])
async def test_a_first_prompt_is_begun_with_once_also_where_it_was_lost_late_or_done_with_unseen(
    how, begins_seconds, tmp_path
):
    place = make_place(tmp_path)
    beginner(place, how, begins_seconds)
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Begin"))
        await orchestrator.perform(SpawnWorker("Sweep the floor", agent_hint=how))
        assert await orchestrator.until(lambda now: now.workers["w01"].outcome is not None, LIMIT)
    worker, notices = orchestrator.state.workers["w01"], orchestrator.state.notices
    assert worker.source is Source.TURN
    prompt, nudge = [json.loads(line) for line in (place.home / f"{how}.log").read_text("utf-8").splitlines()]
    assert prompt.strip().endswith("Task: Sweep the floor")
    assert nudge == WORKER_NUDGE
    assert any("was lost" in words for words in notices) is (how == "loses")


async def test_a_prompt_that_is_not_taken_a_second_time_either_is_told_to_a_person(tmp_path):
    place = make_place(tmp_path)
    beginner(place, "deaf", 0.5)
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Begin"))
        await orchestrator.perform(SpawnWorker("Sweep the floor", agent_hint="deaf"))
        assert await orchestrator.until(lambda now: now.needs_of("w01"), LIMIT)
        (need,) = orchestrator.state.needs_of("w01")
    assert (need.kind, need.text.startswith(UNBEGUN)) == (NeedKind.STALLED, True)

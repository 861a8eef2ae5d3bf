"""Limits in action: who met one is parked, nothing goes to its account, and all go on after it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from agentorchestr_tui.agents.hooks import TOLD_FILE
from agentorchestr_tui.core.commands import AnswerNeed, NoteLimitLifted, SendToWorker, SetGoal, SpawnWorker
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.events import MessageQueued
from agentorchestr_tui.core.words import NeedKind, Status
from agentorchestr_tui.orchestrator import parking
from tests.house import make_place, session
from tests.sending import IDLE_LEAD, settle

LIMIT = 30.0
SIGN = """
[[limits]]
name = "usage limit"
match = 'usage limit, try again in (?P<span>\\d+ [a-z]+)'
rows = 4
"""
HOOKS = """
[hooks]
tell = ["event", "error"]
conversation = "session_id"
[[limits]]
name = "its hook tells of a limit"
field = "hook"
match = '^StopFailure rate_limit'
"""


def read_by_codex(folder, rules):
    """Make a place with a reader whose card has more rules; returns it and the reader's log."""
    place = make_place(folder)
    place.agent("lead", IDLE_LEAD, rank=2)
    log = place.reader("codex")
    card = place.paths.config / "agents" / "codex.toml"
    card.write_text(card.read_text() + rules)
    return place, log


async def test_an_agent_at_its_limit_is_parked_and_goes_on_with_what_waited_when_a_person_says_so(tmp_path):
    place, log = read_by_codex(tmp_path, SIGN)
    async with session(place.opening(lead="lead")) as orchestrator:
        (reader,) = await settle(orchestrator, place, ["codex"], {"codex": log})
        await orchestrator.type("w01", b"usage limit, try again in 3 hours")
        assert await orchestrator.until(lambda now: now.parked("w01"), LIMIT)
        assert await orchestrator.until(lambda now: bool(now.needs_of("")), LIMIT)
        (need,) = orchestrator.state.needs_of("")
        assert need.kind is NeedKind.LIMITED
        assert orchestrator.state.workers["w01"].status is Status.LIMITED
        assert orchestrator.state.workers["w01"].live
        refused = await orchestrator.perform(SpawnWorker("More", agent_hint="codex"))
        assert isinstance(refused, Refused)
        assert "has met a limit" in refused.reason
        await orchestrator.perform(SendToWorker("w01", "Later."))
        await orchestrator.type("w01", b"\x15")
        assert await orchestrator.until(lambda now: now.workers["w01"].status is Status.IDLE, LIMIT)
        assert reader.got() == []
        await orchestrator.perform(AnswerNeed(need.id, "retry"))
        assert await orchestrator.until(lambda now: not now.queued("w01") and not now.limits, LIMIT)
        assert sorted(reader.got())[-1].startswith("The limit that stopped you is over.")
        assert "Later." in reader.got()
        assert not orchestrator.state.needs
        await orchestrator.perform(NoteLimitLifted("codex"))


@pytest.mark.parametrize(("span", "seconds", "chosen"), [("50 minutes", 3000, False), ("3 hours", 10_800, True)])
async def test_once_the_time_told_has_passed_all_go_on_in_the_order_in_which_they_were_parked(
    tmp_path, monkeypatch, span, seconds, chosen
):
    monkeypatch.setattr(parking, "CLOCK_EVERY", 0.05)
    place, log = read_by_codex(tmp_path, SIGN)
    async with session(place.opening(lead="lead", resume_after_limits=chosen)) as orchestrator:
        (reader,) = await settle(orchestrator, place, ["codex"], {"codex": log})
        await orchestrator.perform(SpawnWorker("Read too", agent_hint="codex"))
        assert await orchestrator.until(lambda now: now.workers["w02"].status is Status.IDLE, LIMIT)
        later, told = 0.0, []
        orchestrator.ground = replace(orchestrator.ground, clock=lambda: time.time() + later)
        orchestrator.listen(lambda recorded, _: told.append(recorded.event))
        for who in ("w02", "w01"):
            await orchestrator.type(who, f"usage limit, try again in {span}".encode())
            assert await orchestrator.until(lambda now, who=who: now.parked(who), LIMIT)
            await orchestrator.type(who, b"\x15")
            assert await orchestrator.until(lambda now, who=who: now.workers[who].status is Status.IDLE, LIMIT)
        assert not orchestrator.state.needs
        later = seconds - 60.0
        await orchestrator.perform(SendToWorker("w01", "Later."))
        assert reader.got() == []
        later = seconds + 60.0
        assert await orchestrator.until(lambda now: not now.limits, LIMIT)
        assert await orchestrator.until(lambda _: len(reader.got()) == 3, LIMIT), reader.got()
    assert sorted(reader.got()) == ["Later.", parking.GO_ON, parking.GO_ON]
    assert [each.to for each in told if isinstance(each, MessageQueued) and each.text == parking.GO_ON] == [
        "w02",
        "w01",
    ]


async def test_what_an_agents_own_hooks_tell_parks_it_and_names_its_conversation(tmp_path):
    place, log = read_by_codex(tmp_path, HOOKS)
    async with session(place.opening(lead="lead")) as orchestrator:
        await settle(orchestrator, place, ["codex"], {"codex": log})
        told = place.paths.launches(orchestrator.state.id) / "w01" / TOLD_FILE
        assert told.stat().st_mode & 0o777 == 0o600
        with told.open("a") as file:
            file.write('{"event": "StopFailure", "error": "rate_limit", "session_id": "another"}\n')
        await orchestrator.type("w01", b"x")  # an agent whose hook tells something draws something too
        assert await orchestrator.until(lambda now: now.parked("w01"), LIMIT)
        assert await orchestrator.until(lambda now: now.workers["w01"].conversation == "another", LIMIT)
        assert orchestrator.state.workers["w01"].rule == "its hook tells of a limit"
        with told.open("a") as file:
            file.write('{"event": "UserPromptSubmit"}\n')
        await orchestrator.type("w01", b"\x15")
        assert await orchestrator.until(lambda now: now.workers["w01"].status is Status.IDLE, LIMIT)


async def test_a_limit_is_no_end_of_a_task(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    place.reader("codex")
    card = place.paths.config / "agents" / "codex.toml"
    card.write_text(card.read_text() + SIGN)
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Read"))
        await orchestrator.perform(SpawnWorker("Read", agent_hint="codex"))
        assert await orchestrator.until(lambda now: now.workers["w01"].status is Status.IDLE, LIMIT)
        await orchestrator.type("w01", b"usage limit, try again in 3 hours")
        assert await orchestrator.until(lambda now: now.parked("w01"), LIMIT)
        await orchestrator.pane("w01").end(0.2)
        assert await orchestrator.until(lambda now: not now.workers["w01"].live, LIMIT)
    worker = orchestrator.state.workers["w01"]
    assert worker.outcome == "blocked"
    assert "It met a limit" in worker.summary

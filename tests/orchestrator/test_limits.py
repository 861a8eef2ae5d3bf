"""Limits in action: who met one is parked, nothing goes to its account, and all go on after it."""

from __future__ import annotations

from agentorchestr_tui.core.commands import AnswerNeed, NoteLimitLifted, SendToWorker, SetGoal, SpawnWorker
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.words import NeedKind, Status
from tests.house import make_place, session
from tests.sending import IDLE_LEAD, settle

LIMIT = 30.0
SIGN = """
[[limits]]
name = "usage limit"
match = 'usage limit, try again in (?P<span>\\d+ hours?)'
rows = 4
"""


async def test_an_agent_at_its_limit_is_parked_and_goes_on_with_what_waited_when_a_person_says_so(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    log = place.reader("codex")
    card = place.paths.config / "agents" / "codex.toml"
    card.write_text(card.read_text() + SIGN)
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

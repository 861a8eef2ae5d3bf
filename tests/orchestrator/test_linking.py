"""Agents with an HTTP server of their own: status, answers and messages go by it, and the screen stands in for it."""

from __future__ import annotations

import json

from agentorchestr_tui.agents.card import SHIPPED
from agentorchestr_tui.core.commands import AnswerNeed, SendToWorker, SetGoal, SpawnWorker
from agentorchestr_tui.core.events import MessageDelivered, Noticed
from agentorchestr_tui.core.words import NeedKind, Status
from agentorchestr_tui.orchestrator import linking
from tests.house import FAKES, make_place, session, until
from tests.sending import IDLE_LEAD

LIMIT = 30.0
CARD = """
name = "served"
title = "Served"
binaries = ["{python}"]
implement_rank = 1
unverified = "a fake"

[launch]
argv = ["{python}", "-u", "PROGRAM", "LOG", "@http", "{prompt_file}"]

HTTP
[[status]]
name = "interruptible"
field = "screen"
match = 'esc interrupt'
status = "working"
"""


def served(place, *, port="{port}"):
    """Add the agent; its HTTP table is that of a shipped card. Returns its log."""
    shipped = (SHIPPED / "opencode.toml").read_text()
    http = shipped[shipped.index("[http]") : shipped.index('[[status]]\nname = "interruptible"')]
    http = http.replace("--port={port}", port)
    log = place.home / "served.log"
    text = CARD.replace("PROGRAM", str(FAKES / "served.py")).replace("LOG", str(log)).replace("HTTP", http)
    path = place.paths.config / "agents" / "served.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return log


def lines(log):
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


async def at(orchestrator, status):
    """Wait until the worker has a status."""
    worker = orchestrator.state.workers["w01"]
    assert await orchestrator.until(lambda now: now.workers["w01"].status is status, LIMIT), worker


async def test_its_server_tells_the_status_and_takes_answers_and_messages_and_its_screen_stands_in(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    log = served(place)
    async with session(place.opening(lead="lead")) as orchestrator:
        told = []
        orchestrator.listen(lambda recorded, _: told.append(recorded.event))
        await orchestrator.perform(SetGoal("Serve"))
        await orchestrator.perform(SpawnWorker("Serve", agent_hint="served"))
        await at(orchestrator, Status.WORKING)  # its screen says so
        link = orchestrator.hands.watcher._watches["w01"].link
        await until(lambda: link._client is not None)

        await orchestrator.type("w01", b"t")
        await until(lambda: link._sessions == {"ses_main": "busy"})
        await orchestrator.type("w01", b"t")
        await at(orchestrator, Status.IDLE)  # its screen still says that it works
        await orchestrator.type("w01", b"s")
        await until(lambda: link._sessions == {"ses_main": "idle", "ses_helper": "idle"})

        for choice, word in (("once", "once"), ("deny", "reject")):
            await orchestrator.type("w01", b"p")
            assert await orchestrator.until(lambda now: now.needs_of("w01"), LIMIT)
            (need,) = orchestrator.state.needs_of("w01")
            assert need.kind is NeedKind.PERMISSION
            assert need.text.startswith("bash\nrm -rf build")
            assert [each.name for each in need.choices] == ["once", "always", "deny"]
            assert orchestrator.state.workers["w01"].status is Status.NEEDS_INPUT
            await orchestrator.perform(AnswerNeed(need.id, choice))
            assert await orchestrator.until(lambda now: not now.needs, LIMIT)
            assert lines(log)[-1]["replied"] == word
        await at(orchestrator, Status.IDLE)

        text = "Zwei Zeilen ✓\nand {text} {session}\n" + "x" * 50_000
        await orchestrator.perform(SendToWorker("w01", text))
        assert await orchestrator.until(lambda _: any(isinstance(each, MessageDelivered) for each in told), LIMIT)
        assert lines(log)[-1] == text.strip() or lines(log)[-1] == text

        await until(lambda: link._words() == "idle")
        await at(orchestrator, Status.IDLE)
        await orchestrator.type("w01", b"x")
        await until(lambda: link._client is None)
        await at(orchestrator, Status.WORKING)  # by its screen again
        await orchestrator.perform(SendToWorker("w01", "by paste"))
        await until(lambda: any("by paste" in each.get("typed", "") for each in lines(log) if isinstance(each, dict)))


async def test_a_server_that_does_not_answer_is_told_of_and_its_screen_stands_in(tmp_path, monkeypatch):
    monkeypatch.setattr(linking, "READY", 1.0)
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    served(place, port="0")  # any other port
    async with session(place.opening(lead="lead")) as orchestrator:
        told = []
        orchestrator.listen(lambda recorded, _: told.append(recorded.event))
        await orchestrator.perform(SetGoal("Serve"))
        await orchestrator.perform(SpawnWorker("Serve", agent_hint="served"))
        assert await orchestrator.until(
            lambda _: any(isinstance(each, Noticed) and "does not answer" in each.text for each in told), LIMIT
        )
        await at(orchestrator, Status.WORKING)

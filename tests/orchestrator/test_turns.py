"""The ends of turns: seen whatever was said to an agent while it was at work."""

from __future__ import annotations

from pathlib import Path

from agentorchestr_tui.core.commands import SendToWorker, SetGoal, SpawnWorker
from agentorchestr_tui.core.words import Outcome, Source, Status
from tests.house import make_place, session
from tests.sending import IDLE_LEAD

LIMIT = 30.0
WORKS = """
[[opening]]
run = ["sh", "-c", "until [ -e go ]; do sleep 0.05; done"]
[[opening]]
print = "WORKER_DONE: it is done"
"""


async def test_a_turn_that_was_spoken_into_ends_as_any_other(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    place.agent("works", WORKS, mcp=False)
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Work"))
        await orchestrator.perform(SpawnWorker("Work", agent_hint="works"))
        assert await orchestrator.until(lambda now: now.workers["w01"].status is Status.WORKING, LIMIT)
        await orchestrator.perform(SendToWorker("w01", "Mind the spelling."))
        assert await orchestrator.until(lambda now: not now.queued("w01"), LIMIT)
        assert orchestrator.state.workers["w01"].status is Status.WORKING
        Path(orchestrator.state.workers["w01"].worktree, "go").touch()
        assert await orchestrator.until(lambda now: now.workers["w01"].outcome is not None, LIMIT)
    worker = orchestrator.state.workers["w01"]
    assert (worker.outcome, worker.source, worker.summary) == (Outcome.DONE, Source.LINE, "it is done")

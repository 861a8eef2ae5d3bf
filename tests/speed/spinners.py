"""What status costs: the orchestrator's CPU with twenty spinning agents watched, less that with the same ones not.

The panes, their output and its parsing stay as they are; only what watches them is dropped and put back by turns.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from pathlib import Path

from agentorchestr_tui.core.commands import SetGoal, SpawnWorker
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Status
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from tests.house import Place, make_place, session
from tests.sending import IDLE_LEAD
from tests.speed.table import Row, median

AGENTS = 20
KINDS = ("osc-spins", "title-spins", "screen-spins")
ROUNDS = 7
WATCHED = 2.0  # seconds of one figure
SETTLES = 2.0  # seconds between two of them: to begin to watch is not yet to watch


async def measure() -> list[Row]:
    """Measure by turns with and without watching."""
    folder = Path(tempfile.mkdtemp(prefix="ao-bench-"))
    os.environ["HOME"] = str(folder)
    place = make_place(folder)
    try:
        return await _spinning(place)
    finally:
        shutil.rmtree(place.runtime, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


async def _spinning(place: Place) -> list[Row]:
    place.agent("lead", IDLE_LEAD, rank=2)
    for kind in KINDS:
        place.reader(kind, program="signals.py")
    async with session(place.opening(lead="lead", max_workers=AGENTS)) as orchestrator:
        await orchestrator.perform(SetGoal("Spin"))
        for number in range(AGENTS):
            await orchestrator.perform(SpawnWorker(f"Spin {number}", agent_hint=KINDS[number % len(KINDS)]))
        await orchestrator.until(_all_at_work, 60)
        watched, alone = [], []
        for _ in range(ROUNDS):
            watched.append(await _cpu())
            await _drop(orchestrator)
            alone.append(await _cpu())
            await _watch(orchestrator)
        still = sum(worker.status is Status.WORKING for worker in orchestrator.state.workers.values())
    cost = median([one - other for one, other in zip(watched, alone, strict=True)])
    return [
        Row(f"status of {AGENTS} agents with 10 Hz spinners: CPU", cost * 100, "%", bar="at most 5 % of a core"),
        Row("    the session's process, watching them", median(watched) * 100, "%", "not", median(alone) * 100),
        Row("    agents known to be working at the end", still, "", bar=f"all {AGENTS}"),
    ]


def _all_at_work(now: Session) -> bool:
    return len(now.workers) == AGENTS and all(worker.status is Status.WORKING for worker in now.workers.values())


async def _cpu() -> float:
    """Return this process's share of a core over some seconds."""
    await asyncio.sleep(SETTLES)
    before, began = time.process_time(), time.monotonic()
    await asyncio.sleep(WATCHED)
    return (time.process_time() - before) / (time.monotonic() - began)


async def _drop(orchestrator: Orchestrator) -> None:
    for who in orchestrator.state.workers:
        await orchestrator.hands.watcher.drop(who)


async def _watch(orchestrator: Orchestrator) -> None:
    for who, worker in orchestrator.state.workers.items():
        card, pane = orchestrator.ground.card(worker.agent), orchestrator.pane(who)
        orchestrator.hands.watcher.watch_again(orchestrator, who, card, pane, worker.seen)

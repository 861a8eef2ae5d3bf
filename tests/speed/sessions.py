"""What a session costs: from a spawn to a running agent, and from an outcome to the lead's knowing of it."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from pathlib import Path

from agentorchestr_tui.core.commands import KillWorker, SetGoal, SpawnWorker
from agentorchestr_tui.core.events import OutcomeReached, Recorded
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import NOTHING
from tests.house import Place, git, make_place, session
from tests.mcp_server.client import connected
from tests.speed.table import Row, median

FILES = 10_000
SPAWNS = 7
ROUNDS = 3
WAITS = 10
TASK = "Say hello in hello.txt."


async def measure() -> list[Row]:
    """Measure spawning in a repository of 10,000 files, and waiting."""
    folder = Path(tempfile.mkdtemp(prefix="ao-bench-"))
    os.environ["HOME"] = str(folder)
    try:
        place = await asyncio.to_thread(_large_place, folder)
        alone = await asyncio.to_thread(_worktree_alone, place)
        return await _spawning(place, alone) + await _waiting(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _large_place(folder: Path) -> Place:
    """Make a repository of 10,000 files of 4 kB, 41 MB in all."""
    files = {f"src/d{number % 100:02d}/f{number:05d}.txt": f"{number}\n" * 700 for number in range(FILES)}
    place = make_place(folder / "large", files)
    place.agent("lead", '[[opening]]\nhang = "Leading"\n', rank=2)
    place.agent("works", "hangs")
    return place


def _worktree_alone(place: Place) -> float:
    samples = []
    for number in range(SPAWNS):
        began = time.perf_counter()
        git(place.project, "worktree", "add", "--quiet", "-b", f"alone-{number}", str(place.home / f"alone-{number}"))
        samples.append(time.perf_counter() - began)
    for number in range(SPAWNS):
        git(place.project, "worktree", "remove", "--force", str(place.home / f"alone-{number}"))
    return median(samples)


async def _spawning(place: Place, alone: float) -> list[Row]:
    four: list[float] = []
    async with session(place.opening(lead="lead", max_workers=64)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))

        async def spawn(task: str) -> float:
            began = time.perf_counter()
            granted = await orchestrator.perform(SpawnWorker(task))
            took = time.perf_counter() - began
            await orchestrator.perform(KillWorker(granted[0].event.worker_id, "measured", NOTHING))
            return took

        single = [await spawn(f"{TASK} {number}") for number in range(SPAWNS)]
        for turn in range(ROUNDS):
            began = time.perf_counter()
            wishes = [SpawnWorker(f"{TASK} {turn} {number}") for number in range(4)]
            granted = await asyncio.gather(*map(orchestrator.perform, wishes))
            four.append(time.perf_counter() - began)
            kills = [KillWorker(each[0].event.worker_id, "measured", NOTHING) for each in granted]
            await asyncio.gather(*map(orchestrator.perform, kills))
    baseline = "git worktree add alone"
    return [
        Row(f"spawn to exec'd agent, {FILES:,} files, median", median(single), "s", baseline, alone, "at most 0.6 s"),
        Row("four spawns at once, median", median(four), "s", baseline, alone, "at most 1.5 s"),
    ]


async def _waiting(folder: Path) -> list[Row]:
    """Time from a worker's report to the return of the lead's open wait_for_worker, over HTTP."""
    place = make_place(folder / "small")
    place.agent("lead", '[[opening]]\nhang = "Leading"\n', rank=2)
    place.agent("works", "hangs")
    samples, known = [], []
    outcomes: list[float] = []

    def note(recorded: Recorded, _session: Session) -> None:
        if isinstance(recorded.event, OutcomeReached):
            outcomes.append(time.perf_counter())

    async with session(place.opening(lead="lead", max_workers=64)) as orchestrator:
        orchestrator.listen(note)
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            for number in range(WAITS):
                await lead.call_tool("spawn_worker", {"task": f"{TASK} {number}"})
                worker_id = f"w{number + 1:02d}"
                waiting = asyncio.ensure_future(lead.call_tool("wait_for_worker", {"worker_id": worker_id}))
                async with connected(orchestrator, worker_id) as worker:
                    await asyncio.wait({waiting}, timeout=0.3)
                    began = time.perf_counter()
                    await worker.call_tool("report_done", {"summary": "done"})
                    await waiting
                    samples.append(time.perf_counter() - began)
                    known.append(began + samples[-1] - outcomes[-1])
                await orchestrator.perform(KillWorker(worker_id, "measured", NOTHING))
    return [
        Row("outcome to return of wait_for_worker, worst", max(known), "s", bar="at most 0.050 s"),
        Row("call of report_done to that return, median", median(samples), "s"),
    ]

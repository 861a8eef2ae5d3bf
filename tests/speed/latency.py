"""How soon a change of status is known: from the write of an agent's signal to the event of the session."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from agentorchestr_tui.core.commands import SetGoal, SpawnWorker
from agentorchestr_tui.core.events import Recorded, StatusChanged
from agentorchestr_tui.core.state import Session
from tests.house import Place, make_place, session
from tests.sending import IDLE_LEAD
from tests.speed.table import Row, median

TELLS = ("osc", "title", "screen")
EACH = 2  # agents of each kind
WATCHED = 25.0  # seconds

Moment = tuple[str, float]  # a status, and when


async def measure() -> list[Row]:
    """Let agents that spin, rest and ask tell the moment of each, and compare it with the session's events."""
    folder = Path(tempfile.mkdtemp(prefix="ao-bench-"))
    os.environ["HOME"] = str(folder)
    place = make_place(folder)
    try:
        known = await _watched(place)
        return _rows({kind: [_told(place.home / f"{kind}.log"), known[kind]] for kind in _kinds()})
    finally:
        shutil.rmtree(place.runtime, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _kinds() -> list[str]:
    return [f"{tells}{number}" for tells in TELLS for number in range(EACH)]


async def _watched(place: Place) -> dict[str, list[Moment]]:
    """Return when each agent's changes of status became events."""
    place.agent("lead", IDLE_LEAD, rank=2)
    known: dict[str, list[Moment]] = defaultdict(list)

    def note(recorded: Recorded, now: Session) -> None:
        event = recorded.event
        if isinstance(event, StatusChanged) and event.who in now.workers:
            known[now.workers[event.who].agent].append((event.status, time.monotonic()))

    for kind in _kinds():
        place.reader(kind, program="signals.py")
    async with session(place.opening(lead="lead", max_workers=len(_kinds()))) as orchestrator:
        orchestrator.listen(note)
        await orchestrator.perform(SetGoal("Watch"))
        for kind in _kinds():
            await orchestrator.perform(SpawnWorker(f"Tell by {kind}", agent_hint=kind))
        await asyncio.sleep(WATCHED)
    return known


def _told(log: Path) -> list[Moment]:
    return [(status, at) for status, at in map(json.loads, log.read_text("utf-8").splitlines())]


def _rows(seen: dict[str, list[list[Moment]]]) -> list[Row]:
    rows, unseen = [], 0
    for status in ("idle", "needs_input"):
        for tells in TELLS:
            samples = []
            for told, known in (each for kind, each in seen.items() if kind.startswith(tells)):
                took = _took(status, told, known)
                samples += [each for each in took if each is not None]
                unseen += took.count(None)
            what = f"working to {status}, told by {tells}, {len(samples)} times"
            rows.append(Row(f"{what}: median", median(samples) * 1e3, "ms"))
            rows.append(Row(f"{what}: 95th percentile", _late(samples) * 1e3, "ms", bar="at most 500"))
    return [*rows, Row("changes that were never seen", unseen, "", bar="none")]


def _took(status: str, told: Sequence[Moment], known: Sequence[Moment]) -> list[float | None]:
    """Return how long each change took until it was known, or None where the next of its kind was told first."""
    took: list[float | None] = []
    for at, until in pairwise(at for what, at in told if what == status):
        seen = (when - at for known_as, when in known if known_as == status and at <= when < until)
        took.append(next(seen, None))
    return took


def _late(samples: Sequence[float]) -> float:
    return sorted(samples)[-(-len(samples) * 95 // 100) - 1]

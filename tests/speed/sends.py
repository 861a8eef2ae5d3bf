"""Adversarial messages to readers by each CLI's paste rules, all at once: how many arrive once, whole and in order."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from dataclasses import fields
from pathlib import Path

from tests.house import make_place, session
from tests.sending import IDLE_LEAD, KINDS, Tally, send_all, settle
from tests.speed.table import Row

SESSIONS, EACH = 2, 50  # messages to each of ten readers of each session: 1,000
ALL_SESSIONS, ALL_EACH = 4, 250  # 10,000


async def measure() -> list[Row]:
    """Send a thousand."""
    return await _measure(SESSIONS, EACH)


async def measure_all() -> list[Row]:
    """Send ten thousand."""
    return await _measure(ALL_SESSIONS, ALL_EACH)


async def _measure(sessions: int, each: int) -> list[Row]:
    folder = Path(tempfile.mkdtemp(prefix="ao-bench-"))
    os.environ["HOME"] = str(folder)
    began = time.monotonic()
    try:
        tallies = await asyncio.gather(
            *(_session(folder / f"s{number}", each, 1 + number * len(KINDS)) for number in range(sessions))
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    whole = Tally(*(sum(getattr(tally, field.name) for tally in tallies) for field in fields(Tally)))
    return _rows(whole, sessions * len(KINDS), time.monotonic() - began)


async def _session(folder: Path, each: int, seed: int) -> Tally:
    place = make_place(folder)
    try:
        place.agent("lead", IDLE_LEAD, rank=2)
        logs = {kind: place.reader(kind) for kind in KINDS}
        async with session(place.opening(lead="lead", max_workers=len(KINDS))) as orchestrator:
            readers = await settle(orchestrator, place, KINDS, logs)
            return await send_all(orchestrator, readers, each, seed)
    finally:
        shutil.rmtree(place.runtime, ignore_errors=True)


def _rows(tally: Tally, panes: int, seconds: float) -> list[Row]:
    all_of_them = f"all {tally.sent:,}"
    return [
        Row(f"messages to {panes} panes that were accepted", tally.accepted, "", bar=all_of_them),
        Row("messages refused", tally.refused, "", bar="none"),
        Row("messages without a receipt", tally.without_receipt, "", bar="none"),
        Row("messages lost", tally.lost, "", bar="none"),
        Row("messages doubled", tally.doubled, "", bar="none"),
        Row("messages split", tally.split, "", bar="none"),
        Row("messages fused", tally.fused, "", bar="none"),
        Row("messages changed or out of order", tally.changed + tally.disordered, "", bar="none"),
        Row("seconds for all", seconds, "s"),
    ]

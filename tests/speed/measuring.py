"""What it costs git to see how a team's work stands: processor time of one round over all worktrees."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.worktree import Worktree
from agentorchestr_tui.worktrees.worktrees import Worktrees
from tests.house import make_place
from tests.speed.table import Row, median

FILES = 10_000
WORKERS = 16
ROUNDS = 5


async def measure() -> list[Row]:
    """Measure 16 worktrees of 10,000 files each, with work in them: when it changed since, and when it did not."""
    folder = Path(tempfile.mkdtemp(prefix="ao-bench-"))
    try:
        files = {f"src/d{number % 100:02d}/f{number:05d}.txt": f"{number}\n" * 700 for number in range(FILES)}
        place = await asyncio.to_thread(make_place, folder / "large", files)
        repository = await Repository.open(place.project, os.environ)
        trees = Worktrees(repository, "s1", folder / "trees")
        works = [await trees.add(f"w{number:02d}", "implementer", "HEAD") for number in range(WORKERS)]
        status = await _rounds(works, trees.head, change=False)
        changed = await _rounds(works, trees.measure, change=True)
        still = await _rounds(works, trees.measure, change=False)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    what = f"git's processor time for {WORKERS} workers x {FILES:,} files"
    return [
        Row(f"{what}, rev-parse alone", status, "s"),
        Row(f"{what}, each changed", changed, "s"),
        Row(f"{what}, none changed", still, "s"),
    ]


async def _rounds(works: Sequence[Worktree], look: Callable[[Worktree], Awaitable[object]], *, change: bool) -> float:
    samples = []
    for turn in range(ROUNDS + 1):
        if change:
            for number, each in enumerate(works):
                for near in range(5):
                    (each.path / f"src/d{near:02d}/f{number * 100 + near:05d}.txt").write_text(f"{turn}\n" * 500)
                (each.path / f"new{turn}.txt").write_text("new\n")
        before = _spent()
        for each in works:
            await look(each)
        samples.append(_spent() - before)
    return median(samples[1:])


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

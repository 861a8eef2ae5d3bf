"""Workers that show nothing: no new text, no change in their worktree, no change of status."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import NoteNeed, NoteNeedGone, NoteStalled, NoteStirred
from agentorchestr_tui.core.state import Worker
from agentorchestr_tui.core.words import NeedKind, Phase, Status
from agentorchestr_tui.orchestrator.work import evidence

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

_NOTHING_NEW = "nothing new on its screen or in its worktree"
LOOKS = 5  # looks within the time after which a worker counts as stalled
LONGEST_PAUSE = 60.0  # seconds between two looks
_MOVING = re.compile(r"[^A-Za-z]+")  # spinners, clocks and counters move without anything happening
_WAITING = frozenset({Status.NEEDS_INPUT, Status.LIMITED, Status.EXITED})  # said in other ways


@dataclass(slots=True)
class _Seen:
    signs: tuple[object, ...]
    since: float


class Stalls:
    """Looks at each worker from time to time."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self._looking: asyncio.Task[None] | None = None

    def begin(self, orchestrator: Orchestrator) -> None:
        """Look from now on."""
        if self._looking is None:
            self._looking = tasks.start(self._look_on(orchestrator), name="look for stalled workers")

    async def stop(self) -> None:
        """Look no more."""
        if self._looking is not None:
            await tasks.end([self._looking])

    async def _look_on(self, orchestrator: Orchestrator) -> None:
        limit = orchestrator.ground.settings.stall_s
        while True:
            await asyncio.sleep(min(LONGEST_PAUSE, limit / LOOKS))
            if orchestrator.state.phase is Phase.RUNNING:
                await _settle(orchestrator)
                for worker in orchestrator.state.live_workers:
                    await self._look(orchestrator, worker, limit)

    async def _look(self, orchestrator: Orchestrator, worker: Worker, limit: float) -> None:
        now = asyncio.get_running_loop().time()
        signs = await _signs(orchestrator, worker)
        before = self._seen.get(worker.id)
        if before is None or before.signs != signs:
            self._seen[worker.id] = _Seen(signs, now)
            if worker.stalled:
                await _stirred(orchestrator, worker)
        elif now - before.since >= limit and worker.status not in _WAITING and not worker.stalled:
            silent = now - before.since
            if await orchestrator.perform(NoteStalled(worker.id, silent)):
                await orchestrator.perform(NoteNeed(worker.id, NeedKind.STALLED, _words(silent)))


async def _signs(orchestrator: Orchestrator, worker: Worker) -> tuple[object, ...]:
    """Return all that would differ if a worker had moved."""
    pane = orchestrator.pane(worker.id)
    shown = tuple(_MOVING.sub("", row) for row in pane.emulator.display) if pane else ()
    settled = pane.emulator.settled if pane else 0
    return (worker.turn, worker.status, settled, shown, await evidence(orchestrator, worker.id))


async def _stirred(orchestrator: Orchestrator, worker: Worker) -> None:
    await orchestrator.perform(NoteStirred(worker.id))
    await _settle(orchestrator)


async def _settle(orchestrator: Orchestrator) -> None:
    """Let go of what was told of workers that move again, or whose task has ended."""
    session = orchestrator.state
    for need in session.needs.values():
        worker = session.workers.get(need.who)
        ours = need.kind is NeedKind.STALLED and need.text.startswith(_NOTHING_NEW)
        if ours and worker is not None and not worker.stalled:
            how = "it moves again" if worker.live else "its task has ended"
            await orchestrator.perform(NoteNeedGone(need.id, how))


def _words(seconds: float) -> str:
    long = f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
    return f"{_NOTHING_NEW} for {long}"

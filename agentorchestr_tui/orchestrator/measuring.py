"""What workers change while they work: measured when they stir, held beside each other, and told before it clashes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.commands import NoteOverlaps, NoteWork
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.phrases import overlap
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import Outcome, Overlap, shortened
from agentorchestr_tui.orchestrator.escapes import Border, Neighbours
from agentorchestr_tui.orchestrator.footing import Footing
from agentorchestr_tui.orchestrator.work import keep_fallen, stands, worktree_of
from agentorchestr_tui.panes.pane import Pane
from agentorchestr_tui.worktrees.overlap import Work, overlaps

if TYPE_CHECKING:
    from agentorchestr_tui.core.events import Recorded
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

GAP = 3.0  # seconds between two rounds at the least
TOLD = 400  # characters of overlaps that one letter to the lead carries
SHARE = 9  # times as long as a round took is rested after it: measuring takes a tenth of one core at most
_log = logging.getLogger(__name__)


class Measurer:
    """Looks at the worktrees of workers that have stirred since the last round, and of those whom they may touch."""

    def __init__(self) -> None:
        self._stirred: set[str] = set()
        self._woken = asyncio.Event()
        self._works: dict[str, Work] = {}
        self._told: set[tuple[str, str, str]] = set()  # two workers and a path
        self._stops: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None
        self._border = Border()
        self._neighbours = Neighbours()
        self._footing = Footing()
        self._one_at_a_time = asyncio.Lock()

    def attach(self, orchestrator: Orchestrator) -> None:
        """Listen from now on."""
        self._stops.append(orchestrator.listen(lambda recorded, _: self._heard(recorded)))
        self._task = tasks.start(self._rounds(orchestrator), name="measure the work")

    def watch(self, who: str, pane: Pane) -> None:
        """Measure a worker whenever its terminal has printed something."""
        self._stops.append(pane.listen(lambda _: self._stir(who)))

    async def look(self, orchestrator: Orchestrator) -> None:
        """Look at everybody's work now. Raises: GitError."""
        await self._round(orchestrator, set(orchestrator.state.workers))

    async def turn_over(self, orchestrator: Orchestrator, who: str) -> None:
        """Look at once at a worker that says its turn is over, and at the user's checkout: it may have worked there."""
        worker = orchestrator.state.workers.get(who)
        if worker is None or not worker.worktree:
            return
        try:
            async with self._one_at_a_time:
                await self._border.look(orchestrator, self._stirred | {who})
                await self._measure(orchestrator, worker, {who})
                await keep_fallen(orchestrator, worker)  # a commit taken back since the last look left no other trace
        except OrchestraError as error:
            _log.info("measuring %s at its end: %s", who, error)

    async def stop(self) -> None:
        """Let go."""
        for stop in self._stops:
            stop()
        if self._task is not None:
            await tasks.end([self._task])

    def _heard(self, recorded: Recorded) -> None:
        match recorded.event:
            case e.OutcomeReached(worker_id=who) | e.BranchIntegrated(worker_id=who) | e.WorkerStarted(worker_id=who):
                self._stir(who)
            case e.IntegrationUndone(worker_id=who):
                self._stir(who)
            case e.LeadStarted():
                self._woken.set()  # how the user's checkout stands before the first worker does
            case e.ResultMerged():
                self._border.expect_change()
            case _:
                pass

    def _stir(self, who: str) -> None:
        self._stirred.add(who)
        self._woken.set()

    async def _rounds(self, orchestrator: Orchestrator) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            stirred, self._stirred = self._stirred, set()
            began = time.monotonic()
            try:
                await self._round(orchestrator, stirred)
            except OrchestraError as error:  # a worktree that is being taken away: the next round sees it right
                _log.info("measuring: %s", error)
            await asyncio.sleep(max(GAP, SHARE * (time.monotonic() - began)))

    async def _round(self, orchestrator: Orchestrator, stirred: set[str]) -> None:
        async with self._one_at_a_time:
            await self._compare(orchestrator, stirred)

    async def _compare(self, orchestrator: Orchestrator, stirred: set[str]) -> None:
        await self._border.look(orchestrator, stirred)
        looked_at = stirred | self._neighbours.visited(orchestrator, stirred)
        for who in sorted(looked_at & set(orchestrator.state.workers)):
            await self._measure(orchestrator, orchestrator.state.workers[who], stirred)
        session = orchestrator.state
        compared = [work for who, work in sorted(self._works.items()) if _counts(session, session.workers[who])]
        found = overlaps(compared)
        self._warn(orchestrator, found)
        await orchestrator.perform(NoteOverlaps(found))

    def _warn(self, orchestrator: Orchestrator, found: Sequence[Overlap]) -> None:
        """Tell the lead of workers who newly meet in a file."""
        met = [each for each in found if _avoidable(orchestrator.state, each)]
        new = [each for each in met if (each.worker_a, each.worker_b, each.path) not in self._told]
        self._told.update((each.worker_a, each.worker_b, each.path) for each in new)
        if new:
            told = shortened("; ".join(overlap(each) for each in new), TOLD)
            orchestrator.letters.tell(
                f"Before it conflicts: {told}. Say by send_to_worker which of them leaves it alone."
            )

    async def _measure(self, orchestrator: Orchestrator, worker: Worker, stirred: set[str]) -> None:
        if not await stands(worker):
            self._works.pop(worker.id, None)
            if worker.worktree:
                await self._footing.gone(orchestrator, worker)
            return
        worktrees, worktree = orchestrator.ground.worktrees, worktree_of(worker)
        measured = await worktrees.measure(worktree)
        await self._neighbours.looked(orchestrator, worker, measured.tree, stirred)
        await self._footing.looked(orchestrator, worker, measured)
        if worker.live:
            await orchestrator.perform(NoteWork(worker.id, measured.evidence))
        self._works[worker.id] = Work(worker.id, measured.origin, measured.changes)


def _avoidable(session: Session, of: Overlap) -> bool:
    """Say whether one of two can still leave the other's lines alone: it is at work, and not to settle just that."""
    a, b = session.workers[of.worker_a], session.workers[of.worker_b]
    return (a.live or b.live) and a.id not in b.resolves and b.id not in a.resolves


def _counts(session: Session, worker: Worker) -> bool:
    """Say whether a worker's change may still clash: it is at work, or waits for its integration."""
    if session.read_only(worker):
        return False
    return worker.live or (worker.outcome is Outcome.DONE and not worker.integrated and not worker.withheld)

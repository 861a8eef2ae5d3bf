"""How a session ends: everyone leaves, the work is kept, and nothing else is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections.abc import Iterator

from agentorchestr_tui.core.commands import CloseSession, KillWorker, NoteLeadExited, NoteWorkerExited, PauseSession
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.words import NOTHING, Phase, Status
from agentorchestr_tui.hooks import Moment
from agentorchestr_tui.orchestrator.daemons import end_daemons
from agentorchestr_tui.orchestrator.hands import SessionHands
from agentorchestr_tui.orchestrator.launching import LEAD
from agentorchestr_tui.orchestrator.leaving import ask_to_leave
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.work import keep_work, worktree_of
from agentorchestr_tui.paths import remove_private
from agentorchestr_tui.worktrees.worktree import Worktree

FAREWELL = 3.0  # seconds that a lead gets to say its last words after the goal is done
SETTLING = 20.0  # seconds that granted commands get to be carried out
_log = logging.getLogger(__name__)


async def close_session(orchestrator: Orchestrator, why: str = "closed before its end") -> None:
    """End all processes, keep all work, remove what is temporary; an unfinished session is paused, to be resumed."""
    session = orchestrator.state
    if session.phase is Phase.DONE:
        await orchestrator.until(lambda now: now.lead is None or now.lead.status in _STILL, FAREWELL)
    orchestrator.hang_up()
    if session.phase is Phase.RUNNING:
        await orchestrator.perform(PauseSession(why))
    await _quiet(orchestrator)
    if orchestrator.state.over:
        await _end_workers(orchestrator)
    await ask_to_leave(orchestrator)
    await orchestrator.ground.panes.close()
    await end_daemons(orchestrator)
    await _note_exits(orchestrator)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SETTLING):
            await orchestrator.settle()
    await _clear(orchestrator)
    await _last_moments(orchestrator)
    await orchestrator.perform(CloseSession())
    calls, tokens = orchestrator.tally.calls_of(LEAD), orchestrator.tally.tokens_of(LEAD)
    _log.info("session %s: the lead made %d tool calls, about %d tokens returned", session.id, calls, tokens)
    await orchestrator.ground.log.close()
    await asyncio.to_thread(remove_private, orchestrator.ground.access.file.parent)


async def leave_session(orchestrator: Orchestrator) -> None:
    """Let go of a session whose agents go on without us; `--resume` joins it again."""
    orchestrator.hang_up()
    await _quiet(orchestrator)
    await orchestrator.ground.panes.leave()
    await orchestrator.settle()
    await orchestrator.ground.log.close()


async def _last_moments(orchestrator: Orchestrator) -> None:
    if isinstance(orchestrator.hands, SessionHands):
        if orchestrator.state.over:
            await orchestrator.hands.moments.after(orchestrator, Moment.POST_SESSION)
        await orchestrator.hands.moments.settle()


_STILL = frozenset({Status.IDLE, Status.EXITED, Status.UNKNOWN})


async def _quiet(orchestrator: Orchestrator) -> None:
    if isinstance(orchestrator.hands, SessionHands):
        await orchestrator.hands.watcher.stop()
        await orchestrator.hands.launcher.stop()
        await orchestrator.hands.team.stop()
        await orchestrator.hands.measurer.stop()
        await orchestrator.hands.integrator.stop()
        await orchestrator.hands.merger.cancel()


async def _end_workers(orchestrator: Orchestrator) -> None:
    for worker in orchestrator.state.live_workers:
        await orchestrator.perform(KillWorker(worker.id, "the session ended before it did", NOTHING))


async def _note_exits(orchestrator: Orchestrator) -> None:
    how = "ended with the session"
    if orchestrator.state.lead and orchestrator.state.lead.running:
        await orchestrator.perform(NoteLeadExited(None, how))
    for worker in orchestrator.state.workers.values():
        if worker.running:
            await orchestrator.perform(NoteWorkerExited(worker.id, None, how))


async def _clear(orchestrator: Orchestrator) -> None:
    """Keep every worker's work; when the session is over, remove the worktrees and what was written for launches."""
    session, ground = orchestrator.state, orchestrator.ground
    for worker in session.workers.values():
        with _noted(f"keeping the work of {worker.id}"):
            await keep_work(orchestrator, worker, "the session closed")
    if session.over:
        for worker in session.workers.values():
            if worker.worktree:
                with _noted(f"removing the worktree of {worker.id}"):
                    await ground.worktrees.remove(worktree_of(worker))
                    await ground.worktrees.drop_empty_branch(worktree_of(worker))
        for name in (LEAD, "verify"):
            with _noted(f"removing the worktree of {name}"):
                await ground.worktrees.remove(
                    Worktree(name, ground.paths.worktrees(session.id) / name, "", session.tip)
                )
        with _noted("sweeping"):
            await ground.worktrees.sweep()
    await asyncio.to_thread(shutil.rmtree, ground.paths.launches(session.id), ignore_errors=True)


@contextlib.contextmanager
def _noted(doing: str) -> Iterator[None]:
    try:
        yield
    except OrchestraError as error:
        _log.warning("%s: %s", doing, error)

"""How a session ends: everyone leaves, the work is kept, and nothing else is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections.abc import Iterator

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import CloseSession, KillWorker, NoteLeadExited, NoteWorkerExited, PauseSession
from agentorchestr_tui.core.errors import GitError, OrchestraError
from agentorchestr_tui.core.words import NOTHING, Phase, Status
from agentorchestr_tui.hooks import Moment
from agentorchestr_tui.orchestrator.daemons import end_daemons
from agentorchestr_tui.orchestrator.going import Going
from agentorchestr_tui.orchestrator.hands import SessionHands
from agentorchestr_tui.orchestrator.launching import LEAD
from agentorchestr_tui.orchestrator.leaving import ask_to_leave, leavers
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.work import keep_work, worktree_of
from agentorchestr_tui.panes.pane import GRACE
from agentorchestr_tui.paths import remove_private
from agentorchestr_tui.worktrees.worktree import Worktree

FAREWELL = 3.0  # seconds that a lead gets to say its last words after the goal is done
SETTLING = 20.0  # seconds that granted commands get to be carried out
_log = logging.getLogger(__name__)


async def close_session(
    orchestrator: Orchestrator, why: str = "closed before its end", going: Going | None = None
) -> None:
    """End all processes, keep all work, remove what is temporary; an unfinished session is paused, to be resumed.

    `going` tells how that goes. Cancelled before anything was ended, it leaves the session as it is.
    """
    session, going = orchestrator.state, going or Going()
    if session.phase is Phase.DONE:
        heard_out = orchestrator.until(lambda now: now.lead is None or now.lead.status in _STILL, FAREWELL)
        await going.wait("the lead's last words", FAREWELL, heard_out)
    going.begun = True
    with orchestrator.ground.held:
        orchestrator.hang_up()
        await _close(orchestrator, why, going)


async def _close(orchestrator: Orchestrator, why: str, going: Going) -> None:
    session = orchestrator.state
    hurrying = tasks.start(_hurry(orchestrator, going), name="end all at once when asked to")
    try:
        if session.phase is Phase.RUNNING:
            await orchestrator.perform(PauseSession(why))
        await _end_all(orchestrator, going)
    except OrchestraError:
        await orchestrator.ground.panes.close()  # nothing runs on unseen, even if nothing can be written down
        raise
    finally:
        await tasks.end([hurrying])
    await _note_exits(orchestrator)
    await going.wait("what was under way", SETTLING, orchestrator.settle())
    await _clear(orchestrator)
    await _last_moments(orchestrator, going)
    await orchestrator.perform(CloseSession())
    calls, tokens = orchestrator.tally.calls_of(LEAD), orchestrator.tally.tokens_of(LEAD)
    _log.info("session %s: the lead made %d tool calls, about %d tokens returned", session.id, calls, tokens)
    await orchestrator.ground.log.close()
    await asyncio.to_thread(remove_private, orchestrator.ground.access.file.parent)


async def leave_session(orchestrator: Orchestrator, going: Going | None = None) -> None:
    """Let go of a session whose agents go on without us; `--resume` joins it again."""
    if going is not None:
        going.begun = True
    with orchestrator.ground.held:
        orchestrator.hang_up()
        await _quiet(orchestrator)
        await orchestrator.ground.panes.leave()
        await orchestrator.settle()
        await orchestrator.ground.log.close()


async def _end_all(orchestrator: Orchestrator, going: Going) -> None:
    """End everything that runs, the agents by their own keys where they are idle."""
    await _quiet(orchestrator)
    if orchestrator.state.over:
        with going.waiting("the agents to end", 2 * GRACE):
            await _end_workers(orchestrator)
    if those := leavers(orchestrator):
        names, seconds = ", ".join(each.who for each in those), max(each.seconds for each in those)
        await going.wait(f"{names} to leave on their own", seconds, ask_to_leave(those))
    with going.waiting("the agents to end", 2 * GRACE):
        await orchestrator.ground.panes.close()
    await end_daemons(orchestrator)


async def _hurry(orchestrator: Orchestrator, going: Going) -> None:
    await going.until_hurried()
    panes = [pane for pane in orchestrator.ground.panes.panes.values() if pane.exit is None]
    await asyncio.gather(*(pane.end(0.0) for pane in panes), return_exceptions=True)  # whoever ends them says it, too


async def _last_moments(orchestrator: Orchestrator, going: Going) -> None:
    """Let the hooks end, as long as somebody wants to wait for them."""
    if isinstance(orchestrator.hands, SessionHands):
        moments = orchestrator.hands.moments
        if orchestrator.state.over:
            moments.begin(orchestrator, Moment.POST_SESSION)
        if bound := moments.bound(orchestrator):
            await going.wait("your hooks", bound, moments.settle())
        await moments.stop()


_STILL = frozenset({Status.IDLE, Status.EXITED, Status.UNKNOWN})


async def _quiet(orchestrator: Orchestrator) -> None:
    if isinstance(orchestrator.hands, SessionHands):
        await orchestrator.hands.watcher.stop()
        await orchestrator.hands.launcher.stop()
        await orchestrator.hands.team.stop()
        await orchestrator.hands.measurer.stop()
        await orchestrator.hands.integrator.stop()
        with contextlib.suppress(GitError):  # who wished the merge is told
            await orchestrator.hands.merger.cancel()


async def _end_workers(orchestrator: Orchestrator) -> None:
    why = "the session ended before it did"
    kills = [orchestrator.perform(KillWorker(each.id, why, NOTHING)) for each in orchestrator.state.live_workers]
    await asyncio.gather(*kills)


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

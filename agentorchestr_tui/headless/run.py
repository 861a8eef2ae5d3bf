"""A session without a screen, from goal to exit code."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import PauseSession, ResumeSession, SetGoal
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import CannotRun, UsageError
from agentorchestr_tui.core.phrases import asked
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Phase, Status
from agentorchestr_tui.headless.lines import print_json, print_sentence, print_summary
from agentorchestr_tui.orchestrator.closing import close_session
from agentorchestr_tui.orchestrator.going import Going
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.taking import merge_result, result_stat

DONE, CANNOT_RUN, FAILED, STOPPED, INTERRUPTED = 0, 1, 3, 4, 130
STUCK = frozenset({Status.NEEDS_INPUT, Status.UNKNOWN, Status.STARTING})  # only a person could help


@dataclass(frozen=True, slots=True)
class Wish:
    """What a headless run is to do: a goal, or None to resume; and how to print and end."""

    goal: str | None
    json: bool = False
    merge: bool = False
    kept: bool = True  # false for a rehearsal: its repository is thrown away


async def run(orchestrator: Orchestrator, wish: Wish) -> int:
    """Run the session to its end, or until a signal, and print it. Returns the exit code. Raises: CannotRun."""
    orchestrator.listen(print_json if wish.json else print_sentence)
    ended = _signals()
    try:
        code = await _live(orchestrator, wish, ended)
        early = _never_worked(orchestrator.state)
        merged = await merge_result(orchestrator) if wish.merge and orchestrator.state.phase is Phase.DONE else ""
    finally:
        ended.cancel()
        going = Going()
        # who asks again does not want to wait
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, going.hurry)
        await close_session(orchestrator, "the program ended", going)
    if not wish.json:
        print_summary(orchestrator.state, await result_stat(orchestrator), merged, kept=wish.kept)
    if early:
        raise CannotRun(early)
    return code


async def _live(orchestrator: Orchestrator, wish: Wish, ended: asyncio.Future[int]) -> int:
    await _begin(orchestrator, wish.goal)
    stopped = await _until_over(orchestrator, ended)
    code = stopped if stopped is not None else _exit_code(orchestrator.state)
    if orchestrator.state.phase is Phase.RUNNING:
        await orchestrator.perform(PauseSession(_reason(orchestrator.state, code)))
    return code


async def _begin(orchestrator: Orchestrator, goal: str | None) -> None:
    granted = await orchestrator.perform(ResumeSession(_alive(orchestrator)) if goal is None else SetGoal(goal))
    if isinstance(granted, Refused):
        raise UsageError(granted.reason)


def _alive(orchestrator: Orchestrator) -> tuple[str, ...]:
    return tuple(name for name, pane in orchestrator.ground.panes.panes.items() if pane.exit is None)


async def _until_over(orchestrator: Orchestrator, ended: asyncio.Future[int]) -> int | None:
    """Wait for the end of the goal, of the lead, of patience with a lead that is stuck, or for a signal."""
    over = tasks.start(_over(orchestrator), name="until over")
    over.add_done_callback(lambda _: ended.cancel())
    try:
        return await ended
    except asyncio.CancelledError:
        if not over.done():
            raise
        over.result()
        return None
    finally:
        await tasks.end([over])


async def _over(orchestrator: Orchestrator) -> None:
    patience = orchestrator.ground.settings.lead_silence_s
    while not await orchestrator.until(_finished, patience):
        lead = orchestrator.state.lead
        if lead and lead.status in STUCK and orchestrator.ground.clock() - lead.since >= patience:
            what = asked(lead.seen) or "look at what its terminal shows"
            await orchestrator.perform(PauseSession(f"the lead waits for a person: {what}"))


def _finished(session: Session) -> bool:
    return session.over or session.phase is Phase.PAUSED or bool(session.lead and not session.lead.running)


def _signals() -> asyncio.Future[int]:
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()

    def end(code: int) -> Callable[[], None]:
        return lambda: None if ended.done() else ended.set_result(code)

    loop.add_signal_handler(signal.SIGINT, end(INTERRUPTED))
    loop.add_signal_handler(signal.SIGTERM, end(STOPPED))
    loop.add_signal_handler(signal.SIGHUP, end(STOPPED))
    return ended


def _exit_code(session: Session) -> int:
    return {Phase.DONE: DONE, Phase.FAILED: FAILED}.get(session.phase, STOPPED)


def _reason(session: Session, code: int) -> str:
    if code == INTERRUPTED:
        return "Ctrl-C"
    if session.lead and not session.lead.running:
        return f"the lead {session.lead.ended}"
    return "asked to end"


def _never_worked(session: Session) -> str:
    """Say so when the lead ended before it did anything: the machine is not ready, rather than the goal too hard."""
    lead = session.lead
    if session.over or lead is None or lead.running or session.workers or session.progress:
        return ""
    return f"{lead.agent} ended before it did anything: it {lead.ended}. Start it once by hand to see what it needs."

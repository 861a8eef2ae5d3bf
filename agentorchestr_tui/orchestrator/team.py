"""What keeps a team going: the plan moves on, the lead hears what it should, and one at its limit hands over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.commands import (
    AnswerQuestion,
    Command,
    NoteNeed,
    NoteNeedGone,
    ReplaceLead,
    SendToWorker,
    TellLead,
)
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.leading import plan_states
from agentorchestr_tui.core.messages import HOUSE
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import NeedKind, Phase, Status, TaskState
from agentorchestr_tui.orchestrator.news import for_lead, of_plan
from agentorchestr_tui.orchestrator.planning import Planner
from agentorchestr_tui.orchestrator.stalls import Stalls

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

SETTLES = 2.0  # seconds that a lead must be idle before news is typed into its conversation
FULL = 0.85  # of its context, at which a lead hands over
_MOVES_THE_PLAN = (e.PlanSet, e.OutcomeReached, e.BranchIntegrated, e.SessionResumed)
_log = logging.getLogger(__name__)


class Team:
    """Listens to one session and keeps it moving."""

    def __init__(self) -> None:
        self._planner = Planner()
        self._stalls = Stalls()
        self._states: dict[str, TaskState] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._reading = False

    def attach(self, orchestrator: Orchestrator) -> None:
        """Listen from now on."""
        self._states = plan_states(orchestrator.state)
        orchestrator.listen(lambda recorded, session: self._heard(orchestrator, recorded.event, session))

    async def stop(self) -> None:
        """Let go."""
        await self._stalls.stop()
        await tasks.end(self._tasks)

    def _heard(self, orchestrator: Orchestrator, event: e.Event, session: Session) -> None:
        if orchestrator.closing.is_set():
            return
        before, self._states = self._states, plan_states(session)
        told = for_lead(event, session, attended=orchestrator.ground.attended)
        for news in (*filter(None, (told,)), *of_plan(session, before, self._states)):
            orchestrator.letters.tell(news)
        if session.plan and isinstance(event, _MOVES_THE_PLAN):
            self._begin(self._planner.advance(orchestrator), "advance the plan")
        match event:
            case e.LeadStarted():
                self._stalls.begin(orchestrator)
            case e.LeadAsked() | e.LeadExited() if session.lead is not None and not session.lead.running:
                self._begin(_ask_person(orchestrator), "questions that no lead answers")
            case e.NeedAnswered():
                self._begin(_answer_of_person(orchestrator, event), "a person's answer")
            case e.QuestionAnswered():
                self._answer(orchestrator, event)
            case e.ContextSeen(who="lead") if (event.use.share or 0.0) >= FULL:
                reason = f"its context is {event.use.share:.0%} full"
                self._begin(_perform(orchestrator, ReplaceLead(reason)), "hand the lead over")
            case _:
                pass
        if orchestrator.letters.waiting and _idle(session) and not self._reading:
            self._reading = True
            self._begin(self._read_out(orchestrator), "news for the lead")

    def _answer(self, orchestrator: Orchestrator, event: e.QuestionAnswered) -> None:
        """Type an answer as a message when its worker does not wait for it in a tool."""
        if not orchestrator.letters.answer(event.question_id, event.answer):
            wish = SendToWorker(event.worker_id, f"An answer to your question: {event.answer}")
            self._begin(_perform(orchestrator, wish), "an answer")

    async def _read_out(self, orchestrator: Orchestrator) -> None:
        """Type the news to a lead that has been idle for a while; one that waits in a tool reads it there."""
        letters = orchestrator.letters
        try:
            await asyncio.sleep(SETTLES)
            if not _idle(orchestrator.state) or letters.lead_listens or not letters.waiting:
                return
            news = letters.take()
            if isinstance(await orchestrator.perform(TellLead("\n".join(news), by=HOUSE)), Refused):
                for each in news:
                    letters.tell(each)
        finally:
            self._reading = False

    def _begin(self, work: Coroutine[object, object, None], name: str) -> None:
        task = tasks.start(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _perform(orchestrator: Orchestrator, wish: Command) -> None:
    """Perform a wish of ours; what does not go is a line in the log."""
    granted = await orchestrator.perform(wish)
    if isinstance(granted, Refused):
        _log.info("%s: %s", type(wish).__name__, granted.reason)


async def _ask_person(orchestrator: Orchestrator) -> None:
    """Bring the workers' open questions to a person: there is no lead to answer them."""
    for question in orchestrator.state.questions.values():
        await _perform(orchestrator, NoteNeed(question.worker_id, NeedKind.QUESTION, question.text))


async def _answer_of_person(orchestrator: Orchestrator, event: e.NeedAnswered) -> None:
    """Hand a person's words on to the worker that asked the lead."""
    need = orchestrator.state.needs.get(event.need_id)
    open_ones = orchestrator.state.questions.values() if need else ()
    asked = next((each for each in open_ones if need and (each.worker_id, each.text) == (need.who, need.text)), None)
    if asked is not None:
        await _perform(orchestrator, AnswerQuestion(asked.id, event.text or event.choice, by=event.by))
        await _perform(orchestrator, NoteNeedGone(event.need_id, "answered"))


def _idle(session: Session) -> bool:
    lead = session.lead
    return session.phase is Phase.RUNNING and lead is not None and lead.running and lead.status is Status.IDLE

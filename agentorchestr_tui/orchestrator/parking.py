"""Limits in action: who met one is parked, nobody of the account is told more, and all go on in order after it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agentorchestr_tui.agents.limits import limit_met
from agentorchestr_tui.core.commands import NoteLimit, NoteLimitLifted, NoteNeed, NoteNeedGone, SendToWorker, TellLead
from agentorchestr_tui.core.events import LimitLifted, LimitMet
from agentorchestr_tui.core.messages import HOUSE, LEAD
from agentorchestr_tui.core.state import LimitStands
from agentorchestr_tui.core.words import NeedChoice, NeedKind, Status
from agentorchestr_tui.orchestrator.senses import Senses
from agentorchestr_tui.times import until

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

MARGIN = 5.0  # seconds after the time told
CLOCK_EVERY = 60.0  # seconds between two looks at the clock: timers stand still while a machine sleeps
LONG = 3600.0  # seconds; a longer limit ends by itself only where the user chose so
APART = 1.0  # seconds between two that go on: together they would meet the limit again
STEADY = 10.0  # seconds that one must work before its account's limit counts as over
GO_ON = "The limit that stopped you is over. Go on with your task where you left it."
CHOICES = (NeedChoice("retry", "Go on now"), NeedChoice("wait", "Go on when it is over"))


class Parking:
    """The limits of one session's accounts, and their ends."""

    def __init__(self) -> None:
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._works: dict[str, asyncio.TimerHandle] = {}  # by whom: how long one who was parked works again

    def note(self, orchestrator: Orchestrator, who: str, senses: Senses) -> None:
        """Note the limit that an agent has just met."""
        self._works_no_more(who)
        now = datetime.fromtimestamp(orchestrator.ground.clock(), UTC).astimezone()
        met = limit_met(senses.card.limits, senses.heard, senses.screen, now)
        text = met.text if met else senses.verdict.evidence
        ends = met.until.timestamp() if met and met.until else None
        orchestrator.perform_later(NoteLimit(who, senses.card.name, senses.card.name, text, ends))

    async def met(self, orchestrator: Orchestrator, event: LimitMet) -> None:
        """See to the end of a limit."""
        stands = orchestrator.state.limits.get(event.account)
        if stands is not None:
            await self._plan(orchestrator, stands)

    async def again(self, orchestrator: Orchestrator) -> None:
        """See to the ends of the limits that stood when the session stopped."""
        for stands in orchestrator.state.limits.values():
            await self._plan(orchestrator, stands)

    async def lifted(self, orchestrator: Orchestrator, event: LimitLifted) -> None:
        """Let those who were parked go on, in order."""
        self._cancel(event.account)
        for need in orchestrator.state.needs_of(""):
            if need.kind is NeedKind.LIMITED and _is_of(need.text, event.account):
                await orchestrator.perform(NoteNeedGone(need.id, "the limit is over"))
        for place, who in enumerate(event.parked):
            if self._waits(orchestrator, who):
                if place:
                    await asyncio.sleep(APART)
                wish = TellLead(GO_ON, by=HOUSE) if who == LEAD else SendToWorker(who, GO_ON, by=HOUSE)
                await orchestrator.perform(wish)

    def worked(self, orchestrator: Orchestrator, who: str, senses: Senses) -> None:
        """Take that one who was parked works again by itself; if that lasts, the limit is over."""
        if orchestrator.state.parked(who):
            self._works_no_more(who)
            loop = asyncio.get_running_loop()
            self._works[who] = loop.call_later(STEADY, self._lift_if_working, orchestrator, senses)

    async def answered(self, orchestrator: Orchestrator, need_id: str, choice: str) -> None:
        """Do what a person chose about a long limit."""
        need = orchestrator.state.needs.get(need_id)
        stands = next((s for s in orchestrator.state.limits.values() if need and _is_of(need.text, s.account)), None)
        await orchestrator.perform(NoteNeedGone(need_id, "goes on now" if choice == "retry" else "waits until then"))
        if stands is not None and choice == "retry":
            await orchestrator.perform(NoteLimitLifted(stands.account))
        elif stands is not None:
            self._lift_at(orchestrator, stands)

    def close(self) -> None:
        """Wait for no end any more."""
        for account in tuple(self._timers):
            self._cancel(account)
        for who in tuple(self._works):
            self._works_no_more(who)

    async def _plan(self, orchestrator: Orchestrator, stands: LimitStands) -> None:
        long = stands.until is not None and stands.until - orchestrator.ground.clock() > LONG
        if long and not orchestrator.ground.settings.resume_after_limits:
            self._cancel(stands.account)
            await orchestrator.perform(NoteNeed("", NeedKind.LIMITED, _words(stands), CHOICES))
        else:
            self._lift_at(orchestrator, stands)

    def _lift_at(self, orchestrator: Orchestrator, stands: LimitStands) -> None:
        self._cancel(stands.account)
        untold = orchestrator.ground.clock() + orchestrator.ground.settings.limit_wait_s
        self._wait(orchestrator, stands.account, untold if stands.until is None else stands.until + MARGIN)

    def _wait(self, orchestrator: Orchestrator, account: str, ends: float) -> None:
        rest = ends - orchestrator.ground.clock()
        if rest <= 0:
            self._timers.pop(account, None)
            orchestrator.perform_later(NoteLimitLifted(account))
            return
        again = min(rest, CLOCK_EVERY)
        self._timers[account] = asyncio.get_running_loop().call_later(again, self._wait, orchestrator, account, ends)

    def _lift_if_working(self, orchestrator: Orchestrator, senses: Senses) -> None:
        if senses.status in (Status.WORKING, Status.IDLE) and senses.pane.exit is None:
            orchestrator.perform_later(NoteLimitLifted(senses.card.name))

    def _works_no_more(self, who: str) -> None:
        if timer := self._works.pop(who, None):
            timer.cancel()

    def _cancel(self, account: str) -> None:
        if timer := self._timers.pop(account, None):
            timer.cancel()

    @staticmethod
    def _waits(orchestrator: Orchestrator, who: str) -> bool:
        session = orchestrator.state
        holder = session.lead if who == LEAD else session.workers.get(who)
        return holder is not None and holder.running and holder.status in (Status.LIMITED, Status.IDLE)


def _words(stands: LimitStands) -> str:
    return f"{stands.account} has met a limit {until(stands.until, stands.since)}: {stands.text}"


def _is_of(text: str, account: str) -> bool:
    """Say whether a need's words are about an account; the time in them is said in the zone of their day."""
    return text.startswith(f"{account} ")

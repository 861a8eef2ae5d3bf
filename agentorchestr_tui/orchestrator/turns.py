"""The turns of one agent: when one is over, what is due then, and how its task or process ended."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui.agents.status import Verdict
from agentorchestr_tui.core.commands import (
    NoteLeadExited,
    NoteWorkerExited,
    NudgeLead,
    ReportOutcome,
    SendToWorker,
    TellLead,
)
from agentorchestr_tui.core.decide import NUDGES
from agentorchestr_tui.core.events import OutcomeReached, Recorded
from agentorchestr_tui.core.leading import goes_on
from agentorchestr_tui.core.messages import HOUSE, LEAD
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import NOTHING, Outcome, Source, Status
from agentorchestr_tui.orchestrator.endings import closing_line, flag_stands, take_flag
from agentorchestr_tui.orchestrator.messages import Post
from agentorchestr_tui.orchestrator.prompts import NUDGE, WORKER_NUDGE
from agentorchestr_tui.orchestrator.senses import Senses
from agentorchestr_tui.panes.pane import Exit

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

SETTLES = 1.5  # seconds that an agent must stay idle before its turn counts as over
FLAG_EVERY = 1.0  # seconds between two looks for the flag of an agent that has no MCP to report by
WHOLE = 100_000  # lines; more than any terminal keeps
HANDS_OFF = 60.0  # seconds after a person's last key in which nobody is reminded: they are in conversation
_SPINNERS = frozenset(map(chr, range(0x2800, 0x2900)))  # a row that begins so tells only that it works
_TELLING = frozenset({Status.IDLE, Status.UNKNOWN, Status.NEEDS_INPUT})  # a status in which a flag may have come


class Turns:
    """Waits for what the senses tell, for time to pass, and for the end of the process."""

    def __init__(self, orchestrator: Orchestrator, who: str, senses: Senses, post: Post) -> None:
        self._orchestrator = orchestrator
        self._who = who
        self._senses = senses
        self._pane = senses.pane
        self._post = post
        self._stirred = asyncio.Event()
        self._worked = False
        self._reminded = False
        self._turn_line = 0
        self._waiting = False
        self._idle_since: float | None = None
        self._look_for_flag = False
        self._stop_news = orchestrator.listen(self._news) if who == LEAD else None

    def began(self, *, new: bool) -> None:
        """Begin a turn: what the screen said so far no longer counts; a `new` one may be reminded again."""
        self._worked = self._senses.status is Status.WORKING  # a message in mid-turn begins none that shows
        self._reminded = self._reminded and not new
        self._turn_line = self._pane.emulator.settled

    def took_up(self) -> None:
        """Take a turn that ran while nobody watched for one."""
        self._worked = True

    def judged(self, verdict: Verdict) -> None:
        """Take a change of status."""
        self._idle_since = self._now() if verdict.status is Status.IDLE else None
        self._worked = self._worked or verdict.status is Status.WORKING
        self._look_for_flag = self._look_for_flag or verdict.status in _TELLING
        self._stirred.set()

    def close(self) -> None:
        """Stop listening."""
        if self._stop_news is not None:
            self._stop_news()

    async def run(self) -> None:
        """Do what is due, to the end of the process."""
        while self._pane.exit is None:
            stirred = await self._bell()
            self._stirred.clear()
            await self._flag()
            if self._due(stirred=stirred):
                await self._stopped()
        self._senses.close()
        self.close()
        await self._ended(await self._pane.wait())
        await self._pane.end()  # what it left running goes with it

    def ring_again(self) -> None:
        """Look what is due: what was known of the turn has changed."""
        self._stirred.set()

    def ring(self) -> None:
        """Look what is due: the pane rang for the last time."""
        if self._pane.exit is not None:
            self._stirred.set()

    async def _bell(self) -> bool:
        try:
            async with asyncio.timeout(self._patience):  # wait_for loses a cancellation before Python 3.12
                await self._stirred.wait()
        except TimeoutError:
            return False
        return True

    @property
    def _patience(self) -> float:
        """How long to wait, in seconds, before something else is due."""
        if self._idle_since is not None and (self._worked or self._post.first) and not self._parked:
            rested = self._idle_since + self._settling
            hands_off = self._orchestrator.typed_at(self._who) + HANDS_OFF
            return max(0.01, max(rested, hands_off) - self._now())
        if self._flagged:
            return FLAG_EVERY - self._now() % FLAG_EVERY  # all that look do so in one turn of the event loop
        return self._orchestrator.ground.settings.lead_silence_s

    @property
    def _settling(self) -> float:
        """How long it must be idle, in seconds: longer for a lead that may have asked the person at the screen."""
        attended = self._who == LEAD and self._orchestrator.ground.attended and not self._post.first
        return self._orchestrator.ground.settings.lead_silence_s if attended else SETTLES

    @property
    def _flagged(self) -> bool:
        """Say whether only a flag can tell that its task has ended."""
        return self._who != LEAD and self._senses.card.mcp is None

    @property
    def _parked(self) -> bool:
        return self._orchestrator.state.parked(self._who)

    def _due(self, *, stirred: bool) -> bool:
        """Say whether its turn is over, or it has been silent in mid-turn for longer than a person would stand."""
        if self._parked or self._now() - self._orchestrator.typed_at(self._who) < HANDS_OFF:
            return False
        if self._idle_since is not None:
            return bool(self._worked or self._post.first) and self._now() >= self._idle_since + self._settling
        return not stirred and self._who == LEAD and self._senses.status is Status.WORKING

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    # -- ends of turns ------------------------------------------------------------------------------------------------

    async def _stopped(self) -> None:
        """Do what is due when an agent has stopped: its first message, or the end of its turn."""
        if self._post.first:
            await self._post.submit_first()
        elif self._orchestrator.state.queued(self._who):
            self._worked = False  # what waits for it is its next turn
        elif self._who == LEAD:
            await self._lead_stopped()
        else:
            await self._worker_stopped()

    async def _lead_stopped(self) -> None:
        session = self._orchestrator.state
        self._worked = False
        if session.over:
            return
        if session.live_workers or goes_on(session):
            self._waiting = True
        elif not (self._orchestrator.ground.attended and session.lead and session.lead.nudges >= NUDGES):
            await self._orchestrator.perform(NudgeLead(NUDGE))

    def _news(self, recorded: Recorded, session: Session) -> None:
        """Tell a lead that ended its turn while workers were at work what became of them."""
        if goes_on(session):
            return  # the plan moves on by itself, and tells when it cannot
        event, idle = recorded.event, self._senses.status is Status.IDLE
        if isinstance(event, OutcomeReached) and self._waiting and idle and not session.over:
            self._waiting = False
            words = f"{event.worker_id} ended as {event.outcome}: {event.summary or 'no summary'}. Go on with the goal."
            self._orchestrator.perform_later(TellLead(words, by=HOUSE))

    async def _worker_stopped(self) -> None:
        worker = self._worker
        if worker is None or not worker.live:
            return
        self._worked = False
        if line := closing_line(self._lines(), worker):
            await self._report(line[0], line[1], Source.LINE, confirmed=False)
        elif not self._reminded:
            self._reminded = True
            await self._orchestrator.perform(SendToWorker(worker.id, WORKER_NUDGE, by=HOUSE))
        else:
            await self._report(Outcome.BLOCKED, "It stopped without a word on how its task ended.", Source.TURN)

    async def _flag(self) -> None:
        worker = self._worker
        if worker is None or not worker.live or not (self._look_for_flag or self._flagged or self._pane.exit):
            return
        self._look_for_flag = False
        if not flag_stands(Path(worker.worktree)):
            return
        flag = await asyncio.to_thread(take_flag, Path(worker.worktree), worker.nonce)
        if flag is not None:
            await self._report(flag[0], flag[1], Source.FLAG, confirmed=True)

    async def _ended(self, how: Exit) -> None:
        if self._who == LEAD:
            words = f"{how.sentence}{self._last_words()}"
            await self._orchestrator.perform(NoteLeadExited(how.code, words, replace=not self._left_alone(how)))
            return
        self._look_for_flag = True
        await self._flag()
        worker = self._worker
        if worker is not None and worker.live:
            await self._judge_exit(worker, how)
        await self._orchestrator.perform(NoteWorkerExited(self._who, how.code, how.sentence))

    def _left_alone(self, how: Exit) -> bool:
        """Say whether a person who watches has ended the lead in good order, and need not be given another."""
        return how.code == 0 and self._orchestrator.ground.attended

    async def _judge_exit(self, worker: Worker, how: Exit) -> None:
        if line := closing_line(self._lines(), worker):
            await self._report(line[0], line[1], Source.LINE)
        elif self._parked:
            words = f"It met a limit, and its process {how.sentence}: spawn it again when the limit is over."
            await self._report(Outcome.BLOCKED, words, Source.EXIT)
        elif how.code == 0:
            await self._report(Outcome.DONE, f"Its process {how.sentence} without a report.", Source.EXIT)
        else:
            await self._report(Outcome.FAILED, f"Its process {how.sentence}{self._last_words() or '.'}", Source.EXIT)

    async def _report(self, outcome: Outcome, summary: str, source: Source, *, confirmed: bool = False) -> None:
        await self._orchestrator.perform(ReportOutcome(self._who, outcome, summary, source, confirmed, NOTHING))

    # -- looks --------------------------------------------------------------------------------------------------------

    @property
    def _worker(self) -> Worker | None:
        return self._orchestrator.state.workers.get(self._who)

    def _lines(self) -> list[str]:
        return [line.text for line in self._pane.emulator.transcript(start=self._turn_line, limit=WHOLE)]

    def _last_words(self) -> str:
        said = [line.text.strip() for line in self._pane.emulator.transcript()]
        said = [line for line in said if any(map(str.isalnum, line)) and line[0] not in _SPINNERS]
        return f": {' / '.join(said[-3:])}" if said else ""

"""What the running agents do, seen from their panes when these ring: status, done flags, closing lines, ends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.agents.card import Card, Field
from agentorchestr_tui.agents.context import ContextReader
from agentorchestr_tui.agents.status import Judge, Signal, Verdict
from agentorchestr_tui.core.commands import (
    NoteContext,
    NoteLeadExited,
    NoteStatus,
    NoteWorkerExited,
    NudgeLead,
    ReportOutcome,
    SendToWorker,
    TellLead,
)
from agentorchestr_tui.core.decide import NUDGES
from agentorchestr_tui.core.events import OutcomeReached, Recorded
from agentorchestr_tui.core.leading import goes_on
from agentorchestr_tui.core.messages import HOUSE
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import NOTHING, Outcome, Source, Status
from agentorchestr_tui.emulator import events as heard
from agentorchestr_tui.orchestrator.endings import closing_line, take_flag
from agentorchestr_tui.orchestrator.messages import Messenger
from agentorchestr_tui.orchestrator.prompts import NUDGE, WORKER_NUDGE
from agentorchestr_tui.panes.pane import Exit, Pane

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

LEAD = "lead"
LOOK_EVERY = 0.1  # seconds between two looks at one busy screen
SETTLES = 1.5  # seconds that an agent must stay idle before its turn counts as over
FLAG_EVERY = 1.0  # seconds between two looks for the flag of a silent agent that has no MCP to report by
STARTS = 20.0  # seconds after which a screen that no rule fits is unknown, and no longer starting
SEEN = 500  # characters of the text that decided a status, as the log keeps them
HANDS_OFF = 60.0  # seconds after a person's last key in which nothing of ours is typed beside them


class Watcher:
    """Watches every running agent of a session."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._watches: dict[str, Watch] = {}

    def watch(self, orchestrator: Orchestrator, who: str, card: Card, pane: Pane, message: str = "") -> None:
        """Watch an agent from now on; `message` is submitted once it is idle."""
        self._watches[who] = Watch(orchestrator, self._messenger, who, card, pane, message)

    def watch_again(self, orchestrator: Orchestrator, who: str, card: Card, pane: Pane, seen: str) -> None:
        """Watch an agent that ran on while nobody looked; `seen` is what last decided its status."""
        self.watch(orchestrator, who, card, pane)
        self._watches[who].take_up(seen)

    def turn_began(self, who: str, *, new: bool) -> None:
        """Note that an agent was given something to say; a `new` turn may be reminded again."""
        if who in self._watches:
            self._watches[who].turn_began(new=new)

    async def drop(self, who: str) -> None:
        """Watch an agent no more: another takes its place."""
        if watch := self._watches.pop(who, None):
            watch.deafen()
            await tasks.end([watch.task])

    async def stop(self) -> None:
        """Stop watching."""
        await tasks.end([watch.task for watch in self._watches.values()])
        for watch in self._watches.values():
            watch.deafen()


class Watch:
    """One agent in its pane: rung by output, it looks at most ten times a second."""

    def __init__(
        self, orchestrator: Orchestrator, messenger: Messenger, who: str, card: Card, pane: Pane, message: str
    ) -> None:
        self._orchestrator = orchestrator
        self._messenger = messenger
        self._who = who
        self._card = card
        self._pane = pane
        self._message = message
        self._judge = Judge(card.status)
        self._context = ContextReader(card.context)
        self._rung = asyncio.Event()
        self._status = Status.STARTING
        self._worked = False
        self._reminded = False
        self._turn_line = 0
        self._waiting = False
        self._reported = ""
        self._idle_since: float | None = None
        self._settled = self._now() + STARTS
        self._stop = [pane.listen(self._ring), pane.listen_events(self._hear)]
        if who == LEAD:
            self._stop.append(orchestrator.listen(self._news))
        self.task = tasks.start(self._watch(), name=f"watch {who}")

    def turn_began(self, *, new: bool) -> None:
        """Begin a turn: what the screen said so far no longer counts."""
        self._worked = False
        self._reminded = self._reminded and not new
        self._turn_line = self._next_line()

    def take_up(self, seen: str) -> None:
        """Judge by what was heard before, and call the turn over if it is idle."""
        self._worked = True
        if self._status is not Status.STARTING:
            return  # it told more since
        self._hear(heard.Title(self._pane.emulator.title))
        if seen.startswith("state="):
            self._reported = seen
            self._note(self._judge.hear(Signal(Field.OSC7501, seen)))

    def deafen(self) -> None:
        """Stop listening to the pane."""
        for stop in self._stop:
            stop()

    # -- the loop -----------------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        while self._pane.exit is None:
            rang = await self._bell()
            self._rung.clear()
            await self._look()
            if self._due(rang=rang):
                await self._stopped()
            await asyncio.sleep(LOOK_EVERY)
        self.deafen()
        await self._ended(await self._pane.wait())
        await self._pane.end()  # what it left running goes with it

    async def _bell(self) -> bool:
        try:
            async with asyncio.timeout(self._patience):  # wait_for loses a cancellation before Python 3.12
                await self._rung.wait()
        except TimeoutError:
            return False
        return True

    @property
    def _patience(self) -> float:
        """How long to wait for the bell, in seconds, before something else is due."""
        if self._idle_since is not None and (self._worked or self._message):
            rested = self._idle_since + self._settling
            return max(0.0, max(rested, self._orchestrator.typed_at(self._who) + HANDS_OFF) - self._now())
        if self._status is Status.STARTING:
            return STARTS
        if self._who != LEAD and self._card.mcp is None:
            return FLAG_EVERY
        return self._orchestrator.ground.settings.lead_silence_s

    @property
    def _settling(self) -> float:
        """How long it must be idle, in seconds: longer for a lead that may have asked the person at the screen."""
        attended = self._who == LEAD and self._orchestrator.ground.attended and not self._message
        return self._orchestrator.ground.settings.lead_silence_s if attended else SETTLES

    def _due(self, *, rang: bool) -> bool:
        """Say whether its turn is over, or it has been silent in mid-turn for longer than a person would stand."""
        if self._now() - self._orchestrator.typed_at(self._who) < HANDS_OFF:
            return False  # a person is in conversation with it
        if self._idle_since is not None:
            return bool(self._worked or self._message) and self._now() >= self._idle_since + self._settling
        return not rang and self._who == LEAD and self._status is Status.WORKING

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def _ring(self, _pane: Pane) -> None:
        self._rung.set()

    def _hear(self, event: heard.Event) -> None:
        match event:
            case heard.Title():
                self._note(self._judge.hear(Signal(Field.TITLE, event.text)))
            case heard.ProgramStatus():
                self._reported = f"state={event.state} kind={event.kind} msg={event.message}"
                self._note(self._judge.hear(Signal(Field.OSC7501, self._reported)))
            case _:
                pass

    async def _look(self) -> None:
        self._note(self._judge.look(self._pane.emulator.display))
        if use := self._context.look(self._pane.emulator.display, self._pane.emulator.title):
            await self._orchestrator.perform(NoteContext(self._who, use))
        if self._status is Status.STARTING and self._now() > self._settled:
            self._note(self._judge.settle())
        worker = self._worker
        if worker is not None and worker.live:
            await self._flag(worker)

    def _note(self, verdict: Verdict | None) -> None:
        if verdict is None or self._pane.exit is not None:
            return
        self._status = verdict.status
        self._idle_since = self._now() if verdict.status is Status.IDLE else None
        self._worked = self._worked or verdict.status is Status.WORKING
        seen = self._reported if verdict.evidence.startswith("state=") else verdict.evidence
        note = NoteStatus(self._who, verdict.status, verdict.rule, seen[:SEEN])
        tasks.start(self._orchestrator.perform(note), name=f"status of {self._who}")
        self._rung.set()

    # -- ends of turns ------------------------------------------------------------------------------------------------

    async def _stopped(self) -> None:
        """Do what is due when an agent has stopped: its first message, or the end of its turn."""
        if self._message:
            await self._first_message()
        elif self._who == LEAD:
            await self._lead_stopped()
        else:
            await self._worker_stopped()

    async def _first_message(self) -> None:
        message, self._message = self._message, ""
        await self._messenger.deliver(self._pane, self._card.submit, message)

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
        event = recorded.event
        if goes_on(session):
            return  # the plan moves on by itself, and tells when it cannot
        if isinstance(event, OutcomeReached) and self._waiting and self._status is Status.IDLE and not session.over:
            self._waiting = False
            words = f"{event.worker_id} ended as {event.outcome}: {event.summary or 'no summary'}. Go on with the goal."
            tasks.start(self._orchestrator.perform(TellLead(words, by=HOUSE)), name="news for the lead")

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

    async def _flag(self, worker: Worker) -> None:
        flag = await asyncio.to_thread(take_flag, Path(worker.worktree), worker.nonce)
        if flag is not None:
            await self._report(flag[0], flag[1], Source.FLAG, confirmed=True)

    async def _ended(self, how: Exit) -> None:
        if self._who == LEAD:
            words = f"{how.sentence}{self._last_words()}"
            await self._orchestrator.perform(NoteLeadExited(how.code, words, replace=not self._left_alone(how)))
            return
        worker = self._worker
        if worker is not None and worker.live:
            await self._flag(worker)
        if worker is not None and self._worker is not None and self._worker.live:
            await self._judge_exit(worker, how)
        await self._orchestrator.perform(NoteWorkerExited(self._who, how.code, how.sentence))

    def _left_alone(self, how: Exit) -> bool:
        """Say whether a person who watches has ended the lead in good order, and need not be given another."""
        return how.code == 0 and self._orchestrator.ground.attended

    async def _judge_exit(self, worker: Worker, how: Exit) -> None:
        if line := closing_line(self._lines(), worker):
            await self._report(line[0], line[1], Source.LINE)
        elif how.code == 0:
            await self._report(Outcome.DONE, f"Its process {how.sentence} without a report.", Source.EXIT)
        else:
            await self._report(Outcome.FAILED, f"Its process {how.sentence}.{self._last_words()}", Source.EXIT)

    async def _report(self, outcome: Outcome, summary: str, source: Source, *, confirmed: bool = False) -> None:
        await self._orchestrator.perform(ReportOutcome(self._who, outcome, summary, source, confirmed, NOTHING))

    # -- looks --------------------------------------------------------------------------------------------------------

    @property
    def _worker(self) -> Worker | None:
        return self._orchestrator.state.workers.get(self._who)

    def _lines(self) -> list[str]:
        return [line.text for line in self._pane.emulator.transcript(start=self._turn_line)]

    def _next_line(self) -> int:
        return self._pane.emulator.settled

    def _last_words(self) -> str:
        said = [line.text.strip() for line in self._pane.emulator.transcript() if line.text.strip()]
        return f": {' / '.join(said[-3:])}" if said else ""

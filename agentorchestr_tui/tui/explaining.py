"""Why an agent stands as it does: the rule that judged it, on what text, since when, and what its card goes by."""

from __future__ import annotations

import time
from collections.abc import Iterator

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.events import StatusChanged
from agentorchestr_tui.core.phrases import heard, span
from agentorchestr_tui.core.state import Lead, Session, Worker
from agentorchestr_tui.core.words import Status
from agentorchestr_tui.orchestrator.explaining import Change, authority, changes, saw, seen_words, source
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.times import clock
from agentorchestr_tui.tui import looks
from agentorchestr_tui.tui.looks import LEAD, MUTED
from agentorchestr_tui.tui.panel import Choice, Hanging, Panel, words
from agentorchestr_tui.tui.waiting import waits

TICK = 1.0  # seconds between two looks at the state
KEPT = 50  # changes of status that are listed
_NAME, _CHANGE = 10, 24  # cells before what a row says
NOTHING_SEEN = "Nothing was seen of it yet that tells what it does: it is starting, or ended at once."
_HAPPENED = {"ended": "has ended", "failed": "has failed", "ended by order": "was ended", "left": "has left"}
_BACK = Choice("escape", "esc", "back", "back")


class ExplainPanel(Panel):
    """Explains the status of the lead or of a worker, as it is now and as it was; it goes on while it is open."""

    def __init__(self, orchestrator: Orchestrator, who: str) -> None:
        self._orchestrator = orchestrator
        self._who = who
        self._present = Static("", markup=False)
        self._earlier = Static("", markup=False)
        self._listed: tuple[Status, float] | None = None  # the judgement that the list goes up to
        super().__init__("", (_BACK,))

    def body(self) -> ComposeResult:
        """Show the present judgement, and the ones before."""
        yield self._present
        yield words(Content.styled("\nEach change of its status, the newest first", MUTED))
        yield self._earlier

    def on_mount(self) -> None:
        """Look at once, and again and again."""
        self._look()
        self.set_interval(TICK, self._look)

    def answer_to(self, key: str) -> str:
        """Go back by what closes other screens too."""
        return "back" if key in ("escape", "q", "enter") else ""

    def _look(self) -> None:
        self._frame.border_title = f"Why {_named(self._orchestrator.state, self._who)} {self._stands}"
        self._present.update(Hanging([(_NAME, line) for line in self._lines()]))
        one = self._one
        judged = (one.status, one.since) if one else None
        if judged != self._listed or judged is None:
            self._listed = judged
            tasks.start(self._list(), name=f"explain {self._who}")

    @property
    def _one(self) -> Lead | Worker | None:
        session = self._orchestrator.state
        return session.lead if self._who == LEAD else session.workers.get(self._who)

    @property
    def _stands(self) -> str:
        session, one = self._orchestrator.state, self._one
        if one is None:
            return "is not there yet"
        look = looks.lead_look(one, session) if isinstance(one, Lead) else looks.look_of(one, session)
        return look.word if look is looks.NEEDS else _HAPPENED.get(look.word, f"is {look.word}")

    async def _list(self) -> None:
        session = self._orchestrator.state
        try:
            log = await self._orchestrator.ground.log.read(session.id)
        except OrchestraError as error:
            self._earlier.update(str(error))
            return
        found: list[Change] = list(changes(log, self._who))[-KEPT:]
        if self.is_attached:
            rows = [(_CHANGE, Content(f"  {_told(at, change)}")) for at, change in reversed(found)]
            self._earlier.update(Hanging(rows or [(2, Content(f"  {NOTHING_SEEN}"))]))

    def _lines(self) -> Iterator[Content]:
        session, one = self._orchestrator.state, self._one
        if one is None:
            yield Content("The lead is being started.")
            return
        look = looks.lead_look(one, session) if isinstance(one, Lead) else looks.look_of(one, session)
        since = f"since {clock(one.since)}, for {span(time.time() - one.since)}" if one.since else "since its start"
        yield _row("status", f"{_word(one.status)}, {since}")
        shown = Content.assemble((f"{look.glyph} {look.word}", look.style), _besides(one, session))
        yield _row("shown", shown)
        yield _row("seen", saw(one.seen) or "nothing yet that tells what it does")
        if found := self._orchestrator.ground.agents.get(one.agent):
            if one.rule and (where := source(found.card, one.rule)):
                yield _row("by", f"the rule “{one.rule}”, {where}")
            yield _row("agent", f"{one.agent} is judged by {authority(found.card)}")
        if waiting := waits(self._orchestrator, self._who):
            yield _row("messages", waiting)


def _told(at: float, change: StatusChanged) -> str:
    """Say a change in a line: when, to what, and on what that was seen."""
    return f"{clock(at)} {_word(change.status):<12} {saw(change.seen) or 'nothing was seen that tells it'}"


def _word(status: Status) -> str:
    return looks.NEEDS.word if status is Status.NEEDS_INPUT else status


def _row(name: str, said: str | Content) -> Content:
    return Content.assemble((f"{name:<{_NAME}}", MUTED), said)


def _besides(one: Lead | Worker, session: Session) -> str:
    """Say what is shown in place of the status, and why."""
    if isinstance(one, Worker) and one.outcome:
        return f", {heard(one.source)}" if one.source else ""
    if one.ended:
        return f", it {one.ended}"
    needs = [need.text for need in session.needs_of(one.id if isinstance(one, Worker) else LEAD) if not need.answer]
    return f": {seen_words(needs[0])}" if needs else ""


def _named(session: Session, who: str) -> str:
    worker = session.workers.get(who)
    return f"{who} {worker.perspective}" if worker else "the lead"

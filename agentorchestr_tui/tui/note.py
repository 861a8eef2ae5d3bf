"""The note: a message to the lead or to a worker, now or after its turn, with what became of it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from agentorchestr_tui.core.commands import Command, SendToWorker, TellLead
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.events import MessageQueued
from agentorchestr_tui.core.state import Message, Session
from agentorchestr_tui.core.words import Receipt, When
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.tui.composer import Composer, row
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.looks import LEAD, named
from agentorchestr_tui.tui.waiting import waits
from agentorchestr_tui.widgets.picks import Pick, Picks

EXAMPLE = "For example: leave the public API as it is; the tests in tests/slow may be skipped"
RECEIPT = 8.0  # seconds that the modal waits to say that a message was taken; a toast says it later
_NOW, _LATER = "at once", "after its turn"


class NoteScreen(Composer):
    """An editor for a message to `who`; it closes with the receipt, or stays and says why not."""

    DEFAULT_CSS = """
    NoteScreen {
        & > Vertical { height: 16; }
    }
    """

    def __init__(self, drafts: Drafts, orchestrator: Orchestrator, who: str) -> None:
        session = orchestrator.state
        self._who = who
        heading = "A note to the lead" if who == LEAD else f"A message to {named(session, who)}"
        super().__init__(heading, EXAMPLE, "send", drafts, f"note {session.id} {who}")
        self._orchestrator = orchestrator
        self._when = Picks(id="when")
        self._stands = Static("", markup=False, classes="said")

    def facts(self) -> ComposeResult:
        """Ask when, and say how its reader stands."""
        yield row("when", self._when)
        yield self._stands

    def on_mount(self) -> None:
        """Offer now and later."""
        super().on_mount()
        self._when.offer([Pick(_NOW), Pick(_LATER)], [_NOW])
        waiting = waits(self._orchestrator, self._who)
        self._stands.update(f"{waiting}." if waiting else "")
        self._stands.display = bool(waiting)

    async def hand_over(self, text: str) -> str:
        """Send, and wait a little for the receipt."""
        when = When.NOW if _NOW in self._when.chosen else When.AFTER_TURN
        to_lead = self._who == LEAD
        wish: Command = TellLead(text, when) if to_lead else SendToWorker(self._who, text, when, by="person")
        try:
            granted = await self._orchestrator.perform(wish)
        except OrchestraError as error:
            return str(error)
        if isinstance(granted, Refused):
            return granted.reason
        queued = next(each.event.message_id for each in granted if isinstance(each.event, MessageQueued))
        if when is When.NOW:
            why = self._orchestrator.why_waits(self._orchestrator.state.messages[queued])
            whom = named(self._orchestrator.state, self._who)
            self.show_trouble(f"queued for {whom}: {why}." if why else f"queued for {whom}…", sign="")
            await self._orchestrator.until(lambda now: now.messages[queued].receipt is not Receipt.QUEUED, RECEIPT)
        message = self._orchestrator.state.messages[queued]
        if when is When.NOW and message.receipt is Receipt.QUEUED:
            self.notify(receipt(self._orchestrator.state, message, self._orchestrator.why_waits(message)), timeout=8)
        return message.reason if message.receipt is Receipt.REFUSED else ""


def receipt(session: Session, message: Message, why: str = "") -> str:
    """Say what became of a message; `why` it waits, if it does."""
    whom = named(session, message.to)
    match message.receipt:
        case Receipt.ACCEPTED:
            return f"{whom} has your message."
        case Receipt.REFUSED:
            return f"{whom} did not get your message: {message.reason}"
        case _:
            if why:
                return f"queued for {whom}: {why}."
            later = " gets it after its turn" if message.when is When.AFTER_TURN else " gets it once it takes it"
            return f"queued: {whom}{later}."

"""The attendant: tells the person, on the screen and outside it, what a session brings, and when it is over."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from agentorchestr_tui.core.events import MessageDelivered, MessageQueued, MessageRefused, Recorded
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Receipt, When
from agentorchestr_tui.tui.inbox import InboxScreen
from agentorchestr_tui.tui.note import receipt
from agentorchestr_tui.tui.notices import Gaze, Herald

if TYPE_CHECKING:
    from agentorchestr_tui.tui.app import OrchestraApp

SETTLES = 0.5  # seconds in which what needs a person may pass by itself, before anybody is told
QUIET = 1.2  # seconds without a key, after which nobody is typing


class Attendant:
    """Hears every event of the session that one application shows."""

    def __init__(self, app: OrchestraApp) -> None:
        self._app = app
        self._herald = Herald(app.visit.loudness, app.bell, app.write_out)
        self._looking = False
        self.told_of_end = False  # the summary is on its way, was seen, or is not wanted
        self.summary_seen = False
        self.unbidden = False  # the summary that is shown next was asked for by nobody

    def hear(self, recorded: Recorded, session: Session) -> None:
        """Say what became of the person's messages, look for what needs them, and notice the end."""
        match recorded.event:
            case MessageDelivered(message_id) | MessageRefused(message_id):
                if (message := session.messages.get(message_id)) and message.by == "person":
                    self._toast(receipt(session, message), attention=message.receipt is Receipt.REFUSED)
            case MessageQueued(by="person") as queued if queued.when is When.AFTER_TURN:
                self._toast(receipt(session, session.messages[queued.message_id]))
            case _:
                pass
        if not self._looking:
            self._looking = True
            self._app.call_later(self._app.set_timer, SETTLES, self._look)
        if session.over and not self.told_of_end:
            self.told_of_end = True
            self._app.call_later(self._sum_up_when_free)

    def _look(self) -> None:
        """Tell the world outside what newly needs a person; short-lived states have passed by now."""
        self._looking = False
        app = self._app
        if not app.screen_stack:
            return  # it is being left
        stage, screen = app.stage, app.screen
        who = stage.situation.focus if screen is stage else ""
        gaze = Gaze(who, app.app_focus, app.focus_is_known, everything=isinstance(screen, InboxScreen))
        self._herald.look(stage.session, gaze)

    def _toast(self, words: str, *, attention: bool = False) -> None:
        self._app.call_later(self._app.notify, words, severity="warning" if attention else "information")

    async def _sum_up_when_free(self, *, told: bool = False) -> None:
        """Show the summary once nobody types, here or in another screen: no key meant for something else may choose."""
        app = self._app
        if app.leaving or self.summary_seen or not app.screen_stack:
            return
        if app.screen is app.stage and monotonic() - app.last_key > QUIET:
            self.unbidden = True
            await app.show("summary")
            return
        if not told:
            app.notify("The session has reached its end. The summary comes once you are back and do not type.")
        app.set_timer(QUIET / 4, lambda: self._sum_up_when_free(told=True))

"""What a person types and clicks takes effect in the order it came, however long a screen takes to open.

Textual hands each key to whoever has the focus when it arrives. Where keys come in a burst, as over a slow line, those
behind the one that opens a screen would reach the agent below it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from enum import Enum, auto

from textual import events
from textual.app import App, ScreenStackError
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

from agentorchestr_tui import tasks
from agentorchestr_tui.tui.house import Parting

LONGEST = 2.0  # seconds that a key waits for what the one before it does
_LOOK = 0.1  # seconds between two looks whether somebody who is to answer has gone
_ROUNDS = 2  # what a widget tells itself reaches the screen in the second


class Effect(Enum):
    """What an event may have changed for the next one."""

    NOTHING = auto()
    TEXT = auto()  # in a line that is written: more text may follow at once, and a key only when it is told
    ANYTHING = auto()  # who the next one is for


class Turns:
    """Holds keys, pastes and the mouse back while what came before them has not had its effect.

    `take` does what one event asks for.
    """

    def __init__(self, app: App[Parting], take: Callable[[events.Event], Awaitable[Effect]]) -> None:
        self._app = app
        self._take = take
        self._waiting: deque[events.Event] = deque()
        self._settling = 0  # effects that are waited for
        self._written: Widget | None = None  # whose text changed, of which not all may have been told

    async def take(self, event: events.Event) -> None:
        """Do what an event asks for, now or in its turn."""
        if self._written is not None and not (isinstance(event, events.Key) and event.is_printable):
            self._wait_for(self._written)
            self._written = None
        if self._settling or self._waiting:
            self._waiting.append(event)
        else:
            await self.take_now(event)

    async def take_now(self, event: events.Event) -> None:
        """Do what an event asks for before all that wait: it is part of what they wait for."""
        origin = self._place_of(event)
        match await self._take(event):
            case Effect.ANYTHING:
                self._wait_for(origin)
            case Effect.TEXT:
                self._written = origin
            case Effect.NOTHING:
                pass

    def _wait_for(self, origin: Widget) -> None:
        self._settling += 1
        tasks.start(self._settle(origin), name="let a key have its effect")

    def _place_of(self, event: events.Event) -> Widget:
        """Return who will hear of an event first."""
        if isinstance(event, events.MouseUp):  # of all that the mouse does, a click alone has more than one effect
            with suppress(Exception):  # Textual's NoWidget, and what a screen says that is not laid out yet
                return self._app.get_widget_at(event.x, event.y)[0]
        return self._here()

    def _here(self) -> Widget:
        return self._app.focused or self._app.screen

    async def _settle(self, origin: Widget) -> None:
        """Wait until nobody whom an event reached has anything left to do, and the focus stays where it is."""
        try:
            with suppress(TimeoutError, ScreenStackError):
                async with asyncio.timeout(LONGEST):
                    await self._all_heard(origin)
        finally:
            self._settling -= 1
            self._app.call_later(self._go_on)

    async def _all_heard(self, origin: Widget) -> None:
        seen: list[tuple[Screen[object], Widget | None]] = []
        while len(seen) < _ROUNDS or seen[-1] != seen[-2]:
            for node in _upwards(origin, self._here()):
                await _heard(node)
            seen.append((self._app.screen, self._app.focused))

    async def _go_on(self) -> None:
        if not self._settling:
            waiting, self._waiting = self._waiting, deque()
            for event in waiting:
                await self.take(event)


def _upwards(*places: Widget) -> Iterable[DOMNode]:
    """Return all who hear of what happens in some places, the application last."""
    everyone = {node: None for place in places for node in place.ancestors_with_self}
    return sorted(everyone, key=lambda node: isinstance(node, App))


async def _heard(pump: MessagePump) -> None:
    """Wait until somebody has done what was asked of them so far, or has gone."""
    done = asyncio.Event()
    if not pump.call_later(done.set):
        return
    while not done.is_set() and pump.is_running:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK):
                await done.wait()

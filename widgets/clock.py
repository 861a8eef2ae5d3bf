"""The frame clock: one for all terminals of an app, so that many tiles cost one update."""

from __future__ import annotations

import asyncio
from contextvars import Context, copy_context
from typing import Protocol
from weakref import WeakKeyDictionary

from textual.app import App

FRAME = 1 / 30  # seconds
BACKGROUND_FRAME = 1 / 24  # seconds, for tiles without the focus
SLOWEST_FRAME = 1 / 8  # seconds, for them too, when drawing takes long
HUSH = 0.02  # seconds that the background waits after a key: its echo comes first
REST = 5  # times what drawing the background took, until it is drawn again: its parsing and writing want time too
FOCUSED_FRAME = 1 / 120  # seconds; a typed key's echo waits for no other tile


class Drawable(Protocol):
    """What the clock draws."""

    @property
    def has_focus(self) -> bool:
        """Whether a person types into it."""

    def draw_frame(self) -> None:
        """Bring the glass up to date."""


class FrameClock:
    """Draws what was marked, together and not too often.

    Textual itself writes at most `TEXTUAL_FPS` (60) updates a second, and after one may wait two periods for the next:
    an app that shows many terminals sets that variable to 240 before it imports Textual, and leaves the pace to us.
    """

    def __init__(self) -> None:
        self._marked: set[Drawable] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._last = self._last_focused = self._last_background = 0.0
        self._background_frame = BACKGROUND_FRAME
        self._hushed_until = 0.0
        self._context: Context = copy_context()

    @classmethod
    def of(cls, app: App[object]) -> FrameClock:
        """Return the app's clock; called first from inside the app, whose context the frames then run in."""
        clock = _clocks.get(app)
        if clock is None:
            clock = _clocks[app] = cls()
        return clock

    def mark(self, terminal: Drawable) -> None:
        """Draw a terminal at the next frame."""
        self._marked.add(terminal)
        loop = asyncio.get_running_loop()
        due = max(loop.time(), self._due(terminal))
        if self._timer is not None:
            if self._timer.when() <= due:
                return
            self._timer.cancel()
        self._timer = loop.call_at(due, self._tick, context=self._context)

    def hush(self) -> None:
        """Let the background wait a moment: somebody typed."""
        self._hushed_until = asyncio.get_running_loop().time() + HUSH

    def forget(self, terminal: Drawable) -> None:
        """Draw a terminal no more."""
        self._marked.discard(terminal)

    def _due(self, terminal: Drawable) -> float:
        if terminal.has_focus:
            return self._last_focused + FOCUSED_FRAME
        return max(self._last + FRAME, self._next_background)

    @property
    def _next_background(self) -> float:
        return max(self._last_background + self._background_frame, self._hushed_until)

    def _tick(self) -> None:
        self._timer = None
        self._last = asyncio.get_running_loop().time()
        background = self._last >= self._next_background
        if background:
            self._last_background = self._last
        due = {terminal for terminal in self._marked if background or terminal.has_focus}
        self._marked -= due
        for terminal in due:
            if terminal.has_focus:
                self._last_focused = self._last
            terminal.draw_frame()
        if background:
            took = asyncio.get_running_loop().time() - self._last
            self._background_frame = min(max(BACKGROUND_FRAME, took * REST), SLOWEST_FRAME)
        for terminal in self._marked:
            self.mark(terminal)
            break


_clocks: WeakKeyDictionary[App[object], FrameClock] = WeakKeyDictionary()

"""The frame clock: one for all terminals of an app, so that many tiles cost one update."""

from __future__ import annotations

import asyncio
from contextvars import Context, copy_context
from time import perf_counter, thread_time
from typing import Protocol
from weakref import WeakKeyDictionary

from textual.app import App

from .ink import Ink

FRAME = 1 / 30  # seconds
BACKGROUND_FRAME = 1 / 30  # seconds, for tiles without the focus: who repaints 20 times a second misses no picture
AWAY_FRAME = 1 / 15  # seconds, for them while a person looks at another window
SLOWEST_FRAME = 1 / 8  # seconds, for them too, when drawing takes long
HUSH = 0.02  # seconds that the background waits after a key: its echo comes first
REST = 4  # times what drawing the background took, until it is drawn again: its parsing and writing want time too
STROKE = 0.004  # seconds of CPU for drawing the background at a stretch; typing gets in between
FOCUSED_FRAME = 1 / 120  # seconds; a typed key's echo waits for no other tile


class Drawable(Protocol):
    """What the clock draws."""

    @property
    def has_focus(self) -> bool:
        """Whether a person types into it."""

    def draw_frame(self) -> None:
        """Bring the glass up to date."""


class FrameClock:
    """Draws what was marked, together and not too often."""

    def __init__(self, app: App[object]) -> None:
        self._app = app
        self._ink = Ink.of(app)
        self._marked: dict[Drawable, bool] = {}  # whether they had the focus: to ask again each time is dear
        self._timer: asyncio.TimerHandle | None = None
        self._last = self._last_focused = self._last_background = 0.0
        self._background_frame = BACKGROUND_FRAME
        self._stroked = 0.0  # seconds of CPU that drawing the background took in this frame so far
        self._hushed_until = 0.0
        self._context: Context = copy_context()

    @classmethod
    def of(cls, app: App[object]) -> FrameClock:
        """Return the app's clock; called first from inside the app, whose context the frames then run in."""
        clock = _clocks.get(app)
        if clock is None:
            clock = _clocks[app] = cls(app)
        return clock

    def mark(self, terminal: Drawable) -> None:
        """Draw a terminal at the next frame."""
        self._marked[terminal] = focused = terminal.has_focus
        loop = asyncio.get_running_loop()
        due = max(loop.time(), self._due(focused))
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
        self._marked.pop(terminal, None)

    def _due(self, focused: bool) -> float:
        if focused:
            return self._last_focused + FOCUSED_FRAME
        return max(self._last + FRAME, self._next_background)

    @property
    def _next_background(self) -> float:
        return max(self._last_background + self._background_frame, self._hushed_until)

    def _tick(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        began = self._last = loop.time()
        background = began >= self._next_background
        for terminal in [terminal for terminal, focused in self._marked.items() if focused]:
            self._last_focused = began
            self._draw(terminal)
        if background:
            self._draw_background(began)
        self._ink.dry()
        for terminal in self._marked:
            self.mark(terminal)
            break

    def _draw_background(self, began: float) -> None:
        """Draw the others; what does not get its turn in this stroke is first in the next."""
        cost, since = thread_time(), perf_counter()
        for terminal in [terminal for terminal, focused in self._marked.items() if not focused]:
            self._draw(terminal)
            if perf_counter() - since > STROKE and thread_time() - cost > STROKE:  # only the first is cheap to ask
                break
        self._stroked += thread_time() - cost
        if not self._marked:
            self._last_background = began
            pace = BACKGROUND_FRAME if self._app.app_focus else AWAY_FRAME
            self._background_frame = min(max(pace, self._stroked * REST), SLOWEST_FRAME)
            self._stroked = 0.0
        else:
            self._last = began - FRAME  # the rest of the picture, in the next turn of the loop

    def _draw(self, terminal: Drawable) -> None:
        self._marked.pop(terminal, None)
        terminal.draw_frame()


_clocks: WeakKeyDictionary[App[object], FrameClock] = WeakKeyDictionary()

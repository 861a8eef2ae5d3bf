"""When a screen is at rest: nothing waits to be done, told or drawn, and looks in a row show the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.widgets._toast import Toast

from agentorchestr_tui import tasks
from agentorchestr_tui.widgets.clock import FrameClock

LIMIT = 60.0  # seconds until a scene stands
LOOKS = 3  # that show the same, with nothing waiting, until a screen is at rest


@contextmanager
def no_blinking() -> Iterator[None]:
    """Let cursors stand for as long as the block lasts."""
    with ExitStack() as stack:
        for kind in (Input, TextArea):
            stack.enter_context(patch.object(kind.__dict__["cursor_blink"], "_default", False))
        yield


@contextmanager
def unseen() -> Iterator[None]:
    """Let nothing be drawn for a terminal that is not there; the rows on the glass are asked for instead."""

    def update(compositor: Compositor, **_: object) -> None:
        compositor._dirty_regions.clear()

    with patch.object(Compositor, "render_update", update):
        yield


async def at_rest(pilot, fact: Callable[[], object] = lambda: True) -> list[Strip]:
    """Wait until a fact holds and nothing moves any more; returns the rows on the glass."""
    app, alike, before = pilot.app, 0, None
    end = time.monotonic() + LIMIT
    while alike < LOOKS:
        await pilot.pause(0.005)
        rows = strips(app)
        moves = [] if fact() else ["what it waits for"]
        moves += stirring(app)
        now = [strip._segments for strip in rows]
        alike = alike + 1 if now == before and not moves else 0
        before = now
        if time.monotonic() > end:
            raise AssertionError(f"it never came to rest: {moves}\n{text(app)}")
    return rows


def stirring(app) -> Iterator[str]:
    """Name what is still to happen."""
    yield from (f"task {task.get_name()}" for task in tasks._running)
    yield from (f"worker {worker.name}" for worker in app.workers if not worker.is_finished)
    if FrameClock.of(app)._marked:
        yield "a frame of a terminal"
    if app.animator._animations or app.animator._scheduled:
        yield "an animation"
    if app._batch_count:
        yield "a batch"
    for screen in app.screen_stack:
        if screen._callbacks or (screen is app.screen and (screen._dirty_widgets or screen._layout_required)):
            yield f"a refresh of {screen}"
        for each in screen.walk_children(with_self=True):
            yield from _stirring(each)
    for link in app.stage._links.values():
        emulator, size = link.pane.emulator, link._terminal._told_of
        if link._resizing or (
            size.area and not link.pane.covered and (emulator.columns, emulator.lines) != tuple(size)
        ):
            yield f"the size of {link.pane.name}"


def _stirring(widget: Widget) -> Iterator[str]:
    if not widget._message_queue.empty() or widget._next_callbacks:
        yield f"a message to {widget}"
    if any(_comes_once(timer) for timer in widget._timers) and not isinstance(widget, Toast):
        yield f"a timer of {widget}"


def _comes_once(timer) -> bool:
    task = timer._task
    return timer._repeat is not None and task is not None and not task.done() and timer._active.is_set()


def strips(app) -> list[Strip]:
    """Return the rows on the glass."""
    visible_screen_stack.set(app._background_screens)  # what shows through
    return app.screen._compositor.render_strips()


def text(app) -> str:
    """Return the words on the glass."""
    return "\n".join(strip.text for strip in strips(app)).replace("\u00a0", " ")

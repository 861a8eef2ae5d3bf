"""What a frame of 32 terminals costs to draw, beside the same strips through Textual's own `render_line`."""

from __future__ import annotations

import random
import statistics
import time

from textual.app import App, ComposeResult
from textual.containers import Grid
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.widgets import Terminal
from tests.speed.table import Row

TILES, ACROSS = 32, 8
SIZE = (320, 96)
FRAMES = 15
_WORDS = ("alpha", "beta", "def main():", "error", "│ ok")


class Stock(Terminal):
    """The same terminal, drawn line by line as Textual's widgets are."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Go through Textual's cache of styles, of which nothing holds: every row is new."""
        super().render_lines(crop)
        self._styles_cache.clear()
        return Widget.render_lines(self, crop)

    def render_line(self, y: int) -> Strip:
        """Return the ready strip."""
        return self._shown[y]


class Wall(App[None]):
    """A grid of one kind of terminal."""

    def __init__(self, kind: type[Terminal]) -> None:
        super().__init__()
        self.terminals = [kind(Emulator(80, 24)) for _ in range(TILES)]

    def compose(self) -> ComposeResult:
        """Lay them out."""
        with Grid() as grid:
            grid.styles.grid_size_columns = ACROSS
            yield from self.terminals

    def on_terminal_resized(self, message: Terminal.Resized) -> None:
        """Take the new size."""
        message.terminal.emulator.resize(message.columns, message.lines)


async def measure() -> list[Row]:
    """Draw every row of every tile anew."""
    ours, stock = await _frame(Terminal), await _frame(Stock)
    return [Row(f"frame of {TILES} tiles, every row new", ours * 1e3, "ms", "render_line", stock * 1e3, "at most 0.2x")]


async def _frame(kind: type[Terminal]) -> float:
    """Return the seconds of CPU of one frame: rows to strips, strips into place, and all of it as it is written."""
    chance, samples = random.Random(2), []
    app = Wall(kind)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for _ in range(FRAMES):
            for terminal in app.terminals:
                terminal.emulator.feed(_picture(chance, terminal.size.height))
            began = time.process_time()
            for terminal in app.terminals:
                terminal._compose_view()
            update = app.screen._compositor.render_update(full=True, screen_stack=app.screen_stack)
            update.render_segments(app.console)
            samples.append(time.process_time() - began)
    return statistics.median(samples)


def _picture(chance: random.Random, lines: int) -> bytes:
    row = "\x1b[{};1H\x1b[2K\x1b[3{}m{}\x1b[0m {} {}"
    rows = [
        row.format(y, y % 8, chance.choice(_WORDS), chance.choice(_WORDS), chance.random()) for y in range(1, lines + 1)
    ]
    return "".join(rows).encode()

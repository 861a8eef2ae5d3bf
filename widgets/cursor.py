"""The cursor: its shape in cells, and when it blinks."""

from __future__ import annotations

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator.colors import CURSOR
from agentorchestr_tui.emulator.rows import Row
from agentorchestr_tui.emulator.screen import Screen

from .strips import Painter

BLINK = 0.5  # seconds that a blinking cursor is shown, and then hidden
_UNDERLINES, _BARS = {3, 4}, {5, 6}  # of DECSCUSR; 1, 3 and 5 blink
_BAR = "▏"


def blinks(screen: Screen) -> bool:
    """Say whether the program asked for a blinking cursor (DECSCUSR, or mode 12 where it chose no shape)."""
    return screen.cursor_shape in {1, 3, 5} or (screen.cursor_shape == 0 and m.BLINK in screen.modes)


def draw(painter: Painter, screen: Screen, row: Row, under: Strip, x: int) -> Strip:
    """Return the strip with the cursor at `x`: a block, an underline, or a bar, which over a glyph is an underline.

    A cell holds one glyph, so a bar can stand only where there is none.
    """
    color = _color(screen)
    if screen.cursor_shape in _BARS and row.text[x : x + 1].strip("\0 ") == "":
        ground = next((look for _, look, _ in under.crop(x, x + 1)), None) or RichStyle()
        bar = Strip([Segment(_BAR, ground + RichStyle(color=color) if color else ground)], 1)
        return Strip.join([under.crop(0, x), bar, under.crop(x + 1, painter.width)])
    if screen.cursor_shape in _UNDERLINES | _BARS:
        return painter.strip_with(row, under, x, x + 1, RichStyle(underline=True, bold=True, color=color))
    return draw_block(painter, screen, row, under, x)


def draw_block(painter: Painter, screen: Screen, row: Row, under: Strip, x: int) -> Strip:
    """Return the strip with a block at `x`; it stands out of what is selected too."""
    color = _color(screen)
    block = RichStyle(bgcolor=color) if color else painter.palette.block
    return painter.strip_with(row, under, x, x + 1, block)


def _color(screen: Screen) -> RichColor | None:
    """Return the colour that the program gave its cursor (OSC 12), if any."""
    changed = screen.colors.changed.get(CURSOR)
    return RichColor.from_rgb(*changed) if changed else None

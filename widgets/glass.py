"""The glass: the strips of a view put together, rows first, then marks, place and cursor over them."""

from __future__ import annotations

from itertools import chain, pairwise, repeat

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.geometry import Region
from textual.strip import Strip

from agentorchestr_tui.emulator.rows import Row

from . import cursor
from .spans import Span
from .strips import Painter
from .view import View

_FOUND = RichStyle(underline=True, bold=True)


def compose(
    painter: Painter, view: View, rows: list[Row], place: tuple[int, int] | None, before: list[Strip]
) -> tuple[list[Strip], list[Strip]]:
    """Return what a view shows, and the same without what is laid over the rows.

    `place` is the cursor's column and row, or None if it is not shown; `before` is the second result of last time.
    """
    plain: list[Strip] = list(map(painter.strip, rows, chain(before, repeat(None))))
    shown = plain[:]
    for span in view.found_in_view():
        if span is not view.marked:
            _mark(span, shown, rows, view.top, painter, _FOUND)
    if view.marked is not None:
        _mark(view.marked, shown, rows, view.top, painter, painter.palette.selection)
    if view.back and shown:
        _draw_position(view, shown, painter)
    if place is not None and place[1] < len(shown):
        x, y = min(place[0], painter.width - 1), place[1]
        draw = cursor.draw if view.still is None else cursor.draw_block
        shown[y] = draw(painter, view.emulator.screen, rows[y], shown[y], x)
    return shown, plain


def _mark(span: Span, shown: list[Strip], rows: list[Row], top: int, painter: Painter, style: RichStyle) -> None:
    for y in range(max(0, span.start[0] - top), min(len(shown), span.end[0] - top + 1)):
        if columns := span.columns(top + y, painter.width):
            shown[y] = painter.strip_with(rows[y], shown[y], *columns, style)


def _draw_position(view: View, shown: list[Strip], painter: Painter) -> None:
    """Say at the top right how far back the view stands."""
    words = f" {view.back}/{view.farthest} "
    if (left := painter.width - len(words)) > 0:
        label = Strip([Segment(words, painter.palette.selection)], len(words))
        shown[0] = Strip.join([shown[0].crop(0, left), label])


def regions(rows: list[int], width: int) -> list[Region]:
    """Return as few regions as cover these rows and no others."""
    regions: list[Region] = []
    first = rows[0]
    for row, after in pairwise([*rows, -1]):
        if after != row + 1:
            regions.append(Region(0, first, width, row - first + 1))
            first = after
    return regions

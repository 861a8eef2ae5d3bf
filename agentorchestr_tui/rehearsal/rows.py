"""Styled text in rows of cells: measure, wrap, crop, and turn into bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from wcwidth import wcswidth, wcwidth

PLAIN, BOLD, DIM = "", "1", "90"
RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN = "31", "32", "33", "34", "35", "36"
STRONG_ACCENT = "1;36"

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PIECE = re.compile(r"\n|[^\S\n]+|\S+")


class Span(NamedTuple):
    """A run of text in one style; the style is SGR parameters, from the 16 colours that every theme maps."""

    style: str
    text: str


Row = tuple[Span, ...]
NO_ROW: Row = ()


def clean(text: str) -> str:
    """Return text without anything that would move the cursor: tabs become spaces, other controls a dot."""
    return _UNPRINTABLE.sub("·", text.replace("\r\n", "\n").expandtabs(4))


def width(text: str) -> int:
    """Return the cells that text takes."""
    if text.isascii():
        return len(text)
    cells = wcswidth(text)
    return cells if cells >= 0 else len(text)


def row_width(row: Iterable[Span]) -> int:
    """Return the cells that a row takes."""
    return sum(width(span.text) for span in row)


def cut(text: str, cells: int) -> tuple[str, str]:
    """Split text so that the first part takes at most `cells` cells."""
    if text.isascii():
        return text[:cells], text[cells:]
    taken = 0
    for place, char in enumerate(text):
        taken += max(0, wcwidth(char))
        if taken > cells:
            return text[:place], text[place:]
    return text, ""


def crop(row: Row, cells: int) -> Row:
    """Return the row in at most `cells` cells, with an ellipsis where something was cut."""
    if row_width(row) <= cells:
        return row
    kept: list[Span] = []
    left = cells - 1
    for span in row:
        text, rest = cut(span.text, left)
        kept.append(Span(span.style, text))
        left -= width(text)
        if rest:
            break
    return (*kept, Span(DIM, "…")) if cells > 0 else NO_ROW


def pad(row: Row, cells: int) -> Row:
    """Return the row cropped or filled with blanks to exactly `cells` cells."""
    row = crop(row, cells)
    return (*row, Span(PLAIN, " " * (cells - row_width(row))))


def wrap(spans: Iterable[Span], cells: int, first: Row = NO_ROW, rest: Row = NO_ROW) -> list[Row]:
    """Break spans into rows of at most `cells` cells between words; `first` and `rest` stand before the rows."""
    wrapping = _Wrapping(cells, first, rest)
    for span in spans:
        for piece in _PIECE.findall(span.text):
            wrapping.add(span.style, piece)
    return wrapping.finished()


def encode(row: Row) -> str:
    """Return the row as text with SGR sequences, ending in the default style."""
    return "".join(f"\x1b[{span.style}m{span.text}\x1b[m" if span.style else span.text for span in row if span.text)


class _Wrapping:
    """The state of one wrap: rows done, and the row being filled."""

    def __init__(self, cells: int, first: Row, rest: Row) -> None:
        self._cells, self._rest = max(1, cells), rest
        self._rows: list[Row] = []
        self._open: list[Span] = list(first)
        self._margin = self._used = row_width(first)
        self._wrapped = False

    def add(self, style: str, piece: str) -> None:
        if piece == "\n":
            self._break()
            return
        if piece.isspace() and self._used == self._margin and self._wrapped:
            return  # the blank that a row was broken at
        while self._used + width(piece) > self._cells:
            piece = self._spill(style, piece)
            if not piece:
                return
        self._put(style, piece)

    def finished(self) -> list[Row]:
        self._break()
        return self._rows

    def _spill(self, style: str, piece: str) -> str:
        """Make room for a piece that does not fit; return what of it is still to be placed."""
        if piece.isspace():
            self._break(wrapped=True)
            return ""
        if self._used > self._margin:
            self._break(wrapped=True)
            return piece
        part, piece = cut(piece, max(1, self._cells - self._used))
        if not part:
            part, piece = piece[:1], piece[1:]
        self._put(style, part)
        self._break(wrapped=True)
        return piece

    def _put(self, style: str, text: str) -> None:
        self._open.append(Span(style, text))
        self._used += width(text)

    def _break(self, *, wrapped: bool = False) -> None:
        self._rows.append(tuple(self._open))
        self._open = list(self._rest)
        self._margin = self._used = row_width(self._rest)
        self._wrapped = wrapped

"""Spans: stretches of cells across rows, for selection and search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agentorchestr_tui.emulator.cells import STUB, Glyphs
from agentorchestr_tui.emulator.rows import Row

Place = tuple[int, int]
"""A row, counted from the first that ever was, and a column."""
_ROWS = 20  # of a wrapped line that are looked at, up and down
_word = re.compile(r"[\w./~:@%+#?&=-]+\0?")
_address = re.compile(r"https?://[^\s<>\"'`\0]+[^\s<>\"'`\0.,;:!?)\]}]")


@dataclass(frozen=True, slots=True)
class Span:
    """Cells from `start` to `end`, the end left out; as a rectangle, the same columns of every row."""

    start: Place
    end: Place
    rectangle: bool = False

    def columns(self, row: int, width: int) -> tuple[int, int] | None:
        """Return the first column and the one past the last that it covers in a row; None if it covers none."""
        if not self.start[0] <= row <= self.end[0]:
            return None
        if self.rectangle:
            return (self.start[1], self.end[1]) if self.start[1] < self.end[1] else None
        first = self.start[1] if row == self.start[0] else 0
        last = self.end[1] if row == self.end[0] else width
        return (first, last) if first < last else None


def between(anchor: Place, head: Place, *, rectangle: bool = False) -> Span:
    """Return the span of two cells, both included; as a rectangle, that between two corners."""
    if rectangle:
        (top, bottom), (left, right) = sorted((anchor[0], head[0])), sorted((anchor[1], head[1]))
        return Span((top, left), (bottom, right + 1), rectangle=True)
    first, last = sorted((anchor, head))
    return Span(first, (last[0], last[1] + 1))


def text_of(rows: Sequence[Row], first: int, span: Span, glyphs: Glyphs) -> str:
    """Return the text of a span; `first` is the number of `rows[0]`. Wrapped rows are joined."""
    parts: list[str] = []
    for number, row in enumerate(rows, first):
        if span.start[0] <= number <= span.end[0]:
            left = span.start[1] if span.rectangle or number == span.start[0] else 0
            right = span.end[1] if span.rectangle or number == span.end[0] else len(row.text)
            left -= row.text[left : left + 1] == STUB
            text = glyphs.text(row.text[left:right])
            joined = row.wrapped and number < span.end[0] and not span.rectangle
            parts += (text,) if joined else (text.rstrip(), "\n")
    return "".join(parts).removesuffix("\n")


def word_at(rows: Sequence[Row], first: int, place: Place) -> Span | None:
    """Return the word around a cell, on from row to row where its line is wrapped; `first` numbers `rows[0]`."""
    return _around(_word, rows, first, place)


def address_at(rows: Sequence[Row], first: int, place: Place) -> str:
    """Return the web address written around a cell, wrapped or not, or nothing."""
    span = _around(_address, rows, first, place)
    if span is None:
        return ""
    inside = rows[span.start[0] - first : span.end[0] + 1 - first]
    text = "".join(row.text for row in inside)
    return text[span.start[1] : len(text) - len(inside[-1].text) + span.end[1]]


def _around(pattern: re.Pattern[str], rows: Sequence[Row], first: int, place: Place) -> Span | None:
    at = place[0] - first
    start = end = at
    while start > 0 and rows[start - 1].wrapped and at - start < _ROWS:
        start -= 1
    while end < len(rows) - 1 and rows[end].wrapped and end - at < _ROWS:
        end += 1
    line = [(first + y, rows[y]) for y in range(start, end + 1)]
    column = place[1] + sum(len(row.text) for row in rows[start:at])
    for match in pattern.finditer("".join(row.text for _, row in line)):
        if match.start() <= column < match.end():
            return Span(_place(line, match.start()), _place(line, match.end() - 1, 1))
    return None


def find(rows: Sequence[Row], first: int, wanted: str, glyphs: Glyphs) -> list[Span]:
    """Find a text in rows, wrapped ones joined; capitals matter only if it has some."""
    cells = glyphs.cells(wanted.lstrip("\u200d\ufe0f")) if wanted else ""
    if not cells:
        return []
    exact = cells != cells.lower()
    found: list[Span] = []
    line: list[tuple[int, Row]] = []
    for number, row in enumerate(rows, first):
        line.append((number, row))
        if not row.wrapped:
            found += _find_in_line(line, cells, exact)
            line = []
    return found + (_find_in_line(line, cells, exact) if line else [])


def _find_in_line(line: list[tuple[int, Row]], cells: str, exact: bool) -> list[Span]:
    text = "".join(row.text for _, row in line)
    if not exact and len(text.lower()) == len(text):
        text = text.lower()
    found = []
    at = text.find(cells)
    while at >= 0:
        found.append(Span(_place(line, at), _place(line, at + len(cells) - 1, 1)))
        at = text.find(cells, at + len(cells))
    return found


def _place(line: list[tuple[int, Row]], offset: int, past: int = 0) -> Place:
    for number, row in line:
        if offset < len(row.text):
            return number, offset + past
        offset -= len(row.text)
    return line[-1][0], len(line[-1][1].text)

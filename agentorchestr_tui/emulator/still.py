"""A still: every row as it was at a moment, for one who reads on while output goes on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from agentorchestr_tui.emulator.reflow import wrap_rows
from agentorchestr_tui.emulator.rows import Row

Place = tuple[int, int]
"""A row, counted from the first that ever was, and a column."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Still:
    """Rows, scrollback first; `first` is the number of `rows[0]`, counted from the first row that ever was."""

    rows: Sequence[Row]
    first: int

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1

    def row(self, number: int) -> Row:
        """Return the row of a number."""
        return self.rows[number - self.first]

    def wrapped(self, columns: int) -> Still:
        """Return the same lines wrapped to another width; blanks alone make no row."""
        rows = [row if row.wrapped else _without_blanks(row, columns) for row in self.rows]
        return Still(wrap_rows(rows, (0, -1), columns)[0], self.first)


class Moves:
    """Where the cells of a still are in another that has the same lines in another width."""

    def __init__(self, before: Still, after: Still, columns: int) -> None:
        self._before, self._after, self._columns = before, after, columns
        self._was, self._is = _starts(before.rows), _starts(after.rows)

    def place(self, place: Place) -> Place:
        """Return where a cell is now; one beyond its line's end stays beyond it."""
        line, offset = self._was[place[0] - self._before.first]
        at = bisect_right(self._is, (line, offset + place[1])) - 1
        return self._after.first + at, min(offset + place[1] - self._is[at][1], self._columns - 1)

    def end(self, place: Place) -> Place:
        """Return where an end is now: the column past a cell, or past a whole row."""
        if place[1] == 0:
            return self.place(place)
        number, column = self.place((place[0], place[1] - 1))
        whole = place[1] > len(self._before.row(place[0]).text)
        return number, self._columns if whole else column + 1


def _without_blanks(row: Row, columns: int) -> Row:
    """Return a row without the blanks at its end that would go over the edge."""
    if len(row.text) <= columns or len(row.text.rstrip()) > columns:
        return row
    return Row(row.text[:columns], row.codes[:columns], row.wide)


def _starts(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return where each row starts: the line's number, and the cell in it."""
    starts: list[tuple[int, int]] = []
    line = offset = 0
    for row in rows:
        starts.append((line, offset))
        offset += len(row.text)
        if not row.wrapped:
            line, offset = line + 1, 0
    return starts

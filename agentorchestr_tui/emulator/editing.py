"""Editing: erasing, inserting and deleting cells and rows, as pyte names these acts."""

from __future__ import annotations

from agentorchestr_tui.emulator.printing import Printer
from agentorchestr_tui.emulator.rows import PLAIN, Row


class Editor(Printer):
    """A screen whose cells and rows one can erase, insert and delete at the cursor."""

    guard = ""
    """How cells were protected last: `dec` (DECSCA), which only selective erasing spares, or `iso` (SPA)."""

    @property
    def row(self) -> Row:
        """The cursor's row."""
        return self.rows[self.cursor.y]

    @property
    def in_margins(self) -> bool:
        """Say whether the cursor stands inside the scroll region."""
        return self.top <= self.cursor.y <= self.bottom and self.left <= self.column <= self.right

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Erase from the cursor to the row's end (0), from its start to the cursor (1), or all (2)."""
        if how > 2:
            return
        x = self.settle()
        start = x if how == 0 else 0
        end = x + 1 if how == 1 else self.columns
        if how != 1:
            self.row.wrapped = False
        self._erase(self.row, start, end, private)

    def erase_in_display(self, how: int = 0, private: bool = False) -> None:
        """Erase below the cursor (0), above it (1), all (2), or the scrollback (3)."""
        y = self.cursor.y
        if how == 3:
            self.history.clear()
        if how > 2:
            return
        self.settle()
        if how in {0, 1}:
            self.erase_in_line(how, private)
        span = {0: range(y + 1, self.lines), 1: range(y)}.get(how, range(self.lines))
        for other in span:
            if private or self.guard == "iso":
                self._erase(self.rows[other], 0, self.columns, private)
            else:
                self.rows[other] = self.blank_row()

    def erase_characters(self, count: int | None = None) -> None:
        """Erase cells from the cursor on, without moving others."""
        x = self.settle()
        self._erase(self.row, x, min(x + (count or 1), self.columns), False)

    def insert_characters(self, count: int | None = None) -> None:
        """Put blanks in at the cursor."""
        if self.in_side_margins:
            edge, x = self.edge, self.settle()
            self.row.insert(x, " " * min(count or 1, edge - x), self.erased, edge)

    def delete_characters(self, count: int | None = None) -> None:
        """Take cells out at the cursor."""
        if self.in_side_margins:
            self.row.delete(self.settle(), count or 1, self.erased, self.edge)

    @property
    def in_side_margins(self) -> bool:
        """Say whether the cursor stands between the side margins."""
        return self.left <= self.column <= self.right

    def insert_lines(self, count: int | None = None) -> None:
        """Put blank rows in at the cursor."""
        if self.in_margins:
            self.shift(self.cursor.y, count or 1)
            self.cursor.x = self.left

    def delete_lines(self, count: int | None = None) -> None:
        """Take rows out at the cursor; they do not go into scrollback."""
        if self.in_margins:
            self.shift(self.cursor.y, -(count or 1))
            self.cursor.x = self.left

    def shift_columns(self, count: int, x: int) -> None:
        """Put `count` blank columns in at `x` in every row of the region; take them out if negative."""
        edge = self.right + 1
        for row in self.rows[self.top : self.bottom + 1]:
            if count > 0:
                row.insert(x, " " * min(count, edge - x), self.erased, edge)
            else:
                row.delete(x, -count, self.erased, edge)

    def alignment_display(self) -> None:
        """Fill the screen with E."""
        self.top, self.bottom, self.left, self.right = 0, self.lines - 1, 0, self.columns - 1
        self.rows[:] = [Row("E" * self.columns, PLAIN * self.columns) for _ in range(self.lines)]
        self.cursor.x = self.cursor.y = 0

    def erase_rectangle(self, top: int, left: int, bottom: int, right: int, selective: bool) -> None:
        """Erase the cells of a rectangle, both ends included."""
        for row in self.rows[top : bottom + 1]:
            self._erase(row, left, right + 1, selective)

    def fill_rectangle(self, top: int, left: int, bottom: int, right: int, character: str) -> None:
        """Fill the cells of a rectangle with one character."""
        for row in self.rows[top : bottom + 1]:
            row.put(left, character * (right + 1 - left), self.style * (right + 1 - left))

    def _erase(self, row: Row, start: int, end: int, selective: bool) -> None:
        """Erase cells; selective erasing spares those that DECSCA protects, any other those that SPA does."""
        if self.guard != ("dec" if selective else "iso"):
            row.blank(start, end, self.erased)
            return
        stop = min(end, len(row.codes))
        for x in range(start, stop):
            if not self.styles[row.codes[x]].protected:
                row.blank(x, x + 1, row.codes[x])

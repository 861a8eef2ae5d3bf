"""Moving: the cursor's motions inside screen and margins, and the tab stops."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator.editing import Editor

_TAB = 8  # columns between tab stops at the start


class Mover(Editor):
    """A screen whose cursor moves, by cells, by tab stops and to places, as pyte names these acts."""

    def __init__(self, columns: int, lines: int, history: int) -> None:
        super().__init__(columns, lines, history)
        self.reset_tab_stops()

    def move(self, x: int, y: int) -> None:
        """Put the cursor into a cell of the screen."""
        self.cursor.x = max(0, min(x, self.columns - 1))
        self.cursor.y = max(0, min(y, self.lines - 1))
        self._due = None

    def cursor_position(self, line: int | None = None, column: int | None = None) -> None:
        """Put the cursor at a line and column counted from 1, inside the margins in origin mode."""
        x, y = (column or 1) - 1, (line or 1) - 1
        if m.ORIGIN in self.modes:
            x, y = min(x + self.left, self.right), min(y + self.top, self.bottom)
        self.move(x, y)

    def cursor_to_column(self, column: int | None = None) -> None:
        """Put the cursor into a column counted from 1."""
        x = (column or 1) - 1
        self.move(min(x + self.left, self.right) if m.ORIGIN in self.modes else x, self.cursor.y)

    def cursor_to_line(self, line: int | None = None) -> None:
        """Put the cursor into a line counted from 1."""
        y = (line or 1) - 1
        self.move(self.column, min(y + self.top, self.bottom) if m.ORIGIN in self.modes else y)

    def cursor_up(self, count: int | None = None) -> None:
        """Go up, not past the top margin."""
        limit = self.top if self.cursor.y >= self.top else 0
        self.move(self.column, max(limit, self.cursor.y - (count or 1)))

    def cursor_down(self, count: int | None = None) -> None:
        """Go down, not past the bottom margin."""
        limit = self.bottom if self.cursor.y <= self.bottom else self.lines - 1
        self.move(self.column, min(limit, self.cursor.y + (count or 1)))

    def cursor_up1(self, count: int | None = None) -> None:
        """Go up and to the start of the row."""
        self.cursor_up(count)
        self.carriage_return()

    def cursor_down1(self, count: int | None = None) -> None:
        """Go down and to the start of the row."""
        self.cursor_down(count)
        self.carriage_return()

    def cursor_forward(self, count: int | None = None) -> None:
        """Go right, not past the right margin."""
        limit = self.right if self.column <= self.right else self.columns - 1
        self.move(min(limit, self.column + (count or 1)), self.cursor.y)

    def cursor_back(self, count: int | None = None) -> None:
        """Go left, not past the left margin; in reverse wrap mode on from the end of the row above."""
        left = count or 1
        if m.WRAP in self.modes and self.modes.private & {m.REVERSE_WRAP, m.REVERSE_WRAP_FAR}:
            left -= self.wrap_is_due  # the cursor has not left the last column yet
            self.settle()
            for _ in range(min(left, self.columns * self.lines)):
                self._step_back()
            return
        limit = self.left if self.column >= self.left else 0
        self.move(max(limit, self.column - left), self.cursor.y)

    def backspace(self) -> None:
        """Go left one cell."""
        self.cursor_back(1)

    def _step_back(self) -> None:
        """Go left one cell; from the left edge to the end of the row above, and from the region's top to its bottom."""
        y = self.cursor.y
        if self.column not in {0, self.left}:
            self.move(self.column - 1, y)
        else:
            self.move(self.right, self.bottom if y == self.top else y - 1)

    def move_by(self, columns: int, rows: int) -> None:
        """Go right and down, in origin mode not past the margins (HPR, VPR)."""
        inside = m.ORIGIN in self.modes
        right, bottom = (self.right, self.bottom) if inside else (self.columns - 1, self.lines - 1)
        self.move(min(self.column + columns, right), min(self.cursor.y + rows, bottom))

    def back_index(self) -> None:
        """Go left one column; at the left margin scroll the region right (DECBI)."""
        if self.column == self.left and self.in_margins:
            self.shift_columns(1, self.left)
        else:
            self.move(self.column - 1, self.cursor.y)

    def forward_index(self) -> None:
        """Go right one column; at the right margin scroll the region left (DECFI)."""
        if self.column == self.right and self.in_margins:
            self.shift_columns(-1, self.left)
        else:
            self.move(self.column + 1, self.cursor.y)

    def carriage_return(self) -> None:
        """Go to the left margin, or to column 0 from left of it."""
        self.move(self.left if self.column >= self.left or m.ORIGIN in self.modes else 0, self.cursor.y)

    def linefeed(self) -> None:
        """Go down a row, and to its start in new line mode."""
        self.index_plainly()
        if m.NEW_LINE in self.modes.ansi:
            self.carriage_return()

    def index_plainly(self) -> None:
        """Go down a row in the same column, as IND does."""
        self.settle()
        self.index()

    def reverse_index(self) -> None:
        """Go up a row, and no longer wrap; at the top margin scroll down."""
        due, y = self.wrap_is_due, self.cursor.y
        self.settle()
        super().reverse_index()
        if due and y == self.cursor.y:
            self.await_wrap()

    # -- tabs

    def tab(self) -> None:
        """Go to the next tab stop; in the mode for it, past a wrap that is due."""
        if self.wrap_is_due and m.MORE_FIX in self.modes and m.WRAP in self.modes:
            self.wrap()
        self.tab_forward(1)

    def tab_forward(self, count: int) -> None:
        """Go right over tab stops, not past the right margin."""
        stops = sorted(self.tabstops)
        at = bisect_right(stops, self.column) + count - 1
        limit = self.right if self.column <= self.right else self.columns - 1
        if self.column < limit:  # at the edge a wrap that is due stays due
            self.move(min(stops[at], limit) if at < len(stops) else limit, self.cursor.y)

    def tab_back(self, count: int) -> None:
        """Go left over tab stops."""
        stops = sorted(self.tabstops)
        at = bisect_left(stops, self.column) - count
        least = self.left if m.ORIGIN in self.modes else 0
        self.move(max(least, stops[at] if at >= 0 else 0), self.cursor.y)

    def reset_tab_stops(self) -> None:
        """Set a tab stop in every eighth column."""
        self.tabstops = set(range(_TAB, self.columns, _TAB))

    def set_tab_stop(self) -> None:
        """Set a tab stop at the cursor."""
        self.tabstops.add(self.column)

    def clear_tab_stop(self, how: int = 0) -> None:
        """Clear the tab stop at the cursor (0) or all (3)."""
        if how == 0:
            self.tabstops.discard(self.column)
        elif how == 3:
            self.tabstops.clear()

    def widen_tab_stops(self, columns: int) -> None:
        """Set tab stops in the columns that a resize adds."""
        self.tabstops |= set(range(_TAB * -(-self.columns // _TAB), columns, _TAB))

    # -- margins

    def open_margins(self) -> None:
        """Make the whole screen the scroll region."""
        self.top, self.bottom, self.left, self.right = 0, self.lines - 1, 0, self.columns - 1
        self._due = None

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        """Set the scroll region by lines counted from 1, and go home."""
        first, last = (top or 1) - 1, min(bottom or self.lines, self.lines) - 1
        if first < last:
            self.top, self.bottom = first, last
            self.cursor_position()

    def set_side_margins(self, left: int, right: int) -> None:
        """Set the left and right margins by columns counted from 1, and go home."""
        first, last = (left or 1) - 1, min(right or self.columns, self.columns) - 1
        if first < last:
            self.left, self.right = first, last
            self.cursor_position()

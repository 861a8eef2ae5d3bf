"""The screen: cursor motion, tabs, saved cursors, the alternate screen, reset and resize, and what it tells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from dataclasses import dataclass, replace

from pyte.screens import Cursor

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator.charsets import Charsets
from agentorchestr_tui.emulator.colors import Colors
from agentorchestr_tui.emulator.editing import Editor
from agentorchestr_tui.emulator.events import Bell, Event, Progress, Title
from agentorchestr_tui.emulator.reflow import resize_rows
from agentorchestr_tui.emulator.rows import PLAIN, Row

_TAB = 8  # columns between tab stops at the start
_UNTOLD = 1000  # events kept until someone takes them
_UNSENT = 1 << 16  # characters of answers kept until someone takes them
_TITLES = 10  # titles kept on the stack
_STYLES = 10  # styles kept on the stack
_LONGEST_TITLE = 1024  # characters
LEAST_COLUMNS = 2  # a wide glyph fits


@dataclass(frozen=True, slots=True)
class _Saved:
    """What DECSC keeps."""

    x: int
    y: int
    style: str
    charsets: Charsets
    origin: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The screen as it was: rows, and the cursor or None if it is hidden."""

    rows: list[Row]
    cursor: tuple[int, int] | None


class Screen(Editor):
    """A terminal's screen, driven by a parser or, as a `pyte.Screen`, by pyte's own streams."""

    def __init__(self, columns: int, lines: int, history: int = 5000) -> None:
        super().__init__(max(LEAST_COLUMNS, columns), max(1, lines), history)
        self.events: deque[Event] = deque(maxlen=_UNTOLD)
        self.replies: list[str] = []
        self.bells = 0
        self.progress = Progress("none")
        self.colors = Colors()
        self.reset()

    def reset(self) -> None:
        """Go back to the state of the start; scrollback stays."""
        if self.main_rows is not None:
            self.main_rows = None
        self.rows = [Row() for _ in range(self.lines)]
        self.modes = m.Modes()
        self.charsets = Charsets()
        self.glyphs.use_graphemes(False)
        self.colors.reset()
        self.cursor = Cursor(0, 0)
        self.cursor_shape = 0
        self.style = PLAIN
        self.title = self.icon_name = ""
        self._titles: list[str] = []
        self._styles_kept: list[str] = []
        self._saved: list[_Saved | None] = [None, None]
        self.held: Frame | None = None
        self.last_printed = ""
        self.guard = ""
        self.level = 4
        self.wide_extent = False
        self.reset_tab_stops()
        self._open_margins()

    def soft_reset(self) -> None:
        """Go back to the start's modes and margins; the screen's text stays (DECSTR)."""
        self.guard = ""
        for mode in (m.ORIGIN, m.CURSOR_KEYS, m.MARGINS, m.REVERSE_WRAP, m.REVERSE_WRAP_FAR):
            self.modes.set(mode, False)
        self.modes.set(m.WRAP, True)
        self.modes.set(m.SHOW_CURSOR, True)
        self.modes.ansi.clear()
        self.modes.keypad = False
        self.cursor.hidden = False
        self.charsets = Charsets()
        self.style = PLAIN
        self._saved[self.main_rows is not None] = None
        self._open_margins()

    def _open_margins(self) -> None:
        self.top, self.bottom, self.left, self.right = 0, self.lines - 1, 0, self.columns - 1
        self._due = None

    # -- the cursor

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
        """Go left one cell, or from the left edge to the end of the row above.

        That is if the row wrapped, or in any case and round the region in the far mode.
        """
        y = self.cursor.y
        if self.column not in {0, self.left}:
            self.move(self.column - 1, y)
        elif m.REVERSE_WRAP_FAR in self.modes:
            self.move(self.right, self.bottom if y == self.top else y - 1)
        elif y > self.top and self.rows[y - 1].wrapped:
            self.move(self.right, y - 1)

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

    def set_keypad(self, on: bool) -> None:
        """Switch the application keypad."""
        self.modes.keypad = on
        self.modes.set(m.KEYPAD, on)

    # -- tabs

    def tab(self) -> None:
        """Go to the next tab stop."""
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

    # -- margins, saved state, screens

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

    def save_cursor(self) -> None:
        """Keep the cursor, its style and character sets."""
        self._saved[self.main_rows is not None] = _Saved(
            self.cursor.x, self.cursor.y, self.style, self.charsets.copy(), m.ORIGIN in self.modes
        )

    def restore_cursor(self) -> None:
        """Take back what was kept; without it, go home plain."""
        saved = self._saved[self.main_rows is not None] or _Saved(0, 0, PLAIN, Charsets(), False)
        self.style = saved.style
        self.charsets = saved.charsets.copy()
        self.modes.set(m.ORIGIN, saved.origin)
        self.move(saved.x, saved.y)
        if saved.x >= self.columns:
            self.cursor.x = self.columns

    def cover(self) -> None:
        """Show the alternate screen, empty."""
        if self.main_rows is None:
            self.covered_at = self.finished
            self.main_rows, self.rows = self.rows, [Row() for _ in range(self.lines)]
            self.modes.swap_screens()

    def uncover(self) -> None:
        """Show the main screen again."""
        if self.main_rows is not None:
            self.rows, self.main_rows = self.main_rows, None
            self.modes.swap_screens()

    def _switch(self, mode: int, on: bool) -> None:
        """Show one or the other screen; 1049 keeps the cursor aside on the way in, and takes it back on the way out."""
        keep = mode == m.ALTERNATE_SAVE
        if on and keep:
            self.save_cursor()
        (self.cover if on else self.uncover)()
        if on and keep:
            self.erase_in_display(2)
        elif keep:
            self.restore_cursor()

    @property
    def covered_place(self) -> tuple[int, int]:
        """The column and row at which the main screen's cursor was saved."""
        saved = self._saved[0]
        return (saved.x, saved.y) if saved else (0, 0)

    @covered_place.setter
    def covered_place(self, place: tuple[int, int]) -> None:
        if saved := self._saved[0]:
            self._saved[0] = replace(saved, x=place[0], y=place[1])

    def set_private_mode(self, mode: int, on: bool) -> None:
        """Switch a private mode, and do what comes with it."""
        self.modes.set(mode, on)
        if mode in {m.ALTERNATE, m.ALTERNATE_CLEAR, m.ALTERNATE_SAVE}:
            if m.SWITCHES in self.modes:
                self._switch(mode, on)
        elif mode == m.SWITCHES and not on:
            self.uncover()
        elif mode == m.SAVE_CURSOR:
            (self.save_cursor if on else self.restore_cursor)()
        elif mode == m.ORIGIN:
            self.cursor_position()
        elif mode == m.SHOW_CURSOR:
            self.cursor.hidden = not on
        elif mode == m.SYNCHRONIZED:
            self.held = (self.held or self.frame) if on else None
        elif mode == m.REVERSE:
            self.mark_unseen()
        elif mode == m.CLUSTERS:
            self.glyphs.use_graphemes(on)
        elif mode == m.KEYPAD:
            self.modes.keypad = on
        elif mode == m.MARGINS and not on:
            self.left, self.right, self._due = 0, self.columns - 1, None

    @property
    def frame(self) -> Frame:
        """A copy of the screen as it is now."""
        at = None if self.cursor.hidden else (self.column, self.cursor.y)
        return Frame([row.copy() for row in self.rows], at)

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Take another size in cells; lines that wrapped are wrapped anew on the main screen."""
        lines, columns = max(1, lines or self.lines), max(LEAST_COLUMNS, columns or self.columns)
        if (lines, columns) == (self.lines, self.columns):
            return
        resize_rows(self, lines, columns)
        self.tabstops |= set(range(_TAB * -(-self.columns // _TAB), columns, _TAB))
        self.lines, self.columns = lines, columns
        self.held = None
        self._open_margins()
        self.cursor.x = min(self.cursor.x, columns)
        self.cursor.y = min(self.cursor.y, lines - 1)
        self.mark_unseen()

    # -- what it tells

    def bell(self, *_: object) -> None:
        """Ring."""
        self.bells += 1
        self.events.append(Bell())

    def set_title(self, param: str) -> None:
        """Take a window title."""
        self.title = param[:_LONGEST_TITLE]
        self.events.append(Title(self.title))

    def push_title(self) -> None:
        """Keep the title."""
        self._titles = [*self._titles, self.title][-_TITLES:]

    def pop_title(self) -> None:
        """Take back the title that was kept last."""
        if self._titles:
            self.set_title(self._titles.pop())

    def set_level(self, level: int) -> None:
        """Behave as a VT of the 100, 200, ... series from now on, after a soft reset (DECSCL)."""
        self.soft_reset()
        self.level = level

    def push_style(self) -> None:
        """Keep the style (XTPUSHSGR)."""
        self._styles_kept = [*self._styles_kept, self.style][-_STYLES:]

    def pop_style(self) -> None:
        """Take back the style that was kept last (XTPOPSGR)."""
        if self._styles_kept:
            self.style = self._styles_kept.pop()

    def rows_kept(self) -> list[Row]:
        """Return every row there is, those of a frame that is held too."""
        return [*super().rows_kept(), *(self.held.rows if self.held else ())]

    def styles_kept(self) -> list[str]:
        """Return the style codes that are kept outside of rows."""
        return [self.style, *self._styles_kept, *(saved.style for saved in self._saved if saved)]

    def write_process_input(self, data: str) -> None:
        """Answer the program; with no one to take answers, the newest are dropped."""
        if sum(map(len, self.replies)) < _UNSENT:
            self.replies.append(data)

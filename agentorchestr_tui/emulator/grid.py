"""The grid: rows, scrollback, margins and scrolling, and pyte's way of reading them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain
from weakref import WeakSet

import pyte
from pyte.screens import Char, Cursor, Margins

from agentorchestr_tui.emulator.cells import Glyphs
from agentorchestr_tui.emulator.modes import REVERSE, Modes
from agentorchestr_tui.emulator.rows import PLAIN, Row
from agentorchestr_tui.emulator.still import Still
from agentorchestr_tui.emulator.styles import Styles

_GONE = 1000  # rows


class RowView:
    """Read a row by column, as pyte does; a column past the stored cells is a blank."""

    def __init__(self, grid: Grid, row: Row) -> None:
        self._grid = grid
        self._row = row

    def __getitem__(self, x: int) -> Char:
        row = self._row
        if x >= len(row.text):
            return self._grid.default_char
        style = self._grid.styles[row.codes[x]]
        text = self._grid.glyphs.character(row.text[x])
        return Char(text, style.fg, style.bg, style.bold, style.italics, bool(style.underscore),
                    style.strikethrough, style.reverse, style.blink)  # fmt: skip


class BufferView:
    """Read the screen by row and column: `buffer[y][x].data`."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def __getitem__(self, y: int) -> RowView:
        return RowView(self._grid, self._grid.rows[y])

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._grid.lines))

    def __len__(self) -> int:
        return self._grid.lines


class Dirty(set[int]):
    """The rows that changed; clearing it takes the screen as seen."""

    def __init__(self, grid: Grid, rows: set[int]) -> None:
        super().__init__(rows)
        self._grid = grid

    def clear(self) -> None:
        """Take the screen as seen."""
        super().clear()
        self._grid.mark_seen()


class Grid(pyte.Screen):
    """Rows and scrollback of a terminal; `rows` is the screen in use, `main_rows` the main one while it is covered."""

    def __init__(self, columns: int, lines: int, history: int) -> None:
        self.columns = columns
        self.lines = lines
        self.glyphs = Glyphs()
        self.styles = Styles()
        self.history: deque[Row] = deque(maxlen=history)
        self.finished = 0
        """Whole lines that ever went into scrollback: the number of the first line that is not all there."""
        self.gone: list[str] = []
        """Rows that a program scrolled off the alternate screen since anyone looked."""
        self.covered_at = 0
        """What `finished` was when the alternate screen was last entered."""
        self.aside = 0
        """Lines that were kept from the alternate screen; they have numbers too."""
        self.pushed = 0
        """Rows that ever went into scrollback."""
        self.modes = Modes()
        self.rows: list[Row] = [Row() for _ in range(lines)]
        self.main_rows: list[Row] | None = None
        self.cursor = Cursor(0, 0)
        self.style = PLAIN
        self.last_printed = ""
        self.top, self.bottom = 0, lines - 1
        self.left, self.right = 0, columns - 1
        self._seen: list[tuple[str, str]] = []
        self._stills: WeakSet[Still] = WeakSet()

    @property
    def buffer(self) -> BufferView:  # type: ignore[override]
        """The cells, as pyte reads them."""
        return BufferView(self)

    @property
    def display(self) -> list[str]:
        """The screen as text: one string a row, its blank tail as spaces, wide stubs left out."""
        text, columns = self.glyphs.text, self.columns
        return [text(row.text) + " " * (columns - len(row.text)) for row in self.rows]

    @property
    def default_char(self) -> Char:
        """A blank cell."""
        return Char(" ", reverse=REVERSE in self.modes)

    @property
    def margins(self) -> Margins | None:  # type: ignore[override]
        """The scroll region, or None for the whole screen."""
        whole = self.top == 0 and self.bottom == self.lines - 1
        return None if whole else Margins(self.top, self.bottom)

    @property
    def mode(self) -> set[int]:  # type: ignore[override]
        """The modes in force, private ones shifted by five bits as pyte has them."""
        return {mode << 5 for mode in self.modes.private} | self.modes.ansi

    @property
    def dirty(self) -> Dirty:  # type: ignore[override]
        """Rows that changed since `dirty.clear()`."""
        if len(self._seen) != len(self.rows):
            return Dirty(self, set(range(self.lines)))
        now = ((row.text, row.codes) for row in self.rows)
        return Dirty(self, {y for y, (old, new) in enumerate(zip(self._seen, now, strict=True)) if old != new})

    def mark_seen(self) -> None:
        """Remember the screen as seen."""
        self._seen = [(row.text, row.codes) for row in self.rows]

    def mark_unseen(self) -> None:
        """Take every row as changed."""
        self._seen = []
        for row in self.rows:
            row.settle()

    @property
    def full_width(self) -> bool:
        """Say whether the left and right margins are the screen's edges."""
        return self.left == 0 and self.right == self.columns - 1

    @property
    def erased(self) -> str:
        """The style code of a cell erased now."""
        return PLAIN if self.style == PLAIN else self.styles.background(self.style)

    def blank_row(self) -> Row:
        """Return a row erased in the style of now."""
        code = self.erased
        return Row() if code == PLAIN else Row(" " * self.columns, code * self.columns)

    def remember(self, rows: list[Row]) -> None:
        """Put rows that left the top of the main screen into scrollback."""
        for row in rows:
            row.drawing = None
            if row.laid is not None:
                row.settle()
            if not row.wrapped:
                self.finished += 1
        self.pushed += len(rows)
        self.history.extend(rows)

    def scroll_up(self, count: int = 1) -> None:
        """Scroll the region up; what leaves the top of the main screen goes into scrollback."""
        if count == 1 and self.full_width:
            row = self.rows.pop(self.top)
            if self.top == 0 and self.main_rows is None:
                row.drawing = None
                if row.laid is not None:  # to call for every line of a flood is dear
                    row.settle()
                if not row.wrapped:
                    self.finished += 1
                self.pushed += 1
                self.history.append(row)
            elif self.main_rows is not None and len(self.gone) < _GONE:
                self.gone.append(row.text)
            self.rows.insert(self.bottom, Row() if self.style == PLAIN else self.blank_row())
            return
        if self.top == 0 and self.main_rows is None and self.full_width:
            self.remember(self.rows[: min(count, self.bottom + 1)])
        self.shift(self.top, -count)

    def scroll_down(self, count: int = 1) -> None:
        """Scroll the region down."""
        self.shift(self.top, count)

    def shift(self, top: int, count: int) -> None:
        """Move the region's rows from `top` on down by `count` (up if negative), between the side margins."""
        height = self.bottom - top + 1
        size = min(abs(count), height)
        if not self.full_width:
            self._shift_block(top, size if count > 0 else -size)
        elif count > 0:
            del self.rows[self.bottom - size + 1 : self.bottom + 1]
            self.rows[top:top] = [self.blank_row() for _ in range(size)]
        else:
            del self.rows[top : top + size]
            self.rows[self.bottom - size + 1 : self.bottom - size + 1] = [self.blank_row() for _ in range(size)]

    def _shift_block(self, top: int, count: int) -> None:
        """Move only the cells between the side margins."""
        rows, left, right = self.rows, self.left, self.right + 1
        span = range(top, self.bottom + 1)
        blocks = []
        for y in span:
            rows[y].cut(left)
            rows[y].cut(right)
            rows[y].reach(right)
            blocks.append((rows[y].text[left:right], rows[y].codes[left:right], rows[y].wide))
        blank = (" " * (right - left), self.erased * (right - left), False)
        for y in span:
            source = y - count
            text, codes, wide = blocks[source - top] if source in span else blank
            row = rows[y]
            row.text = row.text[:left] + text + row.text[right:]
            row.codes = row.codes[:left] + codes + row.codes[right:]
            row.wide = row.wide or wide
            row.drawing = None

    def index(self) -> None:
        """Go down a row; at the bottom margin scroll up."""
        if self.cursor.y == self.bottom:
            if self._between_margins():
                self.scroll_up()
        elif self.cursor.y < self.lines - 1:
            self.cursor.y += 1

    def reverse_index(self) -> None:
        """Go up a row; at the top margin scroll down."""
        if self.cursor.y == self.top:
            if self._between_margins():
                self.scroll_down()
        elif self.cursor.y > 0:
            self.cursor.y -= 1

    def _between_margins(self) -> bool:
        return self.full_width or self.left <= min(self.cursor.x, self.columns - 1) <= self.right

    def sweep(self) -> None:
        """Forget styles and clusters that nothing uses, once there are many."""
        if self.styles.crowded:
            kept = self.rows_kept()
            for row in kept:
                row.settle()
            self.styles.sweep([*self.styles_kept(), *(row.codes for row in kept)])
        if self.glyphs.crowded:
            self.glyphs.sweep([self.last_printed, *(row.text for row in self.rows_kept())])

    def rows_kept(self) -> list[Row]:
        """Return every row there is, those of stills too."""
        return [*self.history, *self.rows, *(self.main_rows or ()), *chain(*(still.rows for still in self._stills))]

    def still(self) -> Still:
        """Return the rows as they are now, of the alternate screen only its own; it lasts as long as it is held."""
        history = [] if self.main_rows is not None else [*self.history]
        return self._watched(Still([*history, *(row.copy() for row in self.rows)], self.pushed - len(history)))

    def wrap_still(self, still: Still) -> Still:
        """Return a still's lines wrapped to the width of now."""
        return self._watched(still.wrapped(self.columns))

    def _watched(self, still: Still) -> Still:
        self._stills.add(still)
        return still

    def styles_kept(self) -> list[str]:
        """Return the style codes that are kept outside of rows."""
        return [self.style]

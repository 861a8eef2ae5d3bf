"""Printing: text into cells, with wrapping, wide glyphs, clusters, insert mode and character sets."""

from __future__ import annotations

from agentorchestr_tui.emulator.cells import STUB
from agentorchestr_tui.emulator.charsets import Charsets
from agentorchestr_tui.emulator.grid import Grid
from agentorchestr_tui.emulator.modes import INSERT, WRAP
from agentorchestr_tui.emulator.width import marks_before


class Printer(Grid):
    """A grid that one can print on at the cursor.

    A cursor at `columns` has just filled its row and wraps before the next glyph; at an inner right margin the same
    state is kept in `_due`.
    """

    def __init__(self, columns: int, lines: int, history: int) -> None:
        super().__init__(columns, lines, history)
        self.charsets = Charsets()
        self._due: tuple[int, int] | None = None

    @property
    def column(self) -> int:
        """The column in which the cursor is seen."""
        x = self.cursor.x
        return min(x - 1 if self._due == (x, self.cursor.y) else x, self.columns - 1)

    @property
    def wrap_is_due(self) -> bool:
        """Say whether the next glyph goes to the next row."""
        return self.cursor.x >= self.columns or self._due == (self.cursor.x, self.cursor.y)

    def await_wrap(self) -> None:
        """Let the next glyph go to the next row, if the cursor stands at the edge."""
        x, y = self.cursor.x, self.cursor.y
        if x == self.columns - 1:
            self.cursor.x = self.columns
        elif x == self.right:
            self.cursor.x, self._due = x + 1, (x + 1, y)

    def settle(self) -> int:
        """Forget a wrap that is due, and return the cursor's column."""
        self.cursor.x = self.column
        self._due = None
        return self.cursor.x

    @property
    def edge(self) -> int:
        """The column that text may not pass: the right margin's, or the screen's for a cursor beyond it."""
        return self.right + 1 if self.column <= self.right else self.columns

    def draw(self, data: str) -> None:
        """Print text without controls at the cursor."""
        text = self.charsets.translate(data)
        if text.isascii() or self.glyphs.clustering.all_simple(text):
            self._print(text)
        elif rest := self._join(text):
            self._print(self.glyphs.cells(rest))

    def lay(self, cells: str, codes: str) -> None:
        """Print narrow cells that have codes of their own, and wrap at the edge of a screen without side margins."""
        at, size = 0, len(cells)
        while at < size:
            if self.cursor.x >= self.columns:
                self.style = codes[at]  # a new row is erased in it
                self.wrap()
            x = self.cursor.x
            end = at + self.columns - x
            self.rows[self.cursor.y].put(x, cells[at:end], codes[at:end])
            self.cursor.x = min(x + size - at, self.columns)
            at = end
        self.last_printed = cells[-1]

    def repeat(self, count: int) -> None:
        """Print the last glyph again."""
        self._print(self.last_printed * min(count, self.columns * self.lines))

    def _print(self, cells: str) -> None:
        at, size = 0, len(cells)
        if size:
            self.last_printed = cells[-2:] if cells[-1] == STUB else cells[-1]
        if WRAP not in self.modes:
            self._print_unwrapped(cells)
            return
        while at < size:
            if self.wrap_is_due:
                self.wrap()
            edge = self.edge
            taken = min(size - at, edge - self.cursor.x)
            if at + taken < size and cells[at + taken] == STUB:
                self._put(cells[at : at + taken - 1], edge)
                at += taken - 1
                if self.cursor.x < edge and self._was_narrow(cells[at]):
                    self._put(" ", edge)  # where the glyph stood before a mark widened it
                self.wrap()
            else:
                self._put(cells[at : at + taken], edge)
                at += taken

    def _was_narrow(self, cell: str) -> bool:
        return self.glyphs.clustering.width(self.glyphs.character(cell)[0]) == 1

    def _print_unwrapped(self, cells: str) -> None:
        """Print what fits, and the rest over the last column, glyph by glyph."""
        edge = self.edge
        fits = max(0, edge - self.cursor.x) if not self.wrap_is_due else 0
        fits -= cells[fits : fits + 1] == STUB
        self._put(cells[: max(0, fits)], edge)
        rest = cells[max(0, fits) :]
        if STUB not in rest:
            rest = rest[-1:]
        at = 0
        while at < len(rest):
            size = 2 if rest[at + 1 : at + 2] == STUB else 1
            self.cursor.x = min(self.column + (self.cursor.x >= edge), edge - size)
            self._put(rest[at : at + size], edge)
            at += size

    def _put(self, cells: str, edge: int) -> None:
        """Write cells that fit before `edge`, and go on."""
        if not cells:
            return
        row, x = self.rows[self.cursor.y], self.cursor.x
        row.wide = row.wide or STUB in cells
        if INSERT in self.modes.ansi:
            row.insert(x, cells, self.style, edge)
        else:
            row.put(x, cells, self.style * len(cells))
        self.cursor.x = x + len(cells)
        if self.cursor.x == edge:
            self._due = (edge, self.cursor.y)

    def wrap(self) -> None:
        """Go on at the left of the next row."""
        self.rows[self.cursor.y].wrapped = self.full_width
        start = self.left if self.settle() >= self.left else 0
        self.index()  # outside of the side margins the last row scrolls nothing, so first of all
        self.cursor.x = start

    def _join(self, text: str) -> str:
        """Let the glyph before the cursor take in what belongs to it; return the text that is left."""
        clustering = self.glyphs.clustering
        if not clustering.joins_backwards(text[0]):
            return text
        x = self.cursor.x - 1
        row = self.rows[self.cursor.y]
        if x < 0:
            return text[marks_before(text) :]
        row.reach(x + 1)
        if row.text[x] == STUB and x:
            x -= 1
        before = self.glyphs.character(row.text[x])
        end = clustering.first_cluster(before + text)
        if end <= len(before):
            return text
        self._replace(x, self.glyphs[(before + text)[:end]])
        return text[end - len(before) :]

    def _replace(self, x: int, cells: str) -> None:
        """Put a glyph in place of a shorter form of it at `x`; it may have grown wide."""
        row, edge = self.rows[self.cursor.y], self.edge
        self.last_printed = cells
        row.drawing = None
        if len(cells) == 2 and row.text[x + 1 : x + 2] != STUB:
            style, self.style = self.style, row.codes[x]
            self._widen(x, cells, edge)
            self.style = style
        else:
            row.text = row.text[:x] + cells + row.text[x + len(cells) :]

    def _widen(self, x: int, cells: str, edge: int) -> None:
        row = self.rows[self.cursor.y]
        fits = x + 2 <= edge
        row.text = row.text[:x] + (cells[0] if fits else " ") + row.text[x + 1 :]
        if fits:
            row.wide = True
            self._put(STUB, edge)
        else:
            self._print(cells)

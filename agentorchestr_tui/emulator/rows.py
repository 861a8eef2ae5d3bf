"""A row: two strings of one length, the cells' text and their style codes; the blank tail is not stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentorchestr_tui.emulator.cells import STUB

if TYPE_CHECKING:
    from agentorchestr_tui.emulator.styles import Laid

PLAIN = "\0"
"""The style code of a cell that was never styled."""


class Row:
    """One row of cells; `wide` if wide glyphs may stand in it, `wrapped` if its line goes on in the next row.

    A wrapped row keeps its blanks, so that its line can be joined again.
    `drawing` belongs to whoever draws the row: whatever was built from it, or since the row changed what it was laid
    down as, or None.
    """

    __slots__ = ("codes", "drawing", "laid", "text", "wide", "wrapped")

    def __init__(self, text: str = "", codes: str = "", wide: bool = False) -> None:
        self.text = text
        self.codes = codes
        self.wide = wide
        self.wrapped = False
        self.drawing: object | None = None
        self.laid: Laid | None = None  # what knows the codes while they are not set

    def __getattr__(self, name: str) -> str:
        if name != "codes" or self.laid is None:
            raise AttributeError(name)
        self.codes = self.laid.codes
        return self.codes

    def lay(self, text: str, laid: Laid) -> None:
        """Put a stretch into an empty row."""
        self.text = text
        self.drawing = self.laid = laid
        del self.codes

    def settle(self) -> None:
        """Keep text and codes alone, as a row does that is not drawn soon."""
        if self.laid is not None:
            self.codes, self.laid = self.codes, None
        self.drawing = None

    def copy(self) -> Row:
        """Return a row that stays as this one is now."""
        row = Row(self.text, self.codes, self.wide)
        row.wrapped, row.drawing = self.wrapped, self.drawing
        return row

    def reach(self, length: int) -> None:
        """Store blanks up to `length` cells."""
        if (short := length - len(self.text)) > 0:
            self.text += " " * short
            self.codes += PLAIN * short

    def cut(self, x: int) -> None:
        """Blank both halves of a wide glyph that the boundary left of cell `x` would cut."""
        text = self.text
        if 0 < x < len(text) and text[x] == STUB:
            self.text = f"{text[: x - 1]}  {text[x + 1 :]}"

    def put(self, x: int, cells: str, codes: str) -> None:
        """Write cells and their codes over those that stand at `x`."""
        end = x + len(cells)
        if self.wide:
            self.cut(x)
            self.cut(end)
        self.reach(x)
        self.text = self.text[:x] + cells + self.text[end:]
        self.codes = self.codes[:x] + codes + self.codes[end:]
        self.drawing = None

    def blank(self, start: int, end: int, code: str) -> None:
        """Erase cells `start` to `end` to spaces of a style."""
        if self.wide:
            self.cut(start)
            self.cut(end)
        self.drawing = None
        if code == PLAIN and end >= len(self.text) and not self.wrapped:
            self.text, self.codes = self.text[:start], self.codes[:start]
            return
        self.reach(start)
        self.text = self.text[:start] + " " * (end - start) + self.text[end:]
        self.codes = self.codes[:start] + code * (end - start) + self.codes[end:]

    def insert(self, x: int, cells: str, code: str, edge: int) -> None:
        """Put cells in at `x`; those from there to `edge` move right, and past it are lost."""
        count = min(len(cells), edge - x)
        if self.wide:
            self.cut(x)
            self.cut(edge - count)
            self.cut(edge)
        self.reach(x)
        text, codes = self.text, self.codes
        if len(text) > edge:
            self.text = text[:x] + cells[:count] + text[x : edge - count] + text[edge:]
            self.codes = codes[:x] + code * count + codes[x : edge - count] + codes[edge:]
        else:
            self.text = (text[:x] + cells[:count] + text[x:])[:edge]
            self.codes = (codes[:x] + code * count + codes[x:])[:edge]
        self.drawing = None

    def delete(self, x: int, count: int, code: str, edge: int) -> None:
        """Take `count` cells out at `x`; those up to `edge` move left, and blanks of a style follow."""
        count = min(count, edge - x)
        if self.wide:
            self.cut(x)
            self.cut(x + count)
            self.cut(edge)
        self.drawing = None
        if code != PLAIN or len(self.text) > edge or self.wrapped:
            self.reach(edge)
            self.text = self.text[:x] + self.text[x + count : edge] + " " * count + self.text[edge:]
            self.codes = self.codes[:x] + self.codes[x + count : edge] + code * count + self.codes[edge:]
        else:
            self.text = self.text[:x] + self.text[x + count :]
            self.codes = self.codes[:x] + self.codes[x + count :]

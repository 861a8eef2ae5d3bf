"""The title line: what all this is for, how many are where, and how long it has taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from .fitting import cut

_LEAST_TITLE = 24  # cells that a long title keeps while marks stand in words


@dataclass(frozen=True, slots=True)
class Mark:
    """A count: a glyph, a number, what it counts, the style of it all, and what stands for it where room is short."""

    glyph: str
    number: int
    words: str
    style: str
    short: str = ""


class TitleLine(Widget):
    """Draws a name, a title, marks and a clock in one row; the first mark keeps its words for longest."""

    DEFAULT_CSS = """
    TitleLine {
        height: 1;
        background: $surface;
        color: $foreground;
    }
    """
    ALLOW_SELECT = False

    def __init__(self, name: str) -> None:
        super().__init__()
        self._brand = name
        self._title = ""
        self._marks: tuple[Mark, ...] = ()
        self._clock = ""
        self._cost = ""

    def show(self, title: str, marks: Sequence[Mark], clock: str, cost: str = "") -> None:
        """Draw these words from now on."""
        words = (" ".join(title.split()), tuple(marks), clock, cost)
        if words != (self._title, self._marks, self._clock, self._cost):
            self._title, self._marks, self._clock, self._cost = words
            self.refresh()

    def render(self) -> Content:
        """Draw title left, marks and clock right; short of room, the name goes first, then the last marks' words."""
        width = self.size.width
        brand = Content.assemble((f" {self._brand} ", "bold $accent"), "  ")
        least = min(Content(self._title).cell_length, _LEAST_TITLE)
        ways = [(brand, len(self._marks)), *((Content(" "), number) for number in range(len(self._marks), -1, -1))]
        for brand, in_words in ways:
            right = self._right(in_words)
            if width - right.cell_length - brand.cell_length >= least:
                break
        room = max(0, width - right.cell_length - brand.cell_length)
        title = cut(Content(self._title), room)
        gap = " " * (room - title.cell_length)
        return Content.assemble(brand, title.stylize("bold"), gap, right)

    def _right(self, in_words: int) -> Content:
        """Draw marks, the first of them in words, and the clock."""
        between = "   " if in_words == len(self._marks) else "  " if in_words else " "
        parts: list[Content | str] = [between]
        for number, mark in enumerate(self._marks):
            words = f"{mark.glyph} {mark.number} {mark.words}"
            short = mark.short or f"{mark.glyph}{mark.number}"
            parts += [Content.styled(words if number < in_words else short, mark.style), between]
        cost = f"{between}{self._cost}" if self._cost else ""
        return Content.assemble(*parts, (f"{self._clock}{cost} ", "$foreground-muted"))

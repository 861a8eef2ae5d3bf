"""The roster: all tiles in one line, for places that cannot show all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Entry:
    """One tile: its words, its status glyph, and the style of the glyph."""

    words: str
    glyph: str
    style: str


class Roster(Widget):
    """Draws the entries from left to right, and turns its pages with the current one."""

    DEFAULT_CSS = """
    Roster {
        height: 1;
        background: $background;
        color: $foreground-muted;
    }
    """
    ALLOW_SELECT = False

    class Picked(Message):
        """A person clicked an entry."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()
        self._current = 0
        self._spans: list[tuple[int, int, int]] = []

    def show(self, entries: Sequence[Entry], current: int) -> None:
        """Draw these entries from now on."""
        shown = tuple(entries)
        if (shown, current) != (self._entries, self._current):
            self._entries, self._current = shown, current
            self.refresh()

    def render(self) -> Content:
        """Draw as many entries as fit, the current one among them; short of room, the others keep their first word."""
        drawn = [self._draw(index, entry) for index, entry in enumerate(self._entries)]
        if sum(each.cell_length for each in drawn) > self.size.width - 2:
            short = [replace(entry, words=entry.words.partition(" ")[0]) for entry in self._entries]
            short[self._current : self._current + 1] = self._entries[self._current : self._current + 1]
            drawn = [self._draw(index, entry, gap=1) for index, entry in enumerate(short)]
        first, last = window([each.cell_length for each in drawn], self._current, self.size.width - 4)
        before = "‹ " if first else " "
        self._spans = []
        x = len(before)
        for index in range(first, last):
            self._spans.append((x, x + drawn[index].cell_length, index))
            x += drawn[index].cell_length
        if first:
            self._spans.append((0, len(before), first - 1))
        if last < len(drawn):
            self._spans.append((x, x + 2, last))
        return Content.assemble(before, *drawn[first:last], " ›" if last < len(drawn) else "")

    def _draw(self, index: int, entry: Entry, gap: int = 2) -> Content:
        if index == self._current:
            return Content.assemble(
                ("[", "bold $accent"), (f"{entry.words} ", "bold $accent"), (entry.glyph, entry.style),
                ("]", "bold $accent"), " ",
            )  # fmt: skip
        return Content.assemble(f" {entry.words} ", (entry.glyph, entry.style), " " * gap)

    def on_click(self, event: events.Click) -> None:
        """Pick the entry under the pointer."""
        for start, end, index in self._spans:
            if start <= event.x < end:
                self.post_message(self.Picked(index))


def window(lengths: Sequence[int], current: int, room: int) -> tuple[int, int]:
    """Return the first entry to draw and the one after the last, so that the current one can be seen."""
    first = 0
    while first < current and sum(lengths[first : current + 1]) > room:
        first += 1
    last = first
    while last < len(lengths) and sum(lengths[first : last + 1]) <= room:
        last += 1
    return first, max(last, min(current + 1, len(lengths)))

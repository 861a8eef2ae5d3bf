"""The text view: many lines, wrapped as they come into view, followed while they grow, with places found in them."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

SLICE = 5_000  # lines that a search looks through at once: some milliseconds
_NARROWEST = 8  # cells that a line is wrapped to at least
_ROOM = 2  # what hangs leaves at least the half of a row


class TextView(ScrollView, can_focus=True):
    """Shows lines of plain text; a line's tone is one of `tones`, chosen by its first character if it is given so."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "go(1)", show=False),
        Binding("up,k", "go(-1)", show=False),
        Binding("pagedown,ctrl+f", "page(1)", show=False),
        Binding("pageup,ctrl+b", "page(-1)", show=False),
        Binding("home,g", "top", show=False),
        Binding("end,G", "follow", show=False),
    ]
    DEFAULT_CSS = """
    TextView {
        background: $background;
        color: $foreground;
        scrollbar-size-vertical: 1;

        & .text-view--muted { color: $foreground-muted; }
        & .text-view--good { color: $success; }
        & .text-view--bad { color: $error; }
        & .text-view--strong { color: $accent; text-style: bold; }
        & .text-view--attention { color: $warning; }
        & .text-view--found { background: $panel; color: $warning; text-style: bold underline; }
        & .text-view--current { background: $warning; color: $background; text-style: bold; }
        &:ansi .text-view--current { color: $block-cursor-foreground; }
    }
    """
    TONES = ("muted", "good", "bad", "strong", "attention")
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"text-view--{tone}" for tone in TONES), "text-view--found", "text-view--current",
    }  # fmt: skip

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[str] = []
        self._tones: list[str] = []
        self._starts: list[int] = []  # the first row of each line, at the present width
        self._rows = 0
        self._width = 0
        self._words = ""
        self._found: list[int] = []  # lines in which the words stand
        self._looked = 0  # lines that were looked through for them
        self._current = -1
        self._wrapped: LRUCache[int, list[str]] = LRUCache(512)
        self._hang = 0  # cells
        self.following = True

    # -- public verbs

    @property
    def lines(self) -> Sequence[str]:
        """The lines that are shown."""
        return self._lines

    def show(self, lines: Iterable[str], tones: Iterable[str] = (), *, follow: bool = False, hang: int = 0) -> None:
        """Show these lines in the place of those there were; with `follow`, from their end.

        What a line has after its first row stands `hang` cells further right, as far as there is room for that.
        """
        self._lines = list(lines)
        self._hang = hang
        given = list(tones)
        self._tones = given if given else [""] * len(self._lines)
        self.following = follow
        self._forget_found(0)
        self._look_on(len(self._lines))
        self._measure()
        if not follow:
            self.scroll_to(y=0, animate=False)

    def add(self, lines: Sequence[str], tones: Sequence[str] = ()) -> None:
        """Add lines at the end; the view goes along unless a person has scrolled up."""
        self.put(len(self._lines), lines, tones)

    def put(self, first: int, lines: Sequence[str], tones: Sequence[str] = ()) -> None:
        """Put lines in the place of those from the `first` one on."""
        del self._lines[first:], self._tones[first:]
        looked_through = self._looked >= len(self._lines)  # else a search is under way, and comes to the new ones
        self._forget_found(first)
        self._lines += lines
        self._tones += tones or [""] * len(lines)
        if looked_through:
            self._look_on(len(self._lines))
        self._measure(first)

    async def search(self, words: str) -> int:
        """Find words in the lines, show their last place, and return how many lines have them.

        It goes by slices, so that the screen lives on; of two searches the later one goes on.
        """
        self._words, self._current = words.lower(), -1
        self._forget_found(0)
        while self._words == words.lower() and self._looked < len(self._lines):
            self._look_on(self._looked + SLICE)
            await asyncio.sleep(0)
        if self._found and self._words == words.lower():
            self.search_on(-1)
        self.refresh()
        return len(self._found)

    def search_on(self, by: int) -> int:
        """Show the next place or the one before; return its number from 1, or 0."""
        if not self._found:
            return 0
        self._current = (self._current + by) % len(self._found) if self._current >= 0 else len(self._found) - 1
        row = self._starts[self._found[self._current]]
        self.following = False
        self.scroll_to(y=max(0, row - self.size.height // 2), animate=False)
        self.refresh()
        return self._current + 1

    @property
    def text_in_view(self) -> str:
        """The lines in view, or the one with the place found."""
        if self._current >= 0:
            return self._lines[self._found[self._current]]
        if not self._starts:
            return ""
        top = bisect_right(self._starts, int(self.scroll_y)) - 1
        bottom = bisect_right(self._starts, int(self.scroll_y) + self.size.height - 1)
        return "\n".join(self._lines[max(0, top) : bottom])

    # -- drawing

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        row = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        style = self.rich_style
        if row >= self._rows or not self._starts:
            return Strip.blank(width, style)
        number = bisect_right(self._starts, row) - 1
        part = self._parts(number)[row - self._starts[number]]
        tone = self._tones[number]
        if tone:
            style += self.get_component_rich_style(f"text-view--{tone}", partial=True)
        text = Text(part)
        text.stylize(style)
        self._mark(text, number)
        strip = Strip(text.render(self.app.console)).adjust_cell_length(width, self.rich_style)
        return strip.apply_style(
            self.rich_style
        )  # what has no style at all, Textual cannot draw where there is no colour

    def _mark(self, text: Text, number: int) -> None:
        if not self._words or self._words not in text.plain.lower():
            return
        here = self._current >= 0 and self._found[self._current] == number
        style = self.get_component_rich_style("text-view--current" if here else "text-view--found", partial=True)
        plain, at = text.plain.lower(), -1
        while (at := plain.find(self._words, at + 1)) >= 0:
            text.stylize(style, at, at + len(self._words))

    def _parts(self, number: int) -> list[str]:
        parts = self._wrapped.get(number)
        if parts is None:
            parts = self._wrapped[number] = _wrapped(self._lines[number], self._width, self._hang)
        return parts

    def _measure(self, first: int = 0) -> None:
        """Find where each line stands, from the `first` one that is new on."""
        self._width = max(_NARROWEST, self.scrollable_content_region.width)
        self._wrapped.clear()
        heights = [_height(line, self._width, self._hang) for line in self._lines[first:]]
        start = self._starts[first] if first < len(self._starts) else self._rows
        start = start if first else 0
        del self._starts[first:]
        self._starts += [start, *accumulate(heights[:-1], initial=start)][1:] if heights else []
        self._rows = start + sum(heights)
        self.virtual_size = Size(0, self._rows)
        if self.following:
            self.call_after_refresh(self._go_along)
        self.refresh()

    def _go_along(self) -> None:
        """Go to the end, unless something else came in between that is to be read from its beginning."""
        if self.following:
            self.action_follow()

    def _look_on(self, end: int) -> None:
        """Look for the words in the next lines, up to one."""
        words, first = self._words, self._looked
        self._looked = min(end, len(self._lines))
        if words:
            self._found += [n for n in range(first, self._looked) if words in self._lines[n].lower()]

    def _forget_found(self, first: int) -> None:
        """Take the lines from one on for unknown."""
        self._looked = min(self._looked, first)
        del self._found[bisect_left(self._found, first) :]
        self._current = min(self._current, len(self._found) - 1)

    # -- handlers

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        if max(_NARROWEST, self.scrollable_content_region.width) != self._width:
            self._measure()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Stay where a person scrolled up to; follow again once they are back at the end."""
        super().watch_scroll_y(old_value, new_value)
        if new_value >= self.max_scroll_y:
            self.following = True
        elif new_value < old_value:
            self.following = False

    def action_go(self, rows: int) -> None:
        """Scroll by rows."""
        self.scroll_relative(y=rows, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)

    def action_top(self) -> None:
        """Go to the first line."""
        self.scroll_home(animate=False)

    def action_follow(self) -> None:
        """Go to the end, and along with it."""
        self.following = True
        self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)


def _height(line: str, width: int, hang: int) -> int:
    return 1 if len(line) <= width and line.isascii() else len(_wrapped(line, width, hang))


def _wrapped(line: str, width: int, hang: int) -> list[str]:
    """Cut a line into rows; what comes after the first one hangs."""
    hang = min(hang, width // _ROOM)
    first, *rest = (_cut_plain if line.isascii() else _cut_wide)(line, width, width - hang)
    return [first, *(" " * hang + row for row in rest)]


def _cut_plain(line: str, width: int, less: int) -> Iterator[str]:
    """Cut behind a blank near the end of a row where there is one, and in mid-word elsewhere."""
    at = 0
    while len(line) - at > width:
        blank = line.rfind(" ", at + width * 2 // 3, at + width)
        end = blank + 1 if blank >= 0 else at + width
        yield line[at:end]
        at, width = end, less
    yield line[at:]


def _cut_wide(line: str, width: int, less: int) -> Iterator[str]:
    """Cut in the same way where a character may take two cells, or none."""
    start, used, blank = 0, 0, -1
    for at, character in enumerate(line):
        cells = cell_len(character)
        if used + cells > width and at > start:
            end = blank + 1 if blank >= start + (at - start) * 2 // 3 else at
            yield line[start:end]
            start, used, width = end, cell_len(line[end:at]), less
        used += cells
        blank = at if character == " " else blank
    yield line[start:]

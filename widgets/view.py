"""The view: which rows of an emulator are looked at, from the end or back in the scrollback, and what is marked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice, takewhile

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.emulator.rows import Row
from agentorchestr_tui.emulator.still import Moves, Still

from . import spans
from .spans import Place, Span


class View:
    """A window on an emulator's rows; rows are numbered from the first that ever was.

    Without a still it shows what there is; with one, what there was then, whatever the program prints. In another size
    a still is wrapped anew, and what names its rows goes along.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        emulator.tile = True
        self.marked: Span | None = None
        self.reader: object | None = None
        """Who reads the still."""
        self.point: Place | None = None
        """Where the cursor of one who reads a still stands."""
        self.anchor: Place | None = None
        """Where the selection of one who reads began."""
        self._pressed: Place | None = None
        self._still: Still | None = None
        self._size = (0, 0)  # columns and lines that the still is shown in
        self.found: list[Span] = []
        """The places found, which show."""
        self._at = 0
        self._back = 0
        self._pushed = 0

    @property
    def back(self) -> int:
        """How many rows above the end the view stands; it stays with what it shows while output goes on."""
        screen = self.emulator.screen
        if self.still is not None:
            return min(self._back, self.farthest)
        if self._back:
            self._back = min(len(screen.history), self._back + screen.pushed - self._pushed)
        self._pushed = screen.pushed
        return 0 if self.emulator.alternate else self._back

    @property
    def farthest(self) -> int:
        """How many rows above the end the view can stand."""
        if self.still is not None:
            return max(0, len(self.still.rows) - self.height)
        return 0 if self.emulator.alternate else len(self.emulator.screen.history)

    @property
    def height(self) -> int:
        """How many rows are in view."""
        return self.emulator.lines

    def scroll(self, rows: int) -> bool:
        """Go back by rows, or towards the end if negative; say whether the view moved."""
        if self.emulator.alternate and self.still is None:
            return False
        before = self.back
        self._back = max(0, min(self.farthest, before + rows))
        return self._back != before

    @property
    def top(self) -> int:
        """The number of the first row in view."""
        if self.still is not None:
            return self.still.first + self.farthest - self.back
        return self.emulator.screen.pushed - self.back

    def freeze(self, reader: object) -> Still:
        """Show one who reads what there is now, until `thaw`, whatever the program prints; return it."""
        self._size = self.emulator.columns, self.emulator.lines
        self._still, self.reader = self.emulator.screen.still(), reader
        return self._still

    def thaw(self) -> None:
        """Show the end again, and what is printed."""
        self._still = self.reader = self.point = self.anchor = self._pressed = None
        self._back = 0
        self.forget_marks()

    @property
    def still(self) -> Still | None:
        """What is shown instead of what there is, in the size of now; None if nothing is."""
        size = self.emulator.columns, self.emulator.lines
        if self._still is not None and self._size != size:
            self._still = self._follow_size(self._still, *size)
        return self._still

    def _follow_size(self, still: Still, columns: int, lines: int) -> Still:
        """Wrap the still anew, and keep what is read at its line of the view."""
        height = self._size[1]
        top = still.first + max(0, len(still.rows) - height - self._back)
        kept = self.point if self.point is not None and 0 <= self.point[0] - top < height else (top, 0)
        line = kept[0] - top
        if columns != self._size[0]:
            before, still = still, self.emulator.screen.wrap_still(still)
            kept = self._take_moves(Moves(before, still, columns), kept)
        farthest = max(0, len(still.rows) - lines)
        top = max(still.first, kept[0] - min(line * lines // height, lines - 1))
        self._size, self._back = (columns, lines), max(0, min(farthest, still.first + farthest - top))
        return still

    def _take_moves(self, moves: Moves, kept: Place) -> Place:
        """Let every place go where its cell has gone; return where `kept` has."""

        def moved(span: Span) -> Span:
            return replace(span, start=moves.place(span.start), end=moves.end(span.end))

        places = self.point, self.anchor, self._pressed
        self.point, self.anchor, self._pressed = (place and moves.place(place) for place in places)
        at = self.found.index(self.marked) if self.marked in self.found else -1
        self.found = [moved(span) for span in self.found]
        if self.marked is not None and self.marked.rectangle and self.point and self.anchor:
            self.marked = spans.between(self.anchor, self.point, rectangle=True)
        elif self.marked is not None:
            self.marked = self.found[at] if at >= 0 else moved(self.marked)
        return moves.place(kept)

    @property
    def place(self) -> tuple[int, int] | None:
        """The column and line of the point in view, if it is in view."""
        top = self.top  # first: in another size the point goes elsewhere
        if self.point is None or not 0 <= self.point[0] - top < self.height:
            return None
        return self.point[1], self.point[0] - top

    def rows(self) -> list[Row]:
        """Return the rows in view, as many as the screen has."""
        screen, back = self.emulator.screen, self.back
        if self.still is not None:
            first = self.top - self.still.first
            return list(self.still.rows[first : first + self.height])
        if not back:
            return screen.rows
        history = len(screen.history)
        return list(islice(chain(screen.history, screen.rows), history - back, history - back + len(screen.rows)))

    # -- what is marked

    def press(self, column: int, line: int) -> None:
        """Start marking at a cell of the view."""
        self.marked = None
        self._pressed = (self.top + line, column)

    def drag(self, column: int, line: int, *, rectangle: bool = False) -> None:
        """Mark up to a cell of the view."""
        head = (self.top + line, column)
        if self._pressed is not None:
            self.marked = spans.between(self._pressed, head, rectangle=rectangle)

    def mark_word(self, column: int, line: int) -> None:
        """Mark the word around a cell of the view."""
        self.marked = spans.word_at(*self._all(), (self.top + line, column))

    def mark_line(self, line: int) -> None:
        """Mark a row of the view with those it is wrapped from and into."""
        self.mark_lines(self.top + line, self.top + line)

    def mark_lines(self, start: int, end: int) -> None:
        """Mark rows, with those they are wrapped from and into."""
        rows, first = self._all()
        start, end = sorted((start, end))
        while start > first and rows[start - 1 - first].wrapped:
            start -= 1
        while end - first < len(rows) - 1 and rows[end - first].wrapped:
            end += 1
        self.marked = Span((start, 0), (end, self.emulator.columns))

    @property
    def marked_text(self) -> str:
        """The text that is marked."""
        rows, first = self._all()
        return spans.text_of(rows, first, self.marked, self.emulator.screen.glyphs) if self.marked else ""

    def link_at(self, column: int, line: int) -> str:
        """Return the link of a cell of the view, or the web address written there, or nothing."""
        row = self.rows()[line]
        if column >= len(row.codes):
            return ""
        return self.emulator.screen.styles[row.codes[column]].link or spans.address_at(
            *self._all(), (self.top + line, column)
        )

    # -- search

    def search(self, text: str) -> int:
        """Find a text in scrollback and screen, show its last place, and return how many there are."""
        self.found = self.places_of(text)
        self._at = len(self.found) - 1
        self._show_found()
        return len(self.found)

    def places_of(self, text: str) -> list[Span]:
        """Return every place of a text in scrollback and screen."""
        rows, first = self._all()
        return spans.find(rows, first, text, self.emulator.screen.glyphs)

    def search_on(self, forward: bool) -> int:
        """Show the next place found, or the one before; return its number from 1, or 0 if there is none."""
        if not self.found:
            return 0
        self._at = (self._at + (1 if forward else -1)) % len(self.found)
        self._show_found()
        return self._at + 1

    def found_in_view(self) -> list[Span]:
        """Return the places found that are in view."""
        first = self.top
        last = first + len(self.emulator.screen.rows)
        start = bisect_left(self.found, first, key=lambda span: span.end[0])
        return list(takewhile(lambda span: span.start[0] < last, islice(self.found, start, None)))

    def forget_marks(self) -> None:
        """Mark nothing, and forget what was found."""
        self.marked = None
        self.found = []

    def forget_places(self) -> None:
        """Forget marks that name rows, which another size counts anew; a still keeps its rows."""
        if self.still is None:
            self.forget_marks()

    def show_row(self, number: int) -> None:
        """Bring a row into view: by as little as it takes if it is near, else into the middle."""
        line = number - self.top
        if line < 0:
            self.scroll(-line if line >= -self.height else self.height // 2 - line)
        elif line >= self.height:
            self.scroll(self.height - 1 - line if line < 2 * self.height else self.height // 2 - line)

    def _show_found(self) -> None:
        self.marked = self.found[self._at] if self.found else None
        if self.marked is None:
            return
        line = self.marked.start[0] - self.top
        if not 0 <= line < self.height:
            self.scroll(self.height // 2 - line)

    def _all(self) -> tuple[Sequence[Row], int]:
        """Return every row there is, and the number of the first."""
        screen = self.emulator.screen
        if self.still is not None:
            return self.still.rows, self.still.first
        if self.emulator.alternate:
            return screen.rows, screen.pushed
        return [*screen.history, *screen.rows], screen.pushed - len(screen.history)

"""The reader: a cursor of a person's own in a still of a terminal, what it selects, and what it searches for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from enum import StrEnum

from agentorchestr_tui.emulator.still import Still

from . import spans, steps
from .spans import Place
from .steps import Step
from .view import View

_FAR = 1 << 30  # columns


class Shape(StrEnum):
    """What a selection takes between its two ends."""

    CELLS = "text"
    LINES = "lines"
    BLOCK = "block"


class Reader:
    """Reads in a view until it leaves; meanwhile the view stands still, whatever the program prints."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._last = view.freeze(self)
        self._shape: Shape | None = None
        self._forward = True
        screen = view.emulator.screen
        line = view.height - 1 if view.back else screen.cursor.y
        self._column = 0  # where steps up and down would like to be
        self._put(steps.clamped(self._still, (view.top + line, screen.column)))

    @property
    def shape(self) -> Shape | None:
        """What is being selected; None while nothing is."""
        return self._shape

    @property
    def has_found(self) -> bool:
        """Whether a place that was searched for is marked."""
        at = self._before(self._point) + 1
        return self._shape is None and at < len(self._view.found) and self._view.marked == self._view.found[at]

    @property
    def is_current(self) -> bool:
        """Say whether the view still shows what is read."""
        return self._view.reader is self

    @property
    def _still(self) -> Still:
        """What is read, in the width of now."""
        if self.is_current and self._view.still is not None:
            self._last = self._view.still
        return self._last

    @property
    def _point(self) -> Place:
        """Where the cursor stands."""
        still = self._still
        return self._view.point or (still.first, 0)

    @property
    def address(self) -> str:
        """The link, or web address, under the cursor."""
        column, line = self._view.place or (0, 0)
        return self._view.link_at(column, line)

    def leave(self) -> None:
        """Let the view show the end again."""
        if self.is_current:
            self._view.thaw()

    # -- going

    def go(self, step: Step, count: int = 1) -> None:
        """Take a step, or several."""
        place = self._point
        for _ in range(count):
            before, place = place, step(self._still, place)
            if place == before:
                break
        self._put(place)
        if step is steps.line_end:
            self._column = _FAR

    def go_rows(self, rows: int) -> None:
        """Go down by rows, or up if negative, in the same column where there is text."""
        number = max(self._still.first, min(self._point[0] + rows, self._still.last))
        place = (number, self._column)
        if self._shape is Shape.BLOCK and self._column != _FAR:
            place = number, min(self._column, self._view.emulator.columns - 1)
        else:
            place = steps.clamped(self._still, place)
        column = self._column
        self._put(place)
        self._column = column

    def go_pages(self, rows: int) -> None:
        """Scroll down by rows, or up if negative, and let the cursor keep its line."""
        self._view.scroll(-rows)
        self.go_rows(rows)

    def scroll(self, rows: int) -> None:
        """Scroll back by rows, or towards the end if negative; the cursor stays, or at the edge comes along."""
        self._view.scroll(rows)
        self.come_along()

    def come_along(self) -> None:
        """Bring the cursor to the nearest row in view, if the view was moved away from it."""
        if self._view.place is not None:
            return
        first, last = self._view.top, self._view.top + self._view.height - 1
        self.go_rows(max(first, min(self._point[0], last)) - self._point[0])

    def go_in_view(self, share: float) -> None:
        """Go to the top (0), the middle (0.5) or the bottom (1) of what is in view."""
        last = min(self._view.top + self._view.height - 1, self._still.last)
        number = self._view.top + round(share * (last - self._view.top))
        self._put(steps.line_text(self._still, (number, 0)))

    def _put(self, place: Place) -> None:
        self._column = place[1]
        self._view.show_row(place[0])
        self._view.point = place
        self._mark()

    # -- selecting

    def select(self, shape: Shape) -> None:
        """Begin a selection here, or change its shape; the same shape again ends it."""
        if self._shape is None:
            self._view.anchor = self._point
        self._shape = None if shape is self._shape else shape
        self._mark()

    def select_nothing(self) -> None:
        """End the selection."""
        self._shape = self._view.marked = None

    def swap(self) -> None:
        """Go to the selection's other end."""
        place, self._view.anchor = self._anchor, self._point
        self._put(place)

    def select_line(self) -> None:
        """Select the line the cursor stands in, with the rows it is wrapped over, until it moves."""
        self._shape = None
        self._view.mark_lines(self._point[0], self._point[0])

    @property
    def _anchor(self) -> Place:
        """The selection's other end."""
        return self._view.anchor or self._point

    def _mark(self) -> None:
        match self._shape:
            case None:
                self._view.marked = None
            case Shape.LINES:
                self._view.mark_lines(self._anchor[0], self._point[0])
            case shape:
                self._view.marked = spans.between(self._anchor, self._point, rectangle=shape is Shape.BLOCK)

    # -- searching

    def search(self, text: str, *, forward: bool) -> tuple[int, int]:
        """Go to the next place of a text, or the one before; return its number from 1 and how many there are.

        Forward where nothing follows, it turns round: who looks back from the end wants the last place.
        """
        self._view.found = self._view.places_of(text)
        self._forward = forward and self._after(self._point) < len(self._view.found)
        return self.search_on()

    def search_on(self, *, back: bool = False) -> tuple[int, int]:
        """Go on in the direction of the search, or back; round past the ends."""
        places = self._view.found
        if not places:
            return 0, 0
        at = self._after(self._point) if self._forward is not back else self._before(self._point)
        found = places[at % len(places)]
        self._put(found.start)
        if self._shape is None:
            self._view.marked = found
        return at % len(places) + 1, len(places)

    def _after(self, place: Place) -> int:
        return bisect_right(self._view.found, place, key=lambda span: span.start)

    def _before(self, place: Place) -> int:
        return bisect_left(self._view.found, place, key=lambda span: span.start) - 1

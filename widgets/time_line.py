"""The time line of a replay: how far it is, marks for what happened when, and the words of the nearest one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

TOGETHER = 0.05  # seconds in which marks are one stop of the arrow keys


@dataclass(frozen=True, slots=True, order=True)
class TimeMark:
    """Something that happened at a time, in seconds: its sign, tone, and words; of two the weightier is drawn."""

    at: float
    sign: str = "·"
    tone: str = "muted"
    words: str = ""
    weight: int = 0


class TimeLine(Widget):
    """Two rows: the line with its marks, and time, pace and the words of the mark before; a click seeks."""

    DEFAULT_CSS = """
    TimeLine {
        height: 2;
        padding: 0 1;
        background: $surface;
        color: $foreground;
        pointer: pointer;

        & .time-line--past { color: $accent; }
        & .time-line--muted { color: $foreground-muted; }
        & .time-line--good { color: $success; }
        & .time-line--bad { color: $error; }
        & .time-line--attention { color: $warning; text-style: bold; }
        & .time-line--strong { color: $foreground; text-style: bold; }
        & .time-line--here { background: $accent; color: $background; text-style: bold; }
        &:ansi .time-line--here { color: $block-cursor-foreground; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"time-line--{part}" for part in ("past", "muted", "good", "bad", "attention", "strong", "here")
    }

    class Sought(Message):
        """A person clicked a time."""

        def __init__(self, at: float) -> None:
            super().__init__()
            self.at = at

    def __init__(self) -> None:
        super().__init__()
        self.marks: Sequence[TimeMark] = ()
        self._at = self._length = 0.0
        self._state = ""

    def show(self, at: float, length: float, state: str) -> None:
        """Stand at a time of so many seconds; `state` says both in words, whether it plays, and how fast."""
        self._at, self._length, self._state = at, length, state
        self.refresh()

    def beside(self, at: float, by: int) -> float:
        """Return the time of the next mark, or of the one before; the beginning or the end when there is none."""
        times = self._stops()
        if by > 0:
            return next((time for time in times if time > at), self._length)
        return next((time for time in reversed(times) if time < at - TOGETHER), 0.0)

    def _stops(self) -> list[float]:
        """Return where the marks stand, those that fall together as one."""
        stops: list[float] = []
        for mark in sorted(self.marks):
            if not stops or mark.at > stops[-1] + TOGETHER:
                stops.append(mark.at)
        return stops

    def render(self) -> Text:
        """Draw both rows."""
        return Text("\n").join((self._bar(), self._words()))

    def _bar(self) -> Text:
        width = max(1, self.size.width)
        here = self._column(self._at, width)
        bar = Text("━" * here, self._style("past")) + Text("─" * (width - here), self._style("muted"))
        signs: dict[int, TimeMark] = {}
        for mark in sorted(self.marks, key=lambda mark: mark.weight):
            signs[self._column(mark.at, width)] = mark
        cells = list(bar.divide(range(1, width)))
        for column, mark in signs.items():
            cells[column] = Text(mark.sign, self._style(mark.tone))
        cells[here] = Text(cells[here].plain if here in signs else "●", self._style("here"))
        return Text("").join(cells)

    def _words(self) -> Text:
        number = bisect_right([mark.at for mark in self.marks], self._at + 0.05)
        words = self.marks[number - 1].words if number else ""
        text = Text.assemble((self._state, self._style("strong")), "  ", (words, self._style("muted")))
        text.truncate(max(1, self.size.width), overflow="ellipsis")
        return text

    def _column(self, at: float, width: int) -> int:
        share = at / self._length if self._length else 0.0
        return max(0, min(width - 1, int(share * (width - 1) + 0.5)))

    def _style(self, part: str) -> str:
        return str(self.get_component_rich_style(f"time-line--{part}"))

    def on_click(self, event: events.Click) -> None:
        """Seek to the time under the mouse."""
        width = max(1, self.size.width - 1)
        column = max(0, min(width, event.x - self.styles.padding.left))
        self.post_message(self.Sought(self._length * column / width))

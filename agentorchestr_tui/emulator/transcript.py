"""The transcript: what a pane said, as lines with numbers that stay."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from agentorchestr_tui.emulator.aside import Aside, without_bar
from agentorchestr_tui.emulator.foot import start_of_foot
from agentorchestr_tui.emulator.modes import PASTE
from agentorchestr_tui.emulator.rows import Row
from agentorchestr_tui.emulator.screen import Screen


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the program printed it, wrapped rows joined; `number` counts from the pane's first line."""

    number: int
    text: str


def settled(screen: Screen) -> int:
    """Return the number of the first line that may still change; those before it stay as they are."""
    return screen.finished + screen.aside


def lines(screen: Screen, asides: Sequence[Aside], start: int | None, limit: int) -> list[Line]:
    """Return up to `limit` lines from number `start` on, or the last ones if it is None.

    A `start` that scrollback has forgotten begins at the oldest line there is. The blank rows below the last text are
    left out, and so is the foot of a program that takes text in a box: what is being typed was not said yet. A program
    on the alternate screen adds what scrolled off it, and what it shows now.
    """
    everything = _numbered(screen, asides, start or 0)
    if start is None:
        return list(deque(everything, maxlen=max(0, limit)))
    return list(islice((line for line in everything if line.number >= start), max(0, limit)))


def _numbered(screen: Screen, asides: Sequence[Aside], start: int) -> Iterator[Line]:
    """Give numbers in the order in which lines were settled, of those before `start` not all."""
    main = screen.rows if screen.main_rows is None else screen.main_rows
    covering = [] if screen.main_rows is None else screen.rows
    earlier = screen.aside - len(asides)
    waiting = deque(asides)
    mine = screen.finished - sum(not row.wrapped for row in screen.history)
    if screen.main_rows is None and PASTE in screen.modes:  # a program that has left shows no foot
        main = _above_foot(screen, main)
    history = iter(screen.history)
    skipped = sum(not row.wrapped for row in _lines_of(history, start - screen.aside - mine))
    while waiting and waiting[0].after < mine + skipped:
        waiting.popleft()
        earlier += 1
    mine += skipped
    texts = chain(_joined(screen, chain(history, _used(main))), _shown(screen, _above_foot(screen, covering)))
    for text in texts:
        while waiting and waiting[0].after <= mine:
            yield Line(mine + earlier, waiting.popleft().text)
            earlier += 1
        yield Line(mine + earlier, text)
        mine += 1
    for aside in waiting:
        yield Line(mine + earlier, aside.text)
        earlier += 1


def _lines_of(rows: Iterator[Row], count: int) -> Iterator[Row]:
    """Take the rows of so many lines, as far as there are any, and no row more."""
    while count > 0 and (row := next(rows, None)) is not None:
        count -= not row.wrapped
        yield row


def _shown(screen: Screen, rows: list[Row]) -> Iterator[str]:
    """Give the lines of the alternate screen, without its scroll bar."""
    for text in _joined(screen, _used(rows)):
        yield without_bar(text, screen.columns)


def _above_foot(screen: Screen, rows: list[Row]) -> list[Row]:
    """Return rows without the foot."""
    cursor = None if screen.cursor.hidden else screen.cursor.y
    return rows[: start_of_foot([row.text.rstrip() for row in rows], cursor, screen.columns)]


def _used(rows: list[Row]) -> list[Row]:
    """Return rows down to the last with text."""
    last = len(rows)
    while last and not rows[last - 1].text.strip():
        last -= 1
    return rows[:last]


def _joined(screen: Screen, rows: Iterator[Row] | list[Row]) -> Iterator[str]:
    """Join wrapped rows into lines, without the blanks at their ends."""
    text = screen.glyphs.text
    parts: list[str] = []
    for row in rows:
        parts.append(text(row.text))
        if not row.wrapped:
            yield "".join(parts).rstrip()
            parts.clear()
    if parts:
        yield "".join(parts).rstrip()

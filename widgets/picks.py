"""Choices on one line, by key and mouse: one or several of a few names, and a number to step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

_GAP = 2  # cells between two options


@dataclass(frozen=True, slots=True)
class Pick:
    """One option: its name, what stands beside it, and why it cannot be chosen, if so."""

    name: str
    words: str = ""
    why_not: str = ""


class _Line(Widget, can_focus=True):
    """One line that takes keys."""

    DEFAULT_CSS = """
    _Line {
        height: 1;
        width: 1fr;
        pointer: pointer;

        & .picks--at { text-style: reverse; }
        & .picks--off { color: $foreground-muted; }
        & .picks--on { color: $accent; text-style: bold; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"picks--at", "picks--off", "picks--on"}

    class Changed(Message):
        """Another choice was made."""

        def __init__(self, line: Widget) -> None:
            super().__init__()
            self.line = line

        @property
        def control(self) -> Widget:
            """The line, for `@on` selectors."""
            return self.line

    class Refused(Message):
        """A choice cannot be made; `why` is a sentence."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def on_key(self, event: events.Key) -> None:
        """Take the keys of a line; up and down go to the line before and after."""
        if event.key in ("up", "down"):
            (self.screen.focus_previous if event.key == "up" else self.screen.focus_next)()
        elif not self.take(event.key):
            return
        event.stop()
        event.prevent_default()

    def take(self, key: str) -> bool:
        """Do what a key does here; False when it does nothing."""
        raise NotImplementedError

    def on_focus(self) -> None:
        """Show where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """Show nothing."""
        self.refresh()


class Picks(_Line):
    """Names of which one, or several, are chosen."""

    def __init__(self, *, several: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._several = several
        self._picks: tuple[Pick, ...] = ()
        self._chosen: set[str] = set()
        self._at = 0
        self._from = 0  # the first cell in view
        self._bare = False  # names only

    def offer(self, picks: Sequence[Pick], chosen: Sequence[str]) -> None:
        """Offer these names, of which these are chosen."""
        self._picks, self._chosen = tuple(picks), set(chosen)
        self._at = next((number for number, pick in enumerate(picks) if pick.name in self._chosen), 0)
        self.refresh()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The chosen names, in the order in which they are offered."""
        return tuple(pick.name for pick in self._picks if pick.name in self._chosen)

    def take(self, key: str) -> bool:
        """Move by arrows, choose by space; where one is chosen, moving chooses."""
        if key in ("left", "right"):
            self._at = max(0, min(len(self._picks) - 1, self._at + (1 if key == "right" else -1)))
            if not self._several:
                self._choose(self._at)
            self.refresh()
        elif key in ("space", "enter"):
            self._choose(self._at)
        else:
            return False
        return True

    def _choose(self, number: int) -> None:
        if not self._picks:
            return
        pick = self._picks[number]
        if pick.why_not:
            self.post_message(self.Refused(pick.why_not))
            return
        self._chosen = self._chosen ^ {pick.name} if self._several else {pick.name}
        self.refresh()
        self.post_message(self.Changed(self))

    def on_click(self, event: events.Click) -> None:
        """Choose what is under the mouse."""
        at = event.x + self._from
        for number, (start, end) in enumerate(self._places()):
            if start <= at < end + _GAP:
                self._at = number
                self._choose(number)

    def render(self) -> Text:
        """Draw the options, scrolled so that the one at the cursor is seen."""
        width = self.size.width
        self._bare = False
        text = self._line()
        if text.cell_len > width:
            self._bare = True  # what is said beside the names goes first
            text = self._line()
        if text.cell_len <= width or not self._picks:
            self._from = 0
            return text
        start, end = self._places()[self._at]
        self._from = max(0, min(self._from, start - 1), end + 1 - width)
        cut = text[self._from : self._from + width]
        if self._from:
            cut = Text("…") + cut[1:]
        return cut[:-1] + Text("…") if self._from + width < text.cell_len else cut

    def _line(self) -> Text:
        return Text(" " * _GAP).join(self._drawn(number, pick) for number, pick in enumerate(self._picks))

    def _drawn(self, number: int, pick: Pick) -> Text:
        on = pick.name in self._chosen
        marks = ("[x] ", "[ ] ") if self._several else ("(•) ", "( ) ")
        part = "off" if pick.why_not else "on" if on else ""
        style = self.get_component_rich_style(f"picks--{part}") if part else ""
        text = Text.assemble((marks[not on], style), (pick.name, style))
        if number == self._at and self.has_focus:
            text.stylize(self.get_component_rich_style("picks--at"))
        if pick.words and not self._bare:
            text.append(f" {pick.words}", self.get_component_rich_style("picks--off"))
        return text

    def _places(self) -> list[tuple[int, int]]:
        places, at = [], 0
        for number, pick in enumerate(self._picks):
            length = self._drawn(number, pick).cell_len
            places.append((at, at + length))
            at += length + _GAP
        return places


class Stepper(_Line):
    """A number that is stepped by arrows, typed, or clicked."""

    def __init__(self, number: int, least: int, most: int, words: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.number = number
        self._least, self._most = least, most
        self._words = words
        self._typed = ""  # digits in a row

    def set(self, number: int) -> None:
        """Take a number, or the nearest that may be."""
        number = max(self._least, min(self._most, number))
        if number != self.number:
            self.number = number
            self.refresh()
            self.post_message(self.Changed(self))

    def take(self, key: str) -> bool:
        """Step by arrows or signs, type digits, take the last digit back."""
        steps = {"left": -1, "minus": -1, "right": 1, "plus": 1}
        before, self._typed = self._typed, ""
        if key in steps:
            self.set(self.number + steps[key])
        elif key.isdigit() and len(key) == 1:
            self._typed = before + key if int(before + key) <= self._most else key
            self.set(int(self._typed))
        elif key == "backspace":
            self.set(self.number // 10)
        else:
            return False
        return True

    def on_click(self, event: events.Click) -> None:
        """Step down on the left sign, up on the right one."""
        if event.x < 3:  # "‹ " and the gap behind it
            self.set(self.number - 1)
        elif event.x < 3 + len(str(self.number)) + 3:
            self.set(self.number + 1)

    def render(self) -> Text:
        """Draw the number between its signs."""
        style = self.get_component_rich_style("picks--at") if self.has_focus else ""
        words = (f"  {self._words}", self.get_component_rich_style("picks--off"))
        return Text.assemble("‹ ", (f" {self.number} ", style), " ›", words)

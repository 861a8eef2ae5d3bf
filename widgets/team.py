"""The team: everybody in a column of two lines each, or in a list of one line each where there is the width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

LIST_FROM = 64  # cells, from which one line holds it all
_WHO, _STATE = 32, 18  # cells of the first columns of a list, at most
_NO_WORDS = Content()


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team: the number of its tile, who it is, how it stands, and what it last said."""

    index: int
    who: Content
    state: Content
    says: Content


class Team(Widget, can_focus=True):
    """Draws the members, the current one marked; with the focus, it stands out."""

    DEFAULT_CSS = """
    Team {
        background: $background;
        color: $foreground;
        border-left: solid $border-blurred;
        padding: 0 1;

        &:focus { border-left: thick $accent; background: $surface; }
    }
    """
    ALLOW_SELECT = False
    FOCUS_ON_CLICK = False

    class Picked(Message):
        """A person clicked a member, or turned the wheel to one: then `looking` only."""

        def __init__(self, index: int, *, looking: bool = False) -> None:
            super().__init__()
            self.index = index
            self.looking = looking

    def __init__(self) -> None:
        super().__init__()
        self._members: tuple[Member, ...] = ()
        self._current = 0
        self._top = 0

    def show(self, members: Sequence[Member], current: int) -> None:
        """Draw these from now on."""
        shown, before = tuple(members), self._members
        if current == self._current and [each.index for each in shown] == [each.index for each in before]:
            self._members = shown
            self._refresh_lines([n for n in range(len(shown)) if not _is_alike(shown[n], before[n])])
        else:
            self._members, self._current = shown, current
            self.refresh()

    def _refresh_lines(self, places: Sequence[int]) -> None:
        """Draw these members anew; the clock of one costs no column of the glass."""
        width, lines = self.size.width, self._lines
        areas = [Region(0, 1 + (place - self._top) * lines, width, lines) for place in places if place >= self._top]
        if seen := [area for area in areas if area.bottom <= self.size.height]:
            self.refresh(*seen)

    @property
    def _lines(self) -> int:
        """How many lines one member takes."""
        return 1 if self.size.width >= LIST_FROM else 2

    def render(self) -> Content:
        """Draw as many as fit, the current one among them."""
        room = max(1, (self.size.height - 1) // self._lines)
        place = next((n for n, member in enumerate(self._members) if member.index == self._current), 0)
        self._top = min(max(0, place - room + 1) if place >= self._top + room else min(self._top, place),
                        max(0, len(self._members) - room))  # fmt: skip
        shown = self._members[self._top : self._top + room]
        draw = self._in_one_line if self._lines == 1 else self._in_two_lines
        return Content("\n").join([self._head(len(shown)), *(draw(member) for member in shown)])

    def _head(self, shown: int) -> Content:
        hidden = len(self._members) - shown
        more = f" · {self._top + 1} to {self._top + shown} of {len(self._members)}" if hidden else ""
        return Content.assemble(("Team", "bold $accent"), (more, "$foreground-muted"))

    def _in_two_lines(self, member: Member) -> Content:
        width = self.size.width
        mark, style = self._marked(member)
        who = _cut(member.who, width - 1 - member.state.cell_length - 1)
        gap = " " * max(1, width - 1 - who.cell_length - member.state.cell_length)
        says = _cut(member.says, width - 4)
        return Content.assemble((mark, style), who.stylize(style), gap, member.state, "\n    ", says)

    def _in_one_line(self, member: Member) -> Content:
        mark, style = self._marked(member)
        who = _column(member.who, _WHO)
        state = _column(member.state, _STATE)
        says = _cut(member.says, self.size.width - 1 - _WHO - _STATE)
        return Content.assemble((mark, style), who.stylize(style), state, says)

    def _marked(self, member: Member) -> tuple[str, str]:
        return ("›", "bold $accent") if member.index == self._current else (" ", "")

    def on_click(self, event: events.Click) -> None:
        """Pick the member under the pointer."""
        content = event.get_content_offset(self)
        if content is not None and content.y > 0:
            number = self._top + (content.y - 1) // self._lines
            if number < len(self._members):
                self.post_message(self.Picked(self._members[number].index))

    def on_mouse_scroll_down(self) -> None:
        """Go down the list."""
        self._go(1)

    def on_mouse_scroll_up(self) -> None:
        """Go up the list."""
        self._go(-1)

    def _go(self, by: int) -> None:
        if (index := self.beside(by)) is not None:
            self.post_message(self.Picked(index, looking=True))

    def beside(self, by: int) -> int | None:
        """Return the member so many places after the current one, or None at the end."""
        numbers = [member.index for member in self._members]
        place = (numbers.index(self._current) if self._current in numbers else 0) + by
        return numbers[max(0, min(place, len(numbers) - 1))] if numbers else None


def _is_alike(one: Member, other: Member) -> bool:
    """Compare by what is drawn."""
    return one.who.is_same(other.who) and one.state.is_same(other.state) and one.says.is_same(other.says)


def _cut(words: Content, width: int) -> Content:
    if width < 1:
        return _NO_WORDS
    return words.truncate(width, ellipsis=True) if words.cell_length > width else words


def _column(words: Content, width: int) -> Content:
    return _cut(words, width - 1).pad_right(max(1, width - min(words.cell_length, width - 1)))

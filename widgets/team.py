"""The team: everybody in a column of one line or two each, or in a list of columns where there is the width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from .fitting import NONE, cut, joined, whole
from .options import CHOSEN, FEW_CHOSEN

LIST_FROM = 64  # cells, from which one line holds it all
_INDENT = 3  # cells before the second line of a member
_STATE = 8  # cells of a glyph and a clock: `● 59m59s`
_GAP = 2  # cells between the columns of a list
_LEAST_SAYS = 12  # cells of a sentence that an agent, or a list's column, is left out for


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team: the number of its tile, who it is, how it stands, and what it last said.

    Of what does not fit, the first of these gives way first:

    1. the end of what it `says`, and all of it; of one that is `urgent`, after everything else
    2. `tokens`: their longer form, and then the shorter one
    3. `agent`, which stands before what it says where it does not fit beside the name
    4. `state`, but for its glyph
    5. the last words of `name`
    """

    index: int
    name: Content
    agent: Content = NONE
    state: Content = NONE
    tokens: tuple[Content, ...] = ()  # from the longest form to the shortest
    says: Content = NONE
    urgent: bool = False

    def fits_beside(self, width: int) -> bool:
        """Say whether the agent has room beside the name, however far the clock goes."""
        return joined([self.name, self.agent]).cell_length + 1 + max(_STATE, self.state.cell_length) <= width

    def line(self, width: int, *, agent: bool, clock: int = 0) -> Content:
        """Return who it is, with the agent or without, and how it stands, in a line of so many cells.

        Glyph and clock have at least `clock` cells, so that the glyphs of all stand below each other.
        """
        who = joined([self.name, self.agent if agent else NONE])
        stands = self.state[:1] + " " * max(0, clock - self.state.cell_length) + self.state[1:]
        for state in (*(Content.assemble(used, " ", stands) for used in self.tokens), stands):
            if (gap := width - who.cell_length - state.cell_length) > 0:
                return Content.assemble(who, " " * gap, state)
        sign = self.state[:1]
        name = whole(self.name, width - 1 - sign.cell_length)
        return Content.assemble(name, " " * (width - name.cell_length - sign.cell_length), sign)

    def more(self, width: int, *, agent: bool) -> Content:
        """Return what stands in the line below: what it last said, behind the agent if that still has to be told."""
        told = joined([self.agent, self.says])
        if agent and not self.urgent and width - told.cell_length + self.says.cell_length >= _LEAST_SAYS:
            return cut(told, width)
        return cut(self.says, width)

    def is_same(self, other: Member) -> bool:
        """Compare by what is drawn."""
        mine, others = ((each.name, each.agent, each.state, each.says, *each.tokens) for each in (self, other))
        alike = len(mine) == len(others) and self.urgent is other.urgent
        return alike and all(one.is_same(another) for one, another in zip(mine, others, strict=True))


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide the columns of a list are: of names, agents, states and tokens; the rest is for what was last said."""

    name: int
    agent: int
    state: int
    tokens: int

    @property
    def total(self) -> int:
        """The cells of all of them, with the gaps."""
        return sum(each + _GAP for each in (self.name, self.agent, self.state, self.tokens) if each)


def columns(members: Sequence[Member], width: int) -> Columns:
    """Choose the columns for a list of so many cells; what gives way first is as in one member."""

    def widest(found: Iterator[Content]) -> int:
        return max((each.cell_length for each in found), default=0)

    name, agent = widest(each.name for each in members), widest(each.agent for each in members)
    state = widest(each.state for each in members)
    used = [widest(each.tokens[form] for each in members if each.tokens) for form in (0, -1)]
    ways = [Columns(name, agent, state, used[0]), Columns(name, agent, state, used[1]), Columns(name, agent, state, 0)]
    for way in (*ways, Columns(name, 0, state, 0)):
        if way.total + _LEAST_SAYS <= width:
            return way
    return Columns(max(0, min(name, width - state - 2 * _GAP)), 0, state, 0)


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
        self._rows: list[int] = []  # the place of the member in each row that is drawn
        self._columns: Columns | None = None

    def show(self, members: Sequence[Member], current: int) -> None:
        """Draw these from now on."""
        shown, before = tuple(members), self._members
        self._members = shown
        if current != self._current or not _is_laid_alike(shown, before) or self._columns != self._chosen_columns():
            self._current = current
            self.refresh()
        else:
            self._refresh_lines({n for n in range(len(shown)) if not shown[n].is_same(before[n])})

    def _refresh_lines(self, places: set[int]) -> None:
        """Draw these members anew; the clock of one costs no column of the glass."""
        width = self.size.width
        if seen := [Region(0, y, width, 1) for y, place in enumerate(self._rows, 1) if place in places]:
            self.refresh(*seen)

    @property
    def _is_list(self) -> bool:
        return self.size.width >= LIST_FROM

    def _chosen_columns(self) -> Columns | None:
        return columns(self._members, self.size.width - 1) if self._is_list else None

    def _lines(self, place: int, room: int) -> int:
        """Return how many lines a member takes: two, if all do; else two if it is urgent, if they do; else one."""
        if self._is_list:
            return 1
        urgent = sum(member.urgent for member in self._members)
        if 2 * len(self._members) <= room:
            return 2
        return 1 + (self._members[place].urgent and len(self._members) + urgent <= room)

    def render(self) -> Content:
        """Draw as many as fit, the current one among them."""
        room = max(1, self.size.height - 1)
        lines = [self._lines(place, room) for place in range(len(self._members))]
        here = next((n for n, member in enumerate(self._members) if member.index == self._current), 0)
        self._top, end = _window(lines, self._top, here, room)
        self._rows = [place for place in range(self._top, end) for _ in range(lines[place])]
        self._columns = self._chosen_columns()
        drawn = [line for place in range(self._top, end) for line in self._draw(self._members[place], lines[place])]
        return Content("\n").join([self._head(self._top, end), *drawn])

    def _head(self, top: int, end: int) -> Content:
        hidden = len(self._members) - (end - top)
        more = f" · {top + 1} to {end} of {len(self._members)}" if hidden else ""
        return Content.assemble(("Team", "bold $accent"), (more, "$foreground-muted"))

    def _draw(self, member: Member, lines: int) -> list[Content]:
        """Draw one member in so many lines."""
        current = member.index == self._current
        mark, style = ("›", "bold $accent") if current else (" ", "")
        if self._columns is not None:
            return [self._chosen(Content.assemble((mark, style), self._in_columns(member, self._columns)), current)]
        alike = self._members if lines > 1 else [member]  # the agents of all stand at one place, where there are two
        beside = all(each.fits_beside(self.size.width - 1) for each in alike)
        line = member.line(self.size.width - 1, agent=beside, clock=_clock(self._members))
        drawn = [self._chosen(Content.assemble((mark, style), line), current)]
        if lines > 1:
            drawn.append(Content(" " * _INDENT) + member.more(self.size.width - _INDENT, agent=not beside))
        return drawn

    def _chosen(self, line: Content, current: bool) -> Content:
        """Let the current member stand out while keys are meant for it."""
        if not (current and self.has_focus):
            return line
        few = self.app.current_theme.ansi
        return Content.styled(
            line.plain.ljust(self.size.width - (line.cell_length - len(line))), FEW_CHOSEN if few else CHOSEN
        )

    def _in_columns(self, member: Member, columns: Columns) -> Content:
        used = next((each for each in member.tokens if each.cell_length <= columns.tokens), NONE)
        cells = ((member.name, columns.name), (member.agent, columns.agent), (member.state, columns.state),
                 (used, columns.tokens))  # fmt: skip
        told = [
            Content.assemble(short, " " * (wide + _GAP - short.cell_length))
            for words, wide in cells
            if wide
            for short in [whole(words, wide)]
        ]
        return Content.assemble(*told, cut(member.says, self.size.width - 1 - columns.total))

    def on_click(self, event: events.Click) -> None:
        """Pick the member under the pointer."""
        content = event.get_content_offset(self)
        if content is not None and 0 < content.y <= len(self._rows):
            self.post_message(self.Picked(self._members[self._rows[content.y - 1]].index))

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


def _is_laid_alike(some: Sequence[Member], others: Sequence[Member]) -> bool:
    """Compare by what takes how many lines and cells."""
    alike = [(each.index, each.urgent) for each in some] == [(each.index, each.urgent) for each in others]
    return alike and _clock(some) == _clock(others)


def _clock(members: Sequence[Member]) -> int:
    """Return the cells of the longest glyph and clock."""
    return max((each.state.cell_length for each in members), default=0)


def _window(lines: Sequence[int], top: int, here: int, room: int) -> tuple[int, int]:
    """Return the first to draw and the one after the last, near to the first of before, so that one can be seen."""
    top = min(top, here)
    while top < here and sum(lines[top : here + 1]) > room:
        top += 1
    while top > 0 and sum(lines[top - 1 :]) <= room:
        top -= 1
    end = top
    while end < len(lines) and sum(lines[top : end + 1]) <= room:
        end += 1
    return top, max(end, min(here + 1, len(lines)))

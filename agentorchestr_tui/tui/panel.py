"""A panel over the stage: a heading, a body, and choices by key or click; the ground of all small screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.css.styles import RulesMap
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

from agentorchestr_tui.tui.modal import Modal

CALM = 1.0  # seconds without a key, after which a panel that came unbidden takes one
WIDTH = 92  # cells of a panel, if there are as many
SHARE = 94  # percent of the height that a panel may take
_AROUND_CHOICE = 7  # cells of a choice besides its words
_FRAME_COLUMNS, _FRAME_ROWS = 8, 5  # cells of border, padding and the gap above the choices


@dataclass(frozen=True, slots=True)
class Choice:
    """One way out of a panel: the key, how it is written, what it does, and the answer it gives."""

    key: str
    shown: str
    words: str
    answer: str
    dim: bool = False  # it cannot be taken now; its words say why


class _Button(Static):
    """A choice that can be clicked."""

    DEFAULT_CSS = """
    _Button {
        width: auto;
        height: 1;
        margin: 0 3 0 0;
        pointer: pointer;

        &:hover { background: $panel; }
    }
    """

    class Chosen(Message):
        """It was clicked."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, choice: Choice) -> None:
        super().__init__(
            Content.assemble(
                (f" {choice.shown} ", "$foreground-muted" if choice.dim else "bold $accent-ink on $accent"),
                (f" {choice.words} ", "$foreground-muted" if choice.dim else ""),
            ),
            classes="control",
        )
        self._choice = choice

    def on_click(self) -> None:
        """Choose it."""
        self.post_message(self.Chosen(self._choice))


class Panel(Modal[str]):
    """Shows a body and waits for a choice; what it gives back is the choice's answer.

    One that came unbidden hears none but Esc until nobody has typed for a moment: that was meant for something else.
    """

    DEFAULT_CSS = """
    Panel {
        & > Vertical {
            width: 92;
            max-width: 96%;
            height: auto;
            max-height: 94%;
            padding: 1 2;
            background: $surface;
            border: round $accent;
            border-title-color: $accent;
            border-title-style: bold;
        }
        & VerticalScroll { height: auto; scrollbar-size-vertical: 1; & > * { padding: 0 1 0 0; } }
        &.-good > Vertical { border: round $success; border-title-color: $success; }
        &.-bad > Vertical { border: round $error; border-title-color: $error; }
        &.-attention > Vertical { border: round $warning; border-title-color: $warning; }
        & .choices { height: auto; margin: 1 0 0 0; layout: horizontal; }
        & .choices.-paired { layout: grid; grid-size: 2; grid-columns: auto auto; grid-rows: 1; grid-gutter: 0 3; }
        & .choices.-paired > * { margin: 0; }
        & .choices.-stacked { layout: vertical; }
        & .choices.-deaf { visibility: hidden; }
    }
    """
    AUTO_FOCUS = ""

    def __init__(self, heading: str, choices: tuple[Choice, ...], *, tone: str = "", unbidden: bool = False) -> None:
        super().__init__(classes=f"-{tone}" if tone else None)
        self._deaf_until = monotonic() + CALM if unbidden else 0.0
        self._row = Horizontal(classes="choices -deaf" if unbidden else "choices")
        self._heading = heading
        self._choices = choices
        self._body = VerticalScroll(can_focus=False)
        self._frame = Vertical()

    def compose(self) -> ComposeResult:
        """Stack body and choices."""
        with self._frame:
            self._frame.border_title = self._heading
            with self._body:
                yield from self.body()
            with self._row:
                for choice in self._choices:
                    yield _Button(choice)

    def body(self) -> ComposeResult:
        """Give the widgets that the panel is about."""
        yield Static()

    async def offer(self, choices: tuple[Choice, ...]) -> None:
        """Offer other choices from now on."""
        if choices != self._choices:
            self._choices = choices
            await self._row.remove_children()
            await self._row.mount(*(_Button(choice) for choice in choices))
            self._fit(*self.app.size)

    def on_mount(self) -> None:
        """Fit into the place."""
        self._fit(*self.app.size)
        self.watch(self._body, "show_vertical_scrollbar", self._say_scrolls)
        self._listen()

    def _say_scrolls(self, scrolls: bool) -> None:
        """Name the keys that bring what is below, where there is anything."""
        self._frame.border_subtitle = "↑ ↓ scroll" if scrolls else ""

    def on_resize(self, event: events.Resize) -> None:
        """Fit into the new place."""
        self._fit(*event.size)

    def on_key(self, event: events.Key) -> None:
        """Choose by key, or scroll; nothing else gets through."""
        event.stop()
        if self._row.has_class("-deaf") and event.key != "escape":
            self._deaf_until = monotonic() + CALM
        elif answer := self.answer_to(event.key):
            self.choose(answer)
        else:
            self._scroll(event.key)

    def _listen(self) -> None:
        """Take keys once nobody has typed for a moment, and show them."""
        if (left := self._deaf_until - monotonic()) > 0:
            self.set_timer(left, self._listen)
        else:
            self._row.remove_class("-deaf")

    def answer_to(self, key: str) -> str:
        """Return the answer that a key gives, or nothing."""
        return next((choice.answer for choice in self._choices if choice.key == key), "")

    def choose(self, answer: str) -> None:
        """Take an answer; the panel goes."""
        if self.is_current:
            self.dismiss(answer)

    def on__button_chosen(self, message: _Button.Chosen) -> None:
        """Choose by click, as by the key: what wants its key twice wants two clicks."""
        message.stop()
        if answer := self.answer_to(message.choice.key):
            self.choose(answer)

    def _fit(self, width: int, height: int) -> None:
        """Put choices that are too long for one line in pairs, or one below the other; what is left, the body has."""
        cells = [len(choice.shown) + len(choice.words) + _AROUND_CHOICE for choice in self._choices]
        room, number = min(WIDTH, width) - _FRAME_COLUMNS, len(cells)
        paired = sum(cells) > room and max(cells[::2]) + max(cells[1::2], default=0) <= room
        stacked = sum(cells) > room and not paired
        self.query(".choices").set_class(paired, "-paired").set_class(stacked, "-stacked")
        below = number if stacked else -(-number // 2) if paired else 1
        self._body.styles.max_height = max(1, height * SHARE // 100 - _FRAME_ROWS - below)

    def _scroll(self, key: str) -> None:
        body = self._body
        scrolls = {
            "down": body.scroll_down, "up": body.scroll_up, "home": body.scroll_home, "end": body.scroll_end,
            "pagedown": body.scroll_page_down, "pageup": body.scroll_page_up,
        }  # fmt: skip
        if key in scrolls:
            scrolls[key]()


class Hanging(Visual):
    """Paragraphs; what one has after its first row stands under its words, so many cells from the left."""

    def __init__(self, paragraphs: Sequence[tuple[int, Content]]) -> None:
        self._paragraphs = paragraphs

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Draw them."""
        return self._laid(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Take the longest."""
        return max((content.cell_length for _, content in self._paragraphs), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Count the rows."""
        return len(self._rows(width))

    def _laid(self, width: int) -> Content:
        return Content("\n").join(self._rows(width))

    def _rows(self, width: int) -> list[Content]:
        rows: list[Content] = []
        for hang, content in self._paragraphs:
            head, body = content[:hang], content[hang:]
            first, *rest = body.wrap(max(1, width - hang)) or [Content()]
            rows += [Content.assemble(head, first), *(each.pad_left(hang) for each in rest)]
        return rows


class Flow(Visual):
    """Short pieces one after the other, in as many rows as they take; none is torn apart."""

    BETWEEN = " · "

    def __init__(self, pieces: Sequence[str]) -> None:
        self._pieces = pieces

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Draw them."""
        return Content("\n".join(self._rows(width))).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Take all in one row."""
        return cell_len(self.BETWEEN.join(self._pieces))

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Count the rows."""
        return len(self._rows(width))

    def piece_at(self, width: int, x: int, y: int) -> int | None:
        """Return the number of the piece that stands at a cell, or None between two."""
        if not 0 <= y < len(self._rows(width)):
            return None
        before = sum(len(row.split(self.BETWEEN)) for row in self._rows(width)[:y])
        start = 0
        for number, piece in enumerate(self._rows(width)[y].split(self.BETWEEN), before):
            if start <= x < start + cell_len(piece):
                return number
            start += cell_len(piece + self.BETWEEN)
        return None

    def _rows(self, width: int) -> list[str]:
        rows: list[str] = []
        for piece in self._pieces:
            longer = f"{rows[-1]}{self.BETWEEN}{piece}" if rows else piece
            rows[-1 if rows else 0 :] = [longer] if not rows or cell_len(longer) <= width else [rows[-1], piece]
        return rows


def words(text: str | Content | Hanging, classes: str = "") -> Static:
    """Return a paragraph; square brackets in it are just that."""
    return Static(text, markup=False, classes=classes)

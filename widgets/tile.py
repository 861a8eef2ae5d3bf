"""A tile: a terminal in a frame whose edges say whose it is, what it does, and what came of it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from agentorchestr_tui.emulator import Emulator

from .edge import Edge
from .fitting import NONE, Label, cut, joined
from .terminal import Terminal

TONES = ("attention", "waiting", "good", "bad")
_COLUMNS, _LINES = 80, 4  # cells of a note before its place is known


@dataclass(frozen=True, slots=True)
class Caption:
    """What a tile's edges say, and what it says itself when it is folded; `tone` is one of TONES, or empty."""

    label: Label
    work: Content = NONE
    tone: str = ""
    says: Content = NONE


class Summary(Widget):
    """Draws one sentence in a row, as many whole words as fit."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._words = NONE

    def show(self, words: Content) -> None:
        """Draw these words from now on."""
        if not words.is_same(self._words):
            self._words = words
            self.refresh()

    def render(self) -> Content:
        """Draw what fits."""
        return cut(self._words, self.size.width)


class Tile(Widget):
    """Frames a terminal; the frame of the one that is typed into is heavy, that of one that needs a person double."""

    DEFAULT_CSS = """
    Tile {
        layout: vertical;
        width: 1fr;
        height: 1fr;
        background: $background;

        Edge { color: $border-blurred; }
        & Summary { display: none; height: 1; padding: 0 2; }
        &.-folded Summary { display: block; }
        &.-folded Terminal { display: none; }
        & > Container {
            height: 1fr;
            border-left: round $border-blurred;
            border-right: round $border-blurred;
        }
        &.-good Edge { color: $success 60%; }
        &.-good > Container { border-left: round $success 60%; border-right: round $success 60%; }
        &.-bad Edge { color: $error; }
        &.-bad > Container { border-left: round $error; border-right: round $error; }
        &.-waiting Edge { color: $warning 60%; }
        &.-waiting > Container { border-left: round $warning 60%; border-right: round $warning 60%; }
        &.-attention Edge { color: $warning; text-style: bold; }
        &.-attention > Container { border-left: double $warning; border-right: double $warning; }
        &.-typed Edge { color: $accent; text-style: bold; }
        &.-typed > Container { border-left: heavy $accent; border-right: heavy $accent; }
        &.-typed.-attention Edge { color: $warning; }
        &.-typed.-attention > Container { border-left: heavy $warning; border-right: heavy $warning; }
    }
    """

    class Entered(Message):
        """The tile's terminal got the focus."""

        def __init__(self, tile: Tile) -> None:
            super().__init__()
            self.tile = tile

    class Doubled(Message):
        """The tile's frame was clicked twice."""

        def __init__(self, tile: Tile) -> None:
            super().__init__()
            self.tile = tile

    def __init__(self, name: str, note: str) -> None:
        super().__init__(name=name)
        self._note_screen = _said(note, _COLUMNS, _LINES)
        self._noted = note
        self.terminal = Terminal(self._note_screen)
        self._head = Edge(upper=True)
        self._foot = Edge(upper=False)
        self._summary = Summary()
        self._caption = Caption(Label(NONE))
        self._folded = False

    def compose(self) -> ComposeResult:
        """Stack edge, terminal, edge."""
        yield self._head
        with Container():
            yield self.terminal
            yield self._summary
        yield self._foot

    # -- public verbs

    def caption(self, caption: Caption) -> None:
        """Say this on the edges from now on."""
        before, self._caption = self._caption, caption
        self._head.show(caption.label)
        self._say_work()
        if caption.tone != before.tone:
            for tone in TONES:
                self.set_class(tone == caption.tone, f"-{tone}")
            self._draw_rules()

    @property
    def folded(self) -> bool:
        """Whether the tile says what came of it instead of showing its terminal."""
        return self._folded

    def fold(self, folded: bool) -> None:
        """Show a summary instead of the terminal, or the terminal again."""
        if folded != self._folded:
            self._folded = folded
            self.set_class(folded, "-folded")
            self._say_work()

    def _say_work(self) -> None:
        caption = self._caption
        self._summary.show(caption.says)
        self._foot.show(caption.work if self._folded else joined([caption.work, caption.says]))

    def enter(self) -> None:
        """Let a person type into the terminal, from the next key on: a focus that comes later meets another tile."""
        self.screen.set_focus(self.terminal, scroll_visible=False)

    @property
    def has_entered(self) -> bool:
        """Whether a person types into the terminal now."""
        return self.is_mounted and self.screen.focused is self.terminal

    def note(self, words: str) -> None:
        """Say something in the place of a terminal that is yet to come."""
        if words != self._noted:
            self._noted = words
            size = self.terminal.size
            self._say(size.width or _COLUMNS, size.height or _LINES)

    def fit(self, columns: int, lines: int) -> None:
        """Give what is shown another size, when there is no process that would draw it anew."""
        shown = self.terminal.emulator
        if (shown.columns, shown.lines) == (columns, lines):
            return  # a terminal asks for its size whenever it shows another screen
        if shown is self._note_screen:
            self._say(columns, lines)
        else:
            shown.resize(columns, lines)
            self.terminal.ring()

    def _say(self, columns: int, lines: int) -> None:
        self._note_screen = _said(self._noted, columns, lines)
        self.terminal.show(self._note_screen)

    def take_click(self, chain: int, *, on_frame: bool) -> None:
        """Take the focus; after a double click on the frame, stand alone."""
        self.enter()
        if chain == 2 and on_frame:
            self.post_message(self.Doubled(self))

    def press(self, key: str) -> None:
        """Press a key in the terminal, as a person would."""
        self.terminal.on_key(events.Key(key, None))

    # -- handlers

    def on_descendant_focus(self) -> None:
        """Stand out."""
        self._stress(True)
        self.post_message(self.Entered(self))

    def on_descendant_blur(self) -> None:
        """Stand back."""
        self._stress(False)

    def on_click(self, event: events.Click) -> None:
        """Take it, wherever the tile was clicked."""
        event.stop()
        self.take_click(event.chain, on_frame=event.widget is not self.terminal)

    def _stress(self, heavy: bool) -> None:
        self.set_class(heavy, "-typed")
        self._draw_rules()

    def _draw_rules(self) -> None:
        asks = self._caption.tone == "attention"
        rule = "heavy" if self.has_class("-typed") else "double" if asks else "light"
        self._head.rule(rule)
        self._foot.rule(rule)


def _said(note: str, columns: int, lines: int) -> Emulator:
    """Return a screen that says one thing, wrapped between words, for a terminal whose process is yet to come."""
    screen = Emulator(columns, lines)
    wrapped = textwrap.wrap(note, max(8, columns - 4), break_on_hyphens=False)
    said = "".join(f"\r\n  {line}" for line in wrapped)
    screen.feed(f"\x1b[2m{said}\x1b[0m\x1b[?25l".encode())
    return screen

"""Options: a list to choose from, one line each, marked by keys and mouse; what cannot be chosen says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

CHOSEN = "bold $accent-ink on $accent"
FEW_CHOSEN = "bold $block-cursor-foreground on $block-cursor-background"
"""How the row stands out that Enter means; sixteen colours have none between black and a colour."""
_KEY_ROOM = 2  # cells between words and key, at least


@dataclass(frozen=True, slots=True)
class Option:
    """One line: its words, what stands quietly after them, the key at the right, and what choosing it gives."""

    words: str
    answer: str
    about: str = ""
    key: str = ""
    why_not: str = ""
    places: tuple[int, ...] = ()  # of the letters that were typed
    glyph: str = ""
    style: str = ""
    key_style: str = "$accent"


class Options(Widget):
    """Draws options and keeps one of them marked; its owner hands it the keys."""

    DEFAULT_CSS = """
    Options {
        height: 1fr;
        background: $surface;
        color: $foreground;
        pointer: pointer;
    }
    """
    ALLOW_SELECT = False
    FOCUS_ON_CLICK = False

    class Moved(Message):
        """Other options are in view: so many are above and below."""

        def __init__(self, above: int, below: int) -> None:
            super().__init__()
            self.above, self.below = above, below

    class Marked(Message):
        """Another option is marked."""

        def __init__(self, option: Option) -> None:
            super().__init__()
            self.option = option

    class Chosen(Message):
        """An option was chosen."""

        def __init__(self, option: Option) -> None:
            super().__init__()
            self.option = option

    def __init__(self, empty: str) -> None:
        super().__init__()
        self._empty = empty
        self._options: tuple[Option, ...] = ()
        self._at = 0
        self._top = 0
        self._unseen = (0, 0)  # above and below

    def offer(self, options: Sequence[Option], marked: str = "") -> None:
        """Offer these from now on, the one with this answer marked, else the first."""
        self._options = tuple(options)
        self._at = next((number for number, each in enumerate(options) if each.answer == marked), 0)
        self._tell()

    @property
    def marked(self) -> Option | None:
        """The marked option."""
        return self._options[self._at] if self._options else None

    def take(self, key: str) -> bool:
        """Move the mark or choose; False when the key does nothing here."""
        page = max(1, self.size.height - 1)
        steps = {"up": -1, "ctrl+p": -1, "down": 1, "ctrl+n": 1, "pageup": -page, "pagedown": page}
        if key == "enter":
            self._choose()
        elif key in steps:
            self._go(self._at + steps[key])
        else:
            return False
        return True

    def render(self) -> Content:
        """Draw as many as fit, the marked one among them."""
        shown = self._options[self._top : self._top + self._height]
        if not shown:
            return Content.styled(f"  {self._empty}", "$foreground-muted")
        return Content("\n").join(self._draw(self._top + number, option) for number, option in enumerate(shown))

    def on_resize(self) -> None:
        """Show as many as fit now."""
        self._look()

    @property
    def _height(self) -> int:
        return max(1, self.size.height)

    def _look(self) -> None:
        """Bring the marked one into view, with as many around it as fit, and tell what is out of it."""
        last = max(0, len(self._options) - self._height)
        self._top = max(self._at - self._height + 1, min(self._top, self._at, last), 0)
        unseen = (self._top, max(0, last - self._top))
        if unseen != self._unseen:
            self._unseen = unseen
            self.post_message(self.Moved(*unseen))
        self.refresh()

    def _more(self, number: int) -> Content:
        """Return the sign at a row's end that others are above or below it, where there are any."""
        above, below = self._unseen
        if not above + below:
            return Content()
        first, last = number == self._top, number == self._top + self._height - 1
        return Content.styled(f" {'↑' if first and above else '↓' if last and below else ' '}", "bold $accent")

    def _draw(self, number: int, option: Option) -> Content:
        marked, few = number == self._at, self.app.current_theme.ansi
        quiet = "dim" if few and option.why_not else "$foreground-muted"
        words = Content(option.words)
        for place in option.places:
            words = words.stylize("bold $accent", place, place + 1)
        if option.why_not:
            words = Content.styled(option.words, quiet)
        glyph = Content.assemble((option.glyph, option.style), " ") if option.glyph else Content()
        told = option.why_not or option.about
        about = Content.styled(f" — {told}" if told else "", quiet)
        more = self._more(number)
        taken = 2 + glyph.cell_length + more.cell_length
        room = self.size.width - taken - (len(option.key) + _KEY_ROOM if option.key else 0)
        line = Content.assemble(words, about)
        line = line.truncate(room, ellipsis=True) if line.cell_length > room else line
        gap = " " * (room - line.cell_length + (_KEY_ROOM if option.key else 0))
        mark = ("› ", "bold $accent") if marked else ("  ", "")
        drawn = Content.assemble(
            mark, glyph, line, gap, (option.key, quiet if option.why_not else option.key_style), more
        )
        if not marked:
            return drawn
        return Content.styled(drawn.plain, FEW_CHOSEN if few else CHOSEN)

    def on_click(self, event: events.Click) -> None:
        """Choose the option under the pointer."""
        if self._top + event.y < len(self._options):
            self._go(self._top + event.y)
            self._choose()

    def on_mouse_scroll_down(self) -> None:
        """Go down."""
        self._go(self._at + 1)

    def on_mouse_scroll_up(self) -> None:
        """Go up."""
        self._go(self._at - 1)

    def _go(self, number: int) -> None:
        self._at = max(0, min(number, len(self._options) - 1))
        self._tell()

    def _tell(self) -> None:
        self._look()
        if self.marked is not None:
            self.post_message(self.Marked(self.marked))

    def _choose(self) -> None:
        if self.marked is not None:
            self.post_message(self.Chosen(self.marked))


def fitting(options: Sequence[Option], found: Sequence[tuple[int, tuple[int, ...]]]) -> list[Option]:
    """Return the options that were found, with the letters that were typed."""
    return [replace(options[number], places=places) for number, places in found]

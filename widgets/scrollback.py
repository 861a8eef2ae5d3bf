"""Scrollback by keys, as in tmux's copy mode: look back in a terminal, search, select and copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.events import Key, Paste

from .reader import Shape
from .steps import STEPS
from .terminal import Terminal

_MOST = 9999  # times that a count repeats a step
_SHAPES = {"v": Shape.CELLS, " ": Shape.CELLS, "V": Shape.LINES, "ctrl+v": Shape.BLOCK}
_SHARES = {"H": 0.0, "M": 0.5, "L": 1.0}
_ROWS = {"up": -1, "k": -1, "ctrl+p": -1, "down": 1, "j": 1, "ctrl+n": 1}
_PAGES = {
    "pageup": -1.0, "ctrl+b": -1.0, "shift+pageup": -1.0, "pagedown": 1.0, "ctrl+f": 1.0, "shift+pagedown": 1.0,
    "ctrl+u": -0.5, "ctrl+d": 0.5,
}  # fmt: skip
_SCROLLS = {"ctrl+y": 1, "ctrl+up": 1, "ctrl+e": -1, "ctrl+down": -1}
_SAME = {"shift+home": "g", "shift+end": "G"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: its keys, how they are written and explained, and what each of them does.

    `do` takes the look back, the key and how many times, and is False when the look back is over by it. In the status
    line, where `foot` may write them shorter, `plain` stands beside them, `selecting` while something is selected, and
    `found` while a place that was searched for is marked; where that is empty, they are left out. `said` are those
    that a palette offers, in words.
    """

    keys: tuple[str, ...]
    shown: str
    help: str
    do: Callable[[Scrollback, str, int], bool]
    foot: str = ""
    plain: str = ""
    found: str = ""
    selecting: str = ""
    said: tuple[tuple[str, str], ...] = ()

    def label(self, back: Scrollback) -> str:
        """Say in a word or two what its keys do now; nothing where that is not worth a place."""
        return self.selecting if back.selects else (back.has_found and self.found) or self.plain


class Scrollback:
    """One look back in one terminal, until it is left; nothing that is typed meanwhile reaches the program.

    `tell` is told in a sentence what was copied.
    """

    def __init__(self, terminal: Terminal, tell: Callable[[str], None] = lambda _: None) -> None:
        self._terminal = terminal
        self._tell = tell
        self._reader = terminal.read()
        self._typed: str | None = None  # what is searched for, while it is typed
        self._sign = "/"
        self._text = self._found = self._count = ""

    @property
    def head(self) -> str:
        """What a status line begins with."""
        if self._typed is not None:
            return f"{self._sign}{self._typed}▏"
        if self._count:
            return self._count
        return f"select {self._reader.shape}" if self._reader.shape else self._found or "scrollback"

    @property
    def is_typed_to(self) -> bool:
        """Whether what is searched for is being typed."""
        return self._typed is not None

    @property
    def selects(self) -> bool:
        """Whether something is being selected."""
        return self._reader.shape is not None

    @property
    def has_found(self) -> bool:
        """Whether a place that was searched for is marked."""
        return self._reader.has_found

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The keys that count now, with their labels, the most important first."""
        if self._typed is not None:
            return [("enter", "search"), ("esc", "cancel")]
        return [(line.foot or line.shown, label) for line in self.TABLE if (label := line.label(self))]

    def take(self, event: Key) -> bool:
        """Do what a key does; False when the look back is over."""
        if not self._reader.is_current:
            return False
        word = event.character if event.is_printable and event.character else event.key
        if self._typed is not None:
            self._type(event)
            return True
        if word.isdecimal() and (word != "0" or self._count):
            self._count = (self._count + word)[:4]
            return True
        self._reader.come_along()
        count, self._count = min(int(self._count or "1"), _MOST), ""
        word = _SAME.get(word, word)
        line = _LINES.get(word)
        stays = line is None or line.do(self, word, count)
        if stays:
            self._terminal.ring()
        else:
            self.leave()
        return stays

    def paste(self, event: Paste) -> None:
        """Add pasted text to what is searched for."""
        if self._typed is not None:
            self._typed += " ".join(event.text.split())

    def leave(self) -> None:
        """Look at the end again."""
        self._reader.leave()
        self._terminal.ring()

    def _step(self, word: str, count: int) -> bool:
        self._reader.go(STEPS[word], count)
        return True

    def _rows_on(self, word: str, count: int) -> bool:
        self._reader.go_rows(_ROWS[word] * count)
        return True

    def _move(self, word: str, count: int) -> bool:
        return (self._rows_on if word in _ROWS else self._step)(word, count)

    def _turn(self, word: str, count: int) -> bool:
        """Go by pages, or scroll by rows."""
        if rows := _SCROLLS.get(word):
            self._reader.scroll(rows * count)
        else:
            self._reader.go_pages(int(_PAGES[word] * max(2, self._terminal.size.height - 1)) * count)
        return True

    def _in_view(self, word: str, _: int) -> bool:
        self._reader.go_in_view(_SHARES[word])
        return True

    def _select(self, word: str, _: int) -> bool:
        self._reader.select(_SHAPES[word])
        return True

    def _search(self, word: str, _: int) -> bool:
        self._typed, self._sign = "", word
        return True

    def _search_on(self, word: str, _: int) -> bool:
        self._say_found(*self._reader.search_on(back=word == "N"))
        return True

    def _leave(self, _: str, __: int) -> bool:
        return False

    def _select_nothing(self, _: str, __: int) -> bool:
        selects = self.selects
        self._reader.select_nothing()
        return selects

    def _copy(self, word: str, _: int) -> bool:
        """Copy what is selected and go back; without a selection the place found, or the line, and stay."""
        selects = self.selects
        if word == "enter" and not selects:
            return False
        if not selects and not self.has_found:
            self._reader.select_line()
        self._hand_out()
        return not selects

    def _copy_line(self, _: str, __: int) -> bool:
        """Copy the line, whatever is selected, and stay."""
        self._reader.select_line()
        self._hand_out()
        return True

    def _hand_out(self) -> None:
        text = self._terminal.marked_text
        self._terminal.copy()
        self._tell(f"Copied {amount(text)}." if text else "There is nothing to copy here.")

    def _swap_or_open(self, _: str, __: int) -> bool:
        if self.selects:
            self._reader.swap()
        elif address := self._reader.address:
            self._terminal.follow(address)
        else:
            self._tell("There is no link under the cursor.")
        return True

    def _type(self, event: Key) -> None:
        typed = self._typed or ""
        if event.key in ("escape", "ctrl+c") or (event.key == "backspace" and not typed):
            self._typed = None
        elif event.key == "backspace":
            self._typed = typed[:-1]
        elif event.key == "enter":
            self._typed = None
            self._text = typed or self._text  # an empty one means the last again
            if self._text:
                self._say_found(*self._reader.search(self._text, forward=self._sign == "/"))
                self._terminal.ring()
        elif event.is_printable and event.character:
            self._typed = typed + event.character

    def _say_found(self, number: int, count: int) -> None:
        if self._text:
            self._found = f"{self._text}: {number} of {count}" if count else f"{self._text}: not found"

    # fmt: off
    TABLE: ClassVar[tuple[Line, ...]] = (
        Line(("q", "ctrl+c"), "q", "go back", _leave, plain="back", said=(("q", "leave it"),)),
        Line(("y", "enter"), "y, enter", "copy the selection and go back; with none, y copies the hit, "
             "or else the line", _copy, foot="y", plain="copy line", found="copy hit", selecting="copy, go back"),
        Line(("escape",), "esc", "select nothing; else go back", _select_nothing, selecting="cancel"),
        Line(("v", " ", "V", "ctrl+v"), "v V ^v", "select text, lines or a block; again: nothing", _select,
             plain="select", selecting="text, lines, block",
             said=(("v", "select text"), ("V", "select lines"), ("ctrl+v", "select a block"))),
        Line(("Y",), "Y", "copy this line and stay", _copy_line, found="copy line",
             said=(("Y", "copy this line"),)),
        Line(("o",), "o", "the selection's other end; else open a link", _swap_or_open,
             selecting="other end", said=(("o", "open the link under the cursor"),)),
        Line(("/", "?"), "/ ?", "search down, up", _search, plain="search", selecting="search",
             said=(("/", "search down"), ("?", "search up"))),
        Line(("n", "N"), "n N", "next place found, the other way", _search_on, plain="next",
             selecting="next", said=(("n", "the next place found"), ("N", "the place found before"))),
        Line(("g", "G"), "g G", "the first row, the last", _step, plain="first, last",
             selecting="first, last", said=(("g", "the first row"), ("G", "the last row"))),
        Line(("w", "b", "e", "W", "B", "E"), "w b e, W B E", "words: next, back, end", _step, foot="w b e",
             plain="words", selecting="words"),
        Line((*_ROWS, "h", "l", "left", "right", "backspace"), "arrows, h j k l", "move; 5 j moves five rows", _move),
        Line(("0", "^", "$", "home", "end", "{", "}"), "0 ^ $, { }", "start and end of the row; paragraphs", _step),
        Line((*_SHARES,), "H M L", "top, middle, bottom of what shows", _in_view),
        Line(("pageup", "ctrl+b", "shift+pageup", "ctrl+u", "ctrl+y", "ctrl+up"), "pgup ^u ^y",
             "back by a page, half of one, a row", _turn),
        Line(("pagedown", "ctrl+f", "shift+pagedown", "ctrl+d", "ctrl+e", "ctrl+down"), "pgdn ^d ^e",
             "on by a page, half of one, a row", _turn),
    )
    """Every key there is, the most important first: by it they are run, from it footer, help and palette are drawn."""
    # fmt: on


_LINES = {key: line for line in Scrollback.TABLE for key in line.keys}


def amount(text: str) -> str:
    """Say how much a text is: `3 lines`, or `12 characters` of one."""
    lines = text.count("\n") + 1
    if lines > 1:
        return f"{lines} lines"
    return "1 character" if len(text) == 1 else f"{len(text)} characters"

"""Scrollback by keys, as in tmux's copy mode: look back in a terminal, search, select and copy."""

from __future__ import annotations

from collections.abc import Callable

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
KEYS = (
    ("arrows, h j k l", "move; 5 j moves five rows"), ("w b e, W B E", "words: next, back, end"),
    ("0 ^ $", "start and end of the row"), ("{ }", "paragraphs"), ("g G", "the first row, the last"),
    ("H M L", "top, middle, bottom of what shows"), ("pgup ^u ^y", "back by a page, half of one, a row"),
    ("pgdn ^d ^e", "on by a page, half of one, a row"), ("v, space", "select text"), ("V, ^v", "select lines, a block"),
    ("o", "other end; open a link"), ("y, enter", "copy and go back"), ("Y", "copy this line"),
    ("/ ?", "search down, up"), ("n N", "next place, the other way"), ("q, esc", "select nothing; go back"),
)  # fmt: skip
"""Every key with what it does, for a page of help."""


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
    def rows(self) -> list[tuple[str, str]]:
        """The keys that count now, with their labels, the most important first."""
        if self._typed is not None:
            return [("enter", "search"), ("esc", "cancel")]
        if self._reader.shape:
            return [
                ("y", "copy"), ("esc", "cancel"), ("o", "other end"), ("V", "lines"), ("^v", "block"),
                ("w b", "words"), ("/ ?", "search"),
            ]  # fmt: skip
        return [
            ("q", "back"), ("v V ^v", "select"), ("y", "copy line"), ("/ ?", "search"), ("n N", "next"),
            ("g G", "first, last"), ("w b", "words"), ("o", "open link"),
        ]  # fmt: skip

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
        stays = self._go(word, count) or self._act(word)
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

    def _go(self, word: str, count: int) -> bool:
        """Move, if the key moves."""
        if step := STEPS.get(word):
            self._reader.go(step, count)
        elif rows := _ROWS.get(word):
            self._reader.go_rows(rows * count)
        elif pages := _PAGES.get(word):
            self._reader.go_pages(int(pages * max(2, self._terminal.size.height - 1)) * count)
        elif rows := _SCROLLS.get(word):
            self._reader.scroll(rows * count)
        elif (share := _SHARES.get(word)) is not None:
            self._reader.go_in_view(share)
        else:
            return False
        return True

    def _act(self, word: str) -> bool:
        """Do what else a key does; False when the look back is over."""
        if shape := _SHAPES.get(word):
            self._reader.select(shape)
        elif word in ("/", "?"):
            self._typed, self._sign = "", word
        elif word in ("n", "N"):
            self._say_found(*self._reader.search_on(back=word == "N"))
        elif word == "o":
            self._swap_or_open()
        elif word in ("y", "enter", "Y"):
            return self._copy(word)
        elif word == "escape" and self._reader.shape:
            self._reader.select_nothing()
        else:
            return word not in ("escape", "q", "ctrl+c")
        return True

    def _copy(self, word: str) -> bool:
        """Copy what is selected and leave; without a selection the place found, or the line, and stay."""
        selected = self._reader.shape is not None and word != "Y"
        if word == "enter" and not selected:
            return False
        if not selected and (word == "Y" or not self._terminal.marked_text):
            self._reader.select_line()
        text = self._terminal.marked_text
        self._terminal.copy()
        self._tell(f"Copied {amount(text)}." if text else "There is nothing to copy here.")
        return not selected

    def _swap_or_open(self) -> None:
        if self._reader.shape:
            self._reader.swap()
        elif address := self._reader.address:
            self._terminal.follow(address)
        else:
            self._tell("There is no link under the cursor.")

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


def amount(text: str) -> str:
    """Say how much a text is: `3 lines`, or `12 characters` of one."""
    lines = text.count("\n") + 1
    if lines > 1:
        return f"{lines} lines"
    return "1 character" if len(text) == 1 else f"{len(text)} characters"

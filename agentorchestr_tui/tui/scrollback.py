"""Scrollback by keys: look back in a terminal, search it, copy what was found; nothing of it reaches the agent."""

from __future__ import annotations

from textual.events import Key, Paste

from agentorchestr_tui.widgets.terminal import Terminal

_END = 1 << 30


class Scrollback:
    """One look back in one terminal, until it is left."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._typed: str | None = None  # what is searched for, while it is typed
        self._found = self._text = ""
        self._number = 0

    @property
    def head(self) -> str:
        """What the status line begins with."""
        return f"/{self._typed}▏" if self._typed is not None else self._found or "scrollback"

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The keys that count now."""
        if self._typed is not None:
            return [("enter", "search"), ("esc", "cancel")]
        return [
            ("↑ ↓ pgup pgdn", "scroll"), ("home end", "first, last"), ("/", "search"), ("n N", "next, one before"),
            ("y", "copy"), ("esc", "back"),
        ]  # fmt: skip

    def take(self, event: Key) -> bool:
        """Do what a key does; False when the look back is over."""
        if self._typed is not None:
            self._type(event)
            return True
        page = max(1, self._terminal.size.height - 1)
        steps = {
            "up": 1, "k": 1, "down": -1, "j": -1, "pageup": page, "ctrl+b": page, "pagedown": -page, "space": -page,
            "home": _END, "g": _END, "end": -_END, "G": -_END,
        }  # fmt: skip
        if (rows := steps.get(event.key)) is not None:
            self._terminal.scroll_back(rows)
        elif event.key == "slash":
            self._typed = ""
        elif event.key in ("n", "N"):
            self._go_on(forward=event.key == "N")
        elif event.key == "y":
            self._terminal.copy()
        elif event.key in ("escape", "q", "enter", "ctrl+c"):
            self.leave()
            return False
        return True

    def paste(self, event: Paste) -> None:
        """Add pasted text to what is searched for."""
        if self._typed is not None:
            self._typed += " ".join(event.text.split())

    def leave(self) -> None:
        """Look at the end again."""
        self._terminal.clear_marks()
        self._terminal.scroll_back(-_END)

    def _type(self, event: Key) -> None:
        typed = self._typed or ""
        if event.key == "escape":
            self._typed = None
        elif event.key == "backspace":
            self._typed = typed[:-1]
        elif event.key == "enter":
            self._typed = None
            found = self._terminal.search(typed) if typed else 0
            self._found = f"{typed}: {found} of {found}" if found else f"{typed}: not found" if typed else ""
            self._text, self._number = typed, found
        elif event.is_printable and event.character:
            self._typed = typed + event.character

    def _go_on(self, *, forward: bool) -> None:
        if number := self._terminal.search_on(forward):
            self._found = f"{self._text}: {number} of {self._number}"

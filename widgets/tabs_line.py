"""A line of names of which one is chosen, by click or from outside; it scrolls to the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget


class TabsLine(Widget):
    """Draws names with a sign each; the chosen one stands out."""

    DEFAULT_CSS = """
    TabsLine {
        height: 1;
        background: $surface;
        color: $foreground-muted;
        pointer: pointer;

        & .tabs-line--chosen { background: $accent; color: $background; text-style: bold; }
        &:ansi .tabs-line--chosen { color: $block-cursor-foreground; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tabs-line--chosen"}
    ALLOW_SELECT = False

    class Chosen(Message):
        """A name was clicked."""

        def __init__(self, line: TabsLine, key: str) -> None:
            super().__init__()
            self.line = line
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names: tuple[tuple[str, str], ...] = ()
        self._chosen = ""
        self._from = 0

    def show(self, names: Sequence[tuple[str, str]], chosen: str) -> None:
        """Draw these, each a key and words."""
        self._names, self._chosen = tuple(names), chosen
        self.refresh()

    def beside(self, by: int) -> str:
        """Return the key of the next name, or of the one before, around the ends."""
        keys = [key for key, _ in self._names]
        return keys[(keys.index(self._chosen) + by) % len(keys)] if self._chosen in keys else self._chosen

    def render(self) -> Text:
        """Draw the names that fit around the chosen one."""
        style = str(self.get_component_rich_style("tabs-line--chosen"))
        text = Text()
        for (key, words), (start, end) in zip(self._names, self._places(), strict=True):
            text.append(f" {words} ", style if key == self._chosen else "")
            if key == self._chosen:
                self._from = max(0, min(self._from, start - 1), end + 1 - self.size.width)
        whole = text.cell_len
        self._from = max(0, min(self._from, whole - self.size.width))  # a wider line shows all that it can
        cut = text[self._from : self._from + self.size.width]
        if self._from:
            cut = Text("‹") + cut[1:]
        return cut[:-1] + Text("›") if self._from + self.size.width < whole else cut

    def on_click(self, event: events.Click) -> None:
        """Choose the name under the mouse."""
        for (key, _), (start, end) in zip(self._names, self._places(), strict=True):
            if start <= event.x + self._from < end:
                self.post_message(self.Chosen(self, key))

    def _places(self) -> list[tuple[int, int]]:
        places, at = [], 0
        for _, words in self._names:
            length = Text(words).cell_len + 2
            places.append((at, at + length))
            at += length
        return places

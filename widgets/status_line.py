"""The status line: the keys that matter now, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

_BETWEEN = 2  # cells


class StatusLine(Widget):
    """Draws keys with their labels, the most important first; one that would be cut off is left out."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        background: $surface;
        color: $foreground-muted;

        &.-stressed { background: $panel; color: $foreground; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[tuple[str, str], ...] = ()
        self._head = ""

    def show(self, keys: Sequence[tuple[str, str]], head: str = "") -> None:
        """Draw keys and labels from now on; a `head` before them says that the line waits for one of them."""
        if (shown := tuple(keys)) != self._keys or head != self._head:
            self._keys, self._head = shown, head
            self.set_class(bool(head), "-stressed")
            self.refresh()

    def render(self) -> Content:
        """Draw what fits."""
        parts: list[Content] = [Content.styled(f" {self._head} ", "bold $background on $accent")] if self._head else []
        room = self.size.width - sum(part.cell_length for part in parts)
        for key, label in self._keys:
            part = Content.assemble(" " * _BETWEEN if parts else " ", (key, "bold $accent"), f" {label}")
            if part.cell_length > room:
                break
            parts.append(part)
            room -= part.cell_length
        return Content.assemble(*parts)

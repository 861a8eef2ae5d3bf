"""The status line: the keys that matter now, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.keys import _character_to_key, key_to_character
from textual.message import Message
from textual.widget import Widget

_BETWEEN = 2  # cells
_KEYS = {"esc": "escape", "↑": "up", "↓": "down", "←": "left", "→": "right", "pgup": "pageup", "pgdn": "pagedown"}


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

    class Picked(Message):
        """A person clicked a key that does something."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    class Pressed(Message):
        """A person clicked a key that is to be pressed; Textual's name of it, and the character it types, if any."""

        def __init__(self, key: str, character: str | None) -> None:
            super().__init__()
            self.key, self.character = key, character

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[tuple[str, ...], ...] = ()
        self._head = ""
        self._spans: list[tuple[int, int, str]] = []

    def show(self, keys: Sequence[tuple[str, ...]], head: str = "") -> None:
        """Draw keys and labels from now on, with the actions that a click picks, if they have one.

        A `head` before them says that the line waits for one of them.
        """
        if (shown := tuple(keys)) != self._keys or head != self._head:
            self._keys, self._head = shown, head
            self.set_class(bool(head), "-stressed")
            self.refresh()

    def render(self) -> Content:
        """Draw what fits."""
        parts: list[Content] = [Content.styled(f" {self._head} ", "bold $accent-ink on $accent")] if self._head else []
        x = sum(part.cell_length for part in parts)
        self._spans = []
        for key, label, *action in self._keys:
            part = Content.assemble(" " * _BETWEEN if parts else " ", (key, "bold $accent"), f" {label}")
            if x + part.cell_length > self.size.width:
                break
            parts.append(part)
            self._spans.append((x, x + part.cell_length, action[0] if action else ""))
            x += part.cell_length
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Pick the key under the pointer, or press it where it is only a key."""
        for (start, end, action), (keys, *_) in zip(self._spans, self._keys, strict=False):
            if start <= event.x < end and action:
                self.post_message(self.Picked(action))
            elif start <= event.x < end and (key := key_at(keys, event.x - start - (_BETWEEN if start else 1))):
                self.post_message(self.Pressed(key, key_to_character(key)))


def key_at(words: str, x: int) -> str:
    """Return the key, by Textual's name, that stands at a cell of `n p` or `^v`, the first one beside them; or none.

    `1..6` is no key, but a range of them.
    """
    names = words.split()
    if not names or ".." in words:
        return ""
    place = names[words[:x].count(" ")] if 0 <= x < len(words) else names[0]
    if len(place) == 1:
        return _KEYS.get(place) or _character_to_key(place)
    return _KEYS.get(place) or (f"ctrl+{place[1:].lower()}" if place[0] == "^" else place.lower())

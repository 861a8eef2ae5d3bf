"""The goal editor: several lines of text with an example in its place, and keys that send it."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import TextArea

SEND_KEYS = ("ctrl+enter", "ctrl+s")  # many terminals cannot tell ctrl+enter from enter


class GoalEditor(TextArea):
    """A text area that says when it is to be sent."""

    DEFAULT_CSS = """
    GoalEditor {
        height: 1fr;
        min-height: 3;
        border: round $border-blurred;
        padding: 0 1;
        background: $background;
        color: $foreground;

        &:focus { border: round $accent; }
        & .text-area--placeholder { color: $foreground-muted; }
        & .text-area--cursor-line { background: $background; }
    }
    """

    class Sent(Message):
        """A person asked to send the text."""

    def __init__(self, text: str, example: str) -> None:
        super().__init__(text, placeholder=example, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")

    async def on_key(self, event: events.Key) -> None:
        """Send on the keys that do."""
        if event.key in SEND_KEYS:
            event.stop()
            event.prevent_default()
            self.post_message(self.Sent())

"""What a terminal says: its messages, which handlers name `on_terminal_...` and others `Terminal....`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from agentorchestr_tui.emulator import Progress

if TYPE_CHECKING:
    from .terminal import Terminal


class Said(Message, namespace="terminal"):
    """Anything that a terminal says."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__()
        self.terminal = terminal

    @property
    def control(self) -> Terminal:
        """The terminal, for `@on` selectors."""
        return self.terminal


class Typed(Said, namespace="terminal"):
    """A person typed, pasted, pointed or focused: bytes for the process."""

    def __init__(self, terminal: Terminal, data: bytes) -> None:
        super().__init__(terminal)
        self.data = data


class Resized(Said, namespace="terminal"):
    """The widget has another size in cells, which process and emulator should take."""

    def __init__(self, terminal: Terminal, columns: int, lines: int) -> None:
        super().__init__(terminal)
        self.columns = columns
        self.lines = lines

    def can_replace(self, message: Message) -> bool:
        """Let only the last of many sizes be heard."""
        return isinstance(message, Resized) and message.terminal is self.terminal


class Copied(Said, namespace="terminal"):
    """Text was selected and copied."""

    def __init__(self, terminal: Terminal, text: str) -> None:
        super().__init__(terminal)
        self.text = text


class LinkClicked(Said, namespace="terminal"):
    """A link, or a web address in the text, was clicked."""

    def __init__(self, terminal: Terminal, address: str) -> None:
        super().__init__(terminal)
        self.address = address


class LinkHovered(Said, namespace="terminal"):
    """The mouse went onto a link, or off it: then the address is empty."""

    def __init__(self, terminal: Terminal, address: str) -> None:
        super().__init__(terminal)
        self.address = address


class Rang(Said, namespace="terminal"):
    """The program rang the bell; once for many rings between two frames."""


class Progressed(Said, namespace="terminal"):
    """The program's progress bar changed (OSC 9;4)."""

    def __init__(self, terminal: Terminal, progress: Progress) -> None:
        super().__init__(terminal)
        self.progress = progress

    def can_replace(self, message: Message) -> bool:
        """Let only the last of many be heard."""
        return isinstance(message, Progressed) and message.terminal is self.terminal

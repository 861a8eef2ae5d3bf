"""The driver of the terminal we run in: it draws on stdout, and outlives a terminal that goes away."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import TextIO

from textual import events
from textual.app import App
from textual.message import Message

from agentorchestr_tui import curtain
from agentorchestr_tui.tui import signs
from agentorchestr_tui.widgets.keyboard import KeyDriver

LEAST = (20, 5)  # columns and lines; in less, scroll bars that take all the room come and go without end
_PARENT = os.getppid()


class Glass(KeyDriver):
    """Our reader's driver, but a terminal that vanished is a fact and not an accident."""

    def __init__(
        self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        # Textual's own handlers may interrupt a write, and wait for ever for the lock that it holds: ours come between.
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTSTP, self._sigtstp_application)
        loop.add_signal_handler(signal.SIGCONT, self._sigcont_application)
        if (stream := sys.__stdout__) is not None:
            plain = getattr(app, "plain_signs", False) or "utf" not in stream.encoding.lower()
            self._file = _Lenient(stream, plain=plain)  # type: ignore[assignment]  # it is asked to write and flush only

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the terminal's columns and lines; of a smaller one than can be drawn in, the rest is not seen."""
        columns, lines = super()._get_terminal_size()
        return max(columns, LEAST[0]), max(lines, LEAST[1])

    def process_message(self, message: Message) -> None:
        """Hand a message on; a size that the terminal reports by itself is one that can be drawn in."""
        if isinstance(message, events.Resize):
            cells = (max(message.size.width, LEAST[0]), max(message.size.height, LEAST[1]))
            message = events.Resize.from_dimensions(cells, message.pixel_size)
        super().process_message(message)

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        curtain.hand_over()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.write(curtain.WIPE)
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read keys until the terminal goes away; the application notices that by itself."""
        with contextlib.suppress(OSError):
            super().run_input_thread()


class _Lenient:
    """A stream whose writes after the terminal's end go nowhere.

    Textual's writer thread would die of them, and whoever writes next would then wait for it for ever.
    """

    def __init__(self, stream: TextIO, *, plain: bool = False) -> None:
        self._stream = stream
        self._plain = plain

    def write(self, text: str) -> None:
        """Write, if anyone is there; in ASCII where there is no Unicode."""
        text = signs.plain(text) if self._plain else text
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        """Flush, if anyone is there."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()

    def fileno(self) -> int:
        """Return the stream's descriptor."""
        return self._stream.fileno()


def terminal_is_there() -> bool:
    """Say whether the terminal on stdin still answers, and whoever started us still stands over it."""
    return os.isatty(0) and os.getppid() == _PARENT

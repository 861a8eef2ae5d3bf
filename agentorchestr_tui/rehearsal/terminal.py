"""The terminal this program runs in: raw mode, bytes in and out without ever blocking, and everything put back."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import termios
import tty
from base64 import b64encode
from collections.abc import Callable
from typing import NamedTuple

READ_SIZE = 65536  # bytes
LAST_WORDS = 0.5  # seconds that the terminal gets to take the last bytes
SMALLEST_COLUMNS, SMALLEST_LINES = 12, 4

_ENTER = "\x1b[?2004h\x1b]7501;?\x1b\\"
_LEAVE = "\x1b[?2026l\x1b[m\x1b[?2004l\x1b[?25h"


class Size(NamedTuple):
    """A size in cells."""

    columns: int
    lines: int


class Terminal:
    """Standard input and output while they are this program's screen.

    The listener hears bytes, new sizes, and that the terminal is gone.
    """

    def __init__(self) -> None:
        self._fd = _own_descriptor()
        self._before = termios.tcgetattr(self._fd)
        self._unsent = bytearray()
        self._drained = asyncio.Event()
        self._drained.set()
        self._gone = False
        self._on_gone: Callable[[], None] = lambda: None

    @property
    def busy(self) -> bool:
        """Say whether earlier bytes still wait for the terminal to take them."""
        return bool(self._unsent)

    @property
    def size(self) -> Size:
        """The size now; never smaller than what can be drawn."""
        try:
            columns, lines = os.get_terminal_size(self._fd)
        except OSError:
            columns, lines = 80, 24
        return Size(max(columns or 80, SMALLEST_COLUMNS), max(lines or 24, SMALLEST_LINES))

    def open(self, on_bytes: Callable[[bytes], None], on_size: Callable[[], None], on_gone: Callable[[], None]) -> None:
        """Enter raw mode, ask for pastes in brackets, and listen."""
        self._on_gone = on_gone
        tty.setraw(self._fd)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._fd, self._read, on_bytes)
        loop.add_signal_handler(signal.SIGWINCH, on_size)
        self.write(_ENTER)

    def write(self, text: str | bytes) -> None:
        """Send text, now or as soon as the terminal takes it."""
        if self._gone:
            return
        self._unsent += text.encode() if isinstance(text, str) else text
        self._send()

    def title(self, text: str) -> None:
        """Set the window title (OSC 0)."""
        self.write(f"\x1b]0;{text}\x07")

    def status(self, state: str, **details: str) -> None:
        """Tell the terminal what the program is doing (OSC 7501); `msg` goes as base64."""
        if "msg" in details:
            details["msg"] = b64encode(details["msg"].encode()).decode()
        rest = "".join(f":{key}={value}" for key, value in details.items())
        self.write(f"\x1b]7501;state={state}:app=rehearsal{rest}\x1b\\")

    async def drain(self) -> None:
        """Return when the terminal has taken everything."""
        await self._drained.wait()

    def close(self) -> None:
        """Put the terminal back as it was found."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._fd)
        loop.remove_writer(self._fd)
        loop.remove_signal_handler(signal.SIGWINCH)
        self._say_last(bytes(self._unsent) + _LEAVE.encode())
        with contextlib.suppress(termios.error):
            termios.tcsetattr(self._fd, termios.TCSANOW, self._before)
        os.close(self._fd)

    def _read(self, on_bytes: Callable[[bytes], None]) -> None:
        try:
            data = os.read(self._fd, READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            on_bytes(data)
        else:
            self._lose()

    def _send(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: os.write(self._fd, self._unsent[:READ_SIZE])]
        except BlockingIOError:
            self._drained.clear()
            asyncio.get_running_loop().add_writer(self._fd, self._send)
            return
        except OSError:
            self._lose()
        asyncio.get_running_loop().remove_writer(self._fd)
        self._drained.set()

    def _lose(self) -> None:
        self._gone = True
        self._unsent.clear()
        self._drained.set()
        asyncio.get_running_loop().remove_reader(self._fd)
        self._on_gone()

    def _say_last(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            while data and not self._gone and select.select([], [self._fd], [], LAST_WORDS)[1]:
                data = data[os.write(self._fd, data) :]


def _own_descriptor() -> int:
    """Open the terminal anew, so that not blocking is ours alone and not also our parent's."""
    return os.open(os.ttyname(1), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

"""A gallery: a shell, or the command given, in a terminal tile. `python -m agentorchestr_tui.widgets [COMMAND ...]`."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from typing import ClassVar

import ptyprocess
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.theme import Theme

from agentorchestr_tui.emulator import Bell, ClipboardWrite, Emulator, Title

from . import Terminal
from .keyboard import KeyDriver
from .scrollback import Scrollback

_READ = 65536  # bytes
_KEYS = "F12 next theme · shift+F12 scrollback · exit leaves"


class Gallery(App[int]):
    """One terminal, its title in the border, and a key that walks through the themes."""

    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f12", "next_theme", "Next theme", priority=True),
        Binding("shift+f12", "look_back", "Look back", priority=True),
        Binding("ctrl+q", "none", priority=False),
    ]
    CSS = """
    Vertical { border: round $panel; border-title-color: $foreground; }
    Vertical:focus-within { border: round $accent; }
    """

    def __init__(self, argv: list[str]) -> None:
        super().__init__(driver_class=KeyDriver)
        self._argv = argv
        self._emulator = Emulator(80, 24)
        self._process: ptyprocess.PtyProcess | None = None
        self._unsent = b""
        self._back: Scrollback | None = None

    def compose(self) -> ComposeResult:
        """Put the terminal into a frame."""
        with Vertical() as frame:
            frame.border_title = " ".join(self._argv)
            frame.border_subtitle = _KEYS
            yield Terminal(self._emulator, id="shell")

    def on_mount(self) -> None:
        """Give the keys to the terminal; the process starts when its size is known."""
        self.query_one(Terminal).focus()

    def on_terminal_resized(self, message: Terminal.Resized) -> None:
        """Start the process, or tell it the new size."""
        self._emulator.resize(message.columns, message.lines)
        message.terminal.ring()
        if self._process is None:
            self._start((message.lines, message.columns))
        else:
            self._process.setwinsize(message.lines, message.columns)

    def on_terminal_typed(self, message: Terminal.Typed) -> None:
        """Hand what was typed to the process."""
        self._write(message.data)

    def on_terminal_link_clicked(self, message: Terminal.LinkClicked) -> None:
        """Copy the address; what opens it is an application's to choose."""
        self.copy_to_clipboard(message.address)
        self.notify(f"Copied {message.address}", markup=False, timeout=2)

    async def on_event(self, event: events.Event) -> None:
        """Give keys and pastes to whoever looks back, before the terminal sees them."""
        if self._back is None or not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
            return
        if isinstance(event, events.Paste):
            self._back.paste(event)
        elif not self._back.take(event):
            self._back = None
        self._say_keys()

    def action_look_back(self) -> None:
        """Look back in the terminal by keys."""
        self._back = Scrollback(self.query_one(Terminal), lambda words: self.notify(words, timeout=2))
        self._say_keys()

    def _say_keys(self) -> None:
        said = _KEYS
        if self._back is not None:
            said = " · ".join([self._back.head, *map(" ".join, self._back.rows[:4])])
        self.query_one(Vertical).border_subtitle = said

    def action_next_theme(self) -> None:
        """Take the next theme."""
        themes: dict[str, Theme] = self.available_themes
        names = sorted(themes)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    def on_unmount(self) -> None:
        """Let go of the process: it is hung up on."""
        self._hang_up()

    def _start(self, size: tuple[int, int]) -> None:
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self._process = ptyprocess.PtyProcess.spawn(self._argv, env=env, dimensions=size)
        os.set_blocking(self._process.fd, False)
        asyncio.get_running_loop().add_reader(self._process.fd, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._fd, _READ)
        except BlockingIOError:
            return
        except OSError:  # Linux says so when the last process has closed the other end
            data = b""
        if not data:
            self._hang_up()
            self.exit(0)
            return
        self._emulator.feed(data)
        self._write(self._emulator.take_replies())
        for event in self._emulator.take_events():
            self._hear(event)
        self.query_one(Terminal).ring()

    def _hear(self, event: object) -> None:
        if isinstance(event, Title) and event.text:
            self.query_one(Vertical).border_title = event.text
        elif isinstance(event, Bell):
            self.bell()
        elif isinstance(event, ClipboardWrite):
            self.copy_to_clipboard(event.text)

    def _write(self, data: bytes) -> None:
        self._unsent += data
        if self._process is None or not self._unsent:
            return
        loop = asyncio.get_running_loop()
        try:
            sent = os.write(self._fd, self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            sent = len(self._unsent)
        self._unsent = self._unsent[sent:]
        if self._unsent:
            loop.add_writer(self._fd, self._write, b"")
        else:
            loop.remove_writer(self._fd)

    @property
    def _fd(self) -> int:
        return -1 if self._process is None else int(self._process.fd)

    def _hang_up(self) -> None:
        if self._process is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._fd)
        loop.remove_writer(self._fd)
        self._process.fileobj.close()
        self._process.closed = True
        self._process = None


def main() -> None:
    """Run the gallery."""
    argv = sys.argv[1:] or [os.environ.get("SHELL", "/bin/sh")]
    if shutil.which(argv[0]) is None:
        sys.exit(f"There is no program {argv[0]!r}: name one that is on the PATH, or none for your shell.")
    sys.exit(Gallery(argv).run() or 0)


if __name__ == "__main__":
    main()

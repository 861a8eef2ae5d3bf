"""A wall of terminals for measuring: `python -m tests.speed.wall COUNT FILE` shows COUNT and writes their tty names."""

from __future__ import annotations

import asyncio
import gc
import os
import pty
import signal
import sys
import termios
from pathlib import Path
from time import perf_counter

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Grid

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.panes.pump import Pump
from agentorchestr_tui.widgets import Terminal

_READ = 65536  # bytes
_AHEAD = 16384  # bytes read before a terminal has to wait
_SLICE = 16384  # bytes parsed between two looks at the clock


class Pane:
    """A PTY without a program, read as the app's panes are: no more than one batch ahead of the pump."""

    def __init__(self, pump: Pump) -> None:
        self.master, self.slave = pty.openpty()
        os.set_blocking(self.master, False)
        self.emulator = Emulator(80, 24)
        self.terminal = Terminal(self.emulator)
        self._pump = pump
        self._waiting = b""
        self._held = False

    def listen(self) -> None:
        """Read from now on."""
        asyncio.get_running_loop().add_reader(self.master, self._hear)

    def _hear(self) -> None:
        try:
            self._waiting += os.read(self.master, _READ)
        except BlockingIOError:
            return
        if len(self._waiting) > _AHEAD:
            asyncio.get_running_loop().remove_reader(self.master)
            self._held = True
        self._pump.stir(self)

    def digest(self, until: float) -> bool:
        """Parse what was read, slice by slice, then read on."""
        while True:
            piece, self._waiting = self._waiting[:_SLICE], self._waiting[_SLICE:]
            self.emulator.feed(piece)
            if not self._waiting or perf_counter() >= until:
                break
        if replies := self.emulator.take_replies():
            os.write(self.master, replies)
        self.emulator.take_events()
        self.terminal.ring()
        if self._held and not self._waiting:
            self._held = False
            self.listen()
        return bool(self._waiting)


class Wall(App[None]):
    """Terminals in a grid; the first has the focus."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Terminal { border: none; }"

    def __init__(self, count: int, told: Path) -> None:
        super().__init__()
        self._told = told
        self._pump = Pump()
        self._panes = [Pane(self._pump) for _ in range(count)]

    def compose(self) -> ComposeResult:
        """Lay the terminals out."""
        with Grid() as grid:
            across = {4: 2, 8: 4, 16: 4, 32: 8}.get(len(self._panes), 1)
            grid.styles.grid_size_columns = across
            grid.styles.grid_size_rows = -(-len(self._panes) // across)
            yield from (pane.terminal for pane in self._panes)

    def on_mount(self) -> None:
        """Begin to read, and say where to write."""
        self._pump.favoured = self._panes[0]
        for pane in self._panes:
            pane.listen()
        self._panes[0].terminal.focus()
        gc.collect()
        gc.freeze()  # as the app does
        gc.set_threshold(10_000)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit)
        aside = self._told.with_suffix(".part")
        aside.write_text("\n".join(os.ttyname(pane.slave) for pane in self._panes))
        aside.rename(self._told)

    async def on_event(self, event: events.Event) -> None:
        """Let the others wait a moment as soon as a key comes in."""
        if isinstance(event, events.Key):
            self._pump.hush()
        await super().on_event(event)

    def on_terminal_typed(self, message: Terminal.Typed) -> None:
        """Write to the pane that was typed into."""
        self._pump.hush()
        os.write(self._pane(message.terminal).master, message.data)

    def on_terminal_resized(self, message: Terminal.Resized) -> None:
        """Take the new size."""
        pane = self._pane(message.terminal)
        pane.emulator.resize(message.columns, message.lines)
        termios.tcsetwinsize(pane.slave, (message.lines, message.columns))

    def _pane(self, terminal: Terminal) -> Pane:
        return next(pane for pane in self._panes if pane.terminal is terminal)


if __name__ == "__main__":
    Wall(int(sys.argv[1]), Path(sys.argv[2])).run()

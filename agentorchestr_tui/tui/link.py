"""The link between a pane and the terminal that shows it: bytes one way, keys and sizes the other."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import PaneError
from agentorchestr_tui.emulator import ClipboardWrite
from agentorchestr_tui.widgets.terminal import Terminal

if TYPE_CHECKING:
    from agentorchestr_tui.emulator.events import Event
    from agentorchestr_tui.panes.pane import Pane

_log = logging.getLogger(__name__)


class Link:
    """Shows a pane in a terminal until it is cut.

    `hand` takes what a person typed, with the pane's name; `complain` is told, once, that nothing more can be typed;
    `copy` takes what the process asks to have copied (OSC 52), with the pane's name.
    """

    def __init__(
        self,
        pane: Pane,
        terminal: Terminal,
        hand: Callable[[str, bytes], Awaitable[None]],
        complain: Callable[[str], None],
        copy: Callable[[str, str], None],
    ) -> None:
        self.pane = pane
        self._hand = hand
        self._terminal = terminal
        self._complain = complain
        self._complained = False
        self._wanted: tuple[int, int] | None = None
        self._resizing = False
        self._copy = copy
        self._stops = (pane.listen(lambda _: terminal.ring()), pane.listen_events(self._hear))
        terminal.show(pane.emulator)
        if terminal.size.area:
            self.resize(terminal.size.width, terminal.size.height)

    def write(self, data: bytes) -> None:
        """Hand on what a person typed, in the order it was typed."""
        tasks.start(self._write(data), name=f"type into {self.pane.name}")

    def resize(self, columns: int, lines: int) -> None:
        """Give the process this size; of many sizes in a row only the last one counts."""
        self._wanted = (columns, lines)
        if not self._resizing:
            self._resizing = True
            tasks.start(self._resize(), name=f"resize {self.pane.name}")

    def cut(self) -> None:
        """Let go of the pane."""
        for stop in self._stops:
            stop()

    def _hear(self, event: Event) -> None:
        if isinstance(event, ClipboardWrite):
            self._copy(self.pane.name, event.text)

    async def _write(self, data: bytes) -> None:
        try:
            await self._hand(self.pane.name, data)
        except PaneError as error:
            if not self._complained:
                self._complained = True
                self._complain(str(error))

    async def _resize(self) -> None:
        try:
            while (wanted := self._wanted) is not None:
                self._wanted = None
                await self.pane.resize(*wanted)
        except PaneError as error:
            _log.info("pane %s keeps its size: %s", self.pane.name, error)
        finally:
            self._resizing = False
            self._terminal.ring()

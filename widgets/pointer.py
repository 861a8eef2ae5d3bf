"""The pointer: what the mouse does over a terminal; it is the program's, or it selects, scrolls and opens links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer

from agentorchestr_tui.emulator import mouse

if TYPE_CHECKING:
    from .terminal import Terminal

_WHEEL = 3  # rows a turn of the wheel scrolls
_PULL = 0.05  # seconds between two rows, while a selection is drawn past the edge
_BUTTONS = {1: mouse.LEFT, 2: mouse.MIDDLE, 3: mouse.RIGHT}


class Pointer:
    """Turns the mouse's events over one terminal into bytes, selections and links."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._pressed = mouse.NONE
        self._selecting = self._rectangle = False
        self._at = (0, 0)  # the cell that was pointed at last; its line may lie outside
        self._pulling: Timer | None = None
        self._link = ""

    def press(self, event: events.MouseDown) -> None:
        """Send the press to a program that tracks the mouse, or start a selection."""
        self._pressed = _BUTTONS.get(event.button, mouse.NONE)
        if not self._send(mouse.Act.PRESS, self._pressed, event):
            self._selecting, self._rectangle = event.button == 1, event.meta
            self._terminal.view.press(*self._cell(event))
            self._terminal.ring()
        self._terminal.capture_mouse()

    def release(self, event: events.MouseUp) -> None:
        """Send the release to a program that tracks the mouse, or copy what was selected."""
        self._terminal.release_mouse()
        if self._selecting:
            self._selecting = False
            self._pull(0)
            self._terminal.copy()
        else:
            self._send(mouse.Act.RELEASE, _BUTTONS.get(event.button, mouse.LEFT), event)
        self._pressed = mouse.NONE

    def move(self, event: events.MouseMove) -> None:
        """Send the move to a program that tracks the mouse, or extend the selection."""
        if not self._selecting:
            self._hover(event)
            self._send(mouse.Act.MOVE, self._pressed, event)
            return
        self._rectangle = self._rectangle or event.meta
        self._at = self._cell(event)
        beyond = -1 if event.y < 0 else 1 if event.y >= self._terminal.size.height else 0
        self._pull(beyond)
        self._draw(beyond)

    def _draw(self, beyond: int = 0) -> None:
        """Extend the selection to where the pointer is; past an edge, bring a row more into view."""
        if beyond:
            self._terminal.scroll_back(-beyond)
        self._terminal.view.drag(*self._at, rectangle=self._rectangle)
        self._terminal.ring()

    def _pull(self, beyond: int) -> None:
        """Go on scrolling while the pointer is held above (-1) or below (1)."""
        if self._pulling is not None:
            self._pulling.stop()
        self._pulling = self._terminal.set_interval(_PULL, lambda: self._draw(beyond)) if beyond else None

    def leave(self) -> None:
        """Forget the link under the pointer."""
        self._show_link("")

    def click(self, event: events.Click) -> None:
        """Open a link (with ctrl or alt: a plain click may only mean to focus), or select a word, or a line."""
        if self._is_tracked and not (event.shift or (event.ctrl and self._link)):
            return
        view, (column, line) = self._terminal.view, self._cell(event)
        if event.chain == 2:
            view.mark_word(column, line)
            self._terminal.copy()
        elif event.chain == 3:
            view.mark_line(line)
            self._terminal.copy()
        elif (event.ctrl or event.meta) and (address := view.link_at(column, line)):
            self._terminal.follow(address)
        self._terminal.ring()

    def wheel(self, event: events.MouseEvent, *, up: bool) -> None:
        """Send the wheel to the program, as keys if it only shows an alternate screen, or scroll."""
        event.stop()
        event.prevent_default()
        emulator = self._terminal.emulator
        if self._send(mouse.Act.PRESS, mouse.WHEEL_UP if up else mouse.WHEEL_DOWN, event):
            return
        if emulator.alternate and self._terminal.view.still is None:
            self._terminal.type(mouse.scroll_keys(up, emulator.modes))
        else:
            self._terminal.scroll_back(_WHEEL if up else -_WHEEL)

    def _hover(self, event: events.MouseEvent) -> None:
        """Show where the link under the pointer leads; to a program that tracks the mouse it is one with ctrl only."""
        column, line = self._cell(event)
        free = not self._is_tracked or event.ctrl or event.shift
        self._show_link(self._terminal.view.link_at(column, line) if free else "")

    def _show_link(self, address: str) -> None:
        if address != self._link:
            self._link = address
            self._terminal.tooltip = f"{address}\nctrl+click opens it" if address else None
            self._terminal.post_message(self._terminal.LinkHovered(self._terminal, address))

    def _send(self, act: mouse.Act, button: int, event: events.MouseEvent) -> bool:
        """Send an act of the mouse if the program wants it; with shift held, or ctrl on a link, it is never its."""
        if event.shift or (event.ctrl and self._link) or not self._is_tracked:
            return False
        column, line = self._cell(event)
        modes = self._terminal.emulator.modes
        self._terminal.type(mouse.encode(act, button, column, line, modes, alt=event.meta, ctrl=event.ctrl))
        event.stop()
        return True

    @property
    def _is_tracked(self) -> bool:
        """Whether the mouse is the program's; not while someone reads in a still."""
        return bool(self._terminal.emulator.modes.mouse) and self._terminal.view.still is None

    def _cell(self, event: events.MouseEvent) -> tuple[int, int]:
        """Return the column and row of the screen under the mouse."""
        emulator = self._terminal.emulator
        return max(0, min(event.x, emulator.columns - 1)), max(0, min(event.y, emulator.lines - 1))

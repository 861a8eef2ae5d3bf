"""One pump feeds every pane's output to its emulator, a little at a time, so that typing never waits for a flood."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Protocol

TURN = 0.0015  # seconds of parsing in one turn of the event loop, for all panes together
ROUNDS = 6  # of the event loop between two turns that a flood fills: a key takes several from the terminal to its pane
FRAME = 1 / 30  # seconds; a background pane's share is counted anew with every frame
SHARE = 0.004  # seconds of parsing for one background pane in one frame
HUSH = 0.010  # seconds that background panes wait after a key


class Mouthful(Protocol):
    """Something with output to parse."""

    def digest(self, until: float) -> bool:
        """Parse at least one slice, more until the clock passes `until`; return whether something is left."""


class Pump:
    """Lets the favoured pane parse first and the others in turn, within their shares."""

    def __init__(self) -> None:
        self.favoured: Mouthful | None = None
        self._hungry: dict[Mouthful, None] = {}
        self._spent: dict[Mouthful, float] = {}
        self._frame = 0
        self._hushed_until = 0.0
        self._next: asyncio.Handle | None = None
        self._next_is_soon = False
        self._rounds = 0  # of the event loop until the next turn, if that is soon

    def stir(self, pane: Mouthful) -> None:
        """Note that this pane has output to parse."""
        self._hungry[pane] = None
        if pane is self.favoured:
            self._soon()
        elif self._next is None or not self._next_is_soon:
            self._arrange()

    def forget(self, pane: Mouthful) -> None:
        """Parse nothing more of this pane."""
        self._hungry.pop(pane, None)
        self._spent.pop(pane, None)

    def hush(self) -> None:
        """Let background panes wait a moment: somebody typed, and the echo comes first."""
        self._hushed_until = perf_counter() + HUSH

    def _turn(self) -> None:
        self._next = None
        until = perf_counter() + TURN
        try:
            self._feed_all(until)
        finally:  # whatever a listener did
            if self._next is None:
                self._arrange(ROUNDS if perf_counter() >= until else 0)

    def _feed_all(self, until: float) -> None:
        if self.favoured is not None and self.favoured in self._hungry:
            self._feed(self.favoured, until)
        now = perf_counter()
        if now >= self._hushed_until:
            self._feed_the_others(now, until)

    def _feed_the_others(self, now: float, until: float) -> None:
        self._count_frame(now)
        for pane in [pane for pane in self._hungry if pane is not self.favoured]:
            room = self._room(pane)
            if room <= 0:
                continue
            began = perf_counter()
            self._feed(pane, min(until, began + room))
            now = perf_counter()
            self._spent[pane] = self._spent.get(pane, 0.0) + now - began
            if now >= until:
                return

    def _feed(self, pane: Mouthful, until: float) -> None:
        del self._hungry[pane]
        if pane.digest(until):
            self._hungry[pane] = None  # behind the others

    def _room(self, pane: Mouthful) -> float:
        """Seconds that a pane may still use in this frame; without a typing person to spare, a whole turn."""
        return SHARE - self._spent.get(pane, 0.0) if self.favoured is not None else TURN

    def _count_frame(self, now: float) -> None:
        frame = int(now / FRAME)
        if frame != self._frame:
            self._frame = frame
            self._spent.clear()

    def _arrange(self, rounds: int = 0) -> None:
        if not self._hungry:
            return
        now = perf_counter()
        self._count_frame(now)
        if self.favoured in self._hungry:
            self._soon()
            return
        starts = now if any(self._room(pane) > 0 for pane in self._hungry) else (self._frame + 1) * FRAME
        starts = max(starts, self._hushed_until)
        if starts <= now:
            self._soon(rounds)
        else:
            self._later(starts - now)

    def _soon(self, rounds: int = 0) -> None:
        if self._next is not None:
            if self._next_is_soon and self._rounds <= rounds:
                return
            self._next.cancel()
        self._next_is_soon = True
        self._go_round(rounds)

    def _go_round(self, left: int) -> None:
        self._rounds = left
        loop = asyncio.get_running_loop()
        self._next = loop.call_soon(self._go_round, left - 1) if left else loop.call_soon(self._turn)

    def _later(self, delay: float) -> None:
        if self._next is not None:
            self._next.cancel()
        self._next_is_soon = False
        self._next = asyncio.get_running_loop().call_later(delay, self._turn)

"""A pane of the pane host, as the session knows it: output goes to its emulator, input to its process."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from time import perf_counter
from typing import TypeVar

from agentorchestr_tui.core.errors import PaneError, PaneGone
from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.emulator.events import Event

from . import frames
from .pane import GRACE, Exit, Pane
from .pump import Pump
from .wire import PATIENCE, Wire

SLICE = 8 * 1024  # bytes handed to the emulator at a time; the clock is looked at in between
INPUT_WINDOW = 128 * 1024  # bytes of input under way at most
INPUT_PIECE = 32 * 1024  # bytes of input in one frame
BACKLOG = 256  # events kept for the first listener
GIVE_UP = 15.0  # seconds beyond its grace that ending a pane may take

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client begins with a pane: offsets in its output, and what of it was dealt with before."""

    offset: int
    head: int
    seen: int
    received: int
    columns: int
    lines: int
    preamble: bytes

    @classmethod
    def read(cls, answer: frames.Words) -> Standing:
        """Read it from a host's answer."""
        names = ("offset", "head", "seen", "received", "columns", "lines")
        offset, head, seen, received, columns, lines = map(answer.number, names)
        return cls(
            offset, head, seen, received, columns, lines, answer.text("preamble").encode("utf-8", "surrogateescape")
        )


class HostedPane:
    """One process in the pane host; implements `Pane`, and offers the emulator's events to several listeners."""

    def __init__(self, card: frames.Words, standing: Standing, wire: Wire, pump: Pump) -> None:
        self._number = card.number("number")
        self._name = card.text("name")
        self._pid = card.number("pid")
        self._recording = Path(card.text("recording")) if card.text("recording") else None
        self._wire, self._pump = wire, pump
        self._emulator = Emulator(standing.columns, standing.lines)
        if standing.preamble:
            self._emulator.feed(standing.preamble)
            self._emulator.take_events()
        self._size = (standing.columns, standing.lines)
        self._queue: deque[tuple[int, bytes] | tuple[int, int, None] | Exit] = deque()
        self._expected = self._parsed = standing.offset
        self._seen_before, self._replayed = standing.seen, standing.head
        self._given = self._taken = standing.received
        self._takers: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._writing = asyncio.Lock()
        self._resizing: deque[asyncio.Future[None]] = deque()
        self._gone = ""
        self._exit: Exit | None = None
        loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[Exit] = loop.create_future()
        self._caught_up: asyncio.Future[None] = loop.create_future()
        self._bells: list[Callable[[Pane], None]] = []
        self._ears: list[Callable[[Event], None]] = []
        self._unheard: deque[Event] | None = deque(maxlen=BACKLOG)
        wire.receivers[self._number] = self
        self._note_progress()

    # --- what it is

    @property
    def name(self) -> str:
        """The pane's name."""
        return self._name

    @property
    def pid(self) -> int:
        """The process id of the program itself."""
        return self._pid

    @property
    def emulator(self) -> Emulator:
        """The live screen."""
        return self._emulator

    @property
    def exit(self) -> Exit | None:
        """How the process ended, or None while it runs."""
        return self._exit

    @property
    def recording(self) -> Path | None:
        """Its asciicast v2 recording; None when the disk had no room for one."""
        return self._recording

    # --- what one asks of it

    async def write(self, data: bytes) -> None:
        """Hand bytes to the process, in the order of the calls; return when the kernel took them. Raises: PaneGone."""
        if self._pump.favoured is self:
            self._pump.hush()
        async with self._writing:
            for at in range(0, len(data), INPUT_PIECE):
                await self._until_taken(self._given - INPUT_WINDOW)
                self._give(data[at : at + INPUT_PIECE])
            target = self._given
        await self._until_taken(target)

    async def resize(self, columns: int, lines: int) -> None:
        """Tell process and emulator a new size in cells; both take it at the same place of the output."""
        if (columns, lines) == self._size:
            return
        before, self._size = self._size, (columns, lines)
        if self._wire.reason:
            self._emulator.resize(columns, lines)
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            await self._ask("resize", lambda _: self._resizing.append(done), columns=columns, lines=lines)
        except PaneError:
            self._size = before
            raise
        await asyncio.wait([done], timeout=PATIENCE)

    async def mark(self, label: str) -> None:
        """Put a named mark into the recording."""
        await self._ask("mark", lambda _: None, label=label)

    async def reader(self) -> int:
        """Return the process group that the terminal's keys go to; 0 where that cannot be told."""
        try:
            return await self._ask("reader", lambda words: words.number("group"))
        except PaneError:
            return 0

    async def wait(self) -> Exit:
        """Return when the process has ended and all it printed was fed to the emulator. Raises: PaneGone."""
        return await asyncio.shield(self._ended)

    async def end(self, grace: float = GRACE) -> Exit:
        """End the whole process tree, `grace` seconds between steps; return when none is left. Raises: PaneError."""
        with contextlib.suppress(PaneGone):  # a host that is gone has ended everything
            left = await self._ask("end", _left, patience=2 * grace + GIVE_UP, grace=grace)
            if left:
                names = ", ".join(map(str, left))
                raise PaneError(f"Process {names} of {self._name} cannot be ended; the system holds on to it.")
        try:
            async with asyncio.timeout(GIVE_UP):
                return await self.wait()
        except TimeoutError as error:
            raise PaneError(f"{self._name} has ended, but its output could not be read to the end.") from error

    def listen(self, bell: Callable[[Pane], None]) -> Callable[[], None]:
        """Ring `bell` after every batch of output and at the end; the returned call stops it."""
        self._bells.append(bell)
        return lambda: _drop(self._bells, bell)

    def listen_events(self, ear: Callable[[Event], None]) -> Callable[[], None]:
        """Tell `ear` each typed event of the emulator exactly once, before the bell; the returned call stops it.

        Every listener hears every event from its call on; the first one is also told, at once, what nobody heard
        before it (256 events at most). After a re-attachment, events that an earlier client parsed do not come again.
        """
        self._ears.append(ear)
        unheard, self._unheard = self._unheard, None
        for event in unheard or ():
            ear(event)
        return lambda: _drop(self._ears, ear)

    async def caught_up(self) -> None:
        """Return when everything printed before this client came was fed to the emulator."""
        await asyncio.shield(self._caught_up)

    # --- what the wire says

    def output(self, offset: int, data: bytes) -> None:
        """Queue bytes of the process."""
        self._expected = offset + len(data)
        self._queue.append((offset, data))
        self._pump.stir(self)

    def resized(self, columns: int, lines: int) -> None:
        """Queue a size."""
        self._queue.append((columns, lines, None))
        self._pump.stir(self)

    def taken(self, count: int) -> None:
        """Wake the writers whose bytes the kernel took."""
        self._taken = count
        while self._takers and self._takers[0][0] <= count:
            _resolve(self._takers.popleft()[1])

    def exited(self, code: int) -> None:
        """Queue the end."""
        self._close_input(f"The process of {self._name} has ended; nothing can be typed into it.")
        self._queue.append(Exit(signal=-code) if code < 0 else Exit(code=code))
        self._pump.stir(self)

    def lost(self, reason: str, *, process_lives: bool) -> None:
        """Take the end of the connection: the host took its processes along, unless they are known to live."""
        self._close_input(reason)
        if process_lives:
            self._pump.forget(self)
            self._settle_all()
            if not self._ended.done():
                self._ended.set_exception(PaneGone(reason))
                self._ended.exception()  # nobody need ask
        else:
            self._queue.append(Exit(signal=int(SIGKILL)))
            self._pump.stir(self)

    # --- what the pump says

    def digest(self, until: float) -> bool:
        """Parse output until the clock passes `until`; then answer queries, tell events, ring."""
        while self._queue:
            self._swallow()
            if perf_counter() >= until:
                break
        self._note_progress()
        if replies := self._emulator.take_replies():
            self._reply(replies)
        self._tell_events()
        for bell in list(self._bells):
            bell(self)
        return bool(self._queue)

    def _swallow(self) -> None:
        item = self._queue.popleft()
        if isinstance(item, Exit):
            self._finish(item)
        elif len(item) == 3:
            self._emulator.resize(item[0], item[1])
            if self._resizing:
                _resolve(self._resizing.popleft())
        else:
            self._parse(*item)

    def _parse(self, offset: int, data: bytes) -> None:
        most = SLICE
        for border in (self._seen_before, self._replayed):
            if border > offset:
                most = min(most, border - offset)
        if len(data) > most:
            self._queue.appendleft((offset + most, data[most:]))
            data = data[:most]
        self._emulator.feed(data)
        self._parsed = offset + len(data)
        if self._parsed <= self._seen_before:
            self._emulator.take_events()  # an earlier client told them
        if self._parsed <= self._replayed:
            self._emulator.take_replies()  # answers to old questions would be typed into whatever runs now

    def _finish(self, exit_: Exit) -> None:
        if self._exit is None:
            self._exit = exit_
            self._tell_events()
            self._settle_all()
            if not self._ended.done():
                self._ended.set_result(exit_)

    def _note_progress(self) -> None:
        if self._parsed:
            self._wire.seen(self._number, self._parsed)
        if self._parsed >= self._replayed:
            _resolve(self._caught_up)

    def _tell_events(self) -> None:
        for event in self._emulator.take_events():
            if self._unheard is not None:
                self._unheard.append(event)
            for ear in list(self._ears):
                ear(event)

    # --- input

    def _reply(self, replies: bytes) -> None:
        if not self._gone:
            self._give(replies)

    def _give(self, data: bytes) -> None:
        self._given += len(data)
        self._wire.give(self._number, data)

    async def _until_taken(self, target: int) -> None:
        if self._gone:
            raise PaneGone(self._gone)
        if self._taken >= target:
            return
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._takers.append((target, taken))
        await taken

    def _close_input(self, reason: str) -> None:
        self._gone = self._gone or reason
        for _, taken in self._takers:
            if not taken.done():
                taken.set_exception(PaneGone(self._gone))
        self._takers.clear()

    def _settle_all(self) -> None:
        for resized in self._resizing:
            _resolve(resized)
        self._resizing.clear()
        _resolve(self._caught_up)

    async def _ask(
        self, verb: str, read: Callable[[frames.Words], _T], *, patience: float = PATIENCE, **words: object
    ) -> _T:
        return await self._wire.ask(verb, read, patience=patience, pane=self._number, **words)


def _left(answer: frames.Words) -> list[int]:
    return answer.numbers("left")


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _drop(listeners: list[_T], listener: _T) -> None:
    with contextlib.suppress(ValueError):
        listeners.remove(listener)

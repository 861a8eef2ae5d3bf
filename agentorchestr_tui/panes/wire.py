"""The client's end of the connection to a pane host: orders and answers, input out, output in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from agentorchestr_tui.core.errors import PaneError, PaneGone

from . import frames

PATIENCE = 10.0  # seconds that a host may take for an answer
SEEN_EVERY = 64 * 1024  # bytes parsed before the host hears of it at once
SEEN_LATEST = 0.2  # seconds after which the host hears of it anyway

_T = TypeVar("_T")


class Receiver(Protocol):
    """What the frames of one pane are for."""

    def output(self, offset: int, data: bytes) -> None:
        """Take bytes of the process."""

    def resized(self, columns: int, lines: int) -> None:
        """Take a size that holds from here on."""

    def taken(self, count: int) -> None:
        """Take how many bytes of input the kernel took so far."""

    def exited(self, code: int) -> None:
        """Take the end of the process: its exit code, or minus a signal."""

    def lost(self, reason: str, *, process_lives: bool) -> None:
        """Take that nothing more will come."""


class Wire(asyncio.Protocol):
    """One connection; whatever happens to it, every order gets an answer or an error."""

    def __init__(self) -> None:
        self.receivers: dict[int, Receiver] = {}
        self.reason = ""  # why the connection is gone; empty while it stands
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._splitter = frames.Splitter()
        self._transport: asyncio.WriteTransport | None = None
        self._orders = 0
        self._answers: dict[int, Callable[[frames.Words | PaneError], None]] = {}
        self._seen: dict[int, int] = {}
        self._seen_sent: dict[int, int] = {}
        self._seen_timer: asyncio.TimerHandle | None = None
        self._processes_live = False

    # --- what panes and their backend say

    async def ask(
        self, verb: str, read: Callable[[frames.Words], _T], *, patience: float = PATIENCE, **words: object
    ) -> _T:
        """Give an order; `read` its answer before any frame that follows it. Raises: PaneError, PaneGone."""
        if self.reason:
            raise PaneGone(self.reason)
        self._orders += 1
        answered: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        self._answers[self._orders] = lambda answer: _settle(answered, answer, read)
        self._send(frames.letter(frames.ORDER, {"id": self._orders, "do": verb, **words}))
        try:
            async with asyncio.timeout(patience):
                return await answered
        except TimeoutError as error:
            raise PaneError(
                f"The agents' terminals gave no answer in {patience:.0f} seconds; leave, and resume the session."
            ) from error

    def tell(self, verb: str) -> None:
        """Give an order that is not answered."""
        self._send(frames.letter(frames.ORDER, {"id": 0, "do": verb}))

    def give(self, pane: int, data: bytes) -> None:
        """Send input to a process."""
        self._send(frames.frame(frames.INPUT, pane, data))

    def seen(self, pane: int, offset: int) -> None:
        """Note that everything below this offset was parsed; the host hears of it soon."""
        self._seen[pane] = offset
        if offset - self._seen_sent.get(pane, 0) >= SEEN_EVERY:
            self._send_seen(pane, offset)
        elif self._seen_timer is None:
            self._seen_timer = asyncio.get_running_loop().call_later(SEEN_LATEST, self._send_all_seen)

    def leave(self) -> None:
        """Close the connection; the processes live on."""
        self._processes_live = True
        self._send_all_seen()
        self._lose("This window let go of the pane; its process lives on.")

    # --- what the event loop says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hand every frame to whom it is for."""
        try:
            for kind, pane, body in self._splitter.feed(data):
                self._take(kind, pane, body)
        except ValueError:
            self._lose("The agents' terminals run under another version of agentorchestr; end it and start anew.")

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell everybody."""
        self._lose("The agents' terminals are gone, and what ran in them; resume the session.")

    def _take(self, kind: int, pane: int, body: bytes) -> None:
        if kind == frames.ANSWER:
            self._hear(frames.Words(body))
        elif (receiver := self.receivers.get(pane)) is None:
            return
        elif kind == frames.OUTPUT:
            receiver.output(frames.COUNT.unpack_from(body)[0], body[frames.COUNT.size :])
        elif kind == frames.TAKEN:
            receiver.taken(frames.COUNT.unpack(body)[0])
        elif kind == frames.RESIZED:
            receiver.resized(*frames.SIZE.unpack(body))
        elif kind == frames.EXITED:
            receiver.exited(frames.EXIT.unpack(body)[0])

    def _hear(self, answer: frames.Words) -> None:
        ident = answer.number("id")
        if ident == 0:  # another client took over; the panes live on with it
            self._processes_live = True
            self._lose(answer.text("error"))
        elif (settle := self._answers.pop(ident, None)) is not None:
            settle(PaneError(answer.text("error")) if "error" in answer else answer)

    def _lose(self, reason: str) -> None:
        if self.reason:
            return
        self.reason = reason
        if self._seen_timer is not None:
            self._seen_timer.cancel()
        if self._transport is not None:
            self._transport.close()
        for settle in self._answers.values():
            settle(PaneGone(reason))
        self._answers.clear()
        for receiver in list(self.receivers.values()):
            receiver.lost(reason, process_lives=self._processes_live)
        self.gone.set_result(None)

    # --- sending

    def _send(self, frame: bytes) -> None:
        if self._transport is not None and not self.reason:
            self._transport.write(frame)

    def _send_seen(self, pane: int, offset: int) -> None:
        self._seen_sent[pane] = offset
        self._send(frames.frame(frames.SEEN, pane, frames.COUNT.pack(offset)))

    def _send_all_seen(self) -> None:
        self._seen_timer = None
        for pane, offset in self._seen.items():
            if offset != self._seen_sent.get(pane):
                self._send_seen(pane, offset)
        self._seen.clear()


async def connect(socket_path: Path, patience: float = PATIENCE) -> Wire:
    """Connect to the host at a socket, if it runs as this user. Raises: PaneError."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(patience):
            transport, wire = await loop.create_unix_connection(Wire, str(socket_path))
    except (OSError, ValueError, TimeoutError) as error:
        raise PaneError(
            f"The agents' terminals do not answer at {socket_path}; resume the session, or start anew."
        ) from error
    if frames.peer_uid(transport.get_extra_info("socket")) != os.getuid():
        wire.leave()
        raise PaneError(
            f"The socket {socket_path} belongs to another user; remove it, or set TMPDIR to a folder of yours."
        )
    return wire


def _settle(answered: asyncio.Future[_T], answer: frames.Words | PaneError, read: Callable[[frames.Words], _T]) -> None:
    try:
        if isinstance(answer, PaneError):
            raise answer
        result = read(answer)  # even when nobody waits any more: what was opened must be known
    except PaneError as error:
        if not answered.done():
            answered.set_exception(error)
    else:
        if not answered.done():
            answered.set_result(result)

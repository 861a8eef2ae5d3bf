"""A pane and the link to its keeper: fork one, hear from it, tell it to end; imports next to nothing."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple, NoReturn

from . import frames
from .held import HeldPane
from .keeper import keep
from .program import Program
from .reception import Caller
from .recording import Recording


class Order(NamedTuple):
    """Whose order it was, and the number its answer must carry."""

    caller: Caller
    ident: int


class TendedPane(HeldPane):
    """A pane whose keeper lives until nothing of the pane is left."""

    def __init__(self, number: int, name: str, program: Program, recording: Recording | None) -> None:
        super().__init__(number, name, program.columns, program.lines, recording)
        self.link: socket.socket | None = None
        self.keeper = 0
        self.opened_by: Order | None = None  # waits for its start
        self.ended_by: list[Order] = []  # wait for its end
        self.left: list[int] = []  # processes that even their keeper could not end
        self.drain_until = 0.0
        self.watched = 0
        self._heard = b""

    @property
    def stands(self) -> bool:
        """Whether its program runs, or something that it left behind does."""
        return self.live or (self.pid > 0 and self.link is not None)

    @property
    def card(self) -> dict[str, object]:
        """What a client is told of it first."""
        return {"number": self.number, "name": self.name, "pid": self.pid, "recording": self.path or ""}

    def fork_keeper(self, program: Program, others: Iterable[HeldPane]) -> socket.socket:
        """Start the keeper and with it the program; return the link to hear from. Raises: OSError."""
        ours, theirs = socket.socketpair()
        marker = f"{os.getpid()}-{self.number}-{os.urandom(8).hex()}"
        try:
            self.keeper = os.fork()
        except OSError:
            ours.close()
            theirs.close()
            raise
        if self.keeper == 0:
            for other in others:
                other.ring.clear()  # the host's memory of other panes is not the keeper's to hold
            _be_a_keeper(theirs, program, marker)
        theirs.close()
        ours.setblocking(False)
        self.link = ours
        return ours

    def messages(self) -> Iterator[frames.Words]:
        """Yield what the keeper says; the link is closed when it has said its last."""
        if self.link is None:
            return
        try:
            heard, descriptors, _flags, _address = socket.recv_fds(self.link, 4096, 1)
        except BlockingIOError:
            return
        except OSError:
            heard, descriptors = b"", []
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
            os.set_blocking(descriptor, False)
            self.master = descriptor
        if not heard:
            self._collect_keeper(self.link)
        self._heard += heard
        while b"\n" in self._heard:
            line, self._heard = self._heard.split(b"\n", 1)
            yield frames.Words(line)

    def tell_to_end(self, grace: float) -> None:
        """Have the keeper end the whole tree, `grace` seconds between steps."""
        if self.link is not None:
            with contextlib.suppress(OSError):  # it left just now, and its link will say so
                self.link.send(json.dumps({"end": grace}).encode() + b"\n")

    def discard(self) -> None:
        """Forget a pane that never ran, and its recording with it."""
        self.close()
        if self.path is not None:
            with contextlib.suppress(OSError):
                os.unlink(self.path)

    def _collect_keeper(self, link: socket.socket) -> None:
        link.close()
        self.link = None
        with contextlib.suppress(ChildProcessError):  # collected already
            os.waitpid(self.keeper, 0)  # returns at once: its end of the link closes only as it ends


def _be_a_keeper(link: socket.socket, program: Program, marker: str) -> NoReturn:
    """Never come back into the host's own code, whatever happens."""
    try:
        keep(link, program, marker)
    finally:
        if (error := sys.exception()) is not None:
            sys.excepthook(type(error), error, error.__traceback__)
        os._exit(1)

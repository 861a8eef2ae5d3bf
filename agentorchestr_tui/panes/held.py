"""A pane as its host holds it: ring, recording, input queue, and what its client was told; imports next to nothing."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator

from . import frames
from .recording import Recording
from .ring import Ring

WINDOW = 256 * 1024  # bytes a client may lag behind before its program has to wait
PIECE = 64 * 1024  # bytes read at a time, and sent at a time
LINGER = 0.15  # seconds that what is left in a terminal is read after its program ended


class HeldPane:
    """One terminal and everything the host knows of it; offsets are absolute in the program's output."""

    def __init__(self, number: int, name: str, columns: int, lines: int, recording: Recording | None) -> None:
        self.number, self.name = number, name
        self.recording = recording
        self.path = None if recording is None else recording.path
        self.ring = Ring()
        self.pid = 0
        self.master = -1
        self.code: int | None = None  # how the program ended; minus the number of a signal
        self.drained = False
        self.attached = False
        self.seen = 0  # everything below was parsed by a client, once
        self.received = 0  # bytes of input, ever
        self._hung = False
        self._sent = 0
        self._acknowledged = 0  # everything below was parsed by the present client
        self._exit_sent = False
        self._given: deque[bytes] = deque()
        self._taken = 0
        self._taken_sent = 0
        self._sizes = [(0, columns, lines)]
        self._sizes_sent = 1

    @property
    def live(self) -> bool:
        """Whether its program still runs, as far as the host has heard."""
        return self.code is None

    @property
    def wants_output(self) -> bool:
        """Whether the terminal should be read now; not reading is what makes a fast program wait."""
        if self.master < 0 or (self._hung and self.live):
            return False
        hurried = not self.attached or not self.live
        return hurried or self.ring.head - self._acknowledged < WINDOW

    @property
    def wants_input(self) -> bool:
        """Whether input waits for room in the terminal."""
        return self.master >= 0 and bool(self._given)

    def hear(self) -> bool:
        """Take what the terminal holds, a piece at most; return False at its end."""
        pieces: list[bytes] = []
        room, more = PIECE, True
        while room > 0:
            try:
                piece = os.read(self.master, room)
            except BlockingIOError:
                break
            except OSError:  # EIO: nobody holds the inner end any more
                piece = b""
            if not piece:
                more, self._hung = False, True
                break
            pieces.append(piece)
            room -= len(piece)
        self._keep(b"".join(pieces))
        return more

    def give(self, data: bytes) -> None:
        """Queue input for the program and hand over what its terminal takes at once."""
        self.received += len(data)
        self._given.append(data)
        self.pour()

    def pour(self) -> None:
        """Hand queued input to the terminal until it takes no more."""
        while self._given and self.master >= 0:
            first = self._given.popleft()
            try:
                done = os.write(self.master, first)
            except BlockingIOError:
                done = 0
            except OSError:
                done = len(first)  # the program is gone; its exit says so
            self._taken += done
            if done < len(first):
                self._given.appendleft(first[done:])
                return

    def close(self) -> None:
        """Let go of the terminal: nothing more will come out of it."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1
        self.drained = True
        if self.recording is not None:
            self.recording.close()

    def resize(self, columns: int, lines: int) -> None:
        """Note a new size at this place of the output."""
        self._sizes.append((self.ring.head, columns, lines))
        if self.recording is not None:
            self.recording.resize(columns, lines)

    @property
    def reader(self) -> int:
        """The process group that the terminal's keys go to; 0 where there is none."""
        try:
            return os.tcgetpgrp(self.master) if self.master >= 0 else 0
        except OSError:
            return 0

    def mark(self, label: str) -> dict[str, object]:
        """Put a named mark into the recording."""
        if self.recording is not None:
            self.recording.mark(label)
        return {}

    def attach(self, offset: int) -> dict[str, object]:
        """Begin to send from an offset, or from the oldest byte that is left; return where the client stands."""
        begin = min(max(offset, self.ring.start), self.ring.head)
        self._sizes_sent = sum(1 for at, _, _ in self._sizes if at <= begin)
        _, columns, lines = self._sizes[self._sizes_sent - 1]
        answer: dict[str, object] = {
            "offset": begin,
            "head": self.ring.head,
            "seen": self.seen,
            "received": self.received,
            "columns": columns,
            "lines": lines,
            "preamble": self.ring.preamble.decode("utf-8", "surrogateescape") if begin > offset else "",
        }
        self.attached = True
        self._sent, self._exit_sent = begin, False
        self._taken_sent = self._taken
        self._acknowledged = begin
        return answer

    def note_seen(self, offset: int) -> None:
        """Note that the client parsed everything below this offset."""
        self._acknowledged = max(self._acknowledged, offset)
        self.seen = max(self.seen, offset)

    def detach(self) -> None:
        """Nobody listens: the program may run free."""
        self.attached = False

    def frames(self) -> Iterator[bytes]:
        """Yield what the client is to be told now, in order, as far as its window allows."""
        if not self.attached:
            return
        if self._taken != self._taken_sent:
            self._taken_sent = self._taken
            yield frames.frame(frames.TAKEN, self.number, frames.COUNT.pack(self._taken))
        while (piece := self._next_frame()) is not None:
            yield piece
        if self.drained and self._sent == self.ring.head and not self._exit_sent:
            self._exit_sent = True
            yield frames.frame(frames.EXITED, self.number, frames.EXIT.pack(self.code or 0))

    def _next_frame(self) -> bytes | None:
        self._sent = max(self._sent, self.ring.start)
        until = self.ring.head
        if self._sizes_sent < len(self._sizes):
            at, columns, lines = self._sizes[self._sizes_sent]
            if at <= self._sent:
                self._sizes_sent += 1
                return frames.frame(frames.RESIZED, self.number, frames.SIZE.pack(columns, lines))
            until = at
        room = min(PIECE, until - self._sent, WINDOW - (self._sent - self._acknowledged))
        if room <= 0:
            return None
        offset = frames.COUNT.pack(self._sent)
        output = self.ring.read(self._sent, room)
        self._sent += len(output)
        return frames.frame(frames.OUTPUT, self.number, offset + output)

    def _keep(self, output: bytes) -> None:
        if not output:
            return
        self.ring.append(output)
        if self.recording is not None:
            self.recording.output(output)
        while len(self._sizes) > 1 and self._sizes[1][0] <= self.ring.start and self._sizes_sent > 1:
            del self._sizes[0]
            self._sizes_sent -= 1

"""A replay: the screen of a recording at any of its times, from a frame kept near it or from a bounded re-feed."""

from __future__ import annotations

import copy
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.emulator.transcript import Line

from .tape import Moment, Place, Tape

HISTORY = 200  # rows of scrollback in a frame
FEED = 2 * 1024 * 1024  # bytes of a recording fed at most before the screen of a time stands
EVERY = 512 * 1024  # bytes between two kept frames
FRAMES = 48  # frames kept
PIECE = 64 * 1024  # characters between two looks at what was settled
LONGEST = 24 * 1024 * 1024  # bytes at the end of a recording that its transcript is read from
_ALTERNATE = b"\x1b[?1049h"


class Frame:
    """A screen at a time, and where in the file it goes on."""

    __slots__ = ("at", "emulator", "offset")

    def __init__(self, emulator: Emulator, at: float, offset: int) -> None:
        self.emulator, self.at, self.offset = emulator, at, offset

    def take(self, moment: Moment) -> None:
        """Go on by one moment."""
        play(self.emulator, moment)
        self.at, self.offset = moment.at, moment.end

    def copy(self) -> Frame:
        """Return one that stays."""
        return Frame(copy.deepcopy(self.emulator), self.at, self.offset)


class Replay:
    """Seeks in one recording; every call blocks for as long as `FEED` takes to read, so call it in a thread."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._frames: list[Frame] = []

    def seek(self, at: float) -> Frame:
        """Return the screen at a time, which is the caller's own. Raises: OSError."""
        frame = self._nearest(at)
        kept = frame.offset
        for moment in self.tape.read(frame.offset):
            if moment.at > at:
                break
            frame.take(moment)
            if frame.offset - kept >= EVERY:
                kept = frame.offset
                self._keep(frame.copy())
        frame.at = at
        return frame

    def first(self) -> float:
        """Return the first time at which something stands on the screen, or the last one looked at. Raises: OSError."""
        frame = _begin(self.tape.places[0], history=1)
        for moment in self.tape.read(frame.offset):
            frame.take(moment)
            if frame.offset >= PIECE or (moment.text.strip() and any(row.strip() for row in frame.emulator.display)):
                return frame.at
        return self.tape.duration

    def ahead(self, frame: Frame, most: int = PIECE) -> list[Moment]:
        """Read the moments that follow a frame, up to about `most` bytes of the file. Raises: OSError."""
        found: list[Moment] = []
        for moment in self.tape.read(frame.offset):
            found.append(moment)
            if moment.end - frame.offset >= most:
                break
        return found

    def _nearest(self, at: float) -> Frame:
        place = self.tape.place(at, back=FEED)
        number = bisect_right(self._frames, at, key=lambda frame: frame.at)
        if number and self._frames[number - 1].offset >= place.offset:
            return self._frames[number - 1].copy()
        return _begin(place)

    def _keep(self, frame: Frame) -> None:
        if all(abs(each.offset - frame.offset) >= EVERY // 2 for each in self._frames):
            self._frames.append(frame)
            self._frames.sort(key=lambda each: each.offset)
            if len(self._frames) > FRAMES:
                del self._frames[::2]


def play(emulator: Emulator, moment: Moment) -> None:
    """Let a screen take a moment of a recording."""
    if moment.code == "o":
        emulator.feed(moment.text.encode("utf-8", "surrogatepass"))
        emulator.take_replies()
        emulator.take_events()
    elif moment.code == "r":
        emulator.resize(*moment.size)


def transcript(tape: Tape) -> Iterator[list[Line]]:
    """Give a recording's lines, a piece at a time; of a very long one the last part. Raises: OSError."""
    beginning = next((p for p in tape.places if tape.scanned - p.offset <= LONGEST), tape.places[-1])
    frame = _begin(beginning, history=5000)
    emulator, number, fed = frame.emulator, 0, 0
    for moment in tape.read(frame.offset):
        frame.take(moment)
        fed += len(moment.text)
        if fed >= PIECE:
            fed, settled = 0, emulator.settled
            yield emulator.transcript(start=number, limit=settled - number)
            number = settled
    yield emulator.transcript(start=number, limit=10_000)


def last_lines(lines: Iterator[list[Line]], most: int) -> deque[str]:
    """Return the last lines of a transcript."""
    kept: deque[str] = deque(maxlen=most)
    for piece in lines:
        kept.extend(line.text for line in piece)
    return kept


def _begin(place: Place, history: int = HISTORY) -> Frame:
    emulator = Emulator(place.columns, place.lines, history)
    if place.alternate:
        emulator.feed(_ALTERNATE)
    return Frame(emulator, place.at, place.offset)

"""A recording read back: scanned once for times and marks, then read from any place, a piece at a time; it blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SPACING = 256 * 1024  # bytes between two places that reading can begin at
CHUNK = 1024 * 1024  # bytes read from the file at once
PIECE = 512 * 1024  # bytes that a search reads between two words on how far it is
_HEAD = re.compile(rb'\s*\[\s*([0-9.eE+-]+)\s*,\s*"(\w)"\s*,')
_ALTERNATE = re.compile(rb"\\u001b\[\?(?:1049|1047|47)([hl])")
_ESCAPES = re.compile(
    r"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)?|[P^_X][^\x1b]*(?:\x1b\\)?|\[[0-?]*[ -/]*[@-~]|[ -/]*[0-~])"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One event of a recording: seconds from its beginning, its code (`o` output, `r` size, `m` mark), and its text."""

    at: float
    code: str
    text: str
    end: int  # where in the file the next one begins

    @property
    def size(self) -> tuple[int, int]:
        """The columns and lines of a size."""
        columns, _, lines = self.text.partition("x")
        return int(columns), int(lines)


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading can begin: the place in the file, its time, and the size and screen that stand there."""

    offset: int
    at: float
    columns: int
    lines: int
    alternate: bool


@dataclass(slots=True)
class Tape:
    """An asciicast v2 file, scanned as far as it was written; `scan` again reads what came since."""

    path: Path
    columns: int = 80
    lines: int = 24
    began: float = 0.0  # seconds since 1970
    duration: float = 0.0  # seconds
    marks: list[tuple[float, str]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    scanned: int = 0  # bytes
    _alternate: bool = False
    _size: tuple[int, int] = (80, 24)

    @classmethod
    def open(cls, path: Path) -> Tape:
        """Read the header. Raises: OSError, ValueError when it is no recording."""
        with path.open("rb") as file:
            line = file.readline()
        header = json.loads(line)
        if not isinstance(header, dict) or header.get("version") != 2:
            raise ValueError(f"{path} is no asciicast v2 recording.")
        columns, lines = int(header["width"]), int(header["height"])
        tape = cls(path, columns, lines, float(header.get("timestamp", 0)), scanned=len(line), _size=(columns, lines))
        tape.places.append(Place(len(line), 0.0, columns, lines, alternate=False))
        return tape

    def scan(self, most: int = 8 * CHUNK) -> bool:
        """Scan up to `most` more bytes; say whether there is more to scan. Raises: OSError."""
        until = self.scanned + most
        with self.path.open("rb") as file:
            file.seek(self.scanned)
            for line in file:
                if not line.endswith(b"\n"):
                    return False  # it is being written
                self._note(line)
                self.scanned += len(line)
                if self.scanned >= until:
                    return True
        return False

    def _note(self, line: bytes) -> None:
        if (found := _HEAD.match(line)) is None:
            return
        at, code = float(found[1]), found[2]
        self.duration = max(self.duration, at)
        if self.scanned - self.places[-1].offset >= SPACING:
            self.places.append(Place(self.scanned, at, *self._size, self._alternate))
        if code == b"m":
            self.marks.append((at, str(json.loads(line)[2])))
        elif code == b"r":
            self._size = Moment(at, "r", str(json.loads(line)[2]), 0).size
        elif switches := _ALTERNATE.findall(line):
            self._alternate = switches[-1] == b"h"

    def place(self, at: float, back: int = 0) -> Place:
        """Return the last place to begin at before a time, or one at least `back` bytes of the file before it."""
        number = max((n for n, place in enumerate(self.places) if place.at <= at), default=0)
        return self.places[max(0, number - back // SPACING)]

    def read(self, offset: int) -> Iterator[Moment]:
        """Give the moments from a place of the file on, as far as it is scanned. Raises: OSError."""
        with self.path.open("rb", buffering=CHUNK) as file:
            file.seek(offset)
            while offset < self.scanned and (line := file.readline()):
                offset += len(line)
                if (moment := _moment(line, offset)) is not None:
                    yield moment

    def find(self, words: str) -> Iterator[tuple[int, list[float]]]:
        """Give, piece by piece, how far was read, and when the output says `words` there. Raises: OSError.

        Escapes are left out; letters count in any case.
        """
        wanted, tail, found, begun = words.lower(), "", list[float](), self.places[0].offset
        for moment in self.read(begun):
            if moment.end - begun >= PIECE:
                yield moment.end, found
                found, begun = [], moment.end
            if moment.code != "o":
                continue
            said = tail + _ESCAPES.sub("", moment.text).lower()
            if wanted in said:
                found.append(moment.at)
                said = said[said.rindex(wanted) + len(wanted) :]
            tail = said[-len(wanted) + 1 :] if len(wanted) > 1 else ""
        yield self.scanned, found


def recordings(folder: Path, stem: str) -> list[Path]:
    """List the recordings of a pane, or of panes whose names begin so, the oldest process first."""
    pattern = re.compile(rf"{re.escape(stem)}(?:-\d+)*\.cast")
    found = [path for path in folder.glob(f"{stem}*.cast") if pattern.fullmatch(path.name)]
    return sorted(found, key=lambda path: [int(number) for number in re.findall(r"-(\d+)", path.stem[len(stem) :])])


def _moment(line: bytes, end: int) -> Moment | None:
    try:
        at, code, text = json.loads(line)
        return Moment(float(at), str(code), str(text), end)
    except (ValueError, TypeError):
        return None  # a line cut off by a full disk

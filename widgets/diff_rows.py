"""A file's changes as rows to draw, one below the other or side by side; knows nothing of drawing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a file: its number before and after the change, from 1; None on the side where it is not."""

    text: str
    old: int | None = None
    new: int | None = None

    @property
    def sign(self) -> str:
        """Return `+` of an added line, `-` of a removed one, a blank of one that stayed."""
        return "+" if self.old is None else "-" if self.new is None else " "

    @property
    def place(self) -> int:
        """Return its number in the file as it is; of a line that was removed, its old number below zero."""
        return self.new if self.new is not None else -(self.old or 0)


@dataclass(frozen=True, slots=True)
class DiffHunk:
    """Lines that stand together, and what git found above them (a function's name, mostly)."""

    heading: str
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True)
class DiffFile:
    """A changed file: `note` says what its lines cannot (renamed, binary).

    `marked` are ranges of lines (first, last) that somebody else changes too, and `mark` says who.
    """

    path: str
    note: str = ""
    hunks: tuple[DiffHunk, ...] = ()
    marked: tuple[tuple[int, int], ...] = ()
    mark: str = ""

    @property
    def counts(self) -> tuple[int, int]:
        """Count the lines that were added and removed."""
        lines = [line for hunk in self.hunks for line in hunk.lines]
        return sum(line.old is None for line in lines), sum(line.new is None for line in lines)

    def touched(self, line: DiffLine) -> bool:
        """Say whether somebody else changes this line too."""
        number = abs(line.place)
        return line.sign != " " and any(first <= number <= last for first, last in self.marked)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file's name, above its rows."""

    file: int


@dataclass(frozen=True, slots=True)
class HunkRow:
    """The gap before a hunk."""

    file: int
    hunk: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line; side by side, `left` is as it was and `right` as it is, else both are the same or one is None."""

    file: int
    hunk: int
    left: DiffLine | None
    right: DiffLine | None

    @property
    def lines(self) -> tuple[DiffLine, ...]:
        """The lines it shows, each once, as it was before as it is."""
        sides = (self.left, None if self.right is self.left else self.right)
        return tuple(line for line in sides if line is not None)

    def line(self, *, old: bool = False) -> DiffLine:
        """Return the line that a comment on this row is about: as it is where it is still there, or as it was."""
        return self.lines[0 if old else -1]


@dataclass(frozen=True, slots=True)
class NoteRow:
    """Words below a file's name or a line: why nothing is shown, or a person's comment; `old` of a removed line."""

    file: int
    text: str
    comment: bool = False
    old: bool = False


Row = FileRow | HunkRow | LineRow | NoteRow
Comments = Mapping[tuple[str, int], str]  # by path and place
ROOM = 60  # cells of a row of a comment, unless its place is known


@dataclass(frozen=True, slots=True)
class Laid:
    """Files laid out as rows, with what would be long to find again: where each file and each change begins.

    `counts` are the lines added and removed of each file; `longest` is the length of the longest line; `beside` says
    whether old and new stand side by side.
    """

    rows: Sequence[Row] = ()
    files_at: Sequence[int] = ()
    changes_at: Sequence[int] = ()
    counts: Sequence[tuple[int, int]] = ()
    longest: int = 0
    beside: bool = False


def laid_out(files: Sequence[DiffFile], comments: Comments, *, beside: bool, room: int = ROOM) -> Laid:
    """Lay out files as `rows_of` does; of 100,000 lines it takes some tenths of a second."""
    rows = rows_of(files, comments, beside=beside, room=room)
    return Laid(
        rows,
        [at for at, row in enumerate(rows) if isinstance(row, FileRow)],
        [at + 1 for at, row in enumerate(rows) if isinstance(row, HunkRow)],
        [file.counts for file in files],
        max((len(line.text) for file in files for hunk in file.hunks for line in hunk.lines), default=0),
        beside,
    )


def rows_of(files: Iterable[DiffFile], comments: Comments, *, beside: bool, room: int = ROOM) -> list[Row]:
    """Lay out files with the comments on their lines (by path and place), `room` cells of them in a row.

    `beside` puts old and new side by side.
    """
    return [row for number, file in enumerate(files) for row in _file(number, file, comments, room, beside=beside)]


def _file(number: int, file: DiffFile, comments: Comments, room: int, *, beside: bool) -> Iterator[Row]:
    yield FileRow(number)
    if file.note:
        yield NoteRow(number, file.note)
    for index, hunk in enumerate(file.hunks):
        yield HunkRow(number, index)
        for left, right in _beside(hunk.lines) if beside else _below(hunk.lines):
            row = LineRow(number, index, left, right)
            yield row
            for line in row.lines if comments else ():
                if said := comments.get((file.path, line.place)):
                    yield from (NoteRow(number, text, True, line.new is None) for text in _wrapped(said, room))


def _wrapped(said: str, room: int) -> Iterator[str]:
    for line in said.splitlines():
        yield from textwrap.wrap(line, max(1, room)) or [""]


Pair = tuple[DiffLine | None, DiffLine | None]


def _below(lines: Iterable[DiffLine]) -> Iterator[Pair]:
    for line in lines:
        yield (line if line.old is not None else None), (line if line.new is not None else None)


def _beside(lines: Iterable[DiffLine]) -> Iterator[Pair]:
    """Pair what was removed with what was added in its place."""
    for changed, run in groupby(lines, key=lambda line: line.sign != " "):
        if not changed:
            yield from ((line, line) for line in run)
            continue
        there = list(run)
        yield from zip_longest(
            (line for line in there if line.sign == "-"), (line for line in there if line.sign == "+")
        )


def partners(lines: Iterable[DiffLine]) -> dict[DiffLine, DiffLine]:
    """Return for each removed line the one that was added in its place, and the other way round."""
    found = {}
    for left, right in _beside(lines):
        if left is not None and right is not None and left is not right:
            found[left], found[right] = right, left
    return found


def difference(text: str, other: str) -> tuple[int, int]:
    """Return where `text` differs from `other`: (first, past the last) of its characters between what both share.

    An empty span where all of it or nothing differs: then marking a part would say nothing.
    """
    shortest = min(len(text), len(other))
    start = next((at for at in range(shortest) if text[at] != other[at]), shortest)
    end = next((at for at in range(shortest - start) if text[-1 - at] != other[-1 - at]), shortest - start)
    indent = len(text) - len(text.lstrip())
    return (0, 0) if start <= indent and not end else (start, len(text) - end)

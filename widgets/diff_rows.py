"""A file's changes as rows to draw, one below the other or side by side; knows nothing of drawing."""

from __future__ import annotations

import textwrap
from abc import abstractmethod
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, zip_longest
from operator import ne
from typing import overload


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


class Lines(Sequence[DiffLine]):
    """Lines that are made when they are asked for: of many there are but a few objects."""

    __slots__ = ("_new", "_old", "_texts")

    def __init__(self, lines: Iterable[tuple[str, int | None, int | None]]) -> None:
        made = tuple(lines)
        self._texts = tuple(text for text, _, _ in made)
        self._old = array("l", (old or 0 for _, old, _ in made))  # 0 where it is not
        self._new = array("l", (new or 0 for _, _, new in made))

    @overload
    def __getitem__(self, at: int) -> DiffLine: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[DiffLine, ...]: ...
    def __getitem__(self, at: int | slice) -> DiffLine | tuple[DiffLine, ...]:
        """Return a line, or several."""
        if isinstance(at, slice):
            return tuple(self[number] for number in range(*at.indices(len(self))))
        return DiffLine(self._texts[at], self._old[at] or None, self._new[at] or None)

    def __len__(self) -> int:
        """Count them."""
        return len(self._texts)

    def __eq__(self, other: object) -> bool:
        """Say whether both are the same lines."""
        if not isinstance(other, Lines):
            return NotImplemented
        return (self._old, self._new, self._texts) == (other._old, other._new, other._texts)

    def __hash__(self) -> int:
        return hash((len(self._texts), *self._texts[:3]))

    @property
    def counts(self) -> tuple[int, int]:
        """Count the lines that were added and removed."""
        return self._old.count(0), self._new.count(0)

    @property
    def longest(self) -> int:
        """Return the length of the longest."""
        return max(map(len, self._texts), default=0)

    def pairs(self, *, beside: bool) -> list[array[int]]:
        """Return which lines, by number, stand left and right in each row; -1 is none."""
        left, right = array("l"), array("l")
        gone: list[int] = []
        come: list[int] = []
        for number, (old, new) in enumerate(zip(self._old, self._new, strict=True)):
            if beside and not (old and new):
                (gone if old else come).append(number)
                continue
            _pair(left, right, gone, come)
            left.append(number if old else -1)
            right.append(number if new else -1)
        _pair(left, right, gone, come)
        return [left, right]


def _pair(left: array[int], right: array[int], gone: list[int], come: list[int]) -> None:
    """Put what was removed beside what was added in its place."""
    for one, other in zip_longest(gone, come, fillvalue=-1):
        left.append(one)
        right.append(other)
    gone.clear()
    come.clear()


@dataclass(frozen=True, slots=True)
class DiffHunk:
    """Lines that stand together, and what git found above them (a function's name, mostly)."""

    heading: str
    lines: Lines

    @classmethod
    def of(cls, heading: str, lines: Iterable[DiffLine]) -> DiffHunk:
        """Make one of lines as they are."""
        return cls(heading, Lines((line.text, line.old, line.new) for line in lines))


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
        counts = [hunk.lines.counts for hunk in self.hunks]
        return sum(added for added, _ in counts), sum(removed for _, removed in counts)

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
    """A line; side by side, `left` is as it was and `right` as it is, else both are the same or one is None.

    `places` are their numbers in the hunk, -1 of none.
    """

    file: int
    hunk: int
    left: DiffLine | None
    right: DiffLine | None
    places: tuple[int, int] = field(default=(0, 0), compare=False)

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


class _Made(Sequence[Row]):
    """Rows that are made when they are asked for: of 100,000 lines there are but a few objects."""

    __slots__ = ()

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        """Return a row, or several."""
        if isinstance(at, slice):
            return [self._row(number) for number in range(*at.indices(len(self)))]
        number = at + len(self) if at < 0 else at
        if not 0 <= number < len(self):
            raise IndexError(at)
        return self._row(number)

    @abstractmethod
    def _row(self, number: int) -> Row:
        """Make the row of a number that there is."""


class Rows(_Made):
    """The rows of a whole change, part after part."""

    def __init__(self, parts: Iterable[Sequence[Row]]) -> None:
        self._parts = [part for part in parts if part]
        self._starts = [0, *accumulate(len(part) for part in self._parts)]

    def _row(self, number: int) -> Row:
        part = bisect_right(self._starts, number) - 1
        return self._parts[part][number - self._starts[part]]

    def __len__(self) -> int:
        """Count them."""
        return self._starts[-1]

    @property
    def files_at(self) -> list[int]:
        """Return where the files begin: each has a part for its name."""
        return [start for start, part in zip(self._starts, self._parts, strict=False) if isinstance(part[0], FileRow)]

    @property
    def changes_at(self) -> list[int]:
        """Return where lines begin that were changed."""
        parts = zip(self._starts, self._parts, strict=False)
        return [start + at for start, part in parts if isinstance(part, _LineRows) for at in part.changes_at]


_NO_NOTES: dict[int, Row] = {}


class _LineRows(_Made):
    """The rows of a hunk: its gap, then its lines, and below them what is said of them."""

    __slots__ = ("_file", "_hunk", "_left", "_lines", "_noted", "_notes", "_right")

    def __init__(self, file: int, hunk: int, lines: Lines, notes: Mapping[int, list[Row]], *, beside: bool) -> None:
        self._file, self._hunk, self._lines = file, hunk, lines
        self._left, self._right = lines.pairs(beside=beside)
        self._notes = self._placed(notes) if notes else _NO_NOTES  # by the row
        self._noted = (*sorted(self._notes),)

    def __len__(self) -> int:
        return len(self._left) + 1 + len(self._notes)

    def _placed(self, notes: Mapping[int, list[Row]]) -> dict[int, Row]:
        found: dict[int, Row] = {}
        for pair, (left, right) in enumerate(zip(self._left, self._right, strict=True), 2):
            said = [*notes.get(left, ()), *(notes.get(right, ()) if right != left else ())]
            found.update(enumerate(said, pair + len(found)))
        return found

    @property
    def changes_at(self) -> Iterator[int]:
        """Give the rows at which a run of changed lines begins."""
        changed = map(ne, self._left, self._right)
        shift = iter([*self._noted, len(self)])
        after, passed, before = next(shift), 0, False
        for pair, now in enumerate(changed, 1):
            while pair + passed >= after:
                passed, after = passed + 1, next(shift)
            if now and not before:
                yield pair + passed
            before = now

    def _row(self, number: int) -> Row:
        if number in self._notes or not number:
            return self._notes.get(number) or HunkRow(self._file, self._hunk)
        pair = number - 1 - bisect_left(self._noted, number)
        left, right = self._left[pair], self._right[pair]
        one = self._lines[left] if left >= 0 else None
        other = one if left == right else self._lines[right] if right >= 0 else None
        return LineRow(self._file, self._hunk, one, other, (left, right))


def laid_out(files: Sequence[DiffFile], comments: Comments, *, beside: bool, room: int = ROOM) -> Laid:
    """Lay out files as `rows_of` does; of 100,000 lines it takes some tenths of a second."""
    rows = rows_of(files, comments, beside=beside, room=room)
    return Laid(
        rows,
        rows.files_at,
        rows.changes_at,
        [file.counts for file in files],
        max((hunk.lines.longest for file in files for hunk in file.hunks), default=0),
        beside,
    )


def rows_of(files: Iterable[DiffFile], comments: Comments, *, beside: bool, room: int = ROOM) -> Rows:
    """Lay out files with the comments on their lines (by path and place), `room` cells of them in a row.

    `beside` puts old and new side by side.
    """
    said = {path for path, _ in comments}
    parts = (
        part
        for number, file in enumerate(files)
        for part in _parts(number, file, comments if file.path in said else {}, room, beside=beside)
    )
    return Rows(parts)


def _parts(number: int, file: DiffFile, comments: Comments, room: int, *, beside: bool) -> Iterator[Sequence[Row]]:
    """Give a file's name, then its hunks."""
    yield [FileRow(number), NoteRow(number, file.note)] if file.note else [FileRow(number)]
    for index, hunk in enumerate(file.hunks):
        notes: dict[int, list[Row]] = {}  # by the line's number in the hunk
        for at, line in enumerate(hunk.lines) if comments else ():
            if said := comments.get((file.path, line.place)):
                notes[at] = [NoteRow(number, text, True, line.new is None) for text in _wrapped(said, room)]
        yield _LineRows(number, index, hunk.lines, notes, beside=beside)


def _wrapped(said: str, room: int) -> Iterator[str]:
    for line in said.splitlines():
        yield from textwrap.wrap(line, max(1, room)) or [""]


def partners(lines: Lines) -> dict[DiffLine, DiffLine]:
    """Return for each removed line the one that was added in its place, and the other way round."""
    found = {}
    for left, right in zip(*lines.pairs(beside=True), strict=True):
        if left >= 0 and right >= 0 and left != right:
            one, other = lines[left], lines[right]
            found[one], found[other] = other, one
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

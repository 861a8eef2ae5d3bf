"""Where the changes of two workers meet: the lines of a file that both changed, or the file as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from agentorchestr_tui.core.words import FileChange, Hunk, Overlap

Range = tuple[int, int]  # first and last line


@dataclass(frozen=True, slots=True)
class Work:
    """What one worker changed, and the commit that its changes are counted from."""

    worker_id: str
    origin: str
    changes: tuple[FileChange, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines changed together: where they stood, and where they stand."""

    old: Range
    new: Range


def overlaps(works: Iterable[Work]) -> tuple[Overlap, ...]:
    """Return where each two of them meet, in their order.

    Changes that began at the same commit are compared by the lines they replace, and count as meeting when no line
    stands between them, as git takes them. Where they began apart, the new line numbers are compared.
    """
    return tuple(found for a, b in combinations(works, 2) for found in _between(a, b))


def _between(a: Work, b: Work) -> Iterator[Overlap]:
    theirs = {change.before or change.path: change for change in b.changes}
    for mine in a.changes:
        other = theirs.get(mine.before or mine.path)
        if other is None:
            continue
        ours, others = _blocks(mine), _blocks(other)
        if not ours or not others:
            yield Overlap(a.worker_id, b.worker_id, mine.path)
            continue
        met = [(x, y) for x in ours for y in others if _meet(x, y, by_old=a.origin == b.origin)]
        if met:
            lines_a, lines_b = _merged(x.new for x, _ in met), _merged(y.new for _, y in met)
            yield Overlap(a.worker_id, b.worker_id, mine.path, lines_a, lines_b)


def _meet(x: _Block, y: _Block, *, by_old: bool) -> bool:
    first, second = (x.old, y.old) if by_old else (x.new, y.new)
    return first[0] <= second[1] + 1 and second[0] <= first[1] + 1


def _blocks(change: FileChange) -> list[_Block]:
    return [block for hunk in change.hunks for block in _of(hunk)]


def _of(hunk: Hunk) -> Iterator[_Block]:
    """Give the runs of changed lines; a side without lines of its own is the gap after the line before it."""
    old: list[int] = []
    new: list[int] = []
    before = (hunk.lines[0].old or 1, hunk.lines[0].new or 1)
    last_old, last_new = before[0] - 1, before[1] - 1
    for line in hunk.lines:
        if line.old is not None and line.new is not None:
            if old or new:
                yield _Block(_range(old, last_old), _range(new, last_new))
                old, new = [], []
            last_old, last_new = line.old, line.new
        elif line.old is not None:
            old.append(line.old)
        elif line.new is not None:
            new.append(line.new)
    if old or new:
        yield _Block(_range(old, last_old), _range(new, last_new))


def _range(numbers: Sequence[int], before: int) -> Range:
    return (numbers[0], numbers[-1]) if numbers else (before + 1, before)  # empty: between two lines


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    found: list[Range] = []
    for first, last in sorted((first, max(first, last)) for first, last in set(ranges)):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)

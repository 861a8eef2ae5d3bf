"""Which of many paths a person means by a few typed letters."""

from __future__ import annotations

import heapq
from collections.abc import Iterable


def best(paths: Iterable[str], typed: str, most: int = 6) -> list[str]:
    """Return the paths that fit what was typed, the likeliest first: names that begin so, then hits, then letters."""
    wanted = typed.lower()
    ranked = ((rank, len(path), path) for path in paths if (rank := _rank(path.lower(), wanted)) is not None)
    return [path for _, _, path in heapq.nsmallest(most, ranked)]


def _rank(path: str, wanted: str) -> int | None:
    name = path.rstrip("/").rpartition("/")[2]
    if name.startswith(wanted):
        return 0
    if path.startswith(wanted):
        return 1
    if wanted in name:
        return 2
    if wanted in path:
        return 3
    letters = iter(path)
    return 4 if all(letter in letters for letter in wanted) else None

"""How much a tool returns: about 2,000 tokens, the end or the gist of what is longer, and where the rest is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MOST = 7_000  # characters of one result's long part: with all that stands beside it about 2,000 tokens
GIST = 120  # characters of a text that was compacted


def tail(text: str, most: int = MOST) -> str:
    """Return the end of a text, from the beginning of a line where one is near."""
    if len(text) <= most:
        return text
    cut = text[-most:]
    line = cut.find("\n")
    return cut[line + 1 :] if 0 <= line < most // 4 else cut


def head(text: str, most: int) -> str:
    """Return the beginning of a text, with a sign where it goes on."""
    return text if len(text) <= most else f"{text[: most - 2].rstrip()} …"


def fitting(lengths: Iterable[int], most: int) -> int:
    """Return how many of several pieces, from the first on, fit into `most` characters together."""
    number = 0
    for length in lengths:
        most -= length
        if most < 0:
            break
        number += 1
    return number


def page(text: str, start: int, most: int = MOST) -> tuple[str, int]:
    """Return a part of a text from a character on, up to the end of a line, and where the next one begins; 0: none."""
    part = text[start : start + most]
    if start + most >= len(text):
        return part, 0
    line = part.rfind("\n")
    part = part[: line + 1] if line > 0 else part
    return part, start + len(part)


def shared(lengths: Sequence[int], most: int = MOST) -> list[int]:
    """Give several texts their parts of `most` characters: short ones stand whole, long ones share what is left."""
    parts = [0] * len(lengths)
    left, open_places = most, sorted(range(len(lengths)), key=lambda place: lengths[place])
    while open_places:
        place = open_places.pop(0)
        parts[place] = min(lengths[place], left // (len(open_places) + 1))
        left -= parts[place]
    return parts

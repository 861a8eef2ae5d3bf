"""How much a tool returns: about 2,000 tokens, the end or the gist of what is longer, and where the rest is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

MOST = 7_000  # characters of one result's long part: with all that stands beside it about 2,000 tokens
GIST = 120  # characters of a text that was compacted


def weight(text: str) -> int:
    """Return how many characters a text takes in a result, where line ends and quotes take two."""
    return len(json.dumps(text, ensure_ascii=False)) - 2


def tail(text: str, most: int = MOST) -> str:
    """Return the end of a text, from the beginning of a line where one is near."""
    if weight(text) <= most:
        return text
    cut = text[-most:]
    cut = cut[max(0, weight(cut) - most) :]
    line = cut.find("\n")
    return cut[line + 1 :] if 0 <= line < most // 4 else cut


def head(text: str, most: int) -> str:
    """Return the beginning of a text, with a sign where it goes on."""
    if weight(text) <= most:
        return text
    cut = text[: max(0, most - 2)]
    return f"{cut[: len(cut) - max(0, weight(cut) - most + 2)].rstrip()} …"


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
    part = part[: len(part) - max(0, weight(part) - most)]
    if start + len(part) >= len(text):
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

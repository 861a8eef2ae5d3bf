"""Width: which characters take no cell, one or two, and which belong together, as compiled expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wcwidth import wcswidth, wcwidth

JOINER = "\u200d"
EMOJI_PRESENTATION = "\ufe0f"
PRIVATE = 0x100000  # the first code point of plane 16, where clusters are interned
_ASTRAL_END = 0x20000  # above it, only CJK, tags and private use follow
_CONTROLS = range(0x7F, 0xA0)
_SURROGATES = range(0xD800, 0xE000)
_EMOJI = (*range(0x23, 0x32A0), *range(0x1F000, 0x1FB00))
_EMOJI_WIDE = (*range(0x2000, 0x2E80), *range(0x1F000, 0x1F1E6), *range(0x1F200, 0x1FB00))
_TONES = "\U0001f3fb-\U0001f3ff"
_FLAGS = "\U0001f1e6-\U0001f1ff"


def _characters() -> Iterable[int]:
    return (n for n in range(0x20, _ASTRAL_END) if n not in _CONTROLS and n not in _SURROGATES)


def _as_class(points: Iterable[int]) -> str:
    """Write sorted code points as the inside of a character class."""
    runs: list[list[int]] = []
    for point in points:
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in runs)


_widths = {point: wcwidth(chr(point)) for point in _characters()}
_widened = {
    point for point in _EMOJI if _widths.get(point) == 1 and wcswidth(chr(point) + EMOJI_PRESENTATION) == 2
}
_pictographs = sorted({n for n in _EMOJI_WIDE if _widths.get(n) == 2} | {n for n in _widened if n > 0x7F})

_narrow = _as_class(n for n, width in _widths.items() if width == 1) + "\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_wide = _as_class(n for n, width in _widths.items() if width == 2) + "\U00020000-\U0003fffd"
_simple = _as_class(n for n, width in _widths.items() if width == 1 and (n not in _widened or n < 0x80))
_picture = _as_class(_pictographs)
_marks = f"[^{_narrow}{_wide}]"

_CLUSTER = (
    f"[{_FLAGS}]{{2}}{_marks}*"
    f"|[{_picture}](?:{_marks}|[{_TONES}]|(?<={JOINER})[{_picture}])*"
    f"|[{_wide}]{_marks}*"
    f"|[{_narrow}]{_marks}+"
    "|[\U00100000-\U0010fffd]"
)

all_simple = re.compile(f"[{_simple}\U000f0000-\U000ffffd]*").fullmatch
"""Match a text of which every character takes one cell of its own, and joins with nothing."""
replace_clusters = re.compile(_CLUSTER).sub
"""Replace every cluster that is more than one plain narrow character."""
leading_cluster = re.compile(f"{_CLUSTER}|[{_narrow}]").match
"""Match the first cluster of a text; None where it starts with a mark."""
leading_marks = re.compile(f"{_marks}+").match
"""Match marks at a text's start: they have no cell of their own."""
_is_wide = re.compile(f"[{_wide}]").match


def cluster_width(cluster: str) -> int:
    """Return the cells that one cluster takes: 1 or 2."""
    if _is_wide(cluster):
        return 2
    return 2 if cluster[1:2] == EMOJI_PRESENTATION and ord(cluster[0]) in _widened else 1

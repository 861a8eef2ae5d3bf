"""Whether a message stands in an agent's input: told from the screen before it was typed, after, and after Enter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_MOVED = 2  # rows by which an input line may be elsewhere after a change of size
ROWS = 24  # of the screen's bottom in which an input line can be
_FRAME = str.maketrans("", "", " \t│┃║╎┆╭╮╰╯┌┐└┘├┤─━═╌┄▀▄█▌▐▎▏▕╹╻▍")
_SIGNS = re.compile(r"^[❯›>»$*!✦⏵▶→·•]+|[█▌▏▎_]+$")
_PLACEHOLDER = re.compile(r"(?i)\[?#?\s*past(ed|e)\b[^\n]*(\d|text|content)|\[\d+ lines")

Echo = Mapping[int, str]
"""Rows that show a message, by their distance from the last row with text."""


def squeezed(text: str) -> str:
    """Return a text without blanks, line ends and frames, as it survives any wrapping."""
    return text.replace("\n", "").replace("\r", "").translate(_FRAME)


def from_bottom(screen: Sequence[str]) -> dict[int, str]:
    """Return the last rows by their distance from the last one with text."""
    end = len(screen)
    while end and not screen[end - 1].strip():
        end -= 1
    rows = screen[max(0, end - ROWS) : end]
    return {len(rows) - 1 - at: row.rstrip() for at, row in enumerate(rows)}


def echo(before: Sequence[str], after: Sequence[str], text: str) -> Echo:
    """Return the rows that have come and show the text, or a stand-in for a long one."""
    known, whole = set(from_bottom(before).values()), squeezed(text)
    return {at: row for at, row in from_bottom(after).items() if row not in known and _shows(row, whole)}


def stands(shown: Echo, screen: Sequence[str], *, moved: bool = False) -> bool:
    """Say whether any of these rows is where it was; `moved`: or about there, for the window changed its size."""
    rows = from_bottom(screen)
    if not moved:
        return any(rows.get(at) == row for at, row in shown.items())
    low = {squeezed(row) for at, row in rows.items() if at <= max(shown, default=0) + _MOVED}
    return any(squeezed(row) in low for row in shown.values())


def stands_in(row: str) -> bool:
    """Say whether a row shows a stand-in for a long text."""
    return bool(_PLACEHOLDER.search(row))


def _shows(row: str, whole: str) -> bool:
    said = _SIGNS.sub("", squeezed(row))
    return bool(said) and (said in whole or stands_in(row))

"""The foot: the box that a program keeps at the bottom for what a person types, which is no part of what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HINTS = 4  # rows that may stand below the box
_TALLEST = 8  # rows inside of it
_CAPTION = 3  # rows between its upper edge and another rule above, as some have them
_edge = re.compile(r"\s*[╭┌╰└╹╻┃│]?[─━═▀▄▁▔]{10,}.*\Z").match
_side = re.compile(r"\s*[┃│]").match
_inside = re.compile(r"[\s┃│|]*").match
_sign = re.compile(r"(?:[❯›>*!#$→]\s?)(?!\s*\d+[.)])").match
_codex = re.compile(r"[❯›] (?!\s*\d+[.)])").match
_choice = re.compile(r"[\s┃│|❯›>●○•*-]*\d+[.)] ").match
_busy = re.compile(r"\s*[\u2801-\u28ff◐◓◑◒◴◷◶◵✶✻✽✢✳·•∗*|/\\-] \S.*(?:…|\.\.\.|\(?\b\d+s\b|\besc\b)").match


def start_of_foot(texts: Sequence[str], cursor: int | None, columns: int) -> int:
    """Return the row at which the foot begins, or the number of rows if there is none.

    `texts` are a screen's rows, `cursor` the cursor's row if it shows. A dialog with choices is no foot.
    """
    end = len(texts)
    while end and not texts[end - 1].strip():
        end -= 1
    found = _boxed(texts, end)
    if found is None:
        found = _open(texts, end, cursor)
    return len(texts) if found is None else _with_signs(texts, found, columns)


def _boxed(texts: Sequence[str], end: int) -> int | None:
    """Find a box: an edge near the end, one above it or a bar at the left, and between them what is typed."""
    bottom = next((y for y in range(end - 1, max(-1, end - 2 - _HINTS), -1) if _edge(texts[y])), None)
    if bottom is None:
        return None
    top = bottom - 1
    while top >= 0 and bottom - top <= _TALLEST and not _edge(texts[top]):
        top -= 1
    if top < 0 or not _edge(texts[top]):
        top = bottom
        while top > 0 and bottom - top < _TALLEST and _side(texts[top - 1]):
            top -= 1
        return top if top < bottom and _takes_text(texts[top:bottom], bar=True) else None
    if not _takes_text(texts[top + 1 : bottom], bar=False):
        return None
    above = next((y for y in range(top - 2, max(-1, top - 2 - _CAPTION), -1) if _edge(texts[y])), None)
    return top if above is None or not all(text.strip() for text in texts[above:top]) else above


def _takes_text(inside: Sequence[str], *, bar: bool) -> bool:
    """Say whether rows are for typing: empty, or with a sign in front; and nothing is to be chosen."""
    if not inside or any(_choice(text) for text in inside):
        return False
    words = [text[match.end() :] for text in inside if (match := _inside(text))]
    first = next(filter(None, words), "")
    return not first or bar or _sign(first) is not None


def _open(texts: Sequence[str], end: int, cursor: int | None) -> int | None:
    """Find a line for typing without a box: the cursor stands in it, and little below."""
    if cursor is None or not end - 2 - _HINTS <= cursor < end or not _codex(texts[cursor]):
        return None
    return cursor if cursor and not texts[cursor - 1].strip() else None


def _with_signs(texts: Sequence[str], start: int, columns: int) -> int:
    """Go up over what stands right above the foot and says only that the program is busy, or hangs at the right."""
    at = start
    while at and (at > start - _HINTS or not texts[at - 1].strip()):
        text = texts[at - 1]
        if text.strip() and not _busy(text) and len(text) - len(text.lstrip()) <= columns // 2:
            break
        at -= 1
    return at

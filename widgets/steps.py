"""Steps: where a reading cursor goes from a place in rows, by cells, words, lines and paragraphs, as in vi."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from agentorchestr_tui.emulator.cells import STUB
from agentorchestr_tui.emulator.still import Still

from .spans import Place

Step = Callable[[Still, Place], Place]
_words = re.compile(r"(?:\w\0?)+|(?:[^\w\s\0]\0?)+").finditer
_long_words = re.compile(r"[^\s\0]\S*").finditer
_Words = Callable[[str], Iterator[re.Match[str]]]


def end_of(still: Still, number: int) -> int:
    """Return the column of a row's last glyph."""
    text = still.row(number).text.rstrip()
    return max(0, len(text) - 1 - text.endswith(STUB))


def clamped(still: Still, place: Place) -> Place:
    """Return the nearest place on a glyph."""
    number = max(still.first, min(place[0], still.last))
    text = still.row(number).text
    column = max(0, min(place[1], end_of(still, number)))
    return number, column - (text[column : column + 1] == STUB)


def left(still: Still, place: Place) -> Place:
    """Go a glyph to the left."""
    return clamped(still, (place[0], place[1] - 1))


def right(still: Still, place: Place) -> Place:
    """Go a glyph to the right."""
    wide = still.row(place[0]).text[place[1] + 1 : place[1] + 2] == STUB
    return clamped(still, (place[0], place[1] + 1 + wide))


def line_start(_still: Still, place: Place) -> Place:
    """Go to the first column."""
    return place[0], 0


def line_text(still: Still, place: Place) -> Place:
    """Go to the row's first glyph that is no blank."""
    text = still.row(place[0]).text
    return clamped(still, (place[0], len(text) - len(text.lstrip())))


def line_end(still: Still, place: Place) -> Place:
    """Go to the row's last glyph."""
    return place[0], end_of(still, place[0])


def word_on(words: _Words = _words) -> Step:
    """Return the step to the start of the next word."""

    def step(still: Still, place: Place) -> Place:
        for number in range(place[0], still.last + 1):
            for match in words(still.row(number).text):
                if (number, match.start()) > place and not _goes_on(still, number, match, words):
                    return number, match.start()
        return max(place, line_end(still, bottom(still, place)))

    return step


def word_back(words: _Words = _words) -> Step:
    """Return the step to the start of this word, or of the one before."""

    def step(still: Still, place: Place) -> Place:
        for number in range(place[0], still.first - 1, -1):
            for match in reversed([*words(still.row(number).text)]):
                if (number, match.start()) < place and not _goes_on(still, number, match, words):
                    return number, match.start()
        return still.first, 0

    return step


def word_end(words: _Words = _words) -> Step:
    """Return the step to the end of this word, or of the next one."""

    def step(still: Still, place: Place) -> Place:
        for number in range(place[0], still.last + 1):
            for match in words(still.row(number).text):
                last = match.end() - 1 - match.group().endswith(STUB)
                if (number, last) > place and not _is_continued(still, number, match, words):
                    return number, last
        return max(place, line_end(still, bottom(still, place)))

    return step


def _goes_on(still: Still, number: int, match: re.Match[str], words: _Words) -> bool:
    """Say whether a word at a row's start began in the row above."""
    if match.start() or number == still.first or not still.row(number - 1).wrapped:
        return False
    return _is_one(still.row(number - 1).text, match.string, words)


def _is_continued(still: Still, number: int, match: re.Match[str], words: _Words) -> bool:
    row = still.row(number)
    if match.end() < len(row.text) or not row.wrapped or number == still.last:
        return False
    return _is_one(row.text, still.row(number + 1).text, words)


def _is_one(above: str, below: str, words: _Words) -> bool:
    """Say whether what ends one row and what begins the next are one word."""
    joined = above + below
    return any(match.start() < len(above) < match.end() for match in words(joined))


def paragraph(by: int) -> Step:
    """Return the step to the next blank row (1), or the one before (-1)."""

    def step(still: Still, place: Place) -> Place:
        number = place[0] + by
        while still.first < number < still.last and not (
            _is_blank(still, number) and not _is_blank(still, number - by)
        ):
            number += by
        return clamped(still, (number, 0))

    return step


def _is_blank(still: Still, number: int) -> bool:
    return not still.row(number).text.strip()


def top(still: Still, _place: Place) -> Place:
    """Go to the first row."""
    return still.first, 0


def bottom(still: Still, _place: Place) -> Place:
    """Go to the last row that has text."""
    number = still.last
    while number > still.first and _is_blank(still, number):
        number -= 1
    return number, 0


STEPS: dict[str, Step] = {
    "h": left, "left": left, "backspace": left, "l": right, "right": right,
    "0": line_start, "home": line_start, "^": line_text, "$": line_end, "end": line_end,
    "w": word_on(), "b": word_back(), "e": word_end(),
    "W": word_on(_long_words), "B": word_back(_long_words), "E": word_end(_long_words),
    "{": paragraph(-1), "}": paragraph(1), "g": top, "G": bottom,
}  # fmt: skip
"""By the key's name, or its character: steps that need no more than rows and a place."""

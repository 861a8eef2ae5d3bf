"""Which of many sentences a person means by a few typed letters, and which letters those are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

_START, _NEXT, _GAP = 8, 5, -1  # what a letter is worth at a word's start, after another one, and each one between


def match(words: str, typed: str) -> tuple[int, tuple[int, ...]] | None:
    """Return how well words fit what was typed, and the places of the letters; None if they do not.

    Each of the typed words is looked for by itself, so that their order is free.
    """
    score, places = 0, []
    for wanted in typed.lower().split():
        found = _best(words.lower(), wanted)
        if found is None:
            return None
        score += found[0]
        places += found[1]
    return score, tuple(sorted(set(places)))


def ranked(sentences: Sequence[str], typed: str) -> list[tuple[int, tuple[int, ...]]]:
    """Return the numbers of the sentences that fit, the best first, each with the places of the letters."""
    fitting = [(found[0], number, found[1]) for number, words in enumerate(sentences) if (found := match(words, typed))]
    return [(number, places) for _, number, places in sorted(fitting, key=lambda each: (-each[0], each[1]))]


def _best(words: str, wanted: str) -> tuple[int, list[int]] | None:
    """Find the best way to read `wanted` from left to right in `words`."""
    if (at := words.find(wanted)) >= 0:
        starts = [i for i in range(at, len(words)) if words.startswith(wanted, i)]
        at = next((i for i in starts if _starts(words, i)), at)
        return len(wanted) * _NEXT * 2 + (_START if _starts(words, at) else 0), list(range(at, at + len(wanted)))

    @cache
    def best(letter: int, start: int) -> tuple[int, tuple[int, ...]] | None:
        if letter == len(wanted):
            return 0, ()
        found: tuple[int, tuple[int, ...]] | None = None
        at = words.find(wanted[letter], start)
        while at >= 0:
            worth = _NEXT if letter and at == start else _START if _starts(words, at) else _GAP
            if (rest := best(letter + 1, at + 1)) and (found is None or worth + rest[0] > found[0]):
                found = worth + rest[0], (at, *rest[1])
            at = words.find(wanted[letter], at + 1)
        return found

    whole = best(0, 0)
    return (whole[0], list(whole[1])) if whole and whole[0] > 0 else None


def _starts(words: str, at: int) -> bool:
    return at == 0 or not words[at - 1].isalnum()

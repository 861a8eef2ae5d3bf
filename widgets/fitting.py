"""Words in too little room: whole words before halves, and what matters less gives way first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

NONE = Content()
_BETWEEN = Content.styled(" · ", "$foreground-muted")
_MORE = Content("…")
_AFTER_NOTHING = " ·,:;.(-"  # characters that no sign of more stands after
_HALF_WORD = 4  # letters of a cut word, at least
_IN_NAMES = frozenset("/\\_.")  # characters of what is no word: of the name of a file more is better than nothing
_LEAST_FILLED = 3  # a word is cut only where whole words would fill less than this part of the room: a third
_SENTENCE = 16  # cells of a state that is a sentence, before what is marked goes for it


@dataclass(frozen=True, slots=True)
class Label:
    """Who stands somewhere and how. Of what does not fit, the first of these gives way first.

    1. what `brief` leaves out of `state`, where the glyph says as much: then it is `terse`
    2. `agent`
    3. the end of a `state` that is a sentence: one that begins with `brief`
    4. what `brief` leaves out of any other `state`
    5. `marks`: what a person did to it
    6. `state`, but for its glyph, and then that
    7. the last words of `name`
    """

    name: Content
    agent: Content = NONE
    marks: Content = NONE
    state: Content = NONE
    brief: Content = NONE
    terse: bool = False
    grows: int = 0  # cells by which the clock in the state may yet grow, kept free so that nothing comes and goes

    def fitted(self, room: int, between: int) -> tuple[Content, Content]:
        """Return what fits at the left and at the right of a line of so many cells, with some of them between."""
        for given, parts in enumerate(((self.agent, self.marks), (self.marks,), ())):
            left = joined([self.name, *parts])
            rest = room - left.cell_length - between
            if not self.state and rest + between >= 0:
                return left, NONE
            if state := self._shortened(rest, given):
                return left, state
        sign = self.state[:1]
        if sign and self.name.cell_length + between + sign.cell_length <= room:
            return self.name, sign
        return whole(self.name, room), NONE

    def _shortened(self, rest: int, given: int) -> Content:
        """Return the longest form of the state that fits, when so many other parts gave way already; or nothing."""
        if self.state.cell_length + self.grows <= rest:
            return self.state
        if self.brief and not self.terse and self.state.plain.startswith(self.brief.plain):
            said = cut(self.state, rest)
            said = said if len(said) > len(self.brief) else whole(self.brief, rest)
            return said if given > 1 or (given and rest >= _SENTENCE) else NONE
        needs = self.brief.cell_length + self.grows
        return self.brief if needs <= rest and (self.terse or given) else NONE

    def is_same(self, other: Label) -> bool:
        """Compare by what is drawn: by words and their styles."""
        mine, others = ((each.name, each.agent, each.marks, each.state, each.brief) for each in (self, other))
        return all(one.is_same(another) for one, another in zip(mine, others, strict=True))


def joined(parts: Sequence[Content]) -> Content:
    """Write parts after each other: `1 w01 tester · pinned`; the empty ones are left out."""
    return _BETWEEN.join([part for part in parts if part])


def cut(words: Content, width: int) -> Content:
    """Return the first words that fit into so many cells, with a sign that there are more; nothing if none does."""
    if words.cell_length <= width:
        return words
    plain = words.plain
    head = words.truncate(max(0, width - 1)).plain
    there = len(head) - (not plain.startswith(head))  # half of a wide character is a blank there
    ends = plain[there : there + 1] in ("", " ")
    last = there if ends else max(0, plain.rfind(" ", 0, there))
    word = plain[last:].split(maxsplit=1)[0] if plain[last:].strip() else ""
    if there - last > _HALF_WORD and (last < width // _LEAST_FILLED or not _IN_NAMES.isdisjoint(word)):
        last = there
    kept = words[:last].rstrip(_AFTER_NOTHING) if last else NONE
    return kept + _MORE if kept else NONE


def whole(words: Content, width: int) -> Content:
    """Return the first whole words that fit into so many cells, or nothing."""
    return next((words[:end] for end in _ends(words.plain) if words[:end].cell_length <= width), NONE)


def _ends(plain: str) -> Iterator[int]:
    """Give the ends of the words, the last first."""
    end = len(plain)
    while end > 0:
        yield end
        end = plain.rfind(" ", 0, end)

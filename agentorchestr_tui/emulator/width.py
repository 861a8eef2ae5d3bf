"""Width: which characters take no cell, one or two, and which belong together in one glyph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from itertools import chain
from unicodedata import category

from wcwidth import wcswidth, wcwidth

STUB = "\0"
"""The right half of a wide glyph."""
PRIVATE = 0x100000
"""The first code point of plane 16, where clusters are interned."""
_MEMO = 1 << 17  # code points remembered
_EMOJI_PRESENTATION = "\ufe0f"
_JOINER = 0x200D
_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_WIDENED = (range(0x23, 0x3A), range(0xA9, 0xAF), range(0x203C, 0x32A0), range(0x1F000, 0x1FB00))
_PICTURES = (range(0x2000, 0x2E80), range(0x1F000, 0x1FB00))
_BASIC = (range(0x20, 0x7F), range(0xA0, 0xD800), range(0xE000, 0x10000))
_WIDE_BLOCKS = (range(0x1100, 0x1200), range(0x2300, 0x2E80), range(0x2E80, 0xD800), range(0xF900, 0xFB00),
                range(0xFE00, 0x10000), range(0x1F000, 0x1FB00), range(0x20000, 0x20100))  # fmt: skip
_MORE_SIMPLE = "\U0001fb00-\U0001fbf9\U000f0000-\U000ffffd"  # legacy computing, and icons of fonts
COMMON = re.compile("[ -~\u00c0-\u02af\u2010-\u2027\u2500-\u259f\u2800-\u28ff]*").fullmatch
"""Match a text of Latin letters, dashes, lines, blocks and dots, which are all simple by any table."""
_WIDE, _NARROW, _MARKS = "wprt", "nqda", "zjv"


class _Kinds(dict[int, str]):
    """A memo of what a code point is, as one letter; text is read by translating it.

    n narrow, q narrow picture that a selector widens, d digit that one widens, a private; w wide, p wide picture,
    r flag half, t skin tone; z mark, j joiner, v the selector.
    """

    def __missing__(self, point: int) -> str:
        if len(self) > _MEMO:
            self.clear()
        kind = self[point] = _kind(point)
        return kind


def _kind(point: int) -> str:
    character = chr(point)
    if point >= PRIVATE:
        return "a"
    if point in _FLAGS:
        return "r"
    if point in _TONES:
        return "t"
    if category(character) == "Mc":
        return "n"  # a vowel sign with a place of its own, as the C library's wcwidth has it
    width = wcwidth(character)
    if width == 2:
        return "p" if any(point in block for block in _PICTURES) else "w"
    if width == 1:
        widened = any(point in block for block in _WIDENED) and wcswidth(character + _EMOJI_PRESENTATION) == 2
        return ("d" if point < 0x80 else "q") if widened else "n"
    return "j" if point == _JOINER else "v" if character == _EMOJI_PRESENTATION else "z"


kinds = _Kinds()


class _Stubbed(dict[int, str]):
    """A memo of characters as cells, a wide one with its stub; text becomes cells by translating it."""

    def __missing__(self, point: int) -> str:
        cells = self[point] = chr(point) + (STUB if kinds[point] in _WIDE else "")
        return cells


stubbed = _Stubbed()


def _class(blocks: Iterable[range], has: Callable[[int], bool]) -> str:
    """Write the code points of blocks that have something, as the inside of a character class."""
    runs: list[list[int]] = []
    for point in chain.from_iterable(blocks):
        if not has(point):
            continue
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in runs)


def _simple_class(without_pictures: bool) -> str:
    """Write what takes one cell and joins with nothing before or after it."""
    return _MORE_SIMPLE + _class(
        _BASIC, lambda point: wcwidth(chr(point)) == 1 and not (without_pictures and kinds[point] == "q")
    )


class Clustering:
    """How text falls into glyphs: by Unicode's graphemes (mode 2027), or each character with its marks."""

    def __init__(self, joins: bool) -> None:
        self._joins = joins
        self.all_simple: Callable[[str], object] = self._commonly_simple
        """Match a text of which every character takes one cell of its own and joins with nothing."""
        cluster = f"[{_WIDE}][{_MARKS}]*|[{_NARROW}][{_MARKS}]+|a"
        plain_wide = _WIDE
        if joins:
            cluster = f"rr[{_MARKS}]*|[pqt](?:[{_MARKS}t]|(?<=j)[pqt])*|{cluster}"
            plain_wide = "w"
        self._pieces = re.compile(f"((?:[{plain_wide}](?![{_MARKS}]))+)|{cluster}").finditer
        self._leading = re.compile(f"{cluster}|[{_NARROW}]").match
        self._joinable = frozenset(_MARKS + ("rtpq" if joins else ""))

    def _commonly_simple(self, text: str) -> object:
        """Match the same, while only common characters come: to ask for the width of all there are takes a while."""
        if COMMON(text):
            return True
        self.all_simple = self._wholly_simple
        return self.all_simple(text)

    @cached_property
    def _wholly_simple(self) -> Callable[[str], object]:
        """The same for all characters; a parser in the middle of its work still asks the other, so it is made once."""
        return re.compile(f"[{_simple_class(without_pictures=self._joins)}]*").fullmatch

    @cached_property
    def all_lone(self) -> Callable[[str], object]:
        """Match a text of which every character takes one or two cells of its own and joins with nothing."""
        return re.compile(f"[{_simple_class(without_pictures=self._joins)}{self._wide}]*").fullmatch

    @cached_property
    def _wide(self) -> str:
        return _class(_WIDE_BLOCKS, lambda point: kinds[point] in ("w" if self._joins else _WIDE))

    def pieces(self, text: str) -> Iterator[re.Match[str]]:
        """Find what is more than one plain narrow character: clusters, and as group 1 runs of wide characters."""
        return self._pieces(text.translate(kinds))

    def joins_backwards(self, character: str) -> bool:
        """Say whether a character may belong to the glyph before it."""
        return kinds[ord(character)] in self._joinable

    def first_cluster(self, text: str) -> int:
        """Return how many characters of text make its first glyph; 0 if it starts with a mark."""
        match = self._leading(text.translate(kinds))
        return match.end() if match else 0

    def width(self, cluster: str) -> int:
        """Return the cells that one glyph takes: 1 or 2."""
        kind = kinds[ord(cluster[0])]
        if kind in _WIDE:
            return 2
        return 2 if self._joins and kind in "qd" and cluster[1:2] == _EMOJI_PRESENTATION else 1


@cache
def clustering(joins: bool) -> Clustering:
    """Return one of the two ways; made when first asked for."""
    return Clustering(joins)


_leading_marks = re.compile(f"[{_MARKS}]*").match
_variations = re.compile("[\ufe0e\ufe0f]").sub


def marks_before(text: str) -> int:
    """Return how many marks a text starts with: they have no cell of their own."""
    match = _leading_marks(text.translate(kinds))
    return match.end() if match else 0


def plain_form(cluster: str) -> str:
    """Return a cluster without variation selectors that its first character does not take."""
    if kinds[ord(cluster[0])] in "pqdt":
        return cluster
    return cluster[0] + _variations("", cluster[1:])

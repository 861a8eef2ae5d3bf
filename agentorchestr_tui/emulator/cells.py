"""Cells: one code point each; a cluster of several is interned as one private code point."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from agentorchestr_tui.emulator.width import PRIVATE, STUB, clustering, plain_form, stubbed

__all__ = ["STUB", "Glyphs"]
REPLACEMENT = "\ufffd"
_ROOM = 0xFFFE  # code points of plane 16
_CROWDED = 0xC000  # interned clusters that call for a sweep
_MEMO = 50_000  # clusters remembered
_LONGEST = 32  # code points of a cluster; more marks than that are dropped
_private = re.compile("[\U00100000-\U0010ffff]")


class Glyphs(dict[str, str]):
    """The clusters of one screen: a memo of cluster -> cells (the glyph, and a stub if it is wide)."""

    def __init__(self) -> None:
        super().__init__()
        self.clustering = clustering(joins=False)
        self._limit = _CROWDED
        self._texts: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._free: list[str] = []

    def __missing__(self, cluster: str) -> str:
        if len(self) > _MEMO:
            self.clear()
        composed = unicodedata.normalize("NFC", plain_form(cluster))[:_LONGEST]
        plain = len(composed) == 1 and ord(composed) < PRIVATE
        cells = composed if plain else self._intern(composed)
        if self.clustering.width(cluster) == 2:
            cells += STUB
        self[cluster] = cells
        return cells

    def use_graphemes(self, on: bool) -> None:
        """Choose whether several characters may make one glyph (mode 2027)."""
        self.clustering = clustering(joins=on)
        self.clear()

    @property
    def crowded(self) -> bool:
        """Say whether a sweep is due."""
        return len(self._texts) > self._limit

    def cells(self, text: str) -> str:
        """Turn text without leading marks into cells."""
        if self.clustering.all_lone(text):
            return text.translate(stubbed)
        parts: list[str] = []
        at = 0
        for piece in self.clustering.pieces(text):
            start, end = piece.span()
            cluster = text[start:end]
            parts += text[at:start], STUB.join(cluster) + STUB if piece[1] else self[cluster]
            at = end
        return "".join(parts) + text[at:]

    def text(self, cells: str) -> str:
        """Turn cells back into text: clusters whole, stubs left out."""
        if cells.isascii():
            return cells.replace(STUB, "")
        return _private.sub(lambda match: self._texts.get(match.group(), REPLACEMENT), cells.replace(STUB, ""))

    def character(self, cell: str) -> str:
        """Return the text of one cell, empty for a stub."""
        if cell >= "\U00100000":
            return self._texts.get(cell, REPLACEMENT)
        return "" if cell == STUB else cell

    def sweep(self, texts: Iterable[str]) -> None:
        """Forget every cluster that stands in none of these rows."""
        used: set[str] = set()
        for text in texts:
            if not text.isascii():
                used.update(_private.findall(text))
        for code in self._texts.keys() - used:
            del self._codes[self._texts.pop(code)]
            self._free.append(code)
        self._limit = max(_CROWDED, min(_ROOM - 1, 2 * len(self._texts)))
        self.clear()

    def _intern(self, cluster: str) -> str:
        code = self._codes.get(cluster)
        if code is None:
            if len(self._texts) >= _ROOM:
                return REPLACEMENT
            code = self._free.pop() if self._free else chr(PRIVATE + len(self._texts))
            self._codes[cluster] = code
            self._texts[code] = cluster
        return code

"""Character sets: G0 to G3, shifts, and what they make of text (DEC's VT420 manual, ISO 646)."""

from __future__ import annotations

from pyte.charsets import VT100_MAP

_GRAPHICS = {code: VT100_MAP[code] for code in range(0x5F, 0x7F)}
_ALWAYS: dict[str, dict[int, str]] = {"0": _GRAPHICS, "2": _GRAPHICS, "A": {0x23: "£"}}
_PLACES = "#@[\\]^_`{|}~"
"""The characters that a national set may show as others."""


def _national(shown: str) -> dict[int, str]:
    return {ord(place): glyph for place, glyph in zip(_PLACES, shown, strict=True) if place != glyph}


_NATIONAL = {
    **dict.fromkeys(("4",), _national("£¾ĳ½|^_`¨ƒ¼´")),
    **dict.fromkeys(("C", "5"), _national("#@ÄÖÅÜ_éäöåü")),
    **dict.fromkeys(("R", "f"), _national("£à°ç§^_`éùè¨")),
    **dict.fromkeys(("Q", "9"), _national("#àâçêî_ôéùèû")),
    **dict.fromkeys(("K",), _national("#§ÄÖÜ^_`äöüß")),
    **dict.fromkeys(("Y",), _national("£§°çé^_ùàòèì")),
    **dict.fromkeys(("E", "6", "`"), _national("#ÄÆØÅÜ_äæøåü")),
    **dict.fromkeys(("Z",), _national("£§¡Ñ¿^_`°ñç~")),
    **dict.fromkeys(("H", "7"), _national("#ÉÄÖÅÜ_éäöåü")),
    **dict.fromkeys(("=",), _national("ùàéçêîèôäöüû")),
}
"""Dutch, Finnish, French, Canadian French, German, Italian, Norwegian, Spanish, Swedish and Swiss."""


class Charsets:
    """The four sets and which is in use; `active` is the table to translate with, or None for none."""

    def __init__(self) -> None:
        self.codes = ["B", "B", "B", "B"]
        self.shifted = 0
        self.active: dict[int, str] | None = None
        self.national = False
        self._single: int | None = None

    def designate(self, slot: int, code: str) -> None:
        """Put a character set into a slot; one that is not known is ASCII."""
        self.codes[slot] = code
        self._choose()

    def shift(self, slot: int) -> None:
        """Use a slot from now on."""
        self.shifted = slot
        self._choose()

    def shift_once(self, slot: int) -> None:
        """Use a slot for the next character only."""
        self._single = slot
        self.active = {}

    def use_national(self, on: bool) -> None:
        """Show national sets as what they are (DECNRCM), not as ASCII."""
        self.national = on
        self._choose()

    def translate(self, text: str) -> str:
        """Return text as the sets in use show it."""
        if self._single is not None:
            table = self._table(self._single) or {}
            self._single = None
            self._choose()
            return text[:1].translate(table) + self.translate(text[1:])
        return text if self.active is None else text.translate(self.active)

    def copy(self) -> Charsets:
        """Return sets that stay as these are now."""
        other = Charsets()
        other.codes, other.shifted, other.national = [*self.codes], self.shifted, self.national
        other._choose()
        return other

    def _choose(self) -> None:
        self.active = self._table(self.shifted)

    def _table(self, slot: int) -> dict[int, str] | None:
        code = self.codes[slot]
        return _ALWAYS.get(code) or (_NATIONAL.get(code) if self.national else None)

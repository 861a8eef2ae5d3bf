"""Character sets: G0 to G3, shifts, and what they make of text."""

from __future__ import annotations

from pyte.charsets import VT100_MAP

_GRAPHICS = {code: VT100_MAP[code] for code in range(0x5F, 0x7F)}
_TABLES: dict[str, dict[int, str]] = {"0": _GRAPHICS, "2": _GRAPHICS, "A": {0x23: "£"}}


class Charsets:
    """The four sets and which is in use; `active` is the table to translate with, or None for none."""

    def __init__(self) -> None:
        self.codes = ["B", "B", "B", "B"]
        self.shifted = 0
        self.active: dict[int, str] | None = None
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

    def translate(self, text: str) -> str:
        """Return text as the sets in use show it."""
        if self._single is not None:
            table = _TABLES.get(self.codes[self._single], {})
            self._single = None
            self._choose()
            return text[:1].translate(table) + self.translate(text[1:])
        return text if self.active is None else text.translate(self.active)

    def copy(self) -> Charsets:
        """Return sets that stay as these are now."""
        other = Charsets()
        other.codes, other.shifted = [*self.codes], self.shifted
        other._choose()
        return other

    def _choose(self) -> None:
        self.active = _TABLES.get(self.codes[self.shifted])

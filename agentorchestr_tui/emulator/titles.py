"""Titles: the window's and the icon's, how programs write them, and the stack on which they keep them (ctlseqs)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DEPTH = 10  # pairs kept on the stack
_LONGEST = 1024  # characters
_controls = re.compile("[\x00-\x1f\x7f-\x9f]+").sub
HEX_SET, HEX_QUERIED, UTF8_SET, UTF8_QUERIED = range(4)
"""Title modes (CSI > n t): titles come in hexadecimal, are told in it; the other two are always so."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What one push keeps; None for what it does not name."""

    icon: str | None
    window: str | None


class Titles:
    """The two titles of one terminal."""

    def __init__(self) -> None:
        self.icon = self.window = ""
        self.hex = self.told_in_hex = False
        self._stack: list[_Kept] = []

    def __len__(self) -> int:
        """Return how many pushes are kept."""
        return len(self._stack)

    def read(self, text: str) -> str:
        """Return a title as a program wrote it: without controls, and out of hexadecimal in that mode."""
        if self.hex:
            try:
                text = bytes.fromhex(text[: 2 * _LONGEST]).decode("utf-8", "replace")
            except ValueError:
                return ""
        return _controls("", text[:_LONGEST])

    def told(self, text: str) -> str:
        """Return a title as a program is told it: in hexadecimal in that mode."""
        return text.encode("utf-8", "replace").hex().upper() if self.told_in_hex else text

    def push(self, which: int) -> None:
        """Keep both titles (0), the icon's (1) or the window's (2); the oldest are forgotten."""
        kept = _Kept(self.icon if which in {0, 1} else None, self.window if which in {0, 2} else None)
        self._stack = [*self._stack, kept][-_DEPTH:]

    def pop(self, which: int) -> _Kept:
        """Take the last push off, and return what it and those below it kept of the titles that are asked for."""
        icons = [kept.icon for kept in self._stack if kept.icon is not None]
        windows = [kept.window for kept in self._stack if kept.window is not None]
        del self._stack[-1:]
        return _Kept(
            icons[-1] if icons and which in {0, 1} else None,
            windows[-1] if windows and which in {0, 2} else None,
        )

"""Signs for terminals without Unicode: every character that is written has one of ASCII, of the same width."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from wcwidth import wcwidth

_GLYPHS = dict(zip("●•○◆◇‖✓✗◌⚠", "*-o!%=+x.#", strict=True))
_ARROWS = dict(zip("›‹❯❮→←↑↓↵⏎▸▾▶▼", "><><><^v<<>v>v", strict=True))
_MARKS = dict(zip("…·⎿⧉×“”‘’–—\u00a0▕▐▰▱", "..\\=x\"\"''-- ###-", strict=True))
_LEVEL, _UPRIGHT = "─┄┅┈┉╌╍═╴╶╸╺╼╾▁▂▔", "│┆┇┊┋╎╏║╵╷╹╻╽╿"
_HEAVY = dict(zip("━┃┏┓┗┛", "=#####", strict=True))  # the frame of what is typed into
_DOUBLE = dict(zip("═║╔╗╚╝", "=!!!!!", strict=True))  # and of what needs a person


class _Ascii(dict[int, str]):
    """What stands for each character; found when first asked for."""

    def __missing__(self, code: int) -> str:
        sign = self[code] = _sign(chr(code))
        return sign


_ASCII = _Ascii()


def plain(text: str) -> str:
    """Return text with every character in ASCII, each as wide as it was."""
    return text if text.isascii() else text.translate(_ASCII)


def has_unicode(environment: Mapping[str, str]) -> bool:
    """Say whether a terminal shows Unicode: the Linux console does not, nor does a locale of another encoding."""
    if environment.get("TERM") == "linux":
        return False
    locale = next((environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), "")
    return not locale or "utf-8" in locale.lower() or "utf8" in locale.lower()


def _sign(character: str) -> str:
    if character.isascii():
        return character
    if found := (_GLYPHS | _ARROWS | _MARKS | _HEAVY | _DOUBLE).get(character):
        return found
    if character in _LEVEL:
        return "-"
    if character in _UPRIGHT:
        return "|"
    if "\u2500" <= character <= "\u257f":
        return "+"
    if "\u2580" <= character <= "\u259f":
        return "#"
    if "\u2800" <= character <= "\u28ff":
        return "*"  # a spinner
    base = unicodedata.normalize("NFKD", character)[0]
    width = max(0, wcwidth(character))
    return base if width == 1 and base.isascii() else "?" * width

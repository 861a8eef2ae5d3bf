"""Styles: each look of a cell has a code of one character; SGR moves from code to code through a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pyte import graphics

from agentorchestr_tui.emulator.rows import PLAIN, Laid

_CROWDED = 0x4000  # styles that call for a sweep
_ROOM = 0x100000  # codes there are
_TURNS = 4096  # SGR strings remembered for one style
_LONGEST = 256  # characters of an SGR sequence that are looked at
_STRETCHES = 512  # stretches remembered
_STRETCH = 1024  # characters of the longest one that is


class Style(NamedTuple):
    """How a cell looks; colours as pyte names them (`default`, `red`, `brightred`, or `rrggbb`)."""

    fg: str = "default"
    bg: str = "default"
    bold: bool = False
    italics: bool = False
    underscore: int = 0  # as SGR 4:n: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed
    strikethrough: bool = False
    reverse: bool = False
    blink: bool = False
    dim: bool = False
    conceal: bool = False
    overline: bool = False
    underline_color: str = "default"
    link: str = ""
    protected: bool = False


Stretch = tuple[str, str, str, Callable[[str], object] | None, Laid | None]
"""What a stretch of text and styles comes to: text, the codes of its cells, the code after it, what found each
character to take one cell by itself, or None if one does not, and its runs."""
_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
COLOR_NAMES = (*_NAMES, *(f"bright{name}" for name in _NAMES))
"""The sixteen colours that a theme chooses, in palette order."""
_SIMPLE: dict[int, dict[str, str | bool | int]] = {
    1: {"bold": True}, 2: {"dim": True}, 3: {"italics": True}, 4: {"underscore": 1}, 5: {"blink": True},
    6: {"blink": True}, 7: {"reverse": True}, 8: {"conceal": True}, 9: {"strikethrough": True},
    21: {"underscore": 2}, 22: {"bold": False, "dim": False}, 23: {"italics": False}, 24: {"underscore": 0},
    25: {"blink": False}, 27: {"reverse": False}, 28: {"conceal": False}, 29: {"strikethrough": False},
    39: {"fg": "default"}, 49: {"bg": "default"}, 53: {"overline": True}, 55: {"overline": False},
    59: {"underline_color": "default"},
}  # fmt: skip
for _index, _name in enumerate(COLOR_NAMES):
    _base = _index if _index < 8 else _index + 52
    _SIMPLE[30 + _base] = {"fg": _name}
    _SIMPLE[40 + _base] = {"bg": _name}
_COLORS = frozenset({38, 48, 58})  # foreground, background, underline
_ARGUMENTS = {2: 3, 5: 1}  # how many numbers follow 38;2 and 38;5


def number(digits: str) -> int:
    """Read a parameter; an empty one is 0, an absurd one is clamped."""
    return int(digits[:9]) if digits.isdecimal() else 0


def color_name(mode: int, numbers: list[int]) -> str | None:
    """Name a colour of SGR 38: mode 5 is an index, 2 is red, green, blue; None if it is none."""
    if mode == 5 and numbers and numbers[0] < 256:
        index = numbers[0]
        return COLOR_NAMES[index] if index < 16 else graphics.FG_BG_256[index]
    if mode == 2 and len(numbers) >= 3:
        return "".join(f"{min(255, value):02x}" for value in numbers[:3])
    return None


def select(style: Style, parameters: str) -> Style:
    """Apply the parameters of one SGR sequence, colons and all, to a style."""
    words = parameters[:_LONGEST].split(";")
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if ":" in word:
            style = _select_colons(style, [number(part) for part in word.split(":")])
            continue
        code = number(word)
        if code == 0:
            style = Style(link=style.link, protected=style.protected)
        elif code in _COLORS and at < len(words):
            mode = number(words[at])
            count = _ARGUMENTS.get(mode, 0)
            color = color_name(mode, [number(part) for part in words[at + 1 : at + 1 + count]])
            at += 1 + count
            style = _colored(style, code, color)
        elif code in _SIMPLE:
            style = style._replace(**_SIMPLE[code])  # type: ignore[arg-type]
    return style


def _select_colons(style: Style, numbers: list[int]) -> Style:
    if numbers[0] == 4:
        return style._replace(underscore=min(numbers[1], 5))
    if numbers[0] not in _COLORS:
        return style
    mode, rest = numbers[1], numbers[2:]
    if mode == 2 and len(rest) >= 4:
        rest = rest[1:]  # 38:2:colourspace:r:g:b
    return _colored(style, numbers[0], color_name(mode, rest))


def _colored(style: Style, code: int, color: str | None) -> Style:
    if color is None:
        return style
    if code == 58:
        return style._replace(underline_color=color)
    return style._replace(fg=color) if code == 38 else style._replace(bg=color)


class Styles:
    """The styles of one screen; `generation` changes when codes may have been given anew."""

    def __init__(self) -> None:
        self.generation = 0
        self._limit = _CROWDED
        self._styles: dict[str, Style] = {PLAIN: Style()}
        self._codes: dict[Style, str] = {Style(): PLAIN}
        self._free: list[str] = []
        self.turns: dict[str, dict[str, str]] = {PLAIN: {}}
        """By code: parameters of SGR -> code that follows."""
        self.stretches: dict[tuple[str, str], Stretch] = {}
        """Stretches written lately, by the code they began in; programs write the same rows again and again."""

    def __getitem__(self, code: str) -> Style:
        return self._styles[code]

    @property
    def crowded(self) -> bool:
        """Say whether a sweep is due."""
        return len(self._styles) > self._limit

    def code(self, style: Style) -> str:
        """Return the code of a style, a new one if it was never seen."""
        code = self._codes.get(style)
        if code is None:
            if len(self._styles) >= _ROOM:
                return PLAIN
            code = self._free.pop() if self._free else chr(len(self._styles))
            self._codes[style] = code
            self._styles[code] = style
            self.turns[code] = {}
        return code

    def turn(self, code: str, parameters: str) -> str:
        """Return the code after an SGR sequence."""
        known = self.turns[code]
        after = known.get(parameters)
        if after is None:
            if len(known) > _TURNS:
                known.clear()
            after = known[parameters] = self.code(select(self._styles[code], parameters))
        return after

    def read(self, code: str, parts: list[str], all_simple: Callable[[str], object]) -> Stretch:
        """Read a stretch, cut at its introducers, that begins in a style."""
        turns, text = self.turns, parts[0]
        codes, after = code * len(text), code
        runs = [code, text] if text else []
        for part in parts[1:]:
            parameters, _, run = part.partition("m")
            after = turns[after].get(parameters) or self.turn(after, parameters)
            if run:
                text += run
                codes += after * len(run)
                runs += after, run
        return text, codes, after, all_simple if text.isascii() or all_simple(text) else None, (text, runs)

    def remember(self, code: str, stretch: str, read: Stretch) -> Stretch:
        """Remember what a stretch comes to."""
        if len(self.stretches) >= _STRETCHES:
            self.stretches.clear()
        if len(stretch) <= _STRETCH:
            self.stretches[code, stretch] = read
        return read

    def background(self, code: str) -> str:
        """Return the code of a cell erased in this style: only the background stays."""
        return self.code(Style(bg=self._styles[code].bg))

    def sweep(self, rows: Iterable[str]) -> None:
        """Forget every style that stands in none of these strings of codes."""
        used = {PLAIN}.union(*rows)
        for code in self._styles.keys() - used:
            del self._codes[self._styles.pop(code)]
            self._free.append(code)
        self.turns = {code: {} for code in self._styles}
        self.stretches.clear()
        self._limit = max(_CROWDED, 2 * len(self._styles))
        self.generation += 1

"""Styles: each look of a cell has a code of one character; SGR moves from code to code through a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import accumulate
from operator import attrgetter, getitem, mul
from typing import NamedTuple

from pyte import graphics

from agentorchestr_tui.emulator.rows import PLAIN

_CROWDED = 0x4000  # styles that call for a sweep
_ROOM = 0x100000  # codes there are
_TURNS = 4096  # SGR strings remembered for one style
_LONGEST = 256  # characters of an SGR sequence that are looked at
_STRETCHES = 512  # stretches remembered
_MET = 1024  # stretches of which it is known that they were written once
_STRETCH = 1024  # characters of the longest one that is
_cut = re.compile("\x1b\\[([0-9;:]*+)m").split
_code = attrgetter("code")


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


class Coded(dict[str, "Coded"]):
    """A style with its code; by parameters of SGR, the one that follows."""

    __slots__ = ("_styles", "code", "style")
    # Who draws keeps what it wrote by style, and each is one of its kind: so it has a hash, unlike a plain dict.
    __hash__ = object.__hash__  # type: ignore[assignment]  # a dict's is None

    def __init__(self, styles: Styles, code: str, style: Style) -> None:
        super().__init__()
        self._styles = styles
        self.code = code
        self.style = style

    @property
    def paints(self) -> bool:
        """Say whether a cell erased in this style has a background."""
        return self.style.bg != "default"

    def __missing__(self, parameters: str) -> Coded:
        if len(self) > _TURNS:
            self.clear()
        after = self[parameters] = self._styles.coded(select(self.style, parameters))
        return after


class Laid:
    """A row as it was laid down in one stretch: runs of text with SGR parameters between them, and each run's style.

    `parts` are run, parameters, run, ..., run. `drawing` belongs to whoever draws it, for one that `comes_again`.
    """

    __slots__ = ("codes", "comes_again", "drawing", "parts", "styles")
    codes: str
    """The codes of its cells; worked out when first asked for, since who draws it does not ask."""

    def __init__(self, parts: list[str], styles: list[Coded]) -> None:
        self.parts = parts
        self.styles = styles
        self.comes_again = False
        self.drawing: object | None = None

    def __getattr__(self, name: str) -> str:
        if name != "codes":
            raise AttributeError(name)
        self.codes = "".join(map(mul, map(_code, self.styles), map(len, self.parts[::2])))
        return self.codes

    @property
    def paints(self) -> bool:
        """Say whether a run has a background."""
        return any(coded.paints for coded in set(self.styles))

    def at(self, character: str) -> set[Coded]:
        """Return the styles of the runs in which a character stands."""
        return {style for run, style in zip(self.parts[::2], self.styles, strict=True) if character in run}


Judge = Callable[[str], object]
"""What finds each character of a text to take one cell by itself."""
Stretch = tuple[str, Laid, str, Judge | None]
"""What a stretch of text and styles comes to: text, how it lies in a row, the code after it, and its judge or None."""


class Styles:
    """The styles of one screen; `generation` changes when codes may have been given anew."""

    def __init__(self) -> None:
        self.generation = 0
        self._limit = _CROWDED
        self.by_code: dict[str, Coded] = {}
        """Every style there is."""
        self._by_style: dict[Style, Coded] = {}
        self._free: list[str] = []
        self.stretches: dict[tuple[str, str], Stretch] = {}
        """Stretches written more than once lately, by the code they began in; many programs write the same rows again
        and again."""
        self._met: set[int] = set()  # hashes of stretches written once: what never comes again is not worth keeping
        self.coded(Style())

    def __getitem__(self, code: str) -> Style:
        return self.by_code[code].style

    @property
    def crowded(self) -> bool:
        """Say whether a sweep is due."""
        return len(self.by_code) > self._limit

    def coded(self, style: Style) -> Coded:
        """Return a style with its code, a new one if it was never seen."""
        coded = self._by_style.get(style)
        if coded is None:
            if len(self.by_code) >= _ROOM:
                return self.by_code[PLAIN]
            code = self._free.pop() if self._free else chr(len(self.by_code))
            coded = self._by_style[style] = self.by_code[code] = Coded(self, code, style)
        return coded

    def code(self, style: Style) -> str:
        """Return the code of a style."""
        return self.coded(style).code

    def turn(self, code: str, parameters: str) -> str:
        """Return the code after an SGR sequence."""
        return self.by_code[code][parameters].code

    def read(self, code: str, stretch: str, all_simple: Judge) -> tuple[str, str, str, Judge | None]:
        """Read a stretch that begins in a style: its text, the codes of its cells, the code after it, its judge."""
        coded = self.by_code[code]
        text, *parts = stretch.split("\x1b[")
        codes = code * len(text)
        for part in parts:
            parameters, _, run = part.partition("m")
            coded = coded[parameters]
            if run:
                text += run
                codes += coded.code * len(run)
        return text, codes, coded.code, all_simple if text.isascii() or all_simple(text) else None

    def cut(self, code: str, stretch: str) -> tuple[str, Laid]:
        """Cut what begins in a style into its text, and how that is laid."""
        parts = _cut(stretch)
        return "".join(parts[::2]), Laid(parts, list(accumulate(parts[1::2], getitem, initial=self.by_code[code])))

    def lay(self, code: str, stretch: str, all_simple: Judge) -> Stretch:
        """Read a stretch of many styles; what comes to the same in the end is worked out when asked for."""
        text, laid = self.cut(code, stretch)
        judge = all_simple if text.isascii() or all_simple(text) else None
        read = text, laid, laid.styles[-1].code, judge
        if hash(stretch) in self._met:
            self._remember(code, stretch, read)
        else:
            if len(self._met) >= _MET:
                self._met.clear()
            self._met.add(hash(stretch))
        return read

    def _remember(self, code: str, stretch: str, read: Stretch) -> None:
        if len(self.stretches) >= _STRETCHES:
            self.stretches.clear()
        if len(stretch) <= _STRETCH:
            read[1].comes_again = True
            self.stretches[code, stretch] = read

    def background(self, code: str) -> str:
        """Return the code of a cell erased in this style: only the background stays."""
        return self.code(Style(bg=self[code].bg))

    def sweep(self, rows: Iterable[str]) -> None:
        """Forget every style that stands in none of these strings of codes."""
        used = {PLAIN}.union(*rows)
        for code in self.by_code.keys() - used:
            del self._by_style[self.by_code.pop(code).style]
            self._free.append(code)
        for coded in self.by_code.values():
            coded.clear()
        self.stretches.clear()
        self._limit = max(_CROWDED, 2 * len(self.by_code))
        self.generation += 1

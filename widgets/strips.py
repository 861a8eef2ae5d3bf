"""Strips: rows of cells made ready to be written, once per change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import getitem
from typing import NamedTuple

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from agentorchestr_tui.emulator.cells import STUB
from agentorchestr_tui.emulator.modes import REVERSE
from agentorchestr_tui.emulator.rows import PLAIN, Row
from agentorchestr_tui.emulator.screen import Screen
from agentorchestr_tui.emulator.styles import Coded, Laid, Style

from .palette import Palette

_runs = re.compile(r"((.)\2*)", re.DOTALL).findall
_private = re.compile("[\0\U00100000-\U0010ffff]").search
_MARKED = 500  # strips with a mark that are remembered
_TURNS = 4096  # changes of style that are remembered for one style
_OFF = {
    "1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29",
    "53": "55",
}  # fmt: skip
"""SGR attributes, and what switches each off."""


class Look(NamedTuple):
    """A style as it is written: by Rich, whole (`before`, `after`), and in parts for going from one to another."""

    style: RichStyle
    before: str
    after: str
    attributes: tuple[str, ...]
    ink: str
    ground: str
    apart: bool  # with a link or an underline of its own: it is written whole


class _Nothing:
    """A cache that keeps nothing: a strip lives for a frame or two, and eight caches cost more than they save."""

    def get(self, _key: object) -> None:
        """Know nothing."""

    def __setitem__(self, _key: object, _value: object) -> None:
        """Keep nothing."""


_NOTHING = _Nothing()


class ReadyStrip(Strip):
    """A row with its escape codes; Textual's segments are made only if someone cuts it.

    It is built for every row that changes, so it does not run `Strip.__init__`: what that would store, apart from the
    text as it is written, stands on the class.
    """

    __slots__ = ("_cells", "painter", "row_text", "written")
    _divide_cache = _crop_cache = _style_cache = _filter_cache = _NOTHING  # type: ignore[assignment]
    _line_length_cache = _crop_extend_cache = _offsets_cache = _NOTHING  # type: ignore[assignment]

    def __init__(self, row_text: str, cells: str | Laid, width: int, written: str, painter: Painter) -> None:
        self.row_text = row_text
        self._cells = cells  # the codes, or what knows them
        self.painter = painter
        self._cell_length = width
        self.written = written  # what is written while the look of a blank cell, `painter.ground`, is in force
        self._link_ids = None
        self._cell_count = None

    @property
    def codes(self) -> str:
        """The style codes of the row's cells."""
        return self._cells.codes if isinstance(self._cells, Laid) else self._cells

    @property
    def _render_cache(self) -> str:  # type: ignore[override]  # a field of Strip; the ground may change after it is built
        ground = self.painter.ground
        return f"{ground}{self.written}\x1b[0m" if ground else self.written

    @property
    def _segments(self) -> list[Segment]:  # type: ignore[override]  # a field of Strip; most rows are never asked for it
        return self.painter.segments(self.row_text, self.codes)

    def divide(self, cuts: Iterable[int]) -> list[Strip]:
        """Divide at cells; the one cut that divides nothing is by far the most frequent."""
        places = list(cuts)
        return [self] if places == [self._cell_length] else list(super().divide(places))


class Painter:
    """Draws the rows of one screen in one palette at one width."""

    def __init__(self, screen: Screen, palette: Palette, width: int) -> None:
        self._screen = screen
        self.palette = palette
        self.width = width
        self._generation = screen.styles.generation
        self._colors = dict(screen.colors.changed)
        self._reversed = REVERSE in screen.modes
        self._marked: dict[tuple[int, int, int, RichStyle], tuple[Strip, Strip]] = {}
        self._looks = _Looks(self)
        self._turns = _Turns(self._looks)
        self._written = _Written(self._turns)
        self.ground = self._looks[PLAIN].before
        """What switches on the look of a blank cell."""

    def is_current(self, screen: Screen, width: int) -> bool:
        """Say whether what it drew still holds."""
        return (
            screen is self._screen
            and width == self.width
            and screen.styles.generation == self._generation
            and screen.colors.changed == self._colors
            and (REVERSE in screen.modes) == self._reversed
        )

    def strip(self, row: Row, before: Strip | None = None) -> ReadyStrip:
        """Return the row's strip, built anew only if the row changed; `before` is what its place shows now."""
        laid = ready = row.drawing
        if type(laid) is Laid:
            ready = laid.drawing
        if type(ready) is ReadyStrip and ready.painter is self:
            row.drawing = ready
            return ready
        text = row.text
        if (
            type(before) is ReadyStrip and before.row_text == text and before.painter is self
            and before.codes == row.codes
        ):  # fmt: skip
            strip = before  # written again with the same words, as most programs repaint
        elif type(laid) is Laid and len(text) <= self.width:
            strip = ReadyStrip(text, laid, self.width, self._write_laid(text, laid), self)
            if laid.comes_again:
                laid.drawing = strip
        else:
            strip = ReadyStrip(text, row.codes, self.width, self._write(text, row.codes), self)
        row.drawing = strip
        return strip

    def strip_with(self, row: Row, under: Strip, start: int, end: int, style: RichStyle) -> Strip:
        """Return the row's strip, or what was made of it, with a style over cells `start` to `end`, glyphs whole."""
        key = (id(under), start, end, style)
        known = self._marked.get(key)
        if known is None or known[0] is not under:
            if len(self._marked) > _MARKED:
                self._marked.clear()
            known = self._marked[key] = (under, self._mark(row, under, start, end, style))
        return known[1]

    def _mark(self, row: Row, under: Strip, start: int, end: int, style: RichStyle) -> Strip:
        start -= row.text[start : start + 1] == STUB
        end = min(end + (row.text[end : end + 1] == STUB), self.width)
        marked = Strip([Segment(text, _over(look, style)) for text, look, _ in under.crop(start, end)], end - start)
        return Strip.join([under.crop(0, start), marked, under.crop(end, self.width)])

    def blank(self) -> ReadyStrip:
        """Return a strip of nothing."""
        return ReadyStrip("", "", self.width, self._write("", ""), self)

    def _write(self, text: str, codes: str) -> str:
        """Return a row as it is written to the terminal outside, which is at blank cells' look before and after."""
        width = self.width
        if len(text) > width:
            kept = width - (text[width] == STUB)  # half a wide glyph would go over the edge
            text, codes = text[:kept] + " " * (width - kept), codes[:width]
        turns, expand = self._turns, self._screen.glyphs.text if _private(text) else None
        written, last, at = "", PLAIN, 0
        for run, code in _runs(codes):
            end = at + len(run)
            written += turns[last + code] if code != last else ""
            written += text[at:end] if expand is None else expand(text[at:end])
            last, at = code, end
        return written + turns[last + PLAIN] + " " * (width - at)

    def _write_laid(self, text: str, laid: Laid) -> str:
        """Return a row the same way, as it was laid: with other parameters between the same runs."""
        turns, parts, styles = self._turns, laid.parts[:], laid.styles
        parts[1::2] = map(getitem, map(self._written.__getitem__, styles), parts[1::2])
        blanks = " " * (self.width - len(text))
        return f"{turns[PLAIN + styles[0].code]}{''.join(parts)}{turns[styles[-1].code + PLAIN]}{blanks}"

    def segments(self, text: str, codes: str) -> list[Segment]:
        """Return a row as Textual's segments."""
        width = self.width
        if text[width : width + 1] == STUB:
            text = text[: width - 1] + " "
        text, codes = text[:width], codes[:width]
        expand = self._screen.glyphs.text
        segments, at = [], 0
        for run, code in _runs(codes):
            segments.append(Segment(expand(text[at : at + len(run)]), self._looks[code].style))
            at += len(run)
        if short := width - len(text):
            segments.append(Segment(" " * short, self._looks[PLAIN].style))
        return segments

    def look(self, code: str) -> Look:
        """Return how a style is written."""
        look = self._screen.styles[code]
        if self._reversed:
            look = look._replace(reverse=not look.reverse)
        system = self.palette.color_system
        style = self.palette.style(look, self._screen.colors)
        before, _, after = style.render("\0", color_system=system).partition("\0")
        attributes = style.without_color.render("\0", color_system=system).partition("\0")[0]
        shape = _underline(look, self.palette)
        return Look(
            style, before + shape, after,
            tuple(word for word in attributes.removeprefix("\x1b[").removesuffix("m").split(";") if word in _OFF),
            _sgr(style.color, system, foreground=True), _sgr(style.bgcolor, system, foreground=False),
            bool(shape or style.link),
        )  # fmt: skip


def _sgr(color: RichColor | None, system: ColorSystem, *, foreground: bool) -> str:
    return ";".join(color.downgrade(system).get_ansi_codes(foreground)) if color else ""


def _between(old: Look, new: Look) -> str:
    """Return the least that turns one look into another."""
    if old.apart or new.apart:
        return old.after + new.before
    off = {_OFF[word] for word in old.attributes if word not in new.attributes}
    words = sorted(off)
    words += [word for word in new.attributes if word not in old.attributes or _OFF[word] in off]
    if new.ink != old.ink:
        words.append(new.ink or "39")
    if new.ground != old.ground:
        words.append(new.ground or "49")
    return f"\x1b[{';'.join(words)}m" if words else ""


def _underline(look: Style, palette: Palette) -> str:
    """Return what makes an underline curly, dotted or dashed, and coloured: Rich knows only plain and double ones.

    It follows a plain underline, which is what a terminal outside that does not know them keeps.
    """
    if not look.underscore or palette.color_system is not ColorSystem.TRUECOLOR or palette.colorless:
        return ""
    shape = f"\x1b[4:{look.underscore}m" if look.underscore > 2 else ""
    color = palette.rgb(look.underline_color)
    return shape + (f"\x1b[58:2::{color[0]}:{color[1]}:{color[2]}m" if color else "")


class _Looks(dict[str, Look]):
    """A memo of what each style code looks like."""

    def __init__(self, painter: Painter) -> None:
        super().__init__()
        self._painter = painter

    def __missing__(self, code: str) -> Look:
        look = self[code] = self._painter.look(code)
        return look


class _Turns(dict[str, str]):
    """A memo of what is written between text of two styles, by both codes; nothing between a style and itself."""

    def __init__(self, looks: _Looks) -> None:
        super().__init__()
        self._looks = looks

    def __missing__(self, codes: str) -> str:
        old, new = codes[0], codes[1]
        turn = self[codes] = _between(self._looks[old], self._looks[new]) if old != new else ""
        return turn


class _Written(dict[Coded, dict[str, str]]):
    """A memo, by a style and the parameters of SGR that come after it, of what is written for them."""

    def __init__(self, turns: _Turns) -> None:
        super().__init__()
        self._turns = turns

    def __missing__(self, style: Coded) -> _WrittenAfter:
        after = self[style] = _WrittenAfter(style, self._turns)
        return after


class _WrittenAfter(dict[str, str]):
    """The same for one style."""

    def __init__(self, style: Coded, turns: _Turns) -> None:
        super().__init__()
        self._style = style
        self._turns = turns

    def __missing__(self, parameters: str) -> str:
        if len(self) > _TURNS:
            self.clear()
        turn = self[parameters] = self._turns[self._style.code + self._style[parameters].code]
        return turn


def _over(look: RichStyle | None, style: RichStyle) -> RichStyle:
    """Return a style laid over another; reverse over reverse shows too."""
    if look is None:
        return style
    if style.reverse:
        return look + style + RichStyle(reverse=not look.reverse)
    return look + style + RichStyle(reverse=False) if style.bgcolor else look + style

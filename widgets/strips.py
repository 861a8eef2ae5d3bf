"""Strips: rows of cells made ready to be written, once per change."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from agentorchestr_tui.emulator.cells import STUB
from agentorchestr_tui.emulator.modes import REVERSE
from agentorchestr_tui.emulator.rows import PLAIN, Row
from agentorchestr_tui.emulator.screen import Screen

from .palette import Palette

_runs = re.compile(r"(.)\1*", re.DOTALL).finditer
_MARKED = 500  # strips with a mark that are remembered


class ReadyStrip(Strip):
    """A strip with its escape codes; whole as it mostly is, it is handed on without being cut."""

    __slots__ = ("painter",)

    def __init__(self, segments: Iterable[Segment], cell_length: int, ansi: str, painter: Painter) -> None:
        super().__init__(segments, cell_length)
        self._render_cache = ansi
        self.painter = painter

    def divide(self, cuts: Iterable[int]) -> list[Strip]:
        """Divide at cells; the one cut that divides nothing is by far the most frequent."""
        places = list(cuts)
        return [self] if places == [self.cell_length] else list(super().divide(places))


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
        self._styles: dict[str, tuple[RichStyle, str, str]] = {}

    def is_current(self, screen: Screen, width: int) -> bool:
        """Say whether what it drew still holds."""
        return (
            screen is self._screen
            and width == self.width
            and screen.styles.generation == self._generation
            and screen.colors.changed == self._colors
            and (REVERSE in screen.modes) == self._reversed
        )

    def strip(self, row: Row) -> ReadyStrip:
        """Return the row's strip, built anew only if the row changed."""
        ready = row.drawing
        if isinstance(ready, ReadyStrip) and ready.painter is self:
            return ready
        strip = self._build(row.text, row.codes)
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
        return self._build("", "")

    def _build(self, text: str, codes: str) -> ReadyStrip:
        text, codes = text[: self.width], codes[: self.width]
        segments: list[Segment] = []
        ansi: list[str] = []
        expand = self._screen.glyphs.text
        plain = text.isascii() and STUB not in text
        runs = [(0, len(text))] if codes == codes[:1] * len(codes) else [match.span() for match in _runs(codes)]
        if short := self.width - len(text):
            runs.append((len(text), len(text) + short))
            text, codes = text + " " * short, codes + PLAIN
        for start, end in runs:
            if start == end:
                continue
            style, before, after = self._style(codes[start])
            part = text[start:end] if plain else expand(text[start:end])
            segments.append(Segment(part, style))
            ansi += before, part, after
        return ReadyStrip(segments, self.width, "".join(ansi), self)

    def _style(self, code: str) -> tuple[RichStyle, str, str]:
        """Return a style, and the escape codes before and after text in it."""
        known = self._styles.get(code)
        if known is None:
            look = self._screen.styles[code]
            if self._reversed:
                look = look._replace(reverse=not look.reverse)
            style = self.palette.style(look, self._screen.colors)
            before, _, after = style.render("\0", color_system=self.palette.color_system).partition("\0")
            known = self._styles[code] = (style, before, after)
        return known


def _over(look: RichStyle | None, style: RichStyle) -> RichStyle:
    """Return a style laid over another; reverse over reverse shows too."""
    if look is None:
        return style
    if style.reverse:
        return look + style + RichStyle(reverse=not look.reverse)
    return look + style + RichStyle(reverse=False) if style.bgcolor else look + style

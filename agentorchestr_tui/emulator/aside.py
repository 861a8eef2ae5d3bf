"""What full-screen programs said: lines that scrolled off the alternate screen, which keeps no scrollback."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass
from itertools import islice

from agentorchestr_tui.emulator.foot import start_of_foot
from agentorchestr_tui.emulator.grid import Grid

_KEPT = 5000  # lines
_LEAST_BLOCK = 3  # lines that must move together to be taken for scrolling
_LEAST_TALK = 3  # rows that are enough to say whether a screen went on
_RECALLED = 400  # lines kept last, among which a screen is looked for
_EDGE = 2  # cells from the right in which a scroll bar stands
_bar = re.compile(r"(?: {2,}|^ *)[█▀▄▌▐▕░▒▓]\Z").search
_spinner = re.compile(r"\s*(?:[\u2801-\u28ff◐◓◑◒◴◷◶◵] |[✶✻✽✢✳·] \S.*…|[⎿└]\s+Tip: )").match


@dataclass(frozen=True, slots=True)
class Aside:
    """A line that left the alternate screen when `after` lines of the main screen were finished."""

    after: int
    text: str


class Watch:
    """Looks at the alternate screen after each batch of output, and keeps what scrolled away.

    A program that scrolls a region tells so itself (`Grid.gone`); one that repaints is found out by comparing what it
    shows now with what it showed before. What was scrolled back and forth is kept once.
    """

    def __init__(self, grid: Grid) -> None:
        self.kept: deque[Aside] = deque(maxlen=_KEPT)
        self._grid = grid
        self._before: list[str] = []
        self._behind = 0  # lines that were scrolled back into view, and are kept already
        self._talk: list[str] = []  # what stood above the foot when it was last seen

    def look(self) -> None:
        """Compare the screen with the last look."""
        grid = self._grid
        gone, grid.gone = grid.gone, []
        if grid.main_rows is None:
            if self._before:
                end = start_of_foot(self._before, None, grid.columns)
                self._keep(self._fresh(_used(self._before[:end])))
            self._before, self._talk, self._behind = [], [], 0
            return
        near = grid.columns - _EDGE  # only a row that reaches the edge can have a scroll bar
        texts = [row.text.rstrip() for row in grid.rows]
        now = [text if len(text) <= near else without_bar(text, grid.columns) for text in texts]
        if now == self._before:
            return
        if gone:
            self._keep([without_bar(text, grid.columns) for text in gone])
        elif len(now) == len(self._before):
            self._take_shift(*find_shift(self._before, now))
        self._before = now
        self._take_leap(now)

    def _take_shift(self, start: int, shift: int) -> None:
        """Keep the rows above a block that moved up; count those that came back with one that moved down."""
        if shift < 0:
            self._behind -= shift
            return
        known = min(self._behind, shift)
        self._behind -= known
        self._keep(self._fresh(self._before[start + known : start + shift]))

    def _take_leap(self, now: list[str]) -> None:
        """Keep what stood above the foot if nothing of it is left: the program said more than a screen at once.

        Programs without a foot do not talk: whatever changes in them is a picture.
        """
        grid = self._grid
        end = start_of_foot(now, None if grid.cursor.hidden else grid.cursor.y, grid.columns)
        if end == len(now):
            return
        talk, before = _used(now[:end]), self._talk
        said = set(filter(None, before))
        if len(said) < _LEAST_TALK or len(said.intersection(talk)) * 5 > len(said):
            self._talk = talk or before
        elif not self._is_known(talk):  # else it was scrolled back, and will come on again
            known = self._recalled() if self._is_known(before) else set()
            self._keep(_dense([text for text in before if text not in known]))
            self._talk = talk

    def _is_known(self, texts: list[str]) -> bool:
        """Say whether most of these rows are kept already."""
        shown = [self._grid.glyphs.text(text) for text in texts if text]
        return bool(shown) and 2 * len(self._recalled().intersection(shown)) > len(shown)

    def _recalled(self) -> set[str]:
        return {aside.text for aside in islice(reversed(self.kept), _RECALLED) if aside.text}

    def _fresh(self, texts: list[str]) -> list[str]:
        """Return texts without those at the beginning that were kept last: they came back into view unseen."""
        last = [aside.text for aside in islice(reversed(self.kept), len(texts))][::-1]
        shown = [self._grid.glyphs.text(text) for text in texts]
        for size in range(len(last), _LEAST_BLOCK - 1, -1):
            if shown[:size] == last[-size:] and len({*filter(None, shown[:size])}) > 1:
                return texts[size:]
        return texts

    def _keep(self, texts: list[str]) -> None:
        grid = self._grid
        texts = [text for text in texts if not _spinner(text)]
        grid.aside += len(texts)
        self.kept.extend(Aside(grid.covered_at, grid.glyphs.text(text)) for text in texts)


def without_bar(text: str, columns: int) -> str:
    """Return a row's text without the blanks at its end, and without a scroll bar at the screen's right edge."""
    text = text.rstrip()
    if len(text) > columns - _EDGE and (bar := _bar(text)):
        return text[: bar.start()].rstrip()
    return text


def find_shift(before: list[str], now: list[str]) -> tuple[int, int]:
    """Find the largest block of rows that moved; return the row it begins at now, and how far it moved up.

    Rows that are alike say nothing, so only texts that stand once in both are followed.
    """
    old = {text: y for y, text in enumerate(before) if text}
    once = {text for text, count in (Counter(before) + Counter(now)).items() if text and count == 2}
    moves = Counter(old[text] - y for y, text in enumerate(now) if text in once and text in old)
    if not moves:
        return 0, 0
    shift, _ = moves.most_common(1)[0]
    if shift == 0:
        return 0, 0
    rows = [y for y, text in enumerate(now) if text in once and old.get(text) == y + shift]
    if len(rows) < _LEAST_BLOCK:
        return 0, 0
    start = rows[0]
    while start > 0 and 0 <= start - 1 + shift < len(before) and now[start - 1] == before[start - 1 + shift]:
        start -= 1
    return start, shift


def _dense(texts: list[str]) -> list[str]:
    """Return rows without spinners, and no more than one blank in a row: a screen that is not full has a gap."""
    said: list[str] = []
    for text in texts:
        if not _spinner(text) and (text or (said and said[-1])):
            said.append(text)
    return _used(said)


def _used(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts = texts[:-1]
    return texts

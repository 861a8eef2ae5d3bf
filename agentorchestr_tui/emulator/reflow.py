"""Reflow: rows of another size; the main screen's lines are wrapped anew, the alternate screen is cropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentorchestr_tui.emulator.cells import STUB
from agentorchestr_tui.emulator.rows import Row

if TYPE_CHECKING:
    from agentorchestr_tui.emulator.screen import Screen


def resize_rows(screen: Screen, lines: int, columns: int) -> None:
    """Bring a screen's rows, scrollback and cursor to another size; its size attributes are the caller's."""
    if screen.main_rows is None:
        screen.spare_rows = _fitted(screen.spare_rows, lines, columns)
        screen.cursor.x, screen.cursor.y = _resize_main(
            screen, screen.rows, (screen.cursor.x, screen.cursor.y), lines, columns
        )
        return
    screen.covered_place = _resize_main(screen, screen.main_rows, screen.covered_place, lines, columns)
    crop(screen.rows, columns)
    cut = max(0, min(len(screen.rows) - lines, screen.cursor.y - lines + 1))
    del screen.rows[:cut]
    del screen.rows[lines:]
    screen.rows.extend(Row() for _ in range(lines - len(screen.rows)))
    screen.cursor.y -= cut


def _fitted(rows: list[Row], lines: int, columns: int) -> list[Row]:
    """Return an alternate screen that is not shown in another size; none if there is none."""
    if not rows:
        return []
    crop(rows, columns)
    return [*rows[:lines], *(Row() for _ in range(lines - len(rows)))]


def crop(rows: list[Row], columns: int) -> None:
    """Cut rows off at a column."""
    for row in rows:
        if len(row.text) > columns:
            row.cut(columns)
            row.text, row.codes = row.text[:columns], row.codes[:columns]
        row.drawing = None


def _resize_main(screen: Screen, rows: list[Row], place: tuple[int, int], lines: int, columns: int) -> tuple[int, int]:
    """Resize the main screen in place; return where `place`, a column and row, has gone."""
    x, y = place
    if columns != screen.columns:
        x, y = _rewrap(screen, rows, (x, y), lines, columns)
    spare = len(rows) - lines
    while spare > 0 and len(rows) - 1 > y and not rows[-1].text:
        rows.pop()
        spare -= 1
    if spare > 0:
        screen.remember(rows[:spare])
        del rows[:spare]
        y -= spare
    rows.extend(Row() for _ in range(lines - len(rows)))
    return x, max(0, y)


def _rewrap(screen: Screen, rows: list[Row], place: tuple[int, int], lines: int, columns: int) -> tuple[int, int]:
    """Wrap scrollback and screen anew; both keep their logical lines, and so the lines their numbers.

    What has gone into scrollback stays there, even where the screen has room: its lines are settled.
    """
    kept = list(screen.history)
    first = len(kept)
    while first and kept[first - 1].wrapped:
        first -= 1  # the line that reaches onto the screen is wrapped with the screen
    settled, _ = wrap_rows(kept[:first], (0, -1), columns)
    live, (x, y) = wrap_rows([*kept[first:], *rows], (place[0], place[1] + len(kept) - first), columns)
    while len(live) > lines and len(live) - 1 > y and not live[-1].text:
        live.pop()
    spill = max(0, len(live) - lines)
    screen.history.clear()
    screen.history.extend(settled + live[:spill])
    screen.finished += sum(not row.wrapped for row in live[:spill])
    rows[:] = live[spill:]
    return x, y - spill


def wrap_rows(rows: list[Row], place: tuple[int, int], columns: int) -> tuple[list[Row], tuple[int, int]]:
    """Return rows wrapped to `columns`, and where the cell `place` (column, row) of them has gone."""
    out: list[Row] = []
    moved = (place[0], 0)
    text = codes = ""
    wide, inside = False, -1
    for y, row in enumerate(rows):
        if y == place[1]:
            inside = len(text) + place[0]
        text += row.text
        codes += row.codes
        wide = wide or row.wide
        if row.wrapped and y < len(rows) - 1:
            continue
        first = len(out)
        out.extend(_split(text, codes, wide, columns, row.wrapped))
        if inside >= 0:
            moved = _find(out[first:], inside, columns, first)
            inside = -1
        text = codes = ""
        wide = False
    return out, moved


def _split(text: str, codes: str, wide: bool, columns: int, wrapped: bool) -> list[Row]:
    """Cut one line into rows; a wide glyph is never cut."""
    rows = []
    at = 0
    while True:
        end = at + columns
        if wide and text[end : end + 1] == STUB:
            end -= 1
        row = Row(text[at:end], codes[at:end], wide)
        rows.append(row)
        if end >= len(text):
            row.wrapped = wrapped
            return rows
        row.wrapped = True
        at = end


def _find(rows: list[Row], inside: int, columns: int, first: int) -> tuple[int, int]:
    """Find the column and row of the cell `inside` of a line that was cut into rows."""
    for y, row in enumerate(rows):
        last = y == len(rows) - 1
        if inside < len(row.text) or last:
            return min(inside, columns), first + y
        inside -= len(row.text)
    return 0, first

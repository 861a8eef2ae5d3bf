"""Reports: states that a program reads to put them back later, and what it may ask about a display (VT420, xterm)."""

from __future__ import annotations

import re

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator.rectangles import box
from agentorchestr_tui.emulator.replies import sgr_parts
from agentorchestr_tui.emulator.rows import PLAIN
from agentorchestr_tui.emulator.screen import Screen
from agentorchestr_tui.emulator.styles import number

Parameters = list[int]
_RENDITIONS = ("bold", "underscore", "blink", "reverse")  # bits of a report, the lowest first
_BASE = 0x40  # of a character that carries bits
_cursor_report = re.compile(r"(\d+);(\d+);\d+;([@-_])([@-_]?);([@-_]);([@-_]);([0-3]);[0-3];[@-_];(.+)").fullmatch
_designation = re.compile("[!-/]*[0-~]").findall


def presentation(screen: Screen, p: Parameters) -> None:
    """Tell the cursor with all that belongs to it (1, DECCIR), or the tab stops (2, DECTABSR)."""
    if p[0] == 1:
        screen.write_process_input(f"\x1bP1$u{_cursor(screen)}\x1b\\")
    elif p[0] == 2:
        stops = "/".join(str(x + 1) for x in sorted(screen.tabstops))
        screen.write_process_input(f"\x1bP2$u{stops}\x1b\\")


def _cursor(screen: Screen) -> str:
    style, sets = screen.styles[screen.style], screen.charsets
    x, y = screen.column, screen.cursor.y
    if m.ORIGIN in screen.modes:
        x, y = x - screen.left, y - screen.top
    flags = (m.ORIGIN in screen.modes) | 8 * screen.wrap_is_due
    look = sum(bool(getattr(style, name)) << bit for bit, name in enumerate(_RENDITIONS))
    return (
        f"{y + 1};{x + 1};1;{chr(_BASE + look)};{chr(_BASE + style.protected)};{chr(_BASE + flags)};"
        f"{sets.shifted};2;{chr(_BASE)};{''.join(sets.codes)}"
    )


def restore(screen: Screen, text: str) -> None:
    """Put back what `presentation` told (DECRSPS)."""
    kind, _, report = text.partition("$t")
    if kind == "2":
        screen.tabstops = {number(word) - 1 for word in report.split("/") if 0 < number(word) <= screen.columns}
    elif kind == "1" and (found := _cursor_report(report)):
        _restore_cursor(screen, found)


def _restore_cursor(screen: Screen, found: re.Match[str]) -> None:
    bits, protected, flags = (ord(found[n]) - _BASE for n in (3, 5, 6))
    style = screen.styles[PLAIN]._replace(
        bold=bool(bits & 1), underscore=bits >> 1 & 1, blink=bool(bits & 4), reverse=bool(bits & 8),
        protected=bool(protected & 1),
    )  # fmt: skip
    for slot, code in enumerate(_designation(found[8])[:4]):
        screen.charsets.designate(slot, code[-1])
    screen.charsets.shift(int(found[7]))
    screen.modes.set(m.ORIGIN, bool(flags & 1))
    screen.style = screen.styles.code(style)
    screen.cursor_position(number(found[1]), number(found[2]))
    if flags & 8:
        screen.await_wrap()


def common_style(screen: Screen, p: Parameters) -> None:
    """Tell the attributes that every cell of a rectangle has (XTREPORTSGR)."""
    area = box(screen, p)
    codes: set[str] = set()
    if area:
        top, left, bottom, right = area
        codes = set().union(*(row.codes[left : right + 1] for row in screen.rows[top : bottom + 1]))
        if any(len(row.codes) <= right for row in screen.rows[top : bottom + 1]):
            codes.add(PLAIN)
    looks = [sgr_parts(screen.styles[code]) for code in codes]
    common = [part for part in looks[0] if all(part in other for other in looks)] if looks else []
    screen.write_process_input(f"\x1b[{';'.join(['0', *common])}m")


def graphics(screen: Screen, p: Parameters) -> None:
    """Say that there are no graphics (XTSMGRAPHICS): 3 for what could be asked, 1 for what could not."""
    screen.write_process_input(f"\x1b[?{p[0]};{3 if p[0] in {1, 2, 3} else 1};0S")


def displayed(screen: Screen) -> None:
    """Tell how much of the page is displayed: all of it (DECRQDE)."""
    screen.write_process_input(f'\x1b[{screen.lines};{screen.columns};1;1;1"w')


def preferred_set(screen: Screen) -> None:
    """Tell the preferred supplemental set: ISO Latin-1 (DECRQUPSS)."""
    screen.write_process_input("\x1bP1!uA\x1b\\")


def colors_kept(screen: Screen) -> None:
    """Tell which palette of the stack is in force, and how many are kept (XTREPORTCOLORS)."""
    kept = screen.colors.kept
    screen.write_process_input(f"\x1b[?{kept};{kept}#Q")

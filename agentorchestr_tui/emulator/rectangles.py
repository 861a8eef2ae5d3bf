"""Rectangles of cells: copy, erase, fill, restyle and sum up (DEC STD 070, xterm's ctlseqs)."""

from __future__ import annotations

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator.rows import PLAIN
from agentorchestr_tui.emulator.screen import Screen
from agentorchestr_tui.emulator.styles import Style

Parameters = list[int]
Box = tuple[int, int, int, int]
_RESTYLED = {1: "bold", 4: "underscore", 5: "blink", 7: "reverse"}
_SUM = 0x10000
_WEIGHTS = (
    ("protected", 0x04), ("conceal", 0x08), ("underscore", 0x10), ("reverse", 0x20), ("blink", 0x40), ("bold", 0x80),
)  # fmt: skip
"""What an attribute adds to a checksum."""


def box(screen: Screen, p: Parameters) -> Box | None:
    """Read top, left, bottom and right, counted from 1, as rows and columns, all included; None if it is empty."""
    top, left, bottom, right = [*p, 0, 0, 0, 0][:4]
    dy, dx, last_y, last_x = 0, 0, screen.lines - 1, screen.columns - 1
    if m.ORIGIN in screen.modes:
        dy, dx, last_y, last_x = screen.top, screen.left, screen.bottom, screen.right
    found = (
        min(max(top, 1) - 1 + dy, last_y),
        min(max(left, 1) - 1 + dx, last_x),
        min((bottom or screen.lines) - 1 + dy, last_y),
        min((right or screen.columns) - 1 + dx, last_x),
    )
    return found if found[0] <= found[2] and found[1] <= found[3] else None


def erase(screen: Screen, p: Parameters, selective: bool) -> None:
    """Erase a rectangle (DECERA), or its unprotected cells (DECSERA)."""
    if area := box(screen, p):
        screen.erase_rectangle(*area, selective)


def fill(screen: Screen, p: Parameters) -> None:
    """Fill a rectangle with a character (DECFRA)."""
    area = box(screen, p[1:])
    if area and (p[0] in range(32, 127) or p[0] in range(160, 256)):
        screen.fill_rectangle(*area, chr(p[0]))


def copy(screen: Screen, p: Parameters) -> None:
    """Copy a rectangle to another place (DECCRA); pages other than the one there is do not matter."""
    p = [*p, *[0] * 8][:8]
    source, target = box(screen, p[:4]), box(screen, [p[5], p[6], 0, 0])
    if source is None or target is None:
        return
    top, left, bottom, right = source
    width = min(right - left, target[3] - target[1]) + 1
    taken = []
    for row in screen.rows[top : bottom + 1]:
        row.reach(left + width)
        taken.append((row.text[left : left + width], row.codes[left : left + width], row.wide))
    for row, (text, codes, wide) in zip(screen.rows[target[0] : target[2] + 1], taken, strict=False):
        row.wide = row.wide or wide
        row.put(target[1], text, PLAIN * len(text))
        row.codes = row.codes[: target[1]] + codes + row.codes[target[1] + width :]
        row.cut(target[1])
        row.cut(target[1] + width)


def restyle(screen: Screen, p: Parameters, toggle: bool) -> None:
    """Set (DECCARA) or toggle (DECRARA) bold, underline, blink and reverse in a rectangle."""
    area = box(screen, p)
    if area is None:
        return
    top, left, bottom, right = area
    spans = dict.fromkeys(range(top, bottom + 1), (left, right))
    if screen.extent != 2 and bottom > top:  # DECSACE: from the first place to the last, as text runs
        spans = dict.fromkeys(spans, (0, screen.columns - 1))
        spans |= {top: (left, screen.columns - 1), bottom: (0, right)}
    changes = {code: screen.styles.code(_restyled(screen.styles[code], p[4:] or [0], toggle)) for code in _used(screen)}
    for y, (first, last) in spans.items():
        row = screen.rows[y]
        row.reach(last + 1)
        part = row.codes[first : last + 1]
        row.codes = row.codes[:first] + "".join(changes[code] for code in part) + row.codes[last + 1 :]
        row.drawing = None


def _used(screen: Screen) -> set[str]:
    return {PLAIN}.union(*(row.codes for row in screen.rows))


def _restyled(style: Style, codes: Parameters, toggle: bool) -> Style:
    for code in codes:
        names = _RESTYLED.values() if code == 0 else filter(None, [_RESTYLED.get(code % 20)])
        for name in names:
            on = not getattr(style, name) if toggle else code != 0 and code < 20
            style = style._replace(**{name: int(on) if name == "underscore" else on})  # type: ignore[arg-type]
    return style


def checksum(screen: Screen, p: Parameters) -> None:
    """Answer with the sum of a rectangle's cells (DECRQCRA).

    As it is at first: their characters, negated. XTCHECKSUM's bits (ctlseqs) choose otherwise: 1 not negated, 2 without
    attributes, 4 with blanks, 16 characters whole.
    """
    area, bits = box(screen, p[2:]), screen.checksum_bits
    total = 0
    if area:
        top, left, bottom, right = area
        for row in screen.rows[top : bottom + 1]:
            text = row.text[left : right + 1].ljust(right + 1 - left)
            codes = row.codes[left : right + 1].ljust(right + 1 - left, PLAIN)
            total += sum(_value(screen, cell, code, bits) for cell, code in zip(text, codes, strict=True))
    negative = bits is None or not bits & 1
    screen.write_process_input(f"\x1bP{p[0]}!~{(-total if negative else total) % _SUM:04X}\x1b\\")


def _value(screen: Screen, cell: str, code: str, bits: int | None) -> int:
    """Return what one cell adds to a sum."""
    character = ord(screen.glyphs.character(cell)[:1] or " ")
    if bits is None:
        return character
    style = screen.styles[code]
    look = 0 if bits & 2 else sum(weight for name, weight in _WEIGHTS if getattr(style, name))
    if character == 32 and not look and not bits & 4:
        return 0
    return (character if bits & 16 else character & 0xFF) + look

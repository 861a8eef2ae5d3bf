"""The oracle: what libghostty shows for the same bytes, and where we knowingly show something else."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pyghostty

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.emulator.styles import COLOR_NAMES, color_name


@dataclass(frozen=True)
class Deviation:
    """A stream on which we differ from libghostty on purpose, and why."""

    stream: str
    reason: str


SOFT_RESET = "libghostty has no DECSTR; xterm and the VT510 manual reset style, margins, modes and the saved cursor"
DEVIATIONS = [
    Deviation("\x1b[1;31;44m\x1b[!px", SOFT_RESET),
    Deviation("\x1b[?69h\x1b[4;15s\x1b[?6h\x1b[3D",
              "the left margin stops CUB from a cursor that stands on it (DEC STD 070, xterm)"),
    Deviation("\n\x1b[?45h\bx",
              "mode 45 goes back to the row above whether it wrapped or not, as in xterm before 1045 came"),
    Deviation("\x1b[?6h\x1b[2;5r\x1b[3a",
              "HPR in origin mode moves right only; libghostty adds the top margin to the row"),
    Deviation("\x1b[?69h\x1b[4;15s\x1b[5;19H\x1b[2I",
              "right of the right margin a tab goes to the screen's edge, as in xterm"),
    Deviation("\x1b(0漢", "a character set maps ASCII only, as in xterm; libghostty drops what it cannot map"),
    Deviation("\x1b[?7l0123456789012345678901234漢",
              "without wrapping a wide glyph is written over the last two columns; libghostty drops it"),
    Deviation("\x1b#8\x1b[7I漢", "a wide glyph that does not fit leaves what stands in the last column, as in xterm"),
    Deviation("xz\x1b[H\x1b[2'}y", "DECIC and DECDC are xterm's; libghostty has neither"),
    Deviation("ab\x1b[1;1;1;2;1;1;5;1$v", "DECCRA is xterm's; libghostty has no rectangles"),
    Deviation(" \u200b", "what has no width stays with the glyph before it, and is copied with it"),
    Deviation("\x1b[?42h\x1b(K[", "national sets (DECNRCM) are xterm's; libghostty has none"),
    Deviation("x" * 20 + "\x1b[?41h\ty", "after a full row a tab goes to the next one in xterm's mode 41"),
    Deviation("\x1b[?2027h" + "x" * 19 + "नि", "a vowel sign with a place of its own is a cell in mode 2027 too"),
    Deviation("\x1b G\x9b3Cx", "after S8C1T a program may write controls as single bytes, as to a VT220"),
    Deviation("\x1b[9G\x1b[g\r\t", "TBC alone clears the stop at the cursor (ECMA-48); libghostty wants 0"),
    Deviation("\x1b[?6h\x1b[2;5r\x1b[7G", "CHA and VPA in origin mode move one way only; libghostty adds a margin"),
    Deviation("e\u0301\x1b[b", "REP repeats the whole glyph, marks too; libghostty repeats its first character"),
]  # fmt: skip


def differences(data: bytes, columns: int = 20, lines: int = 6, *, styles: bool = False) -> list[str]:
    """Feed both, and return every row, cursor or style on which they differ."""
    ours, theirs = Emulator(columns, lines), pyghostty.Terminal(columns, lines)
    ours.feed(data)
    theirs.feed(data)
    return compare(ours, theirs, styles=styles)


def compare(ours: Emulator, theirs: pyghostty.Terminal, *, styles: bool = False) -> list[str]:
    """Return every row, cursor or style on which two terminals differ."""
    found = []
    rows = (theirs.text().split("\n") + [""] * ours.lines)[: ours.lines]
    for y, (mine, other) in enumerate(zip(ours.display, rows, strict=True)):
        if _plain(mine) != _plain(other):
            found.append(f"row {y}: ours {mine.rstrip()!r}, libghostty {other.rstrip()!r}")
    place = (ours.screen.column, ours.cursor.y)
    if place != tuple(theirs.cursor):
        found.append(f"cursor: ours {place}, libghostty {tuple(theirs.cursor)}")
    return found + (_style_differences(ours, theirs) if styles and not found else [])


def _plain(row: str) -> str:
    """Return a row in one normal form: libghostty keeps neither composed letters nor every selector."""
    return unicodedata.normalize("NFC", row.replace("\ufe0f", "").replace("\ufe0e", "").rstrip())


def _style_differences(ours: Emulator, theirs: pyghostty.Terminal) -> list[str]:
    found = []
    for y, row in enumerate(ours.screen.rows):
        for x, cell in enumerate(row.text):
            if cell in " \0":
                continue
            mine, other = _our_style(ours, row.codes[x]), _their_style(theirs.style(x, y))
            if mine != other:
                found.append(f"style at {x},{y}: ours {mine}, libghostty {other}")
    return found


def _our_style(emulator: Emulator, code: str) -> tuple[object, ...]:
    style = emulator.screen.styles[code]
    return (
        style.bold, style.italics, style.underscore, style.reverse, style.strikethrough, style.dim, style.overline,
        style.fg, style.bg,
    )  # fmt: skip


def _their_style(style: dict[str, object]) -> tuple[object, ...]:
    names = ("bold", "italic", "underline", "inverse", "strikethrough", "faint", "overline")
    return (*(style[name] for name in names), _color(style["fg"]), _color(style["bg"]))


def _color(color: object) -> str:
    if color is None:
        return "default"
    kind, value = color
    if kind == "rgb":
        return "{:02x}{:02x}{:02x}".format(*value)
    return COLOR_NAMES[value] if value < 16 else str(color_name(5, [value]))

"""Replies: what the terminal answers when a program asks (xterm's ctlseqs, kitty's keyboard protocol)."""

from __future__ import annotations

from collections.abc import Callable

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator.screen import Screen
from agentorchestr_tui.emulator.styles import COLOR_NAMES, Style

NAME = "agentorchestr"
CELL_WIDTH, CELL_HEIGHT = 8, 16  # pixels; a terminal inside a terminal can only pretend
_EDITING = "1;2;6;9;15;16;17;18;21;22;28;29"  # what xterm says of itself as a VT420 and a VT525
_PRIMARY = {
    1: "1;2", 2: "62;1;2;6;9;15;22;29", 3: "63;1;2;6;9;15;22;29", 4: f"64;{_EDITING}", 5: f"65;{_EDITING}",
}  # fmt: skip
_SECONDARY = {1: 0, 2: 1, 3: 24, 4: 41, 5: 64}
_AS_XTERM = 390  # the patch of xterm whose control sequences these are
_UNIT = "00000000"

_CAPABILITIES = {
    "TN": "xterm-256color", "Co": "256", "colors": "256", "RGB": "8/8/8", "Tc": "", "Su": "", "Smulx": "\x1b[4:%p1%dm",
    "Setulc": "\x1b[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%dm", "Ms": "\x1b]52;%p1%s;%p2%s\x07",
    "Ss": "\x1b[%p1%d q", "Se": "\x1b[2 q", "Sync": "\x1b[?2026%?%p1%{1}%-%tl%eh%;", "kcuu1": "\x1bOA",
    "kcud1": "\x1bOB", "kcuf1": "\x1bOC", "kcub1": "\x1bOD", "khome": "\x1bOH", "kend": "\x1bOF",
}  # fmt: skip
_UNDERLINES = {2: "21", 3: "4:3", 4: "4:4", 5: "4:5"}


def device_attributes(screen: Screen, prefix: str) -> None:
    """Say what terminal this is (DA1, DA2, DA3)."""
    level = screen.level
    answers = {
        "": f"\x1b[?{_PRIMARY[level]}c", ">": f"\x1b[>{_SECONDARY[level]};{_AS_XTERM};0c",
        "=": f"\x1bP!|{_UNIT}\x1b\\",
    }  # fmt: skip
    screen.write_process_input(answers[prefix])


def terminal_version(screen: Screen) -> None:
    """Say name and version (XTVERSION)."""
    from importlib.metadata import version  # costs more to import than all of this room

    screen.write_process_input(f"\x1bP>|{NAME} {version('agentorchestr-tui')}\x1b\\")


def device_status(screen: Screen, what: int, private: bool, about: int = 0) -> None:
    """Say how it is (5), where the cursor is (6), that there are no macros (?62, ?63), if the theme is dark (?996)."""
    mark = "?" if private else ""
    if what == 5 and not private:
        screen.write_process_input("\x1b[0n")
    elif what == 6:
        x, y = screen.column, screen.cursor.y
        if m.ORIGIN in screen.modes:
            x, y = x - screen.left, y - screen.top
        screen.write_process_input(f"\x1b[{mark}{y + 1};{x + 1}{';1' if private else ''}R")
    elif private and what in _FIXED_STATUS:
        screen.write_process_input(f"\x1b[?{_FIXED_STATUS[what]}n")
    elif private and what == 62:
        screen.write_process_input("\x1b[0*{")
    elif private and what == 63:
        screen.write_process_input(f"\x1bP{about}!~0000\x1b\\")
    elif private and what == 996:
        color_scheme(screen)


_FIXED_STATUS = {15: "13", 25: "20", 26: "27;1;0;0", 53: "50", 55: "50", 56: "57;0", 75: "70", 85: "83"}
"""No printer, unlocked keys, a North American keyboard, no locator, no data to check, no other session."""


def color_scheme(screen: Screen) -> None:
    """Say whether the theme is dark (1) or light (2)."""
    screen.write_process_input(f"\x1b[?997;{1 if screen.colors.dark else 2}n")


def mode_report(screen: Screen, mode: int, private: bool) -> None:
    """Say whether a mode is set (DECRQM)."""
    mark = "?" if private else ""
    screen.write_process_input(f"\x1b[{mark}{mode};{screen.modes.report(mode, private)}$y")


def key_flags(screen: Screen) -> None:
    """Say which kitty keyboard flags are in force."""
    screen.write_process_input(f"\x1b[?{int(screen.modes.key_flags)}u")


def window_report(screen: Screen, what: int) -> None:
    """Say sizes in pixels and cells (CSI 14 to 16, 18, 19 t), and what a program made of its window (11, 13, 20, 21).

    A tile's titles are not told: they could be forged input.
    """
    lines, columns, names = screen.lines, screen.columns, screen.titles
    icon, window = ("", "") if screen.tile else (names.told(names.icon), names.told(names.window))
    answers = {
        11: f"\x1b[{2 if screen.iconified else 1}t",
        13: f"\x1b[3;{screen.position[0]};{screen.position[1]}t",
        14: f"\x1b[4;{lines * CELL_HEIGHT};{columns * CELL_WIDTH}t",
        15: f"\x1b[5;{lines * CELL_HEIGHT};{columns * CELL_WIDTH}t", 16: f"\x1b[6;{CELL_HEIGHT};{CELL_WIDTH}t",
        18: f"\x1b[8;{lines};{columns}t", 19: f"\x1b[9;{lines};{columns}t", 20: f"\x1b]L{icon}\x1b\\",
        21: f"\x1b]l{window}\x1b\\",
    }  # fmt: skip
    if what in answers:
        screen.write_process_input(answers[what])


def parameters_report(screen: Screen, what: int) -> None:
    """Say line parameters (DECREQTPARM)."""
    if what in {0, 1}:
        screen.write_process_input(f"\x1b[{what + 2};1;1;128;128;1;0x")


def capability(screen: Screen, names: str) -> None:
    """Answer XTGETTCAP: names in hexadecimal, separated by semicolons."""
    for name in names.split(";"):
        text = _unhex(name)
        if text in _CAPABILITIES:
            value = _CAPABILITIES[text].encode().hex().upper()
            screen.write_process_input(f"\x1bP1+r{name}{'=' + value if value else ''}\x1b\\")
        else:
            screen.write_process_input(f"\x1bP0+r{name}\x1b\\")


def _unhex(text: str) -> str:
    try:
        return bytes.fromhex(text).decode("ascii")
    except ValueError:
        return ""


def setting(screen: Screen, what: str) -> None:
    """Answer DECRQSS: the setting that the given final characters would make."""
    answer = _SETTINGS.get(what)
    screen.write_process_input(f"\x1bP1$r{answer(screen)}{what}\x1b\\" if answer else "\x1bP0$r\x1b\\")


def _sgr(screen: Screen) -> str:
    return ";".join(["0", *sgr_parts(screen.styles[screen.style])])


def sgr_parts(style: Style) -> list[str]:
    """Return what SGR would say for a style, part by part."""
    flags = (style.bold, style.dim, style.italics, style.blink, style.reverse, style.conceal, style.strikethrough)
    parts = [code for code, on in zip(("1", "2", "3", "5", "7", "8", "9"), flags, strict=True) if on]
    if style.underscore:
        parts.append(_UNDERLINES.get(style.underscore, "4"))
    if style.overline:
        parts.append("53")
    return [*parts, *_color_part(style.fg, 30), *_color_part(style.bg, 40), *_color_part(style.underline_color, 50)]


def _color_part(name: str, base: int) -> list[str]:
    if name == "default":
        return []
    if name not in COLOR_NAMES:
        return [f"{base + 8}:2::" + ":".join(str(int(name[at : at + 2], 16)) for at in (0, 2, 4))]
    index = COLOR_NAMES.index(name)
    if base == 50:
        return [f"58:5:{index}"]
    return [str(base + index if index < 8 else base + 52 + index)]


_SETTINGS: dict[str, Callable[[Screen], str]] = {
    "m": _sgr,
    "r": lambda screen: f"{screen.top + 1};{screen.bottom + 1}",
    "s": lambda screen: f"{screen.left + 1};{screen.right + 1}",
    " q": lambda screen: str(screen.cursor_shape or 1),
    '"p': lambda screen: f"{60 + screen.level};1",
    "*x": lambda screen: str(screen.extent),
    "$}": lambda _screen: "0",
    "$~": lambda _screen: "0",
    '"q': lambda screen: str(int(screen.styles[screen.style].protected)),
    "$|": lambda screen: str(screen.columns),
    "*|": lambda screen: str(screen.lines),
    "t": lambda screen: str(screen.lines),
    ">4m": lambda screen: f">4;{screen.modes.modify_other_keys}",
}

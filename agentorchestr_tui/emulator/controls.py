"""Control sequences: what each CSI and ESC sequence does, as tables from its form to an act on the screen."""

from __future__ import annotations

from collections.abc import Callable

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator import rectangles, replies, reports, titles
from agentorchestr_tui.emulator.screen import HIGHEST_LEVEL, Screen
from agentorchestr_tui.emulator.styles import number

Parameters = list[int]
Act = Callable[[Screen, Parameters], None]
_MOST = 32  # parameters of one sequence
_MEMO = 20_000  # parameter strings remembered
_LEAST_LINES = 24  # that DECSLPP can ask for


class _Numbers(dict[str, Parameters]):
    """A memo of parameter strings; never empty lists, missing ones are 0."""

    def __missing__(self, text: str) -> Parameters:
        if len(self) > _MEMO:
            self.clear()
        numbers = self[text] = [number(word) for word in text[:512].split(";")[:_MOST]]
        return numbers


numbers = _Numbers()
"""Parameters by their text; the lists are shared, never change one."""


def _second(p: Parameters) -> int:
    return p[1] if len(p) > 1 else 0


def _third(p: Parameters) -> int:
    return p[2] if len(p) > 2 else 0


def _position(screen: Screen, p: Parameters) -> None:
    screen.cursor_position(p[0], _second(p))


def _private_modes(on: bool) -> Act:
    def act(screen: Screen, p: Parameters) -> None:
        for mode in p:
            screen.set_private_mode(mode, on)

    return act


def _ansi_modes(on: bool) -> Act:
    def act(screen: Screen, p: Parameters) -> None:
        for mode in p:
            screen.modes.set_ansi(mode, on)

    return act


def _save_modes(screen: Screen, p: Parameters) -> None:
    for mode in p:
        if screen.modes.report(mode, private=True):
            screen.modes.saved[mode] = mode in screen.modes


def _restore_modes(screen: Screen, p: Parameters) -> None:
    for mode in p:
        if mode in screen.modes.saved:
            screen.set_private_mode(mode, screen.modes.saved[mode])


def _save_or_side_margins(screen: Screen, p: Parameters) -> None:
    if m.MARGINS in screen.modes:
        screen.set_side_margins(p[0], _second(p))
    else:
        screen.save_cursor()


def _window(screen: Screen, p: Parameters) -> None:
    if p[0] == 22:
        screen.titles.push(_second(p))
    elif p[0] == 23:
        screen.pop_titles(_second(p))
    elif p[0] in {1, 2}:
        screen.iconified = p[0] == 2
    elif p[0] == 3:
        screen.position = (_second(p), _third(p))
    elif p[0] == 4:
        screen.take_size(_second(p) // replies.CELL_HEIGHT, _third(p) // replies.CELL_WIDTH)
    elif p[0] == 8:
        screen.take_size(_second(p), _third(p))
    elif p[0] >= _LEAST_LINES:
        screen.take_size(p[0])
    else:
        replies.window_report(screen, p[0])


def _title_modes(on: bool) -> Act:
    def act(screen: Screen, p: Parameters) -> None:
        if titles.HEX_SET in p:
            screen.titles.hex = on
        if titles.HEX_QUERIED in p:
            screen.titles.told_in_hex = on

    return act


def _level(screen: Screen, p: Parameters) -> None:
    if p[0] in range(61, 61 + HIGHEST_LEVEL):
        screen.set_level(p[0] - 60)
        screen.eight_bit = screen.eight_bit and _second(p) != 1


def _guard(on: bool) -> Callable[[Screen], None]:
    def act(screen: Screen) -> None:
        if on:
            screen.guard = "iso"
        style = screen.styles[screen.style]
        screen.style = screen.styles.code(style._replace(protected=on))

    return act


def _extent(screen: Screen, p: Parameters) -> None:
    if p[0] <= 2:
        screen.extent = p[0]


def _protect(screen: Screen, p: Parameters) -> None:
    screen.guard = "dec"
    style = screen.styles[screen.style]
    screen.style = screen.styles.code(style._replace(protected=p[0] == 1))


def _shape(screen: Screen, p: Parameters) -> None:
    screen.cursor_shape = p[0] if p[0] <= 6 else 0


def _key_options(screen: Screen, p: Parameters) -> None:
    if p[0] == 4:
        screen.modes.modify_other_keys = min(_second(p), 2)


def _columns(sign: int) -> Act:
    def act(screen: Screen, p: Parameters) -> None:
        if screen.in_margins:
            screen.shift_columns(sign * (p[0] or 1), screen.column)

    return act


def _scroll_columns(sign: int) -> Act:
    def act(screen: Screen, p: Parameters) -> None:
        screen.shift_columns(sign * (p[0] or 1), screen.left)

    return act


def _sum_otherwise(screen: Screen, p: Parameters) -> None:
    screen.checksum_bits = p[0]


def _pop_colors(screen: Screen, _p: Parameters) -> None:
    screen.colors.pop()
    screen.mark_unseen()


CSI: dict[str, Act] = {
    "@": lambda s, p: s.insert_characters(p[0]),
    "A": lambda s, p: s.cursor_up(p[0]),
    "B": lambda s, p: s.cursor_down(p[0]),
    "C": lambda s, p: s.cursor_forward(p[0]),
    "D": lambda s, p: s.cursor_back(p[0]),
    "E": lambda s, p: s.cursor_down1(p[0]),
    "F": lambda s, p: s.cursor_up1(p[0]),
    "G": lambda s, p: s.cursor_to_column(p[0]),
    "H": _position,
    "I": lambda s, p: s.tab_forward(p[0] or 1),
    "J": lambda s, p: s.erase_in_display(p[0]),
    "K": lambda s, p: s.erase_in_line(p[0]),
    "L": lambda s, p: s.insert_lines(p[0]),
    "M": lambda s, p: s.delete_lines(p[0]),
    "P": lambda s, p: s.delete_characters(p[0]),
    "S": lambda s, p: s.scroll_up(p[0] or 1),
    "T": lambda s, p: s.scroll_down(p[0] or 1) if len(p) == 1 else None,
    "X": lambda s, p: s.erase_characters(p[0]),
    "Z": lambda s, p: s.tab_back(p[0] or 1),
    "^": lambda s, p: s.scroll_down(p[0] or 1),
    "`": lambda s, p: s.cursor_to_column(p[0]),
    "a": lambda s, p: s.move_by(p[0] or 1, 0),
    "b": lambda s, p: s.repeat(p[0] or 1),
    "c": lambda s, p: replies.device_attributes(s, "") if p[0] == 0 else None,
    "d": lambda s, p: s.cursor_to_line(p[0]),
    "e": lambda s, p: s.move_by(0, p[0] or 1),
    "f": _position,
    "g": lambda s, p: s.clear_tab_stop(p[0]),
    "h": _ansi_modes(True),
    "l": _ansi_modes(False),
    "n": lambda s, p: replies.device_status(s, p[0], private=False),
    "r": lambda s, p: s.set_margins(p[0], _second(p)),
    "s": _save_or_side_margins,
    "t": _window,
    ">t": _title_modes(True),
    ">T": _title_modes(False),
    "u": lambda s, p: s.restore_cursor(),
    "x": lambda s, p: replies.parameters_report(s, p[0]),
    "?h": _private_modes(True),
    "?l": _private_modes(False),
    "?s": _save_modes,
    "?r": _restore_modes,
    "?J": lambda s, p: s.erase_in_display(p[0], private=True) if p[0] < 3 else None,
    "?K": lambda s, p: s.erase_in_line(p[0], private=True),
    "?n": lambda s, p: replies.device_status(s, p[0], private=True, about=_second(p)),
    "?u": lambda s, p: replies.key_flags(s),
    ">u": lambda s, p: s.modes.push_flags(p[0]),
    "<u": lambda s, p: s.modes.pop_flags(p[0] or 1),
    "=u": lambda s, p: s.modes.change_flags(p[0], _second(p) or 1),
    ">c": lambda s, p: replies.device_attributes(s, ">") if p[0] == 0 else None,
    "=c": lambda s, p: replies.device_attributes(s, "=") if p[0] == 0 else None,
    ">q": lambda s, p: replies.terminal_version(s) if p[0] == 0 else None,
    ">m": _key_options,
    "?m": lambda s, p: s.write_process_input(f"\x1b[>4;{s.modes.modify_other_keys}m") if p[0] == 4 else None,
    "$p": lambda s, p: replies.mode_report(s, p[0], private=False),
    "?$p": lambda s, p: replies.mode_report(s, p[0], private=True),
    "!p": lambda s, p: s.soft_reset(),
    " q": _shape,
    '"q': _protect,
    '"p': _level,
    "*x": _extent,
    " @": _scroll_columns(-1),
    " A": _scroll_columns(1),
    "'}": _columns(1),
    "'~": _columns(-1),
    "$z": lambda s, p: rectangles.erase(s, p, selective=False),
    "${": lambda s, p: rectangles.erase(s, p, selective=True),
    "$x": rectangles.fill,
    "$v": rectangles.copy,
    "$r": lambda s, p: rectangles.restyle(s, p, toggle=False),
    "$t": lambda s, p: rectangles.restyle(s, p, toggle=True),
    "*y": rectangles.checksum,
    "?W": lambda s, p: s.reset_tab_stops() if p[0] == 5 else None,
    "#{": lambda s, p: s.push_style(),
    "#}": lambda s, p: s.pop_style(),
    "#p": lambda s, p: s.push_style(),
    "#q": lambda s, p: s.pop_style(),
    "$w": reports.presentation,
    "&u": lambda s, p: reports.preferred_set(s),
    '"v': lambda s, p: reports.displayed(s),
    "#|": reports.common_style,
    "#y": _sum_otherwise,
    "#P": lambda s, p: s.colors.push(),
    "#Q": _pop_colors,
    "#R": lambda s, p: reports.colors_kept(s),
    "?S": reports.graphics,
    "$|": lambda s, p: s.take_size(columns=p[0] or 80),
    "*|": lambda s, p: s.take_size(p[0]),
}
"""By prefix, intermediates and final: what a control sequence does. What is not here does nothing."""
LEVELS = {
    "!p": 2, "?J": 2, "?K": 2, '"q': 2, "$p": 3, "?$p": 3, "$w": 3, "&u": 3,
    **dict.fromkeys(("$z", "${", "$x", "$v", "$r", "$t", "*x", "*y", "#y", "'}", "'~"), 4),
}  # fmt: skip
"""The series of VT that brought a control sequence; one that plays an older terminal does not know it (DECSCL)."""


def _next_line(screen: Screen) -> None:
    screen.index_plainly()
    screen.carriage_return()


def _controls_of(*, eight_bits: bool) -> Callable[[Screen], None]:
    """Choose how answers begin (S7C1T, S8C1T), and if bytes 0x80 to 0x9f outside of UTF-8 are controls."""

    def act(screen: Screen) -> None:
        screen.eight_bit = eight_bits and screen.level > 1

    return act


ESC: dict[str, Callable[[Screen], None]] = {
    "6": lambda s: s.back_index(),
    "9": lambda s: s.forward_index(),
    "7": lambda s: s.save_cursor(),
    "8": lambda s: s.restore_cursor(),
    "D": lambda s: s.index_plainly(),
    "E": _next_line,
    "H": lambda s: s.set_tab_stop(),
    "M": lambda s: s.reverse_index(),
    "N": lambda s: s.charsets.shift_once(2),
    "O": lambda s: s.charsets.shift_once(3),
    "V": _guard(True),
    "W": _guard(False),
    "Z": lambda s: replies.device_attributes(s, ""),
    "c": lambda s: s.reset(),
    "n": lambda s: s.charsets.shift(2),
    "o": lambda s: s.charsets.shift(3),
    "=": lambda s: s.set_keypad(True),
    ">": lambda s: s.set_keypad(False),
    "#8": lambda s: s.alignment_display(),
    " F": _controls_of(eight_bits=False),
    " G": _controls_of(eight_bits=True),
}
"""By what follows ESC."""


def _new_line(screen: Screen) -> None:
    screen.carriage_return()
    screen.linefeed()


CONTROL: dict[str, Callable[[Screen], None]] = {
    "\r\n": _new_line,
    "\n": lambda s: s.linefeed(),
    "\x0b": lambda s: s.linefeed(),
    "\x0c": lambda s: s.linefeed(),
    "\r": lambda s: s.carriage_return(),
    "\x08": lambda s: s.backspace(),
    "\t": lambda s: s.tab(),
    "\x07": lambda s: s.bell(),
    "\x0e": lambda s: s.charsets.shift(1),
    "\x0f": lambda s: s.charsets.shift(0),
}
"""By control character."""
SLOTS = {"(": 0, ")": 1, "*": 2, "+": 3, "-": 1, ".": 2, "/": 3}
"""The character set that an intermediate designates."""

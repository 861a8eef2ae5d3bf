"""The mouse: what its acts send, by the tracking and encoding that the program chose (xterm's ctlseqs)."""

from __future__ import annotations

from enum import Enum

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator.modes import Modes
from agentorchestr_tui.emulator.replies import CELL_HEIGHT, CELL_WIDTH

LEFT, MIDDLE, RIGHT, NONE = 0, 1, 2, 3
WHEEL_UP, WHEEL_DOWN, WHEEL_LEFT, WHEEL_RIGHT = 64, 65, 66, 67
_SHIFT, _ALT, _CTRL, _MOTION = 4, 8, 16, 32
_FARTHEST = 223  # columns that one byte can tell
_FARTHEST_UTF8 = 2015


class Act(Enum):
    """What the mouse did."""

    PRESS = "press"
    RELEASE = "release"
    MOVE = "move"


def encode(
    act: Act, button: int, column: int, line: int, modes: Modes, *, shift: bool = False, alt: bool = False,
    ctrl: bool = False,
) -> bytes:  # fmt: skip
    """Return what an act of the mouse sends, at a cell counted from 0; empty if the program does not want it.

    `button` is LEFT, MIDDLE, RIGHT, a wheel, or NONE for a move without a button.
    """
    tracking = modes.mouse
    if not _wanted(act, button, tracking):
        return b""
    code = button
    if tracking != m.MOUSE_X10:
        code += shift * _SHIFT + alt * _ALT + ctrl * _CTRL + (act is Act.MOVE) * _MOTION
    return _write(code, act, column, line, modes.mouse_encoding)


def scroll_keys(up: bool, modes: Modes, count: int = 3) -> bytes:
    """Return the arrow keys that a wheel sends to a full-screen program without mouse tracking (mode 1007)."""
    if m.ALTERNATE_SCROLL not in modes:
        return b""
    introducer = b"\x1bO" if m.CURSOR_KEYS in modes else b"\x1b["
    return (introducer + (b"A" if up else b"B")) * count


def _wanted(act: Act, button: int, tracking: int) -> bool:
    if act is Act.PRESS:
        return tracking != 0 and (tracking != m.MOUSE_X10 or button <= RIGHT)
    if act is Act.RELEASE:
        return tracking not in {0, m.MOUSE_X10} and button < WHEEL_UP
    return tracking == m.MOUSE_MOTION or (tracking == m.MOUSE_DRAG and button != NONE)


def _write(code: int, act: Act, column: int, line: int, encoding: int) -> bytes:
    x, y = column + 1, line + 1
    if encoding == m.MOUSE_PIXELS:
        x, y = column * CELL_WIDTH + CELL_WIDTH // 2, line * CELL_HEIGHT + CELL_HEIGHT // 2
    if encoding in {m.MOUSE_SGR, m.MOUSE_PIXELS}:
        return f"\x1b[<{code};{x};{y}{'m' if act is Act.RELEASE else 'M'}".encode()
    if act is Act.RELEASE:
        code = (code & ~3) | NONE
    if encoding == m.MOUSE_URXVT:
        return f"\x1b[{code + 32};{x};{y}M".encode()
    limit = _FARTHEST_UTF8 if encoding == m.MOUSE_UTF8 else _FARTHEST
    if x > limit or y > limit:
        return b""
    text = "\x1b[M" + "".join(chr(value + 32) for value in (code, x, y))
    return text.encode("utf-8" if encoding == m.MOUSE_UTF8 else "latin-1")

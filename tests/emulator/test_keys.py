"""Keys, mouse and paste: what the program receives, by its modes."""

from __future__ import annotations

import pytest

from agentorchestr_tui.emulator import keys, mouse
from agentorchestr_tui.emulator.mouse import Act
from tests.emulator.screens import fed


@pytest.mark.parametrize(
    ("modes", "key", "character", "data"),
    [
        ("", "a", "a", "a"),
        ("", "A", "A", "A"),
        ("", "full_stop", ".", "."),
        ("", "é", "é", "é"),
        ("", "space", " ", " "),
        ("", "plus", "+", "+"),
        ("", "enter", "\r", "\r"),
        ("", "shift+enter", None, "\r"),
        ("", "tab", "\t", "\t"),
        ("", "shift+tab", None, "\x1b[Z"),
        ("", "escape", "\x1b", "\x1b"),
        ("", "backspace", "\x7f", "\x7f"),
        ("", "ctrl+backspace", None, "\x08"),
        ("", "alt+backspace", None, "\x1b\x7f"),
        ("\x1b[?67h", "backspace", "\x7f", "\x08"),
        ("", "ctrl+c", "\x03", "\x03"),
        ("", "ctrl+at", "\x00", "\x00"),
        ("", "ctrl+space", None, "\x00"),
        ("", "ctrl+right_square_bracket", None, "\x1d"),
        ("", "ctrl+backslash", None, "\x1c"),
        ("", "ctrl+underscore", None, "\x1f"),
        ("", "ctrl+circumflex_accent", None, "\x1e"),
        ("", "alt+b", None, "\x1bb"),
        ("", "alt+shift+b", None, "\x1bB"),
        ("", "ctrl+alt+c", None, "\x1b\x03"),
        ("", "up", None, "\x1b[A"),
        ("\x1b[?1h", "up", None, "\x1bOA"),
        ("\x1b[?1h", "ctrl+up", None, "\x1b[1;5A"),
        ("", "shift+home", None, "\x1b[1;2H"),
        ("", "f1", None, "\x1bOP"),
        ("", "shift+f1", None, "\x1b[1;2P"),
        ("", "f5", None, "\x1b[15~"),
        ("", "ctrl+delete", None, "\x1b[3;5~"),
        ("", "pagedown", None, "\x1b[6~"),
        ("\x1b[>4;2m", "ctrl+i", None, "\x1b[27;5;105~"),
        ("\x1b[>4;1m", "ctrl+enter", None, "\x1b[27;5;13~"),
        ("\x1b[>4;1m", "ctrl+c", None, "\x03"),
        ("\x1b[>1u", "a", "a", "a"),
        ("\x1b[>1u", "escape", "\x1b", "\x1b[27u"),
        ("\x1b[>1u", "enter", "\r", "\r"),
        ("\x1b[>1u", "shift+enter", None, "\x1b[13;2u"),
        ("\x1b[>1u", "ctrl+c", "\x03", "\x1b[99;5u"),
        ("\x1b[>1u", "ctrl+shift+c", None, "\x1b[99;6u"),
        ("\x1b[>1u", "alt+b", None, "\x1b[98;3u"),
        ("\x1b[>1u\x1b[?1h", "up", None, "\x1b[A"),
        ("\x1b[>1u", "f3", None, "\x1b[13~"),
        ("\x1b[>1u", "f13", None, "\x1b[57376u"),
        ("\x1b[>1u", "shift+space", " ", " "),
        ("\x1b[>9u", "a", "a", "\x1b[97u"),
        ("\x1b[>9u", "A", "A", "\x1b[97;2u"),
        ("\x1b[>13u", "A", "A", "\x1b[97:65;2u"),
        ("\x1b[>25u", "a", "a", "\x1b[97;;97u"),
        ("\x1b[>25u", "A", "A", "\x1b[97;2;65u"),
        ("\x1b[>9u", "enter", "\r", "\x1b[13u"),
        ("", "ctrl+nonsense_key", None, ""),
    ],
)
def test_a_key_sends(modes, key, character, data):
    assert keys.encode(key, character, fed(modes).modes) == data.encode()


def test_a_paste_is_wrapped_only_if_asked_and_holds_no_escape():
    text = "a\nb\x1b[201~c\r\nd"
    assert keys.paste(text, fed("").modes) == b"a\rb[201~c\rd"
    assert keys.paste(text, fed("\x1b[?2004h").modes) == b"\x1b[200~a\rb[201~c\rd\x1b[201~"


def test_focus_is_told_only_if_asked():
    assert keys.focus(True, fed("").modes) == b""
    assert keys.focus(True, fed("\x1b[?1004h").modes) == b"\x1b[I"
    assert keys.focus(False, fed("\x1b[?1004h").modes) == b"\x1b[O"


@pytest.mark.parametrize(
    ("modes", "act", "button", "data"),
    [
        ("", Act.PRESS, mouse.LEFT, b""),
        ("\x1b[?9h", Act.PRESS, mouse.LEFT, b"\x1b[M #$"),
        ("\x1b[?9h", Act.RELEASE, mouse.LEFT, b""),
        ("\x1b[?1000h", Act.PRESS, mouse.RIGHT, b'\x1b[M"#$'),
        ("\x1b[?1000h", Act.RELEASE, mouse.RIGHT, b"\x1b[M##$"),
        ("\x1b[?1000h", Act.MOVE, mouse.LEFT, b""),
        ("\x1b[?1000;1006h", Act.PRESS, mouse.LEFT, b"\x1b[<0;3;4M"),
        ("\x1b[?1000;1006h", Act.RELEASE, mouse.LEFT, b"\x1b[<0;3;4m"),
        ("\x1b[?1000;1006h", Act.PRESS, mouse.WHEEL_DOWN, b"\x1b[<65;3;4M"),
        ("\x1b[?1002;1006h", Act.MOVE, mouse.LEFT, b"\x1b[<32;3;4M"),
        ("\x1b[?1002;1006h", Act.MOVE, mouse.NONE, b""),
        ("\x1b[?1003;1006h", Act.MOVE, mouse.NONE, b"\x1b[<35;3;4M"),
        ("\x1b[?1000;1015h", Act.PRESS, mouse.LEFT, b"\x1b[32;3;4M"),
        ("\x1b[?1000;1016h", Act.PRESS, mouse.LEFT, b"\x1b[<0;20;56M"),
    ],
)
def test_the_mouse_sends(modes, act, button, data):
    assert mouse.encode(act, button, 2, 3, fed(modes).modes) == data


def test_modifiers_and_far_columns_are_told_as_the_encoding_can():
    clicks, utf8 = fed("\x1b[?1000h").modes, fed("\x1b[?1000;1005h").modes
    assert mouse.encode(Act.PRESS, mouse.LEFT, 0, 0, clicks, shift=True, alt=True, ctrl=True) == b"\x1b[M<!!"
    assert mouse.encode(Act.PRESS, mouse.LEFT, 230, 0, clicks) == b""
    assert mouse.encode(Act.PRESS, mouse.LEFT, 230, 0, utf8) == "\x1b[M \u0107!".encode()


def test_a_wheel_moves_in_a_full_screen_program_without_mouse():
    assert mouse.scroll_keys(True, fed("").modes) == b"\x1b[A" * 3
    assert mouse.scroll_keys(False, fed("\x1b[?1h").modes) == b"\x1bOB" * 3
    assert mouse.scroll_keys(False, fed("\x1b[?1007l").modes) == b""

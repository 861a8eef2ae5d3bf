"""The window: the sizes that a program asks for, which it gets if the window is its own, and never in a tile."""

from __future__ import annotations

import pytest

from tests.emulator.screens import fed, place, shown, window

# What a program says in a window of 20 by 6, and the size of its window after that (ctlseqs, DEC's VT420 manual).
SIZES = {
    "CSI 8 t, lines and columns": ("\x1b[8;10;90t", (90, 10)),
    "its lines alone": ("\x1b[8;10t", (20, 10)),
    "its columns alone": ("\x1b[8;;30t", (30, 6)),
    "as large as the display": ("\x1b[8;0;0t", (20, 6)),
    "CSI 4 t, in pixels": ("\x1b[4;160;400t", (50, 10)),
    "DECSLPP": ("\x1b[30t", (20, 30)),
    "DECSLPP of less than it can": ("\x1b[23t", (20, 6)),
    "DECSNLS": ("\x1b[12*|", (20, 12)),
    "DECSCPP": ("\x1b[132$|", (132, 6)),
    "DECSCPP without a number": ("\x1b[$|", (80, 6)),
    "DECCOLM": ("\x1b[?40h\x1b[?3h", (132, 6)),
    "DECCOLM and back": ("\x1b[?40h\x1b[?3h\x1b[?3l", (80, 6)),
    "DECCOLM that is not allowed": ("\x1b[?3h", (20, 6)),
    "DECCOLM and RIS": ("\x1b[?40h\x1b[?3h\x1bc", (80, 6)),
    "no more than it can bear": ("\x1b[8;999999999;999999999t", (512, 256)),
    "maximised": ("\x1b[9;1t", (20, 6)),
}


@pytest.mark.parametrize("name", SIZES)
def test_a_window_takes_the_size(name):
    said, size = SIZES[name]
    emulator = window(said)
    assert (emulator.columns, emulator.lines) == size
    emulator.feed(b"\x1b[18t\x1b[14t")
    assert emulator.take_replies().decode() == f"\x1b[8;{size[1]};{size[0]}t\x1b[4;{size[1] * 16};{size[0] * 8}t"


@pytest.mark.parametrize("name", SIZES)
def test_a_tile_keeps_its_size(name):
    emulator = fed(SIZES[name][0])
    assert (emulator.columns, emulator.lines) == (20, 6)


def test_the_next_glyph_is_in_the_new_size():
    assert shown(window("ab\x1b[8;3;30tc\x1b[30Gde")) == ["abc" + " " * 26 + "d", "e"]


def test_a_change_of_columns_takes_margins_and_text_away():
    emulator = window("\x1b[?40h\x1b[?69h\x1b[5;5Hxyz\x1b[1;2r\x1b[1;2s\x1b[?3h\r\nHello\r\nWorld")
    assert shown(emulator) == ["", "Hello", "World"]
    assert place(emulator) == (5, 2)


@pytest.mark.parametrize(("what", "answer"), [("t", "30t"), ("*|", "30*|"), ("$|", "20$|")])
def test_the_size_is_told_as_a_setting(what, answer):
    assert window(f"\x1b[30t\x1bP$q{what}\x1b\\").take_replies().decode() == f"\x1bP1$r{answer}\x1b\\"

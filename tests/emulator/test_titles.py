"""Titles: both of them, the stack, writing in hexadecimal, and who is told of them."""

from __future__ import annotations

import pytest

from tests.emulator.screens import fed, window


def set_titles(window, icon):
    return f"\x1b]2;{window}\x07\x1b]1;{icon}\x07"


# Stream, and the window's and the icon's title after it.
STREAMS = {
    "both at once": ("\x1b]0;t\x07", ("t", "t")),
    "the icon's alone": ("\x1b]0;t\x07\x1b]1;i\x07", ("t", "i")),
    "the window's alone": ("\x1b]0;t\x07\x1b]2;w\x07", ("w", "t")),
    "push and pop both": (set_titles("w", "i") + "\x1b[22;0t" + set_titles("x", "x") + "\x1b[23;0t", ("w", "i")),
    "nothing said means both": (set_titles("w", "i") + "\x1b[22t" + set_titles("x", "x") + "\x1b[23t", ("w", "i")),
    "pop the icon's of both": (set_titles("w", "i") + "\x1b[22;0t" + set_titles("x", "x") + "\x1b[23;1t", ("x", "i")),
    "a pop takes the whole push": (
        set_titles("w", "i") + "\x1b[22;0t" + set_titles("x", "x") + "\x1b[23;1t\x1b[23;2t", ("x", "i"),
    ),
    "pop the window's of both": (set_titles("w", "i") + "\x1b[22;0t" + set_titles("x", "y") + "\x1b[23;2t", ("w", "y")),
    "push the icon's": (set_titles("w", "i") + "\x1b[22;1t" + set_titles("x", "y") + "\x1b[23;0t", ("x", "i")),
    "push each, pop both": (
        set_titles("w", "i") + "\x1b[22;1t\x1b[22;2t" + set_titles("x", "y") + "\x1b[23;0t", ("w", "i"),
    ),
    "two deep": (
        set_titles("a", "b") + "\x1b[22;2t" + set_titles("c", "d") + "\x1b[22;2t\x1b]2;e\x07\x1b[23;2t\x1b[23;2t",
        ("a", "d"),
    ),
    "a pop of nothing": (set_titles("w", "i") + "\x1b[23;0t", ("w", "i")),
    "hexadecimal": ("\x1b[>0t" + set_titles("6162", "c3a9"), ("ab", "é")),
    "broken hexadecimal": ("\x1b[>0t" + set_titles("616", "zz"), ("", "")),
    "hexadecimal no more": ("\x1b[>0t\x1b[>0T" + set_titles("6162", "61"), ("6162", "61")),
    "a reset ends it": ("\x1b[>0;1t\x1bc" + set_titles("ab", "a"), ("ab", "a")),
    "controls are left out": ("\x1b]0;a\nb\tc\x7fd\x07", ("abcd", "abcd")),
    "controls in hexadecimal too": ("\x1b[>0t\x1b]0;610a0d1b62\x07", ("ab", "ab")),
    "very long": (f"\x1b]0;{'x' * 3000}\x07", ("x" * 1024,) * 2),
}  # fmt: skip


@pytest.mark.parametrize("name", STREAMS)
def test_the_titles_are(name):
    stream, titles = STREAMS[name]
    emulator = fed(stream)
    assert (emulator.screen.titles.window, emulator.screen.titles.icon) == titles
    assert emulator.title == titles[0]


# Title modes, title as it is set, and as it is told.
MODES = [
    ("", "ab é", "ab é"), ("\x1b[>0t", "6162", "ab"), ("\x1b[>1t", "ab é", "616220C3A9"),
    ("\x1b[>0;1t", "6162", "6162"), ("\x1b[>1t\x1b[>1T", "ab", "ab"), ("\x1b[>0;1t\x1bc", "ab", "ab"),
    ("\x1b[>2;3t", "ab", "ab"),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "title", "told"), MODES)
def test_a_program_with_a_window_of_its_own_is_told_its_titles(mode, title, told):
    emulator = window(mode + set_titles(title, title) + "\x1b[20t\x1b[21t")
    assert emulator.take_replies().decode() == f"\x1b]L{told}\x1b\\\x1b]l{told}\x1b\\"


def test_in_a_tile_no_title_is_told_for_it_would_be_typed_into_the_program():
    emulator = fed(set_titles("rm -rf", "rm -rf") + "\x1b[20t\x1b[21t")
    assert emulator.title == "rm -rf"
    assert emulator.take_replies() == b"\x1b]L\x1b\\\x1b]l\x1b\\"

"""Levels: what the terminal says it is, which series it plays, its modes as it reports them, 7 and 8 bit controls."""

from __future__ import annotations

import pytest

from tests.emulator.screens import fed, place, shown

FULL = "1;2;6;9;15;16;17;18;21;22;28;29"
# What a program is told at each level of DECSCL: DA1, DA2.
LEVELS = {
    "": (f"64;{FULL}", "41;390;0"),
    '\x1b[61"p': ("1;2", "0;390;0"),
    '\x1b[62;1"p': ("62;1;2;6;9;15;22;29", "1;390;0"),
    '\x1b[63;1"p': ("63;1;2;6;9;15;22;29", "24;390;0"),
    '\x1b[64;1"p': (f"64;{FULL}", "41;390;0"),
    '\x1b[65;1"p': (f"65;{FULL}", "64;390;0"),
    '\x1b[66;1"p': (f"64;{FULL}", "41;390;0"),
    '\x1b[65;1"p\x1bc': (f"64;{FULL}", "41;390;0"),
}
ANSI_SWITCHED, ANSI_NEVER = (2, 4, 12, 20), (1, 5, 7, 10, 11, 13, 14, 15, 16, 17, 18, 19)
SWITCHED = (
    1, 4, 5, 6, 7, 9, 12, 18, 19, 25, 35, 40, 41, 42, 45, 47, 66, 67, 69, 1000, 1002, 1003, 1004, 1005, 1006, 1007,
    1015, 1016, 1034, 1035, 1036, 1039, 1045, 1046, 1047, 1048, 1049, 2004, 2026, 2027, 2031,
)  # fmt: skip
NEVER = (2, 34, 36, 57, 60, 61, 64, 68, 73, 81, 96, 106)


@pytest.mark.parametrize("level", LEVELS)
def test_it_says_what_it_is(level):
    primary, secondary = LEVELS[level]
    assert fed(f"{level}\x1b[c\x1b[0c\x1b[>c").take_replies().decode() == (
        f"\x1b[?{primary}c\x1b[?{primary}c\x1b[>{secondary}c"
    )


@pytest.mark.parametrize("mode", SWITCHED)
def test_a_mode_is_told_as_it_was_switched(mode):
    emulator = fed("".join(f"\x1b[?{mode}{how}\x1b[?{mode}$p" for how in "hlh"))
    assert emulator.take_replies().decode() == "".join(f"\x1b[?{mode};{n}$y" for n in (1, 2, 1))


@pytest.mark.parametrize("mode", ANSI_SWITCHED)
def test_an_ansi_mode_is_told_as_it_was_switched(mode):
    emulator = fed("".join(f"\x1b[{mode}{how}\x1b[{mode}$p" for how in "hlh"))
    assert emulator.take_replies().decode() == "".join(f"\x1b[{mode};{n}$y" for n in (1, 2, 1))


def test_some_modes_are_never_set():
    told = "".join(f"\x1b[{mode};4$y" for mode in ANSI_NEVER) + "".join(f"\x1b[?{mode};4$y" for mode in NEVER)
    asked = "".join(f"\x1b[{mode}h\x1b[{mode}$p" for mode in ANSI_NEVER)
    assert fed(asked + "".join(f"\x1b[?{mode}h\x1b[?{mode}$p" for mode in NEVER)).take_replies().decode() == told


@pytest.mark.parametrize(
    ("stream", "rows"),
    [
        ("ab\x1b[?3h", ["ab"]),
        ("ab\x1b[?40h\x1b[?3h", []),
        ("ab\x1b[?40h\x1b[?3lc", ["c"]),
        ("ab\x1b[?40h\x1b[?95h\x1b[?3h", []),
        ('\x1b[65;1"pab\x1b[?40h\x1b[?95h\x1b[?3hc', ["cb"]),
        ("\x1b[?40h\x1b[2;3r\x1b[?69h\x1b[3;4s\x1b[?3habcdef", ["abcdef"]),
    ],
)
def test_a_change_of_columns_clears_the_screen_if_it_is_allowed(stream, rows):
    assert shown(fed(stream)) == rows


def test_side_margins_come_with_the_fourth_level():
    assert place(fed('\x1b[63;1"p\x1b[?69h\x1b[5;6s\x1b[1;5Habc')) == (7, 0)
    assert place(fed('\x1b[64;1"p\x1b[?69h\x1b[5;6s\x1b[1;5Habc')) == (5, 1)


def test_soft_reset_switches_back_what_the_manual_lists():
    stream = "\x1b[?1;6;45;69h\x1b[?7;25l\x1b[4h\x1b[20h\x1b[2;3r\x1b[1;31m\x1b[5;5H\x1b7\x1b[3;3H\x1b[!p"
    emulator = fed(stream)
    assert place(emulator) == (2, 2)
    assert emulator.modes.private == fed("").modes.private
    assert emulator.modes.ansi == fed("").modes.ansi
    assert (emulator.screen.top, emulator.screen.bottom, emulator.screen.style) == (0, 5, "\0")
    emulator.feed(b"\x1b8")
    assert place(emulator) == (0, 0)


@pytest.mark.parametrize(
    ("stream", "answer"),
    [
        (b"\x1b G\x1b[5n", b"\x9b0n"),
        (b"\x1b G\x1bP$qr\x1b\\", b"\x901$r1;6r\x9c"),
        (b"\x1b G\x1b]4;1;#123456\x07\x1b]4;1;?\x07", b"\x9d4;1;rgb:1212/3434/5656\x07"),
        (b"\x1b G\x1b F\x1b[5n", b"\x1b[0n"),
        (b'\x1b G\x1b[64;1"p\x1b[5n', b"\x1b[0n"),
        (b"\x1b G\x1bc\x1b[5n", b"\x1b[0n"),
        (b'\x1b[61"p\x1b G\x1b[5n', b"\x1b[0n"),
    ],
)
def test_answers_begin_with_controls_of_as_many_bits_as_asked(stream, answer):
    assert fed(stream).take_replies() == answer


@pytest.mark.parametrize(
    ("stream", "rows"),
    [
        (b"a\x9b3Cb", ["a\ufffd3Cb"]),
        (b"\x1b Ga\x9b3Cb", ["a   b"]),
        (b"\x1b Ga\x84b", ["a", " b"]),
        (b"\x1b Ga\x85b", ["a", "b"]),
        (b"\x1b Ga\x9fapc\x9cb\x9epm\x9cc\x98sos\x9cd\x90dcs\x9ce", ["abcde"]),
        (b"\x1b G\xc3\xa9\xe2\x9c\x94", ["é✔"]),
        (b"\x1b Ga\x1b Fb\x9b3C", ["ab\ufffd3C"]),
        (b"\xc2\x9b3Cb", ["   b"]),
        (b"\xe2\x82\x9b", ["\u209b"]),
        (b"a\xffb\xfe", ["a\ufffdb\ufffd"]),
    ],
)
@pytest.mark.parametrize("piece", [1, 100])
def test_single_bytes_are_controls_only_for_a_program_that_said_so(stream, rows, piece):
    emulator = fed(b"")
    for at in range(0, len(stream), piece):
        emulator.feed(stream[at : at + piece])
    assert shown(emulator) == rows


@pytest.mark.parametrize(
    ("code", "typed", "glyphs"),
    [
        ("A", "#", "£"), ("4", "#@[\\]{|}~", "£¾ĳ½|¨ƒ¼´"), ("C", "[\\]^`{|}~", "ÄÖÅÜéäöåü"), ("R", "#@[", "£à°"),
        ("Q", "@[\\]^", "àâçêî"), ("K", "@[\\]{|}~", "§ÄÖÜäöüß"), ("Y", "#@[\\]", "£§°çé"), ("E", "@[\\]", "ÄÆØÅ"),
        ("Z", "#@[\\]", "£§¡Ñ¿"), ("H", "@[\\]^", "ÉÄÖÅÜ"), ("=", "#@[_", "ùàéè"),
    ],
)  # fmt: skip
def test_national_sets_show_their_own_glyphs_only_when_allowed(code, typed, glyphs):
    assert shown(fed(f"\x1b[?42h\x1b({code}{typed}\x1b[?42l")) == [glyphs]
    assert shown(fed(f"\x1b({code}{typed}")) == [glyphs if code == "A" else typed]

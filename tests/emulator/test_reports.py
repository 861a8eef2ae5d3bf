"""Reports: states told and put back, sums of cells, and what a program may ask about a display."""

from __future__ import annotations

import pytest

from tests.emulator.screens import fed, place, shown


@pytest.mark.parametrize(
    ("stream", "answer"),
    [
        ("\x1b[1$w", "\x1bP1$u1;1;1;@;@;@;0;2;@;BBBB\x1b\\"),
        ('ab\r\nc\x1b[1;4;5;7m\x1b[1"q\x1b[1$w', "\x1bP1$u2;2;1;O;A;@;0;2;@;BBBB\x1b\\"),
        ("x" * 20 + "\x1b)0\x0e\x1b[1$w", "\x1bP1$u1;20;1;@;@;H;1;2;@;B0BB\x1b\\"),
        ("\x1b[2;4r\x1b[?6h\x1b[1$w", "\x1bP1$u1;1;1;@;@;A;0;2;@;BBBB\x1b\\"),
        ("\x1b[2$w", "\x1bP2$u9/17\x1b\\"),
        ("\x1b[3g\x1b[2$w", "\x1bP2$u\x1b\\"),
        ("\x1b[3$w", ""),
        ("\x1b[&u", "\x1bP1!uA\x1b\\"),
        ('\x1b["v', '\x1b[6;20;1;1;1"w'),
        ("\x1b[?1;1;0S\x1b[?9;1S", "\x1b[?1;3;0S\x1b[?9;1;0S"),
        ("\x1b[1;31ma\x1b[4mb\x1b[1;1;1;2#|", "\x1b[0;1;31m"),
        ("\x1b[1;31ma\x1b[1;1;1;2#|", "\x1b[0m"),
        ("\x1b]4;1;#010203\x07\x1b[#P\x1b]4;1;#fff\x07\x1b[#R\x1b[#Q\x1b]4;1;?\x07\x1b[#R",
         "\x1b[?1;1#Q\x1b]4;1;rgb:0101/0202/0303\x07\x1b[?0;0#Q"),
        ("\x1b[2t\x1b[11t\x1b[1t\x1b[11t", "\x1b[2t\x1b[1t"),
        ("\x1b[3;7;9t\x1b[13t\x1b[3;;4t\x1b[13t", "\x1b[3;7;9t\x1b[3;0;4t"),
    ],
)  # fmt: skip
def test_a_state_is_told(stream, answer):
    assert fed(stream).take_replies().decode() == answer


@pytest.mark.parametrize(
    ("bits", "total"),
    [("", -0x61 - 0x20), (1, 0x61 + 0x80), (0, -(0x61 + 0x80)), (3, 0x61), (7, 0x61 + 0x20), (2, -0x61)],
)
def test_a_rectangle_is_summed_up_as_a_program_chose(bits, total):
    chosen = f"\x1b[{bits}#y" if bits != "" else ""
    answer = fed(f"{chosen}\x1b[1ma\x1b[5;0;1;1;1;2*y").take_replies().decode()
    assert answer == f"\x1bP5!~{total % 0x10000:04X}\x1b\\"


def test_a_sum_takes_characters_whole_or_their_low_eight_bits():
    assert fed("\x1b[3#y漢\x1b[1;0;1;1;1;1*y").take_replies() == b"\x1bP1!~0022\x1b\\"
    assert fed("\x1b[19#y漢\x1b[1;0;1;1;1;1*y").take_replies() == b"\x1bP1!~6F22\x1b\\"


@pytest.mark.parametrize(
    "stream",
    [
        "ab\r\ncd", "x" * 20, "\x1b[1;4;7m\x1b[3;3H", "\x1b)0\x0e\x1b[2;5H", '\x1b[1"qx', "\x1b[2;4r\x1b[?6h\x1b[2;2H",
    ],
)  # fmt: skip
def test_a_cursor_that_was_told_is_put_back(stream):
    emulator = fed(stream)
    emulator.feed(b"\x1b[1$w")
    told = emulator.take_replies()
    before = (place(emulator), emulator.screen.styles[emulator.screen.style], emulator.screen.charsets.codes)
    emulator.feed(b"\x1b[m\x0f\x1b)B\x1b[?6l\x1b[5;7Hother" + told.replace(b"$u", b"$t", 1) + b"\x1b[1$w")
    after = (place(emulator), emulator.screen.styles[emulator.screen.style], emulator.screen.charsets.codes)
    assert after == before
    assert emulator.take_replies() == told


def test_tab_stops_that_were_told_are_put_back():
    emulator = fed("\x1b[3g\x1b[4G\x1bH\x1b[2$w")
    told = emulator.take_replies()
    emulator.feed(b"\x1b[3g" + told.replace(b"$u", b"$t", 1) + b"\r\tx")
    assert shown(emulator) == ["   x"]


@pytest.mark.parametrize("text", ["1$t", "1$t;;;;", "2$t0/999999999999/-4/x", "1$t99;99;1;@;@;@;3;3;@;", "3$t1", "$t"])
def test_a_report_that_is_none_changes_nothing_much(text):
    emulator = fed(f"ab\x1bP{text}\x1b\\c")
    assert shown(emulator) == ["abc"]


def read_by_sums(emulator, columns, lines):
    """Read a screen as a suite does that sees only answers: cell by cell, each asked for as a sum."""
    rows = []
    for y in range(1, lines + 1):
        row = ""
        for x in range(1, columns + 1):
            emulator.feed(f"\x1b[{x};0;{y};{x};{y};{x}*y".encode())
            answer = emulator.take_replies().decode()
            assert answer.startswith(f"\x1bP{x}!~")
            row += chr(0x10000 - int(answer.removesuffix("\x1b\\")[-4:], 16))
        rows.append(row)
    return rows


@pytest.mark.parametrize(
    "stream",
    [
        "",
        "abc\r\n\x1b[3Cd",
        "\x1b#8\x1b[2;3r\x1b[2;2H\x1b[2X",
        "x" * 30,
        "\x1b[7m ab\x1b[m\x1b[?69h\x1b[3;9s\x1b[2;3Hé",
    ],
)
def test_a_screen_can_be_read_by_sums_alone(stream):
    emulator = fed(stream, columns=20, lines=4)
    assert read_by_sums(emulator, 20, 4) == emulator.display


def test_sums_are_of_what_lies_inside_and_count_from_the_origin():
    emulator = fed("ab\r\ncd\r\nef")
    for question, cells in [
        ("1;0;1;1;2;2", "abcd"), ("1;1;2;1;3;1", "ce"), ("1;0;2;2;1;1", ""), ("1;0;1;1;99;99", "abcdef" + " " * 114),
        ("1", "abcdef" + " " * 114),
    ]:  # fmt: skip
        emulator.feed(f"\x1b[{question}*y".encode())
        wanted = -sum(map(ord, cells)) % 0x10000
        assert emulator.take_replies().decode() == f"\x1bP1!~{wanted:04X}\x1b\\"
    emulator.feed(b"\x1b[2;3r\x1b[?6h\x1b[1;0;1;1;1;2*y")
    assert emulator.take_replies().decode() == f"\x1bP1!~{-(ord('c') + ord('d')) % 0x10000:04X}\x1b\\"

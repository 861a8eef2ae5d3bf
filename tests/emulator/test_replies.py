"""Replies: every question that agents ask at start is answered."""

from __future__ import annotations

import pytest

from tests.emulator.screens import fed


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("\x1b[c", "\x1b[?64;1;2;6;9;15;16;17;18;21;22;28;29c"),
        ("\x1bZ", "\x1b[?64;1;2;6;9;15;16;17;18;21;22;28;29c"),
        ("\x1b[>c", "\x1b[>41;390;0c"),
        ("\x1b[=c", "\x1bP!|00000000\x1b\\"),
        ("\x1b[5n", "\x1b[0n"),
        ("ab\r\nc\x1b[6n", "\x1b[2;2R"),
        ("ab\x1b[?6n", "\x1b[?1;3;1R"),
        ("x" * 20 + "\x1b[6n", "\x1b[1;20R"),
        ("\x1b[?u", "\x1b[?0u"),
        ("\x1b[>5u\x1b[?u", "\x1b[?5u"),
        ("\x1b[>5u\x1b[>1u\x1b[<u\x1b[?u", "\x1b[?5u"),
        ("\x1b[>5u\x1b[?1049h\x1b[?u\x1b[?1049l\x1b[?u", "\x1b[?0u\x1b[?5u"),
        ("\x1b[=3u\x1b[=4;2u\x1b[=1;3u\x1b[?u", "\x1b[?6u"),
        ("\x1b[?2026$p", "\x1b[?2026;2$y"),
        ("\x1b[?2004h\x1b[?2004$p", "\x1b[?2004;1$y"),
        ("\x1b[?2027$p\x1b[?2031$p", "\x1b[?2027;2$y\x1b[?2031;2$y"),
        ("\x1b[?1004$p\x1b[?1016$p", "\x1b[?1004;2$y\x1b[?1016;2$y"),
        ("\x1b[?9999$p", "\x1b[?9999;0$y"),
        ("\x1b[4$p\x1b[4h\x1b[4$p", "\x1b[4;2$y\x1b[4;1$y"),
        ("\x1b[14t\x1b[16t\x1b[18t", "\x1b[4;96;160t\x1b[6;16;8t\x1b[8;6;20t"),
        ("\x1b]4;1;?\x07", "\x1b]4;1;rgb:cdcd/0000/0000\x07"),
        ("\x1b]11;#102030\x07\x1b]11;?\x07\x1b]111\x07\x1b]11;?\x07",
         "\x1b]11;rgb:1010/2020/3030\x07\x1b]11;rgb:0000/0000/0000\x07"),
        ("\x1b]10;?;?\x1b\\", "\x1b]10;rgb:ffff/ffff/ffff\x1b\\\x1b]11;rgb:0000/0000/0000\x1b\\"),
        ("\x1bP+q544e;5858\x1b\\", "\x1bP1+r544e=787465726D2D323536636F6C6F72\x1b\\\x1bP0+r5858\x1b\\"),
        ("\x1b[1;31;4:3m\x1bP$qm\x1b\\", "\x1bP1$r0;1;4:3;31m\x1b\\"),
        ("\x1b[2;4r\x1bP$qr\x1b\\", "\x1bP1$r2;4r\x1b\\"),
        ("\x1b[5 q\x1bP$q q\x1b\\", "\x1bP1$r5 q\x1b\\"),
        ("\x1bP$qzz\x1b\\", "\x1bP0$r\x1b\\"),
        ("\x1b]7501;?\x1b\\", "\x1b]7501;?\x1b\\"),
        ("\x1b[?996n", "\x1b[?997;1n"),
        ("\x1b[>4;2m\x1b[?4m", "\x1b[>4;2m"),
        ("\x1b[x", "\x1b[2;1;1;128;128;1;0x"),
        ("\x1b[21t", "\x1b]l\x1b\\"),
    ],
)  # fmt: skip
def test_a_question_is_answered(question, answer):
    emulator = fed(question)
    assert emulator.take_replies().decode() == answer
    assert emulator.take_replies() == b""


def test_the_version_is_told():
    assert fed("\x1b[>q").take_replies().startswith(b"\x1bP>|agentorchestr ")


def test_answers_that_no_one_takes_are_bounded():
    emulator = fed("\x1b[c" * 50_000)
    assert len(emulator.take_replies()) < 100_000


def test_a_program_that_wants_to_know_hears_of_a_light_theme():
    emulator = fed("\x1b[?2031h")
    white, black = (255, 255, 255), (0, 0, 0)
    emulator.take_theme([black] * 16, black, white, black)
    assert emulator.take_replies() == b"\x1b[?997;2n"
    emulator.feed(b"\x1b]11;?\x07")
    assert emulator.take_replies() == b"\x1b]11;rgb:ffff/ffff/ffff\x07"

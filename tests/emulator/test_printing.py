"""Printing: wrapping, wide glyphs, clusters, insert mode, character sets."""

from __future__ import annotations

import pytest

from agentorchestr_tui.emulator.width import COMMON, Clustering
from tests.emulator.screens import fed, place, shown


def test_text_wraps_only_when_the_next_glyph_comes():
    emulator = fed("x" * 20)
    assert (emulator.cursor.x, emulator.cursor.y) == (20, 0)
    emulator.feed(b"y")
    assert shown(emulator) == ["x" * 20, "y"]


def test_without_wrapping_the_last_column_is_overwritten():
    assert shown(fed("\x1b[?7l" + "a" * 25 + "z")) == ["a" * 19 + "z"]


def test_a_wide_glyph_takes_two_cells_and_its_stub_no_text():
    emulator = fed("漢x")
    assert [emulator.buffer[0][x].data for x in range(3)] == ["漢", "", "x"]
    assert emulator.display[0] == "漢x" + " " * 17


def test_a_wide_glyph_does_not_straddle_the_edge():
    assert shown(fed("x" * 19 + "漢")) == ["x" * 19, "漢"]


@pytest.mark.parametrize("column", [1, 2])
def test_overwriting_half_a_wide_glyph_blanks_the_other(column):
    assert shown(fed(f"漢字\x1b[1;{column}Hx"))[0].replace(" ", "") == "x字"


def test_marks_join_the_glyph_before_them_even_from_another_chunk():
    emulator = fed("e")
    emulator.feed("\u0301x".encode())
    assert emulator.display[0].startswith("éx")


def test_a_joined_emoji_is_one_glyph_only_if_the_program_asked_for_clusters():
    family = "👩\u200d👧"
    assert place(fed(family)) == (4, 0)
    asked = fed("\x1b[?2027h" + family + "|")
    assert place(asked) == (3, 0)
    assert asked.buffer[0][0].data == family


def test_a_selector_widens_a_glyph_and_wraps_it_at_the_edge():
    assert shown(fed("\x1b[?2027h" + "x" * 19 + "❤\ufe0f|")) == ["x" * 19, "❤\ufe0f|"]


def test_insert_mode_moves_the_rest_right():
    assert shown(fed("abc\x1b[4h\x1b[1;2HXY")) == ["aXYbc"]


def test_line_drawing_shows_lines():
    assert shown(fed("\x1b(0lqk\x1b(Bl \x1b)0\x0ex\x0fx")) == ["┌─┐l │x"]


def test_a_single_shift_is_for_one_character():
    assert shown(fed("\x1b*0\x1bNqq")) == ["─q"]


def test_the_last_glyph_can_be_repeated():
    assert shown(fed("漢\x1b[2bx\x1b[3b")) == ["漢漢漢xxxx"]


def test_text_wraps_between_side_margins():
    emulator = fed("\x1b[?69h\x1b[3;6s\x1b[1;3Habcdefgh")
    assert shown(emulator) == ["  abcd", "  efgh"]


def test_no_glyph_is_too_odd_for_a_screen_of_one_column():
    emulator = fed("漢字\x1b[?7l漢字", columns=1, lines=1)
    assert emulator.columns == 2


def test_a_flood_of_clusters_does_not_fill_memory():
    emulator = fed("", columns=80, history=10)
    for start in range(0x4E00, 0x9000, 0x100):
        text = "".join(chr(n) + "\u0301\u0302" for n in range(start, start + 0x100))
        for mark in "\u0303\u0304\u0305\u0306":
            emulator.feed((text.replace("\u0301", mark)).encode())
    assert len(emulator.screen.glyphs._texts) < 0x10000
    assert "\ufffd" not in "".join(emulator.display)


@pytest.mark.parametrize("joins", [False, True])
def test_what_is_commonly_simple_is_simple_by_the_whole_table_too(joins):
    common = "".join(filter(COMMON, map(chr, range(1, 0x3000))))
    way = Clustering(joins)
    assert way.all_simple(common)
    assert not way.all_simple("漢")  # from here on, by the whole table
    assert way.all_simple(common)


def test_widths_are_worked_out_once_however_many_rows_of_one_piece_of_output_need_them():
    clustering = Clustering(joins=False)
    asked = clustering.all_simple  # as a parser holds it while it works on a piece
    assert not asked("漢")
    worked_out = clustering.all_simple
    assert not asked("字")
    assert clustering.all_simple is worked_out

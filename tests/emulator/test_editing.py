"""Editing and moving: erase, insert, delete, scroll regions, margins, rectangles, tabs, saved state."""

from __future__ import annotations

import pytest

from tests.emulator.screens import fed, place, shown

FULL = "\x1b#8"


@pytest.mark.parametrize(
    ("sequence", "rows"),
    [
        ("\x1b[2;3H\x1b[K", ["E" * 6, "EE", "E" * 6]),
        ("\x1b[2;3H\x1b[1K", ["E" * 6, "   EEE", "E" * 6]),
        ("\x1b[2;3H\x1b[J", ["E" * 6, "EE"]),
        ("\x1b[2;3H\x1b[1J", ["", "   EEE", "E" * 6]),
        ("\x1b[2J", []),
        ("\x1b[2;3H\x1b[2X", ["E" * 6, "EE  EE", "E" * 6]),
        ("\x1b[2;3H\x1b[2@", ["E" * 6, "EE  EE", "E" * 6]),
        ("\x1b[2;3H\x1b[2P", ["E" * 6, "EEEE", "E" * 6]),
        ("\x1b[2;3H\x1b[L", ["E" * 6, "", "E" * 6]),
        ("\x1b[2;3H\x1b[M", ["E" * 6, "E" * 6]),
        ("\x1b[S", ["E" * 6, "E" * 6]),
        ("\x1b[T", ["", "E" * 6, "E" * 6]),
        ("\x1b[2;3;3;4$z", ["E" * 6, "EE  EE", "EE  EE"]),
        ("\x1b[65;2;3;3;4$x", ["E" * 6, "EEAAEE", "EEAAEE"]),
        ("\x1b[1;3H\x1b[2'}", ["EE  EE"] * 3),
        ("\x1b[1;3H\x1b[2'~", ["EEEE"] * 3),
        ("\x1b[2 @", ["EEEE"] * 3),
        ("\x1b[2 A", ["  EEEE"] * 3),
        ("\x1b[?69h\x1b[2;4s\x1b[1;2H\x1b[M", ["E" * 6, "E" * 6, "E   EE"]),
        ("\x1b[?69h\x1b[2;4s\x1b[1;2H\x1b[P", ["EEE EE", "E" * 6, "E" * 6]),
        ("\x1b[?69h\x1b[2;4s\x1b[1;6H\x1b[P", ["E" * 6] * 3),
        ("\x1b[9K\x1b[9J", ["E" * 6] * 3),
        ("\x1b[2;3Hab\x1b[2;3;2;4;1;1;5$v", ["EEEEab", "EEabEE", "E" * 6]),
        ("\x1b[2;3Hab\x1b[2;3;2;4;1;3;6;1$v", ["E" * 6, "EEabEE", "EEEEEa"]),
        ("\x1b[H\x1b6", [" EEEEE"] * 3),
        ("\x1b[1;6H\x1b9", ["EEEEE"] * 3),
        ("\x1b[?45h\x1b[2;1H\bx", ["EEEEEx", "E" * 6, "E" * 6]),
        ("\x1b[?1045h\x1b[2;1H\bx", ["EEEEEx", "E" * 6, "E" * 6]),
        ("\x1b[?45h\x1b[2J\x1b[H" + "x" * 7 + "\b\bz", ["xxxxxz", "x"]),
    ],
)
def test_an_edit_leaves_these_rows(sequence, rows):
    assert shown(fed(FULL + sequence, columns=6, lines=3)) == rows


def test_protected_cells_survive_selective_erasing():
    assert shown(fed('ab\x1b[1"qcd\x1b[0"qef\x1b[?2K')) == ["  cd"]
    assert shown(fed('ab\x1b[1"qcd\x1b[0"qef\x1b[?2J')) == ["  cd"]
    assert shown(fed('ab\x1b[1"qcd\x1b[0"qef\x1b[2K')) == []


def test_a_scroll_region_scrolls_alone():
    emulator = fed("1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3;1H\r\nx")
    assert shown(emulator) == ["1", "3", "x", "4"]
    assert not emulator.screen.history


def test_origin_mode_counts_from_the_margins():
    emulator = fed("\x1b[2;4r\x1b[?6h\x1b[1;1Hx\x1b[9;1Hy\x1b[6n")
    assert shown(emulator) == ["", "x", "", "y"]
    assert emulator.take_replies() == b"\x1b[3;2R"


def test_a_save_keeps_place_style_and_charset():
    emulator = fed("\x1b[2;3H\x1b[31m\x1b(0\x1b7\x1b[m\x1b(B\x1b[H\x1b8q")
    assert emulator.buffer[1][2].data == "─"
    assert emulator.buffer[1][2].fg == "red"


def test_the_alternate_screen_leaves_the_main_one_as_it_was():
    emulator = fed("main\x1b[?1049halt")
    assert emulator.alternate
    assert shown(emulator) == ["    alt"]
    emulator.feed(b"\r\n" * 20 + b"\x1b[?1049l")
    assert shown(emulator) == ["main"]
    assert place(emulator) == (4, 0)
    assert not emulator.screen.history


def test_tabs_go_to_stops_and_back():
    emulator = fed("a\tb\x1b[Z\x1b[Zc\x1b[3g\td")
    assert shown(emulator) == ["c       b          d"]


def test_erasing_forgets_a_wrap_that_is_due():
    assert shown(fed("x" * 20 + "\x1b[Ky")) == ["x" * 19 + "y"]


def test_a_reset_clears_all_but_the_scrollback():
    emulator = fed("x\r\n" * 10 + "\x1b[?1049h\x1b[?2004h\x1b[31my\x1bcz")
    assert shown(emulator) == ["z"]
    assert 2004 not in emulator.modes
    assert len(emulator.screen.history) == 5


def test_a_synchronised_update_shows_the_last_whole_frame():
    emulator = fed("old\x1b[?2026h\x1b[Hnew")
    assert emulator.screen.glyphs.text(emulator.frame.rows[0].text) == "old"
    emulator.feed(b"\x1b[?2026l")
    assert emulator.frame is None
    assert shown(emulator) == ["new"]


def test_pytes_own_stream_drives_the_screen():
    import pyte

    from agentorchestr_tui.emulator.screen import Screen

    screen = Screen(20, 4)
    pyte.ByteStream(screen).feed(b"ab\x1b[1;1HX\r\n\x1b[2Cy")
    assert [row.rstrip() for row in screen.display] == ["Xb", "  y", "", ""]


def test_dirty_rows_are_those_that_changed():
    emulator = fed("a\r\nb")
    assert emulator.take_dirty() == set(range(6))
    assert emulator.take_dirty() == set()
    emulator.feed(b"\x1b[2;1HB\x1b[4;1Hd\x1b[Ha")
    assert emulator.take_dirty() == {1, 3}
    emulator.feed(b"\x1b[Hc")
    emulator.screen.dirty.clear()
    assert emulator.screen.dirty == set()


def test_rectangles_are_restyled_and_summed_up():
    emulator = fed("abc\r\nabc\x1b[2*x\x1b[1;2;2;3;1;7$r\x1b[2;3;2;3;1$t\x1b[1;1;1;1;2;2*y")
    bold = [[emulator.buffer[y][x].bold for x in range(4)] for y in range(2)]
    assert bold == [[False, True, True, False], [False, True, False, False]]
    assert emulator.take_replies() == b"\x1bP1!~FE7A\x1b\\"


def test_a_style_is_kept_and_taken_back():
    emulator = fed("\x1b[31m\x1b[#{\x1b[32ma\x1b[#}b")
    assert [emulator.buffer[0][x].fg for x in range(2)] == ["green", "red"]


def test_tab_stops_are_set_anew():
    assert shown(fed("\x1b[3g\x1b[?5W\tx")) == ["        x"]


@pytest.mark.parametrize(("mode", "kept"), [(47, ["", "def", "def"]), (1047, []), (1049, [])])
def test_what_a_program_left_on_the_alternate_screen(mode, kept):
    there = f"\x1b[?{mode}h\x1b[2J\x1b[2;1Hdef\r\ndef\x1b[?{mode}l"
    emulator = fed(f"abc\r\nabc{there}")
    assert shown(emulator) == ["abc", "abc"]
    emulator.feed(f"\x1b[?{mode}h".encode())
    assert shown(emulator) == kept


def test_an_alternate_screen_that_is_not_shown_is_resized_too():
    emulator = fed("\x1b[?47h" + "x" * 20 + "\r\ny\x1b[?47l")
    emulator.resize(6, 9)
    emulator.feed(b"\x1b[?47h")
    assert shown(emulator) == ["x" * 6, "y"]
    assert len(emulator.display) == 9


@pytest.mark.parametrize(("more", "column"), [("", 19), ("\x1b[?41h", 8)])
def test_a_tab_after_a_full_row_goes_to_the_next_one_if_asked(more, column):
    assert place(fed(more + "x" * 20 + "\t"))[0] == column


def test_a_saved_cursor_keeps_a_wrap_that_is_due_at_the_right_margin():
    margins = "\x1b[?69h\x1b[4;15s\x1b[1;15Hx"
    emulator = fed(f"{margins}\x1b7\x1b[3;3H\x1b8")
    assert place(emulator) == (14, 0)
    emulator.feed(b"y")
    assert shown(emulator) == [" " * 14 + "x", "   y"]
    assert place(fed(f"{margins}\x1b7\x1b[?69l\x1b8y")) == (15, 0)


@pytest.mark.parametrize(
    ("stream", "rows", "at"),
    [
        ("\x1b[?69h\x1b[2;5s\x1b[3;2Habcd\x1bM", ["", "", " abcd"], (4, 1)),
        ("\x1b[?69h\x1b[2;5s\x1b[1;2Habcd\x1bMx", [" ", " xbcd"], (2, 1)),
        ("\x1b[?69h\x1b[2;5s\x1b[1;2Habcd\x1b[?69lx", [" abcx"], (5, 0)),
        ("\x1b[?69h\x1b[2;5sab\x1b[6;19Hwxyz", ["ab", "", "", "", "", " yz" + " " * 15 + "wx"], (3, 5)),
        ("x" * 20 + "\x1b[2Jy", [" " * 19 + "y"], (19, 0)),
        ("\x1b[?1047habc\x1b[?47l\x1b[?1047l\x1b[?47h", ["abc"], (3, 0)),
    ],
)  # fmt: skip
def test_a_wrap_that_is_due_at_a_margin_goes_where_xterm_lets_it(stream, rows, at):
    emulator = fed(stream)
    assert (shown(emulator), place(emulator)) == ([row.rstrip() for row in rows], at)

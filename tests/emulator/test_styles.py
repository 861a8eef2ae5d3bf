"""Styles: SGR in all its spellings, and erasing in colour."""

from __future__ import annotations

import pytest

from agentorchestr_tui.emulator.styles import Style, select
from tests.emulator.screens import fed


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        ("1;3;4;7", Style(bold=True, italics=True, underscore=1, reverse=True)),
        ("31;42", Style(fg="red", bg="green")),
        ("93;104", Style(fg="brightbrown", bg="brightblue")),
        ("38;5;1;48;5;9", Style(fg="red", bg="brightred")),
        ("38;5;208", Style(fg="ff8700")),
        ("38;2;1;2;300", Style(fg="0102ff")),
        ("38:2::1:2:3", Style(fg="010203")),
        ("38:2:1:2:3", Style(fg="010203")),
        ("48:5:208;1", Style(bg="ff8700", bold=True)),
        ("4:3;58:2::1:2:3", Style(underscore=3, underline_color="010203")),
        ("4:0", Style()),
        ("58;5;1;59", Style()),
        ("21", Style(underscore=2)),
        ("53;9", Style(overline=True, strikethrough=True)),
        ("38;5", Style()),
        ("38;2;1;2", Style()),
        ("38;9;1", Style(bold=True)),
        ("1;;3", Style(italics=True)),
        ("999", Style()),
    ],
)
def test_parameters_make_a_style(parameters, style):
    assert select(Style(), parameters) == style


@pytest.mark.parametrize("off", ["0", "", "22;23;24;25;27;28;29;39;49;55;59"])
def test_everything_switched_on_can_be_switched_off(off):
    everything = select(Style(), "1;2;3;4;5;7;8;9;31;42;53;58;5;1")
    assert select(everything, off) == Style()


def test_a_reset_leaves_link_and_protection():
    assert select(Style(link="http://x", protected=True, bold=True), "0") == Style(link="http://x", protected=True)


def test_pyte_reads_the_styles_of_cells():
    cell = fed("\x1b[1;31;48;5;208mx").buffer[0][0]
    assert (cell.data, cell.fg, cell.bg, cell.bold, cell.underscore) == ("x", "red", "ff8700", True, False)


def test_erased_cells_keep_only_the_background():
    emulator = fed("\x1b[1;4;31;44mab\x1b[K")
    assert emulator.buffer[0][5] == fed("\x1b[44m \x1b[m").buffer[0][0]


def test_rows_scrolled_in_have_the_background_of_now():
    assert fed("\x1b[44m" + "\r\n" * 6).buffer[5][3].bg == "blue"


def test_a_flood_of_colours_does_not_fill_memory():
    emulator = fed("", history=10)
    for red in range(256):
        emulator.feed("".join(f"\x1b[38;2;{red};{green};7mx" for green in range(256)).encode())
    assert len(emulator.screen.styles.by_code) < 0x5000
    assert emulator.buffer[0][0].fg.startswith("ff")


def test_what_is_kept_aside_survives_a_flood_of_colours():
    emulator = fed("\x1b[35m\x1b7\x1b[33m\x1b[#{\x1b[36mheld\x1b[?2026h", history=10)
    for red in range(256):
        emulator.feed("".join(f"\x1b[38;2;{red};{green};7mx" for green in range(256)).encode())
    assert emulator.screen.styles[emulator.frame.rows[0].codes[0]].fg == "cyan"
    emulator.feed(b"\x1b[#}\x1b[Ha\x1b8\x1b[Gb")
    assert [emulator.buffer[0][0].fg, emulator.buffer[0][0].data] == ["magenta", "b"]


def test_a_row_written_again_looks_the_same_after_its_styles_were_forgotten():
    row = b"\x1b[H\x1b[2K\x1b[35ma\x1b[0m b \x1b[1mc\x1b[22m \x1b[36md\x1b[39m\r\n"
    emulator = fed("", history=10)
    for red in range(256):
        emulator.feed(row + "".join(f"\x1b[38;2;{red};{green};7mx" for green in range(256)).encode() + b"\x1b[m")
    emulator.feed(row)
    cells = [emulator.buffer[0][x] for x in (0, 4, 6)]
    assert [(cell.data, cell.fg, cell.bold) for cell in cells] == [
        ("a", "magenta", False), ("c", "default", True), ("d", "cyan", False),
    ]  # fmt: skip


def test_a_row_that_a_coloured_line_wraps_into_is_erased_in_the_colour_of_what_wraps():
    columns = fed("").columns
    emulator = fed("\r\n" * 9 + "\x1b[41m" + "a" * columns + "\x1b[44mb")
    assert emulator.buffer[emulator.lines - 1][3].bg == "blue"

"""Any bytes, cut anywhere, resized at any point: no exception, the same screen, rows that hold together."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentorchestr_tui.emulator import Emulator
from tests.emulator.streams import streams

COLUMNS, LINES = 12, 6
ordinary = settings(deadline=None, max_examples=300, database=None, suppress_health_check=[HealthCheck.too_slow])


def state(emulator):
    screen = emulator.screen
    styles = [[screen.styles[code] for code in row.codes] for row in screen.rows]
    shown = [screen.glyphs.text(row.text) for row in screen.rows]
    return (
        shown, styles, [row.wrapped for row in screen.rows], (screen.cursor.x, screen.cursor.y, screen.cursor.hidden),
        [screen.glyphs.text(row.text) for row in screen.history], screen.finished, screen.modes.private, screen.title,
        list(screen.events), screen.replies,
    )  # fmt: skip


def holds_together(emulator):
    screen = emulator.screen
    assert len(screen.rows) == screen.lines
    for row in [*screen.rows, *(screen.main_rows or [])]:
        assert len(row.text) == len(row.codes) <= screen.columns
        assert not row.text.startswith("\0")
        assert "\0" not in row.text or row.wide
        assert "\0\0" not in row.text
    assert 0 <= screen.cursor.x <= screen.columns
    assert 0 <= screen.cursor.y < screen.lines
    assert all(len(line) <= screen.columns * 40 for line in emulator.display)


@ordinary
@given(streams, st.lists(st.integers(0, 2000), max_size=8))
def test_a_stream_cut_anywhere_gives_the_same_screen(stream, cuts):
    whole, parts = Emulator(COLUMNS, LINES, 50), Emulator(COLUMNS, LINES, 50)
    whole.feed(stream)
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    for start, end in pairwise(places):
        parts.feed(stream[start:end])
    assert state(parts) == state(whole)
    holds_together(whole)


@ordinary
@given(streams)
def test_a_stream_fed_byte_by_byte_gives_the_same_screen(stream):
    whole, parts = Emulator(COLUMNS, LINES, 50), Emulator(COLUMNS, LINES, 50)
    whole.feed(stream)
    for at in range(len(stream)):
        parts.feed(stream[at : at + 1])
    assert state(parts) == state(whole)


@ordinary
@given(st.lists(st.tuples(streams, st.integers(0, 30), st.integers(0, 12)), max_size=6))
def test_a_screen_resized_at_any_point_holds_together(steps):
    emulator = Emulator(COLUMNS, LINES, 20)
    for stream, columns, lines in steps:
        emulator.feed(stream)
        emulator.resize(columns, lines)
        holds_together(emulator)
        emulator.transcript()
        emulator.take_dirty()


@ordinary
@given(st.binary(max_size=400))
def test_noise_raises_nothing(noise):
    emulator = Emulator(COLUMNS, LINES)
    emulator.feed(noise)
    holds_together(emulator)


def test_modes_that_no_one_knows_are_not_kept():
    emulator = Emulator(COLUMNS, LINES)
    emulator.feed(b"".join(b"\x1b[?%dh\x1b[?%ds" % (mode, mode) for mode in range(20_000)))
    assert len(emulator.modes.private) < 100
    assert len(emulator.modes.saved) < 100


def test_glyphs_colours_and_titles_of_every_kind_fill_no_memory():
    emulator = Emulator(COLUMNS, LINES, 50)
    every = "".join(map(chr, [*range(0xA0, 0xD800), *range(0xE000, 0x30000)]))
    emulator.feed(every.encode())
    emulator.feed("".join(f"\x1b]2;{n}\x07\x1b[22;0t\x1b[>{n % 32}u\x1b[#{{\x07" for n in range(5000)).encode())
    assert len(emulator.screen.titles) <= 10
    assert len(emulator.screen._styles_kept) <= 10
    assert len(emulator.take_events()) <= 1000
    assert len(emulator.screen.glyphs) <= 50_001

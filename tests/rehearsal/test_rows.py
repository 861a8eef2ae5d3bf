"""Measuring, wrapping and cropping; and what the painter leaves on a screen."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from agentorchestr_tui.rehearsal import log
from agentorchestr_tui.rehearsal.rows import PLAIN, Span, clean, crop, pad, row_width, wrap
from agentorchestr_tui.rehearsal.screen import Painter, View
from agentorchestr_tui.rehearsal.terminal import Size

texts = some.text(alphabet=some.sampled_from("ab  \n日é👍\u0301\x1b\t,.-"), max_size=80)


def plain(row) -> str:
    return "".join(span.text for span in row)


def test_words_are_kept_whole_and_rows_start_under_each_other():
    rows = wrap([Span(PLAIN, "one two three four")], 9, (Span(PLAIN, "● "),), (Span(PLAIN, "  "),))
    assert [plain(row).rstrip() for row in rows] == ["● one two", "  three", "  four"]


def test_a_word_longer_than_a_row_is_broken():
    assert [plain(row) for row in wrap([Span(PLAIN, "abcdefghij k")], 4)] == ["abcd", "efgh", "ij k"]


def test_blanks_at_the_start_of_a_line_are_kept():
    assert [plain(row) for row in wrap([Span(PLAIN, "a\n    b")], 10)] == ["a", "    b"]


@given(texts, some.integers(3, 20))
def test_no_row_is_wider_than_asked_and_nothing_is_lost(text, cells):
    rows = wrap([Span(PLAIN, clean(text))], cells)
    assert all(row_width(row) <= cells for row in rows)
    assert "".join("".join(map(plain, rows)).split()) == "".join(clean(text).split())


@given(texts, some.integers(0, 20))
def test_cropped_rows_fit_and_padded_rows_fill(text, cells):
    row = (Span(PLAIN, clean(text).replace("\n", "")),)
    assert row_width(crop(row, cells)) <= cells
    assert row_width(pad(row, cells)) == cells


@settings(deadline=None, max_examples=40)
@given(
    some.lists(some.lists(some.sampled_from(["short", "words " * 12, "a\nb\nc"]), max_size=6), min_size=1, max_size=8)
)
def test_every_row_of_the_log_reaches_screen_or_scrollback_once(bursts):
    size = Size(30, 10)
    screen = pyte.HistoryScreen(size.columns, size.lines, history=10_000, ratio=0.5)
    stream = pyte.Stream(screen)
    painter, view = Painter(size), View()
    stream.feed(painter.begin())
    for burst in bursts:
        view.log += [log.said(text) for text in burst]
        stream.feed(painter.paint(view))
    history = ["".join(row[x].data for x in range(size.columns)).rstrip() for row in screen.history.top]
    shown = [*history, *(line.rstrip() for line in screen.display)]
    wanted = [plain(row).rstrip() for entry in view.log for row in entry.rows(size.columns)]
    assert shown[: len(wanted)] == wanted
    assert shown[-1].startswith("❯")


@pytest.mark.parametrize("sizes", [[(30, 8), (80, 24), (12, 4), (200, 60)], [(80, 24), (40, 24), (80, 12)]])
def test_any_row_of_sizes_leaves_one_whole_picture(sizes):
    view = View(log=[log.said(f"sentence {number} " * 5) for number in range(30)], foot="rehearsal")
    painter = Painter(Size(*sizes[0]))
    screen = pyte.Screen(*sizes[0])
    stream = pyte.Stream(screen)
    stream.feed(painter.begin() + painter.paint(view))
    for columns, lines in sizes[1:]:
        screen.resize(lines, columns)
        painter.resized(Size(columns, lines))
        stream.feed(painter.paint(view))
        fresh = pyte.Screen(columns, lines)
        pyte.Stream(fresh).feed(Painter(Size(columns, lines)).begin())
        other = Painter(Size(columns, lines))
        other.forget()
        pyte.Stream(fresh).feed(other.paint(view))
        assert screen.display == fresh.display
        assert sum("❯" in line for line in screen.display) == 1

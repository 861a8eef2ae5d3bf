"""Spans: text of a selection, words, addresses, and what a search finds."""

from __future__ import annotations

import pytest

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.widgets import spans
from agentorchestr_tui.widgets.spans import Span


def rows_of(text, columns=10):
    emulator = Emulator(columns, 6)
    emulator.feed(text.encode())
    return emulator.screen.rows, emulator.screen.glyphs


@pytest.mark.parametrize(
    ("text", "anchor", "head", "selected"),
    [
        ("hello you", (0, 0), (0, 4), "hello"),
        ("hello you", (0, 4), (0, 0), "hello"),
        ("one\r\ntwo", (0, 1), (1, 1), "ne\ntw"),
        ("0123456789abc", (0, 8), (1, 1), "89ab"),
        ("a漢b", (0, 0), (0, 1), "a漢"),
        ("a漢b", (0, 2), (0, 3), "漢b"),
        ("a\r\n\r\nb", (0, 0), (2, 0), "a\n\nb"),
    ],
)
def test_a_selection_is_this_text(text, anchor, head, selected):
    rows, glyphs = rows_of(text)
    assert spans.text_of(rows, 0, spans.between(anchor, head), glyphs) == selected


def test_a_wrapped_row_that_was_partly_erased_keeps_its_blanks():
    rows, glyphs = rows_of("0123456789abc\x1b[1;9H\x1b[2X")
    assert spans.text_of(rows, 0, Span((0, 0), (1, 3)), glyphs) == "01234567  abc"


def test_a_word_and_an_address_are_found_around_a_cell():
    rows, _ = rows_of("see ./a-b.py, https://x.org/a?b=c).", columns=60)
    assert spans.word_at(rows, 7, (7, 5)) == Span((7, 4), (7, 12))
    assert spans.word_at(rows, 7, (7, 3)) is None
    assert spans.address_at(rows, 7, (7, 20)) == "https://x.org/a?b=c"
    assert spans.address_at(rows, 7, (7, 2)) == ""


@pytest.mark.parametrize("place", [(7, 6), (8, 0), (9, 3)])
def test_a_word_and_an_address_go_on_where_their_line_is_wrapped(place):
    rows, _ = rows_of("see: https://x.org/abcdef/g and\r\nmore", columns=10)
    assert spans.address_at(rows, 7, place) == "https://x.org/abcdef/g"
    assert spans.word_at(rows, 7, place) == Span((7, 5), (9, 7))
    assert spans.address_at(rows, 7, (10, 0)) == ""


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("need", [Span((0, 4), (0, 8)), Span((1, 0), (1, 4))]),
        ("Need", [Span((1, 0), (1, 4))]),
        ("", []),
        ("nothing", []),
    ],
)
def test_a_search_minds_capitals_only_if_it_has_some(wanted, found):
    rows, glyphs = rows_of("the need\r\nNeed")
    assert spans.find(rows, 0, wanted, glyphs) == found


def test_a_search_finds_text_across_a_wrap_and_wide_glyphs():
    rows, glyphs = rows_of("01234567漢字 x")
    assert spans.find(rows, 5, "漢字", glyphs) == [Span((5, 8), (6, 2))]
    assert spans.text_of(rows, 5, Span((5, 8), (6, 2)), glyphs) == "漢字"

"""Where tiles stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agentorchestr_tui.widgets.arrangement import LEAST_ROWS, Arrangement, Place, arrange


def _sizes(arrangement: Arrangement) -> list[tuple[int, int]]:
    return [(place.width, place.height) for place in arrangement.places]


def test_alone_the_first_tile_has_the_whole_place():
    assert arrange(120, 38, 1).places == (Place(0, 0, 0, 120, 38),)


def test_at_80x24_one_tile_stands_under_the_tab_line():
    assert arrange(80, 22, 5, current=3) == Arrangement((Place(3, 0, 1, 80, 21),), tabs=True)


def test_at_120x40_two_workers_stand_side_by_side_below_the_lead():
    arrangement = arrange(120, 38, 3)
    assert arrangement.places == (
        Place(0, 0, 0, 120, 15),
        Place(1, 0, 15, 60, 23),
        Place(2, 60, 15, 60, 23),
    )
    assert not arrangement.tabs


def test_the_tiles_of_a_shorter_last_row_share_its_width():
    assert _sizes(arrange(120, 38, 4))[1:] == [(60, 11), (60, 11), (120, 12)]


def test_six_workers_at_120x40_still_have_eight_rows_each():
    assert _sizes(arrange(120, 38, 7))[1:] == [(60, 8)] * 6


def test_wide_places_have_more_columns():
    assert {width for width, _ in _sizes(arrange(250, 68, 13))[1:]} == {62, 63}


def test_what_does_not_fit_stands_on_pages_and_the_page_follows_the_focus():
    first, second = arrange(120, 38, 12), arrange(120, 38, 12, current=9)
    assert (first.page, first.pages, first.tabs) == (0, 2, True)
    assert first.shown == {0, *range(1, 7)}
    assert second.page == 1
    assert second.shown == {0, *range(7, 12)}


def test_with_the_focus_on_the_lead_the_page_stays():
    assert arrange(120, 38, 12, current=0, page=1).shown == {0, *range(7, 12)}


def test_a_zoomed_tile_is_alone_at_any_size():
    assert arrange(200, 58, 9, current=4, alone=True).places == (Place(4, 0, 1, 200, 57),)


@pytest.mark.parametrize(("width", "height"), [(0, 0), (1, 1), (3, 1), (1, 100)])
def test_a_place_of_any_size_is_arranged(width, height):
    for place in arrange(width, height, 5, current=2).places:
        assert place.index == 2
        assert place.width >= 1
        assert place.height >= 1


@given(some.integers(1, 300), some.integers(1, 100), some.integers(1, 64), some.data())
def test_tiles_never_overlap_never_leave_the_place_and_the_focused_one_is_always_seen(width, height, tiles, data):
    current = data.draw(some.integers(0, tiles - 1))
    arrangement = arrange(width, height, tiles, current=current, page=data.draw(some.integers(0, 9)))
    assert current in arrangement.shown
    seen: set[tuple[int, int]] = set()
    for place in arrangement.places:
        cells = {(x, y) for x in (place.x, place.x + place.width - 1) for y in range(place.y, place.y + place.height)}
        assert not cells & seen
        seen |= cells
        assert place.x >= 0
        assert place.x + place.width <= width
        if height > 1:
            assert place.y >= int(arrangement.tabs)
            assert place.y + place.height <= height
        if len(arrangement.places) > 1:
            assert place.height >= LEAST_ROWS

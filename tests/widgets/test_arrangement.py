"""Where tiles stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agentorchestr_tui.widgets.arrangement import (
    FOLDED_ROWS,
    LEAST_COLUMNS,
    LEAST_ROWS,
    NOTICE_ROWS,
    Arrangement,
    Place,
    Shape,
    Tiles,
    Wishes,
    arrange,
    beside_titles,
    border_at,
    border_of,
    moved,
    paged,
    split,
)


def team(workers: int, **facts: object) -> Tiles:
    return Tiles(order=tuple(range(1, workers + 1)), **facts)  # type: ignore[arg-type]


def sizes(arrangement: Arrangement) -> list[tuple[int, int]]:
    return [(place.width, place.height) for place in arrangement.places]


def test_alone_the_first_tile_has_the_whole_place():
    for size in ((80, 22), (120, 38), (250, 68)):
        assert arrange(*size, team(0)).places == (Place(0, 0, 0, *size),)


def test_at_80x24_one_tile_stands_under_the_tab_line():
    assert arrange(80, 22, team(4, current=3)) == Arrangement((Place(3, 0, 1, 80, 21),), tabs=True)


def test_at_120x40_two_workers_stand_side_by_side_below_the_lead():
    arrangement = arrange(120, 38, team(2))
    assert arrangement.places == (
        Place(0, 0, 0, 120, 15),
        Place(1, 0, 15, 60, 23),
        Place(2, 60, 15, 60, 23),
    )
    assert not arrangement.tabs
    assert arrangement.team is None


def test_the_tiles_of_a_shorter_last_row_share_its_width():
    assert [width for width, _ in sizes(arrange(120, 38, team(3)))[1:]] == [60, 60, 120]


def test_six_workers_at_120x40_still_have_eight_rows_each():
    assert sizes(arrange(120, 38, team(6)))[1:] == [(60, 8), (60, 8), (60, 7 + 1), (60, 8), (60, 8), (60, 8)]


@pytest.mark.parametrize(
    ("size", "workers", "shown", "pages", "column"),
    [
        ((80, 22), 12, 1, 1, 0),
        ((80, 22), 32, 1, 1, 0),
        ((120, 38), 4, 5, 1, 0),
        ((120, 38), 12, 7, 2, 32),
        ((120, 38), 32, 7, 6, 32),
        ((200, 58), 1, 2, 1, 44),
        ((200, 58), 12, 13, 1, 44),
        ((200, 58), 32, 19, 2, 44),
        ((250, 68), 4, 5, 1, 44),
        ((250, 68), 12, 13, 1, 44),
        ((250, 68), 32, 29, 2, 44),
    ],
)
def test_what_does_not_fit_stands_on_pages_beside_the_team(size, workers, shown, pages, column):
    arrangement = arrange(*size, team(workers))
    assert len(arrangement.places) == shown
    assert arrangement.pages == pages
    assert (arrangement.team.width if arrangement.team else 0) == column


def test_the_page_follows_the_focus_and_stays_with_it_on_the_lead():
    assert arrange(120, 38, team(12)).shown == {0, *range(1, 7)}
    assert arrange(120, 38, team(12, current=9)).shown == {0, *range(7, 13)}
    assert arrange(120, 38, team(12, page=1)).shown == {0, *range(7, 13)}


def test_those_that_come_first_stand_on_the_first_page_in_their_order():
    first = arrange(120, 38, team(12, first=frozenset({9, 11})))
    assert [place.index for place in first.places] == [0, 1, 2, 3, 4, 9, 11]


def test_the_order_is_the_persons_and_what_is_hidden_is_not_placed():
    arrangement = arrange(120, 38, Tiles(order=(3, 1)))
    assert [place.index for place in arrangement.places] == [0, 3, 1]


def test_a_zoomed_tile_is_alone_at_any_size():
    assert arrange(200, 58, team(8, current=4, alone=True)).places == (Place(4, 0, 1, 200, 57),)


def test_who_is_done_is_folded_below_the_others_unless_it_has_the_focus():
    arrangement = arrange(120, 38, team(4, folded=frozenset({2, 3})))
    folded = [place for place in arrangement.places if place.folded]
    assert folded == [Place(2, 0, 35, 60, FOLDED_ROWS, True), Place(3, 60, 35, 60, FOLDED_ROWS, True)]
    assert not any(place.folded for place in arrange(120, 38, team(4, folded=frozenset({2}), current=2)).places)


def test_more_that_are_done_have_more_rows_where_nobody_loses_a_seat_by_it():
    one_works = arrange(120, 38, team(6, folded=frozenset(range(1, 6))))
    assert [place.index for place in one_works.places] == [0, 6, 1, 2, 3, 4, 5]
    assert not one_works.tabs
    six_work = [arrange(120, 38, team(12, folded=frozenset(range(1, 7)), page=page)) for page in (0, 1)]
    assert [each.index for each in six_work[0].places] == [0, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4]
    assert [each.index for each in six_work[1].places] == [0, 5, 6]


def test_a_folded_tile_unfolds_on_the_page_where_it_stood_and_who_loses_its_place_goes_on():
    tiles = team(13, folded=frozenset({12, 13}))
    assert [page.everyone for page in paged(88, 38, tiles, Wishes())] == [
        frozenset({1, 2, 3, 4, 5, 6, 12, 13}),
        frozenset({7, 8, 9, 10, 11}),
    ]
    unfolded = paged(88, 38, replace(tiles, current=13), Wishes())
    assert [page.live for page in unfolded] == [(1, 2, 3, 4, 5, 13), (6, 7, 8, 9, 10, 11)]
    assert [page.folded for page in unfolded] == [(12,), ()]


def test_when_all_are_done_the_lead_has_the_rest():
    arrangement = arrange(120, 38, team(3, folded=frozenset({1, 2, 3})))
    assert arrangement.places[0] == Place(0, 0, 0, 120, 32)


def test_the_team_can_be_listed_where_it_has_no_column():
    listed = arrange(80, 22, team(5, listed=True))
    assert (listed.places, listed.team) == ((), Place(-1, 0, 0, 80, 22 - NOTICE_ROWS))
    assert arrange(200, 58, team(5, listed=True)) == arrange(200, 58, team(5))


def test_the_lead_can_stand_beside_the_others_or_among_them():
    beside = arrange(120, 38, team(3), Wishes(shape=Shape.BESIDE))
    assert beside.places[0] == Place(0, 0, 0, 60, 38)
    assert sizes(beside)[1:] == [(60, 13), (60, 12), (60, 13)]
    even = arrange(120, 38, team(3), Wishes(shape=Shape.EVEN))
    assert sizes(even) == [(60, 19)] * 4


def test_borders_move_as_far_as_the_least_sizes_let_them():
    wishes = Wishes()
    arrangement = arrange(120, 38, team(2))
    lead = border_at(arrangement, 3, 15, upright=False)
    assert lead is not None
    assert arrange(120, 38, team(2), moved(arrangement, wishes, lead, 20)).places[0].height == 20
    assert arrange(120, 38, team(2), moved(arrangement, wishes, lead, 90)).places[0].height == 30
    assert arrange(120, 38, team(2), moved(arrangement, wishes, lead, 0)).places[0].height == 8
    column = border_of(arrangement, 2, upright=True)
    assert column is not None
    assert column[1] == -1
    assert sizes(arrange(120, 38, team(2), moved(arrangement, wishes, column[0], 50)))[1:] == [(50, 23), (70, 23)]
    assert sizes(arrange(120, 38, team(2), moved(arrangement, wishes, column[0], 2)))[1:] == [(44, 23), (76, 23)]
    assert border_of(arrangement, 0, upright=True) is None


def test_the_teams_column_is_as_wide_as_wished():
    arrangement = arrange(200, 58, team(4))
    edge = border_at(arrangement, 155, 9, upright=True)
    assert edge is not None
    assert edge.kind == "team"
    wider = arrange(200, 58, team(4), moved(arrangement, Wishes(), edge, 140))
    assert wider.team is not None
    assert wider.team.width == 60


@given(some.integers(0, 300), some.integers(1, 9), some.lists(some.integers(0, 90), max_size=9), some.integers(0, 60))
def test_a_length_is_shared_wholly(total, parts, weights, least):
    shared = split(total, parts, weights, least)
    assert sum(shared) == total
    assert min(shared) >= min(least, total // parts)


@pytest.mark.parametrize(("width", "height"), [(0, 0), (1, 1), (3, 1), (1, 100)])
def test_a_place_of_any_size_is_arranged(width, height):
    for place in arrange(width, height, team(4, current=2)).places:
        assert place.index == 2
        assert place.width >= 1
        assert place.height >= 1


@given(some.integers(1, 300), some.integers(1, 100), some.integers(1, 40), some.data())
def test_tiles_never_overlap_never_leave_the_place_and_the_focused_one_is_always_seen(width, height, workers, data):
    indices = some.integers(0, workers)
    folded = data.draw(some.frozensets(some.integers(1, workers)))
    tiles = team(
        workers, current=data.draw(indices), page=data.draw(some.integers(0, 9)), folded=folded,
        first=data.draw(some.frozensets(indices)),
    )  # fmt: skip
    shares = some.lists(some.integers(1, 99), max_size=4).map(tuple)
    wishes = Wishes(
        data.draw(some.sampled_from(Shape)), data.draw(some.floats(0, 1)), data.draw(shares), data.draw(shares),
        data.draw(some.integers(0, 200)),
    )  # fmt: skip
    arrangement = arrange(width, height, tiles, wishes)
    assert tiles.current in arrangement.shown
    boxes = [*arrangement.places, *([arrangement.team] if arrangement.team else [])]
    seen: set[tuple[int, int]] = set()
    for place in boxes:
        cells = {(x, y) for x in (place.x, place.x + place.width - 1) for y in range(place.y, place.y + place.height)}
        assert not cells & seen
        seen |= cells
        assert place.x >= 0
        assert place.x + place.width <= width
        if height > 1:
            assert place.y >= int(arrangement.tabs)
            assert place.y + place.height <= height
        if len(arrangement.places) > 1 and place.index >= 0:
            assert place.height >= (FOLDED_ROWS if place.folded else LEAST_ROWS)


WISHED = some.builds(Wishes, shape=some.sampled_from(Shape), lead=some.floats(0, 1), team=some.integers(0, 200))


@some.composite
def stages(draw):
    """Give a size that has room for several tiles, and some of a team on it, in an order of a person's."""
    order = tuple(draw(some.lists(some.integers(1, 40), unique=True, max_size=40)))
    folded, first = (draw(some.frozensets(some.sampled_from(order or (1,)))) for _ in range(2))
    return draw(some.integers(100, 300)), draw(some.integers(28, 100)), Tiles(order, first=first, folded=folded)


def turned(width, height, tiles, wishes):
    """Turn all pages, with the focus on the lead."""
    pages = arrange(width, height, tiles, wishes).pages
    return [arrange(width, height, replace(tiles, page=page), wishes) for page in range(pages)]


@given(stages(), WISHED)
def test_each_tile_stands_on_exactly_one_page_and_the_lead_on_each(stage, wishes):
    width, height, tiles = stage
    pages = turned(width, height, tiles, wishes)
    assert [page.page for page in pages] == list(range(len(pages)))
    shown = sorted(place.index for page in pages for place in page.places if place.index)
    assert shown == sorted(tiles.order)
    assert all(0 in page.shown for page in pages)


@given(stages(), WISHED)
def test_on_every_page_no_terminal_has_less_than_eight_rows_and_a_result_has_three(stage, wishes):
    for page in turned(*stage, wishes):
        for place in page.places:
            assert place.height == FOLDED_ROWS if place.folded else place.height >= LEAST_ROWS


@given(stages(), WISHED)
def test_the_tiles_keep_the_persons_order_over_all_pages(stage, wishes):
    width, height, tiles = stage
    pages = turned(width, height, replace(tiles, first=frozenset()), wishes)
    for folded in (True, False):
        read = [place.index for page in pages for place in page.places if place.index and place.folded is folded]
        assert read == [index for index in tiles.order if (index in tiles.folded) is folded]


@given(stages(), WISHED)
def test_those_that_come_first_stand_before_all_others_of_their_kind(stage, wishes):
    width, height, tiles = stage
    page_of = {place.index: page.page for page in turned(width, height, tiles, wishes) for place in page.places}
    for kind in (tiles.folded, frozenset(tiles.order) - tiles.folded):
        first = [page_of[index] for index in tiles.order if index in kind & tiles.first]
        others = [page_of[index] for index in tiles.order if index in kind - tiles.first]
        assert max(first, default=0) <= min(others, default=len(page_of))


@given(stages(), WISHED, some.data())
def test_a_tile_that_is_gone_to_stays_on_its_page_unfolds_and_displaces_nobody_from_all_pages(stage, wishes, data):
    width, height, tiles = stage
    if not tiles.order:
        return
    current = data.draw(some.sampled_from(tiles.order))
    page_of = {place.index: page.page for page in turned(width, height, tiles, wishes) for place in page.places}
    there = arrange(width, height, replace(tiles, current=current), wishes)
    assert there.page == page_of[current]
    assert not next(place for place in there.places if place.index == current).folded
    everyone = sorted(index for page in paged(width, height, replace(tiles, current=current), wishes)
                      for index in (*page.live, *page.folded))  # fmt: skip
    assert everyone == sorted(tiles.order)


@given(stages(), WISHED, some.data())
def test_what_stands_for_a_moment_covers_no_title_no_result_and_nobody_of_the_team(stage, wishes, data):
    width, height, tiles = stage
    tiles = replace(tiles, alone=data.draw(some.booleans()), listed=data.draw(some.booleans()))
    avoided = data.draw(some.frozensets(some.integers(0, 40)))
    for place_width, place_height in ((width, height), (80, 22), (60, 14)):
        arrangement = arrange(place_width, place_height, tiles, wishes)
        found = beside_titles(arrangement, avoided)
        assert found is not None
        left, top, wide, tall = found
        assert wide >= LEAST_COLUMNS - 2
        assert tall >= NOTICE_ROWS
        boxes = [*arrangement.places, *([arrangement.team] if arrangement.team else [])]
        met = [box for box in boxes if left < box.x + box.width and box.x < left + wide
               and top < box.y + box.height and box.y < top + tall]  # fmt: skip
        assert [box.folded for box in met] in ([], [False])
        for box in met:
            assert box.index >= 0
            assert (box.x, box.y, box.width, box.height) == (left - 1, top - 1, wide + 2, tall + 2)
            others = [each for each in arrangement.places if not each.folded and each.index not in avoided]
            assert box.index not in avoided or not others


def test_words_for_a_moment_stand_in_the_largest_tile_that_needs_nobody():
    arrangement = arrange(120, 38, team(2))
    assert beside_titles(arrangement, {0, 1}) == (61, 16, 58, 21)
    assert beside_titles(arrangement, {0, 1, 2}) == (1, 1, 118, 13)
    assert beside_titles(arrange(80, 22, team(2, listed=True)), ()) == (0, 19, 80, NOTICE_ROWS)
    assert beside_titles(arrange(2, 2, team(2)), ()) is None

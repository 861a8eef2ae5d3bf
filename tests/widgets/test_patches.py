"""Patches: what changed far apart is drawn without what lies between."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import Static

from agentorchestr_tui.widgets.patches import MOST, Patchwork, patches


class Counted(Static):
    """Counts the rows that it is asked for."""

    DEFAULT_CSS = "Counted { height: 1fr; }"
    asked = 0

    def render_lines(self, crop):
        self.asked += crop.height
        return super().render_lines(crop)


class Three(Screen):
    """Three lots of rows, one above the other."""

    def __init__(self):
        super().__init__()
        self._compositor = Patchwork()
        self.lots = [Counted(f"{name}\n" * 5) for name in ("upper", "middle", "lower")]

    def compose(self):
        yield from self.lots


class Glass(App):
    """Shows them."""

    def get_default_screen(self):
        return Three()


@pytest.fixture
async def three():
    app = Glass()
    async with app.run_test(size=(30, 15)) as pilot:
        await pilot.pause()
        for lot in app.screen.lots:
            lot.asked = 0
        app.screen._compositor._dirty_regions.clear()
        yield app


def drawn(app):
    """Return what an update of all that is dirty writes."""
    return app.screen._compositor.render_update().render_segments(app.console)


async def test_what_changed_far_apart_is_drawn_and_nothing_between_is_asked(three):
    compositor = three.screen._compositor
    compositor._dirty_regions |= {Region(0, 0, 30, 1), Region(0, 12, 30, 1)}
    text = drawn(three)
    assert ("upper" in text, "middle" in text, "lower" in text) == (True, False, True)
    assert [lot.asked for lot in three.screen.lots] == [1, 0, 1]
    assert not compositor._dirty_regions


async def test_a_patch_over_two_widgets_has_the_rows_of_both(three):
    three.screen._compositor._dirty_regions |= {Region(0, 4, 30, 1), Region(0, 5, 30, 1)}
    drawn(three)
    assert [lot.asked for lot in three.screen.lots] == [1, 1, 0]


async def test_a_full_update_draws_everything(three):
    three.screen._compositor._dirty_regions.add(Region(0, 0, 30, 15))
    assert three.screen._compositor.render_update() is not None
    assert [lot.asked for lot in three.screen.lots] == [5, 5, 5]


def test_what_lies_close_is_one_patch_and_what_lies_apart_is_not():
    title, edge, beside, foot = (
        Region(0, 0, 300, 1),
        Region(0, 40, 90, 1),
        Region(90, 40, 90, 1),
        Region(0, 80, 90, 1),
    )
    assert patches([foot, beside, title, edge]) == [{title}, {edge, beside}, {foot}]


async def test_where_nearly_everything_changed_nothing_is_sorted(three):
    three.screen._compositor._dirty_regions |= {Region(each, 0, 1, 1) for each in range(MOST + 1)}
    assert "upper" in drawn(three)

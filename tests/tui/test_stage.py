"""The stage with a team: arranged by keys and by mouse."""

from __future__ import annotations

import pytest
from textual import events
from textual.errors import NoWidget
from textual.geometry import Offset, Region

from agentorchestr_tui.core.words import Outcome
from tests.tui.looks.rest import at_rest, text
from tests.tui.looks.scenes import SCENES
from tests.tui.looks.taking import LARGE, MIDDLE, SMALL, standing

SPAWNS = "".join(
    f'[[opening]]\ncall = "spawn_worker"\narguments = {{ task = "Think {number}.", agent_hint = "{agent}" }}\n'
    for number, agent in enumerate(["hangs", "hangs", "works"], 1)
)


@pytest.fixture
def team(place):
    """A lead that waits for three workers: two that think for ever, and one that is done at once."""
    place.agent("lead", SPAWNS + '[[opening]]\nhang = "Leading"\n', rank=2)
    place.agent("hangs")
    place.agent("works")
    return place


def at(stage, words, *, dx=0, dy=0):
    """Find words on the glass."""
    for y, line in enumerate(stage.lines):
        if words in line:
            return Offset(line.index(words) + dx, y + dy)
    raise AssertionError(f"{words} is not shown\n{stage.text}")


async def all_there(stage):
    await stage.until(lambda: len(stage.session.workers) == 3, "three workers")
    await stage.until(lambda: stage.session.workers["w03"].outcome is Outcome.DONE, "the end of w03")
    await stage.until(lambda: stage.stage._grid.tiles[3].folded, "the fold of w03")
    await stage.until_shown("1 w01 implementer", "2 w02 implementer", "3 w03 implementer", "✓ done")


async def drag(stage, start, end):
    await stage.pilot.mouse_down(offset=start)
    await stage.pilot.hover(offset=end)
    await stage.pilot.mouse_up(offset=end)


async def test_a_team_is_arranged_by_keys(team, play):
    async with play() as stage:
        await all_there(stage)
        grid = stage.stage._grid
        assert [place.height for place in grid.arrangement(grid.size).places if place.folded] == [3]
        await stage.press("alt+3")
        await stage.until(lambda: not grid.tiles[3].folded, "the terminal of w03")
        await stage.press("alt+1", "ctrl+b", ">")
        await stage.until(lambda: grid.tiles[1].size.width == 64, "a wider w01")
        tall = grid.tiles[0].size.height
        await stage.press("ctrl+b", "-")
        await stage.until(lambda: grid.tiles[0].size.height == tall + 2, "a shorter w01")
        await stage.press("ctrl+b", "space")
        await stage.until_shown("Layout: lead beside")
        await stage.until(lambda: grid.tiles[0].size.width == 60, "the lead at the left")
        await stage.press("ctrl+b", "}")
        await stage.until(lambda: grid.tiles[2].region.y < grid.tiles[1].region.y, "w02 before w01")
        await stage.press("ctrl+b", "h")
        await stage.until(lambda: 1 in grid.hidden and grid.current != 1, "a hidden w01")
        await stage.until(lambda: "╭ 1 w01" not in stage.text, "w01 off the glass")
        await stage.press("alt+1", "ctrl+b", "p")
        await stage.until_shown("1 w01 implementer · hangs · pinned")
        assert grid.hidden == frozenset()


async def test_the_team_takes_the_focus_and_its_keys_need_no_leader(team, play):
    async with play(size=(80, 24)) as stage:
        await stage.until(lambda: len(stage.session.workers) == 3, "three workers")
        await stage.press("ctrl+b", "t")
        await stage.until_shown("Team", "enter go there", "1 w01 implementer", "Think 1.")
        await stage.press("down", "j")
        await stage.until_shown("›2 w02")
        await stage.press("x")
        await stage.until_shown("w02 is ended, its work is kept.")
        assert stage.session.workers["w02"].outcome is Outcome.KILLED
        await stage.press("r")
        await stage.until(lambda: "w04" in stage.session.workers, "a new worker with the task of w02")
        assert stage.session.workers["w04"].task == stage.session.workers["w02"].task
        await stage.press("enter")
        await stage.until_shown("┏ 2 w02 implementer")


async def test_the_mouse_does_everything(team, play):
    async with play() as stage:
        await all_there(stage)
        grid = stage.stage._grid
        await stage.pilot.click(offset=at(stage, "╭ 2 w02", dx=9))
        await stage.until_shown("┏ 2 w02")
        await drag(stage, at(stage, "╭ 1 w01", dx=20), at(stage, "╭ 1 w01", dx=20, dy=-5))
        await stage.until(lambda: grid.tiles[0].size.height == 9, "a shorter lead")
        await drag(stage, at(stage, "┏ 2 w02", dy=3), at(stage, "┏ 2 w02", dx=6, dy=3))
        await stage.until(lambda: grid.tiles[1].size.width == 66, "a wider w01")
        await stage.pilot.click(offset=at(stage, "1 w01 implementer"), times=2)
        await stage.until(lambda: grid.zoomed and grid.current == 1, "w01 alone")
        await stage.pilot.click(offset=at(stage, " 2 w02", dx=2))
        await stage.until_shown("┏ 2 w02")
        await stage.pilot.click(offset=at(stage, "^b z all panes", dx=3))
        await stage.until(lambda: not grid.zoomed, "all again")
        await stage.pilot.resize_terminal(200, 60)
        await stage.until_shown("Team")
        await stage.pilot.click(offset=at(stage, "1 w01 implementer · hangs  "))
        await stage.until_shown("┏ 1 w01")
        await drag(stage, at(stage, "│ Team"), at(stage, "│ Team", dx=-12))
        await stage.until(lambda: grid.team.outer_size.width == 56, "a wider team")


@pytest.mark.parametrize("keys", ["91", "82", "80", "074", "595", "3333", "662", "9t1", "t4"])
async def test_jumps_faster_than_the_screen_land_on_the_tile_of_the_last_number(keys):
    """A focus that came late used to turn back to the tile before, and hiding that one gave it to a third."""
    async with standing(SCENES["stage-12"], SMALL) as pilot:
        stage = pilot.app.stage
        for key in keys:
            for pressed in ("ctrl+b", "t") if key == "t" else (f"alt+{key}",):
                pilot.app.post_message(events.Key(pressed, None))
        await at_rest(pilot)
        assert stage._grid.current == int(keys[-1])
        assert stage.focused is stage._grid.tiles[int(keys[-1])].terminal


async def test_steps_go_around_the_border_as_in_tmux():
    async with standing(SCENES["stage-4"], MIDDLE) as pilot:
        grid, went = pilot.app.stage._grid, []
        for key in ("down", "down", "down", "down", "up", "left", "up", "right", "left", "left", "left"):
            await pilot.press(f"alt+{key}")
            await at_rest(pilot)
            went.append(grid.current)
        shown = [place.index for place in grid.arrangement(grid.size).places]
    assert shown == [0, 1, 2, 3, 4]
    assert went == [1, 3, 4, 0, 4, 3, 1, 2, 1, 0, 4]


async def test_a_zoomed_tile_says_so_in_its_title_and_how_the_others_come_back():
    async with standing(SCENES["stage-4"], MIDDLE) as pilot:
        for keys, shown in ((("alt+1", "alt+z"), True), (("alt+2",), True), (("alt+z",), False)):
            await pilot.press(*keys)
            await at_rest(pilot)
            title = next(row for row in text(pilot.app).splitlines() if "w02 tester" in row or "┏ 1 w01" in row)
            assert ("zoomed: alt+z shows all" in title) is shown
        await pilot.press("alt+z")
        await pilot.resize_terminal(*SMALL)
        await at_rest(pilot, lambda: tuple(pilot.app.screen.size) == SMALL)
        assert "zoomed" not in text(pilot.app)  # there one stands alone at any rate


LONG = "claude cannot sign in: its server answers 401. Sign in again in its terminal, and then press any key there."


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, (250, 70)])
@pytest.mark.parametrize("scene", ["stage-4", "stage-32"])
async def test_what_is_said_in_passing_covers_no_title_no_key_and_nobody_who_needs_a_person(scene, size):
    async with standing(SCENES[scene], size, toasts=True) as pilot:
        app, grid = pilot.app, pilot.app.stage._grid
        app.notify(LONG, severity="warning", timeout=1 << 20)
        app.notify("w04 is ended, its work is kept.", timeout=1 << 20)
        for keys in ((), ("alt+2",), ("ctrl+b", "space"), ("ctrl+b", "space"), ("alt+z",), ("alt+z", "ctrl+b", "t")):
            await pilot.press(*keys)
            await at_rest(pilot, lambda: len(toasts := app.screen.query("Toast")) >= 2 and _seen(toasts.last()))
            seen = [_seen(each) for each in app.screen.query("Toast")]
            precious = [*app.screen.query("Edge, TitleLine, StatusLine, Roster, Team, Summary, .-attention")]
            for widget in filter(_seen, precious):
                if "-attention" in widget.classes and len(grid.arrangement(grid.size).places) == 1:
                    continue  # there is no other place
                assert not [each for each in seen if each.overlaps(_seen(widget))], widget


async def test_where_there_is_little_room_what_was_said_before_shows_again_when_the_newest_has_gone():
    async with standing(SCENES["stage-32"], SMALL, toasts=True) as pilot:
        app = pilot.app
        await pilot.press("ctrl+b", "t")
        app.notify("It stays.", timeout=1 << 20)
        app.notify("It goes.", timeout=0.1)
        await at_rest(pilot, lambda: (toasts := [*app.screen.query("Toast")]) and _seen(toasts[-1]))
        await at_rest(pilot, lambda: len(app.screen.query("Toast")) == 1 and _seen(app.screen.query_one("Toast")))


def _seen(widget):
    """Return what is seen of a widget."""
    try:
        return widget.screen.find_widget(widget).visible_region
    except NoWidget:
        return Region()


async def test_in_the_team_a_number_of_two_digits_leads_to_its_worker():
    """The first digit alone led away, and the second was typed into an agent."""
    async with standing(SCENES["stage-32"], SMALL) as pilot:
        grid = pilot.app.stage._grid
        for keys, current, listed in ((("2",), 2, True), (("7",), 27, False), (("ctrl+b", "t", "4"), 4, False),
                                      (("ctrl+b", "t", "1", "enter"), 1, False)):  # fmt: skip
            if keys == ("2",):
                await pilot.press("ctrl+b", "t")
            await pilot.press(*keys)
            await at_rest(pilot)
            assert (grid.current, grid.team.has_focus) == (current, listed), keys


async def test_a_layout_that_would_look_the_same_is_passed_over_and_where_all_would_it_is_said(team, play):
    async with play() as stage:
        await all_there(stage)
        grid = stage.stage._grid
        before = grid.arrangement(grid.size).places
        for shape in ("lead beside", "all alike", "lead above"):
            await stage.press("ctrl+b", "space")
            await stage.until_shown(f"Layout: {shape}")
        assert grid.arrangement(grid.size).places == before
        grid.organise(frozenset(), frozenset({1, 2, 3}))
        grid.enter(0)
        await stage.press("ctrl+b", "space")
        await stage.until_shown("Every layout looks the same here")

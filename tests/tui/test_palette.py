"""Palette, themes, scrollback and what is kept: each with no session behind it."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from textual.app import App

from agentorchestr_tui import settings, themes
from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.tui import keymap, palette
from agentorchestr_tui.tui.able import Situation
from agentorchestr_tui.tui.keys import ACTS
from agentorchestr_tui.tui.picker import KEEP, Picker

W = Worker("w01", "tester", "agent", "Test it", (), "", "", None, "n", "c", "b", spawned=100.0)
NOW = Situation(session=Session(id="s", goal="g", workers=MappingProxyType({"w01": W})), tiles=2, alone=False)


def test_the_palette_offers_every_act_everybody_and_every_theme_with_keys_and_reasons():
    offered = {option.answer: option for option in palette.offered(keymap.standard(), NOW, themes.load())}
    for act in ACTS:
        if not act.name.startswith("worker_") and act.name != "palette":
            assert f"act {act.name}" in offered
    assert offered["act zoom"].key == "^b z, alt+z"
    assert offered["act end_worker"].why_not.startswith("This is the lead.")
    assert offered["enter 1"].words == "go to: 1 w01 tester · agent"
    assert (offered["enter 1"].about, offered["enter 1"].key) == ("Test it", "alt+1")
    assert {name for name in offered if name.startswith("theme ")} == {f"theme {name}" for name in themes.load()}


def test_what_cannot_be_done_now_comes_last_and_no_line_says_a_thing_twice():
    offered = palette.offered(keymap.standard(), NOW, themes.load())
    able = [not option.why_not for option in offered]
    assert able == sorted(able, reverse=True)
    words = {option.answer: option.words for option in offered}
    assert words["act leave"] == "leave: pause, stop, or let the agents go on"
    assert words["act taller"] == "make this tile taller"
    assert words["act log"] == "log: what happened"


class Place(App):
    def __init__(self, *widgets):
        super().__init__()
        self.widgets = widgets
        self.answers = []

    def compose(self):
        yield from self.widgets

    def text(self):
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def test_typing_finds_and_enter_chooses_and_what_cannot_be_done_says_why():
    app, offered = Place(), palette.offered(keymap.standard(), NOW, themes.load())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.push_screen(Picker("What to do", offered), app.answers.append)
        await pilot.pause()
        assert "go to: 1 w01 tester" in app.text()
        await pilot.press(*"zoom")
        assert "› zoom: this one alone" in app.text()
        assert "go to: 1" not in app.text()
        await pilot.press("enter")
        assert app.answers == ["act zoom"]
        app.push_screen(Picker("What to do", offered), app.answers.append)
        await pilot.press(*"end worker", "enter")
        await pilot.pause()
        assert "This is the lead." in app.text()
        await pilot.press("escape")
        assert app.answers[1:] == [""]


async def test_a_list_says_what_is_above_and_below_and_takes_the_place_of_another_size():
    app, offered = Place(), palette.offered(keymap.standard(), NOW, themes.load())
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Picker("What to do", offered), app.answers.append)
        await pilot.pause()
        few = len(offered) - 13
        assert f"{few} more below" in app.text()
        assert "above" not in app.text()
        assert app.text().count("↓ │") == 1
        await pilot.press(*["down"] * 14)
        assert f"2 more above · {few - 2} more below" in app.text()
        assert app.text().count("↑ │") == app.text().count("↓ │") == 1
        await pilot.resize_terminal(100, 40)
        await pilot.pause()
        assert f"2 more above · {len(offered) - 30} more below" in app.text()
        await pilot.resize_terminal(100, 100)
        await pilot.pause()
        assert "more below" not in app.text()
        assert "more above" not in app.text()
        await pilot.resize_terminal(80, 12)
        await pilot.pause()
        assert "› " in app.text()  # what is marked stays in view
        assert "more above" in app.text()
        await pilot.press(*"zoom")
        await pilot.pause()
        assert "more" not in app.text()


async def test_a_theme_is_seen_while_it_is_marked_and_kept_on_demand_only():
    app, seen = Place(), []
    async with app.run_test(size=(80, 24)) as pilot:
        options = palette.theme_options(themes.load())
        picker = Picker("Themes", options, marked="theme dark", others=[("ctrl+s", "keep it", KEEP)], look=seen.append)
        app.push_screen(picker, app.answers.append)
        await pilot.pause()
        await pilot.press("down")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert seen[-1] == "theme ember"
        assert app.answers == [f"{KEEP}theme ember"]
        assert "› ember" not in app.text()


async def test_the_mouse_chooses_too():
    app = Place()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Picker("Themes", palette.theme_options(themes.load())), app.answers.append)
        await pilot.pause()
        row = next(y for y, line in enumerate(app.text().splitlines()) if "light —" in line)
        await pilot.click(offset=(10, row))
        assert app.answers == ["theme light"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'theme = "ember"\n'),
        ("max_workers = 3\n", 'theme = "ember"\nmax_workers = 3\n'),
        ('# mine\ntheme = "dark"  # old\nlead = "x"\n', '# mine\ntheme = "ember"\nlead = "x"\n'),
        ("[agent_args]\ntheme = []\n", 'theme = "ember"\n[agent_args]\ntheme = []\n'),
    ],
)
def test_a_choice_that_is_kept_leaves_the_rest_of_the_file_as_it_was(tmp_path, before, after):
    file = tmp_path / settings.FILE
    if before:
        file.write_text(before, encoding="utf-8")
    settings.keep(tmp_path, "theme", "ember")
    assert file.read_text(encoding="utf-8") == after
    assert settings.load({}, user=tmp_path).theme == "ember"


def test_a_choice_that_cannot_be_kept_says_so(tmp_path):
    (tmp_path / settings.FILE).mkdir()
    with pytest.raises(CannotRun, match="cannot be written"):
        settings.keep(tmp_path, "theme", "ember")

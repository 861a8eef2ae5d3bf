"""The palette: themes with colours of their own, themes that leave them to the terminal, and no colour at all."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.theme import Theme

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.emulator.styles import Style
from agentorchestr_tui.widgets.palette import Palette


async def look(theme, style, prepare=b"", **settings):
    app = App()
    emulator = Emulator(10, 2)
    emulator.feed(prepare)
    async with app.run_test() as pilot:
        if isinstance(theme, Theme):
            app.register_theme(theme)
        for name, value in settings.items():
            setattr(app, name, value)
        app.theme = theme if isinstance(theme, str) else theme.name
        await pilot.pause()
        return Palette(app), Palette(app).style(style, emulator.screen.colors)


async def test_a_theme_names_the_colours_of_terminals():
    colors = {"terminal-red": "#010203", "terminal-foreground": "#040506", "terminal-background": "#070809"}
    _, drawn = await look(Theme("own", primary="#0a0b0c", variables=colors), Style(fg="red"))
    assert (drawn.color.triplet, drawn.bgcolor.triplet) == ((1, 2, 3), (7, 8, 9))


async def test_a_theme_that_names_none_takes_those_of_the_app():
    palette, drawn = await look("nord", Style(fg="blue", bg="ff8700", bold=True, underscore=3))
    assert len(palette.sixteen) == 16
    assert drawn.color.triplet == palette.sixteen[4]
    assert drawn.bgcolor.triplet == (255, 135, 0)
    assert (drawn.bold, drawn.underline, drawn.italic) == (True, True, None)
    assert palette.selection.bgcolor is not None


async def test_an_ansi_theme_leaves_colours_to_the_terminal_outside():
    palette, drawn = await look("ansi-dark", Style(fg="brightred"))
    assert drawn.color.number == 9
    assert drawn.bgcolor.is_default
    assert palette.selection.color.is_system_defined
    assert palette.selection.bgcolor.is_system_defined
    assert palette.block.reverse
    assert palette.block.bgcolor.is_default


async def test_without_colour_there_is_none():
    palette, drawn = await look("nord", Style(fg="red", bg="blue", reverse=True), no_color=True)
    assert drawn.color is drawn.bgcolor is None
    assert drawn.reverse
    assert palette.selection.reverse


@pytest.mark.parametrize("theme", ["nord", "ansi-dark"])
async def test_a_program_may_change_a_colour(theme):
    _, drawn = await look(theme, Style(fg="red"), b"\x1b]4;1;#0a0b0c\x07")
    assert drawn.color.triplet == (10, 11, 12)

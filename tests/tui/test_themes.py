"""The themes that ship."""

from __future__ import annotations

import pytest
from textual.color import Color

from agentorchestr_tui import themes
from agentorchestr_tui.tui.app import unknown_theme

SEEN = 3.0  # WCAG 2: contrast of what need only be told apart
AA = 4.5  # WCAG 2: contrast of words against their ground
INKS = ("foreground", "accent", "warning", "error", "success", "primary")
GROUNDS = ("background", "surface", "panel")


def contrast(one: Color, other: Color) -> float:
    """Return WCAG's contrast ratio of two colours."""
    lights = sorted(map(_luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(color: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("name", sorted(themes.load()))
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_word_can_be_read_on_every_ground(name, ground):
    theme = themes.load()[name]
    colors = {ink: getattr(theme, ink) for ink in INKS} | {"muted": theme.variables["foreground-muted"]}
    below = Color.parse(getattr(theme, ground))
    for ink, color in colors.items():
        assert contrast(Color.parse(color), below) >= AA, ink


@pytest.mark.parametrize("name", sorted(themes.load()))
def test_every_colour_of_an_agents_terminal_but_its_black_can_be_read(name):
    theme = themes.load()[name]
    below = Color.parse(theme.background)
    for variable, color in theme.variables.items():
        if variable.startswith("terminal-") and "black" not in variable:
            assert contrast(Color.parse(color), below) >= SEEN, variable


def test_there_is_a_dark_and_a_light_one_and_the_default_is_among_them():
    known = themes.load()
    assert known["dark"].dark
    assert not known["light"].dark
    assert themes.DEFAULT in known


def test_an_unknown_theme_is_answered_with_the_nearest():
    assert unknown_theme("") == ""
    assert unknown_theme("light") == ""
    assert unknown_theme("ligth").startswith("There is no theme 'ligth'. Did you mean light?")

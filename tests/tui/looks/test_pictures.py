"""Every screen at every size in every theme: it can be read, and is nowhere cut off. `make pictures` keeps them."""

from __future__ import annotations

import pytest
from textual.color import Color

from tests.tui.looks.scenes import SCENES
from tests.tui.looks.taking import KEPT, SIZES, THEMES, file_of, take
from tests.tui.test_themes import AA, contrast

CASES = [pytest.param(name, size, id=f"{name}-{size[0]}x{size[1]}") for name in SCENES for size in SIZES]


def themes_to_look_at(name, size):
    """All at the middle size; two at the others, by turns: where things stand does not depend on colours."""
    turn = list(SCENES).index(name) % len(THEMES)
    return THEMES if size == SIZES[1] else (THEMES[turn], THEMES[(turn + 1) % len(THEMES)])


@pytest.mark.parametrize(("name", "size"), CASES)
async def test_a_screen_can_be_read_and_is_nowhere_cut_off(name, size):
    pictures = await take(name, size, themes_to_look_at(name, size))
    for theme, picture in pictures.items():
        assert picture.cut == (), theme
        assert all(len(line) <= size[0] for line in picture.lines)
        if theme != "ansi":
            pale = [(words, ink, ground) for words, ink, ground in picture.inks
                    if contrast(Color.parse(ink), Color.parse(ground)) < AA]  # fmt: skip
            assert pale == [], theme


@pytest.mark.skipif(not KEPT.exists(), reason="the pictures were not taken yet: make pictures")
def test_no_picture_is_kept_that_nobody_takes():
    wanted = {file_of(name, size, theme) for name in SCENES for size in SIZES for theme in THEMES}
    assert set(KEPT.rglob("*.svg")) - wanted == set()


async def test_a_picture_is_the_same_whenever_it_is_taken_and_small():
    first, second = [await take("stage-4", (200, 60), ("dark",)) for _ in range(2)]
    assert first["dark"].svg == second["dark"].svg
    assert len(first["dark"].svg) < 20_000

"""Every screen at every size in every theme is as it was kept, can be read, and is nowhere cut off."""

from __future__ import annotations

import gc

import pytest

from tests.tui.looks.scenes import SCENES
from tests.tui.looks.taking import ALL, KEPT, LARGE, MIDDLE, SMALL, THEMES, file_of, keep, take
from tests.tui.test_themes import can_be_read

FIRST_LINES = 3  # of a difference that are shown
NEW = KEPT.parent / "build" / "looks"  # where pictures are put that are not as they were kept; `make clean` ends it


@pytest.fixture(autouse=True)
def few_collections():
    """Look for what nobody needs any more once a test, not all the time: an app is much to look through."""
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.collect()
    gc.unfreeze()


def looked_at(name):
    """All themes at the middle size; one at the others, by turns: where things stand does not depend on colours."""
    turn = list(SCENES).index(name)
    small, large = THEMES[turn % len(THEMES)], THEMES[(turn + 1) % len(THEMES)]
    return {MIDDLE: THEMES, SMALL: (small,), LARGE: (large,)}


def differing(name, pictures):
    """Say which pictures are not as they were kept, and put the new ones where they can be looked at."""
    for (size, theme), picture in pictures.items():
        kept = file_of(name, size, theme)
        before = kept.read_text(encoding="utf-8") if kept.exists() else ""
        if before != picture.svg:
            file = NEW / kept.relative_to(KEPT)
            keep(file, picture)
            lines = [line for line in picture.svg.splitlines() if line not in before.splitlines()][:FIRST_LINES]
            yield (
                f"{kept.relative_to(KEPT.parent)} is not what the screen shows now: {file.relative_to(KEPT.parent)}",
                lines,
            )


@pytest.mark.parametrize("name", SCENES)
async def test_a_screen_is_as_it_was_kept_and_can_be_read_and_is_nowhere_cut_off(name):
    pictures = await take(name, looked_at(name))
    for (size, theme), picture in pictures.items():
        assert picture.cut == (), (size, theme)
        assert all(len(line) <= size[0] for line in picture.lines)
        pale = [each for each in picture.inks if not can_be_read(*each[1:])]
        assert pale == [], (size, theme)
    other = list(differing(name, pictures))
    said = "\n".join(f"{sentence}\n    " + "\n    ".join(lines) for sentence, lines in other)
    assert not other, f"{said}\nLook at them; if they are right, `make pictures` keeps them."


def test_every_picture_that_is_taken_is_kept_and_no_other():
    wanted = {file_of(name, size, theme) for name in SCENES for size, themes in ALL.items() for theme in themes}
    assert set(KEPT.rglob("*.svg")) == wanted


async def test_a_screen_that_was_resized_is_as_one_that_has_its_size_from_the_beginning():
    resized, fresh = await take("stage-4", {MIDDLE: (), LARGE: ("dark",)}), await take("stage-4", {LARGE: ("dark",)})
    assert resized == fresh
    assert len(fresh[LARGE, "dark"].svg) < 20_000

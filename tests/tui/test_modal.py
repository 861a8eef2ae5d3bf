"""What stands over another screen, and what is said in passing."""

from __future__ import annotations

from tests.tui.looks.taking import LARGE, MIDDLE, SMALL, take


async def test_in_sixteen_colours_the_screen_behind_loses_its_own_and_in_a_narrow_place_it_is_hidden():
    wide, narrow = (await take("leave", {MIDDLE: ("ansi",), SMALL: ("ansi",)})).values()
    assert any("lead · claude" in line for line in wide.lines)
    assert not any("lead · claude" in line for line in narrow.lines)
    assert "aa5500" not in wide.svg  # the yellow of what needs a person


async def test_a_notice_says_by_a_sign_too_whether_it_is_good():
    (picture,) = (await take("notices", {LARGE: ("dark",)})).values()
    assert any("✓ w04 is ended" in line for line in picture.lines)
    assert any("⚠ claude cannot sign in" in line for line in picture.lines)

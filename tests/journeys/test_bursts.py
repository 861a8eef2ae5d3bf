"""Keys in one piece, as a slow line brings them: each has its effect before the next one, and none goes astray."""

from __future__ import annotations

import pytest

LEADER = "\x02"
NOTE = ("A note to the lead", "│ Mend it ")


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (f"{LEADER}gMend it", NOTE),
        (f"{LEADER}l2{LEADER}gMend it", NOTE),
        (f"{LEADER}:write the goal\rMend it", NOTE),
        (f"{LEADER}l/hello\r", ("/hello: hit 4 of 4",)),
    ],
)
def test_what_is_typed_behind_a_key_that_opens_a_screen_goes_there(done, keys, shown):
    done.write(keys)
    assert "❯ M" not in done.until_shown(*shown)  # what an agent was told to do


def test_what_is_typed_behind_a_click_that_opens_a_screen_goes_there(done):
    column, line = done.place_of("^b g goal")
    done.write(f"\x1b[<0;{column};{line}M\x1b[<0;{column};{line}mMend it")
    assert "❯ M" not in done.until_shown(*NOTE)


def test_what_is_typed_behind_the_key_that_closes_a_screen_goes_to_the_agent(done):
    done.write(f"{LEADER}?qMend it")
    done.until_shown("❯ Mend it")

"""Leaving with agents that do not end by themselves: it is said what is waited for, and a key spares the wait."""

from __future__ import annotations

import pytest

from tests.house import processes_of

DEAF = """
[[opening]]
ignore_signals = true
[[opening]]
hang = "Deaf to all"
"""


@pytest.fixture
def deaf(place, glass):
    """A terminal with a session whose lead ends by a kill alone."""
    (place.paths.config / "chief.score").write_text(DEAF, "utf-8")
    glass.run("--agents", "chief", "--lead", "chief", "--goal", "Say hello", cwd=place.project)
    glass.until_shown("lead · chief", "Deaf to all")
    return glass


def left(place):
    return [each for each in processes_of(place) if "agentorchestr_tui" in " ".join(each.cmdline())]


def test_it_is_said_what_is_waited_for_and_a_key_kills_it_at_once(place, deaf):
    deaf.press("C-b", "q")
    deaf.until_shown("Leave the session?", "p  pause")
    deaf.press("p")
    deaf.until_shown("Still ending: lead", "It waits for the agents to end: ", "more at most", "k  kill them now")
    deaf.press("k")
    deaf.until_shown("ended with 4", "--resume")
    assert not left(place)


def test_who_paused_by_mistake_resumes_it_as_soon_as_it_is_put_away(place, deaf):
    deaf.press("C-b", "q")
    deaf.until_shown("Leave the session?", "p  pause")
    deaf.press("p")
    deaf.until_shown("Still ending: lead", "r  resume it at once")
    deaf.press("r")
    deaf.until_shown("Then the session goes on.")
    deaf.until_gone("A moment", "Ending the agents")
    deaf.until_shown("lead · chief", "Deaf to all")
    deaf.press("C-b", "q")
    deaf.until_shown("Leave the session?", "p  pause")
    deaf.press("p")
    deaf.until_shown("ended with 4", "--resume")
    assert not left(place)


def test_a_signal_says_what_it_waits_for_and_ctrl_c_kills_it_at_once(place, deaf):
    launcher, _ = deaf.processes()
    launcher.terminate()
    deaf.until_shown("Ending the agents and keeping their work… (ctrl+c kills them at once)")
    deaf.press("C-c")
    deaf.until_shown("ended with 4", "--resume")
    assert not left(place)

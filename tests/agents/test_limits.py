from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.agents.limits import limit_met
from agentorchestr_tui.agents.rules import Field, Limit
from agentorchestr_tui.core.words import Status
from tests.agents.recorded import AGENTS, MOMENTS, moments_of

CARDS = load_cards([SHIPPED])
NOW = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)
SAYS = Limit(
    "limit", re.compile(r"Limit\. (?:in (?P<span>.*)|at (?P<clock>[^(]*)(?:\((?P<zone>.*)\))?|epoch (?P<epoch>\d+))")
)


def until(text: str, now: datetime = NOW) -> datetime | None:
    met = limit_met([SAYS], {}, [text], now)
    assert met is not None
    return met.until


@pytest.mark.parametrize("agent", AGENTS)
def test_a_limit_is_met_where_one_was_recorded_and_nowhere_else(agent):
    moments = moments_of(agent)
    met = {name for name, each in moments.items() if limit_met(CARDS[agent].limits, each.heard, each.screen, NOW)}
    assert met == {name for name, each in moments.items() if each.status is Status.LIMITED}


@pytest.mark.parametrize("agent", ["opencode", "kilocode"])
def test_the_time_of_the_next_try_is_read_from_the_recorded_screen(agent):
    moment = MOMENTS[f"{agent}.rate_limit.limited"]
    met = limit_met(CARDS[agent].limits, moment.heard, moment.screen, NOW)
    assert timedelta(minutes=58) < met.until - NOW < timedelta(minutes=60)


@pytest.mark.parametrize(
    ("span", "seconds"),
    [("59m 50s", 3590), ("2 hours 5 minutes", 7500), ("1d", 86_400), ("850ms", 0.85), ("30", 30), ("1.5h", 5400)],
)
def test_a_span_counts_from_now(span, seconds):
    assert until(f"Limit. in {span}") == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("clock", "day", "hour", "minute"),
    [("3pm", 5, 15, 0), ("3:45 PM", 5, 15, 45), ("15:45", 5, 15, 45), ("2pm", 6, 14, 0), ("12am", 6, 0, 0)],
)
def test_a_clock_means_the_next_time_that_it_shows_this(clock, day, hour, minute):
    assert until(f"Limit. at {clock}") == NOW.replace(day=day, hour=hour, minute=minute)


def test_a_clock_that_shows_this_very_minute_means_its_end():
    assert until("Limit. at 2:30 PM", NOW.replace(second=20)) == NOW.replace(minute=31)


def test_a_clock_is_read_in_the_zone_that_it_names_and_told_in_ours():
    told = until("Limit. at 4pm (Europe/Berlin)")
    assert (told, told.tzinfo) == (NOW.replace(hour=15, minute=0), UTC)


def test_a_clock_without_a_zone_or_with_an_unknown_one_is_ours():
    ours = datetime(2026, 3, 5, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    assert until("Limit. at 4pm", ours) == ours.replace(hour=16, minute=0)
    assert until("Limit. at 4pm (Nowhere/Land)", ours) == ours.replace(hour=16, minute=0)


def test_seconds_of_the_epoch_are_a_time():
    assert until("Limit. epoch 1772726400") == datetime(2026, 3, 5, 16, tzinfo=UTC)


def test_a_clock_that_no_clock_shows_is_no_time():
    assert until("Limit. at 99:99") is None


def test_a_signal_is_heard_where_the_rule_listens():
    rule = Limit("reported", re.compile("429"), Field.OSC7501)
    assert limit_met([rule], {}, ["429"], NOW) is None
    assert limit_met([rule], {Field.OSC7501: "state=error msg=429"}, [], NOW).until is None


def test_cline_says_it_after_its_last_try_and_no_more_once_a_turn_follows():
    rest = list(MOMENTS["cline.turn_over.idle"].screen)
    foot = rest[next(row for row, text in enumerate(rest) if text.startswith("─")) :]
    stopped = [" * Error: Rate limit reached", "   for requests", "", "", *foot]
    assert limit_met(CARDS["cline"].limits, {}, stopped, NOW) is not None
    assert limit_met(CARDS["cline"].limits, {}, [*stopped[:3], " ❯ Go on.", " * Done.", "", *foot], NOW) is None


def test_claude_says_when_its_session_limit_is_over():
    heard = {Field.OSC7501: "state=error kind= msg=You've hit your session limit · resets 3:20pm (Europe/Berlin)"}
    met = limit_met(CARDS["claude"].limits, heard, [], datetime(2026, 3, 5, 13, 0, tzinfo=UTC))
    assert (met.name, met.until) == ("usage limit", datetime(2026, 3, 5, 14, 20, tzinfo=UTC))


def test_codex_says_when_its_usage_limit_is_over():
    screen = ["■ You've hit your usage limit. Upgrade or try again in 2 hours 14 minutes.", "", "› Ask"]
    met = limit_met(CARDS["codex"].limits, {}, screen, NOW)
    assert met.until == NOW + timedelta(hours=2, minutes=14)


@pytest.mark.parametrize(
    ("agent", "told", "ends"),
    [
        ("claude", "weekly limit · resets Mar 9, 3pm (UTC)", datetime(2026, 3, 9, 15, tzinfo=UTC)),
        ("claude", "weekly limit · resets Jan 2 at 3:30pm (UTC)", datetime(2027, 1, 2, 15, 30, tzinfo=UTC)),
        ("claude", "weekly limit · resets Mon 3pm (UTC)", datetime(2026, 3, 9, 15, tzinfo=UTC)),
        ("claude", "session limit · resets 3pm (America/Los_Angeles)", datetime(2026, 3, 5, 23, tzinfo=UTC)),
        (
            "codex",
            "You've hit your usage limit. Try again at Mar 9th, 2026 4:05 PM.",
            datetime(2026, 3, 9, 16, 5, tzinfo=UTC),
        ),
        ("codex", "You've hit your usage limit. Try again at 4:05 PM.", datetime(2026, 3, 5, 16, 5, tzinfo=UTC)),
        ("codex", "You've hit your usage limit. Try again later.", None),
    ],
)
def test_a_limit_of_days_is_over_on_the_day_that_it_names(agent, told, ends):
    met = limit_met(CARDS[agent].limits, {Field.OSC7501: f"state=error kind= msg={told}"}, [told], NOW)
    assert met.until == ends

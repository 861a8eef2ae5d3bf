"""Times of day, and how long something takes: said so that nobody takes one for the other."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest

from agentorchestr_tui.core.phrases import span
from agentorchestr_tui.times import clock, moment, until

DAY = 86_400.0  # seconds
THURSDAY = datetime(2026, 3, 5, 15, 0, tzinfo=UTC).timestamp()


@pytest.fixture(autouse=True)
def _in_a_zone_of_its_own(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "00:00"),
        (-3, "00:00"),
        (59.9, "00:59"),
        (60, "01:00"),
        (252, "04:12"),
        (3852, "1:04:12"),
        (183_600, "51:00:00"),
    ],
)
def test_how_long_is_said_in_minutes_and_seconds(seconds, said):
    assert span(seconds) == said


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (0, "15:00"), (9 * 3600, "06:00"), (DAY, "Wed 15:00"), (6 * DAY, "Fri 15:00"), (7 * DAY, "26 Feb 15:00"),
        (100 * DAY, "25 Nov 2025 15:00"), (-DAY, "Fri 15:00"), (-8 * DAY, "13 Mar 15:00"),
    ],
)  # fmt: skip
def test_when_is_said_with_its_day_where_that_is_not_today(before, said):
    assert moment(THURSDAY - before, THURSDAY) == said


def test_a_time_of_day_and_a_span_have_colons():
    for seconds in range(0, 400_000, 37):
        assert re.fullmatch(r"(\d+:)?[0-5]\d:[0-5]\d", span(seconds))
        assert ":" in moment(THURSDAY + seconds, THURSDAY)
        assert moment(THURSDAY + seconds, THURSDAY)[-1].isdigit()


def test_a_limit_is_over_at_a_time_in_this_zone_or_when_nobody_said():
    assert until(THURSDAY + 5400, THURSDAY) == "until 16:30"
    assert until(THURSDAY + 2 * DAY, THURSDAY) == "until Sat 15:00"
    assert until(None, THURSDAY) == "until it is over"
    assert clock(THURSDAY) == "15:00:00"

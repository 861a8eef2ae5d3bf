"""Times of day as people read them; how long something takes is `span` in the core's phrases."""

from __future__ import annotations

from datetime import datetime, timedelta

_WEEK = timedelta(days=7)  # days within which a weekday names one day only


def clock(at: float) -> str:
    """Say a time of day to the second, in the zone of this machine: `14:05:09`; `at` is in seconds since 1970."""
    return f"{_local(at):%H:%M:%S}"


def day(at: float) -> str:
    """Say a day in full: `Tue 24 Nov 2026`."""
    then = _local(at)
    return f"{then:%a} {then.day} {then:%b %Y}"


def moment(at: float, now: float) -> str:
    """Say when, as it is said now: `14:05` today, `Tue 14:05` within a week, `9 Mar 14:05`, `9 Mar 2025 14:05`."""
    then, today = _local(at), _local(now)
    if then.date() == today.date():
        return f"{then:%H:%M}"
    if abs(then.date() - today.date()) < _WEEK:
        return f"{then:%a %H:%M}"
    year = "" if then.year == today.year else f" {then.year}"
    return f"{then.day} {then:%b}{year} {then:%H:%M}"


def until(at: float | None, now: float) -> str:
    """Say when a limit is over, as it is said now: `until 14:05`; None is a time that was not told."""
    return "until it is over" if at is None else f"until {moment(at, now)}"


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at).astimezone()

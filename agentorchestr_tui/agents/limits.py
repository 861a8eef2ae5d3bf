"""Which limit an agent has met, and when it says that it is over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agentorchestr_tui.agents.rules import Field, Limit, bottom

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*([ap])?\.?(?:m\b)?", re.IGNORECASE)
_DATE = re.compile(r"([a-z]{3})[a-z]*\.?(?: (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?)?", re.IGNORECASE)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}  # by a unit's first letter
_MILLISECONDS = ("ms", "milli")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LimitMet:
    """A limit: its name, the words that told of it, and when it is over, None where they do not say."""

    name: str
    text: str
    until: datetime | None


def limit_met(
    limits: Iterable[Limit], heard: Mapping[Field, str], screen: Sequence[str], now: datetime
) -> LimitMet | None:
    """Return the first limit that the last signal of each kind or the live screen tells of; `now` is aware."""
    for limit in limits:
        text = "\n".join(bottom(screen, limit.rows)) if limit.field is Field.SCREEN else heard.get(limit.field, "")
        if match := limit.match.search(text):
            return LimitMet(limit.name, " ".join(match[0].split()), _until(match, now))
    return None


def _until(match: re.Match[str], now: datetime) -> datetime | None:
    said = {name: text for name, text in match.groupdict().items() if text}
    if "span" in said:
        return now + _span(said["span"])
    if "epoch" in said:
        return datetime.fromtimestamp(int(said["epoch"]), UTC).astimezone(now.tzinfo)
    if "clock" not in said:
        return None
    zone = _zone(said.get("zone"), now)
    if (date := said.get("date")) and (day := _day(date, now.astimezone(zone))):
        then = _at(said["clock"], day)
        return then and then.astimezone(now.tzinfo)
    return _next(said["clock"], now, zone)


def _span(text: str) -> timedelta:
    """Read `1h 2m 3.5s`, `2 hours 5 minutes`, `850ms`, or a bare number of seconds."""
    parts = _PART.findall(text)
    return timedelta(seconds=sum(float(count) * _unit(unit.lower()) for count, unit in parts) if parts else float(text))


def _unit(word: str) -> float:
    return 0.001 if word.startswith(_MILLISECONDS) else _SECONDS.get(word[0], 0)


def _next(text: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    """Return when the clock shows `3pm`, `3:45 PM` or `15:45` next."""
    local = now.astimezone(zone)
    then = _at(text, local)
    if then is not None and then <= local:  # a clock that shows this minute means its end: it leaves out its seconds
        then += _MINUTE if local < then + _MINUTE else timedelta(days=1)
    return then and then.astimezone(now.tzinfo)


def _at(text: str, day: datetime) -> datetime | None:
    match = _CLOCK.match(text)
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    hour = int(match[1]) % 12 + 12 * (match[3].lower() == "p") if match[3] else int(match[1])
    return day.replace(hour=hour, minute=int(match[2] or 0), second=0, microsecond=0)


def _day(text: str, local: datetime) -> datetime | None:
    """Return the next day that is called `Dec 2nd, 2026`, `Dec 2` or `Mon`."""
    match = _DATE.match(text)
    word = match[1].lower() if match else ""
    if word in _WEEKDAYS:
        return local + timedelta(days=(_WEEKDAYS.index(word) - local.weekday()) % 7)
    if match is None or word not in _MONTHS or not match[2]:
        return None
    try:
        day = local.replace(year=int(match[3] or local.year), month=_MONTHS.index(word) + 1, day=int(match[2]))
        return day if match[3] or day >= local - timedelta(days=1) else day.replace(year=day.year + 1)
    except ValueError:  # no month has that day
        return None


def _zone(name: str | None, now: datetime) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else now.tzinfo
    except (ZoneInfoNotFoundError, ValueError):
        return now.tzinfo

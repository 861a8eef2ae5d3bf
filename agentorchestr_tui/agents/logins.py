"""An agent's login as it lies in a file: whether the next start has to renew it, which only one may do at a time."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

MARGIN = 600.0  # seconds before its end in which an agent that starts renews its login
MILLISECONDS = 1e11  # a time later than this, read as seconds, would be in the year 5138
_Value: TypeAlias = "str | int | float | bool | list[_Value] | dict[str, _Value] | None"


@dataclass(frozen=True, slots=True)
class Login:
    """Where an agent keeps a login that is renewed by using it up: several that do so at once lose it.

    `expires` is the path of keys to the time of its end: seconds, milliseconds, an ISO time, or a JWT that says it;
    a step `*` stands for every key.
    """

    home: str  # below the user's home: ".codex"
    file: str  # below that
    expires: tuple[str, ...]
    variable: str = ""  # that names another home: "CODEX_HOME"
    lost: re.Pattern[str] | None = None  # in what decides a status: the agent's words for a login that is no more


@dataclass(frozen=True, slots=True)
class Standing:
    """A login as it lies there now: when it ends (seconds since 1970, None without one), and the file's own time."""

    ends: float | None
    written: float

    def is_due(self, now: float) -> bool:
        """Say whether an agent that starts now would renew it."""
        return self.ends is not None and self.ends - now < MARGIN


def standing_of(login: Login, env: Mapping[str, str]) -> Standing:
    """Look at a login; blocks."""
    home = Path(env[login.variable]) if env.get(login.variable) else Path(env.get("HOME", "")) / login.home
    path = home / login.file
    try:
        written = path.stat().st_mtime
        told: _Value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # none, or one that is written just now
        return Standing(None, 0.0)
    ends = [time for value in _at(told, login.expires) if (time := _time(value)) is not None]
    return Standing(min(ends, default=None), written)


def _at(value: _Value, steps: tuple[str, ...]) -> list[_Value]:
    if not steps:
        return [value]
    if not isinstance(value, dict):
        return []
    inner = value.values() if steps[0] == "*" else [value[steps[0]]] if steps[0] in value else []
    return [found for each in inner for found in _at(each, steps[1:])]


def _time(value: _Value) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _seconds(float(value))
    return _from_text(value) if isinstance(value, str) else None


def _seconds(number: float) -> float | None:
    if not math.isfinite(number) or number <= 0:
        return None
    return number / 1000 if number > MILLISECONDS else number


def _from_text(text: str) -> float | None:
    if text.count(".") == 2:
        return _from_jwt(text)
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None


def _from_jwt(text: str) -> float | None:
    """Read `exp` of a JSON web token's middle part (RFC 7519); its signature is not ours to check."""
    middle = text.split(".")[1]
    try:
        claims: _Value = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except ValueError:
        return None
    return _time(claims.get("exp")) if isinstance(claims, dict) else None

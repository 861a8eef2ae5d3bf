"""Conditions on what earlier steps found: `built.state is done`, `mcp`, `conflicts is empty`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Facts = Mapping[str, str]
_CONDITION = re.compile(r"(?P<not>not )?(?P<name>[a-z_][a-z0-9_.]*)(?: is (?P<isnot>not )?(?P<wanted>.+))?")


@dataclass(frozen=True, slots=True)
class Condition:
    """A question to facts: whether `name` is the wanted text, or, without one, is neither empty nor false."""

    name: str
    wanted: str | None = None
    negated: bool = False

    def holds(self, facts: Facts) -> bool:
        """Decide it."""
        value = facts.get(self.name, "")
        met = value not in ("", "false") if self.wanted is None else value == self.wanted
        return met is not self.negated

    def __str__(self) -> str:
        """Say it as it was written."""
        if self.wanted is None:
            return ("not " if self.negated else "") + self.name
        return f"{self.name} is {'not ' if self.negated else ''}{self.wanted or 'empty'}"


def parsed(text: str) -> Condition:
    """Read a condition. Raises: ValueError."""
    found = _CONDITION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no condition; write 'name', 'not name' or 'name is [not] text'")
    wanted = found["wanted"]
    return Condition(found["name"], "" if wanted == "empty" else wanted, bool(found["not"] or found["isnot"]))

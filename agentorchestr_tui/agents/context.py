"""How much of its context an agent uses, read by its card's rules from what it shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agentorchestr_tui.agents.rules import Field, bottom
from agentorchestr_tui.core.errors import CardError
from agentorchestr_tui.core.words import ContextUse

_SCALES = {"": 1, "k": 1_000, "m": 1_000_000}
_NUMBER = re.compile(r"([\d.,]*\d)\s*([kKmM]?)")
_GROUPS = frozenset({"used", "size", "percent", "left", "cost"})
STEP = 0.01  # of the size: a smaller change is no news
STEP_UNSIZED = 1_000  # tokens, where the size is unknown


@dataclass(frozen=True, slots=True)
class ContextSign:
    """Where an agent shows its context use: groups used, size (12.3k), percent used, percent left, cost in dollars."""

    name: str
    match: re.Pattern[str]
    field: Field = Field.SCREEN
    rows: int = 4
    size: int = 0  # tokens, where it is not shown

    def check(self, where: str) -> None:
        """Check its groups. Raises: CardError."""
        for name in set(self.match.groupindex) - _GROUPS:
            raise CardError(f"{where}: match has a group {name!r}: say one of {', '.join(sorted(_GROUPS))}.")
        if not {"used", "percent", "left"} & set(self.match.groupindex):
            raise CardError(f"{where}: match has no group used, percent or left: add one.")

    def read(self, text: str) -> ContextUse | None:
        """Return what a text shows, at its last place."""
        shown = list(self.match.finditer(text))
        return self._use(shown[-1].groupdict()) if shown else None

    def _use(self, groups: dict[str, str | None]) -> ContextUse:
        used, size = _number(groups.get("used")), _number(groups.get("size")) or float(self.size)
        percent = _number(groups.get("percent"))
        if (left := groups.get("left")) is not None:
            percent = 100.0 - (_number(left) or 0.0)
        if used is None:
            size = size or 100.0  # only a share is shown
            used = size * (percent or 0.0) / 100
        elif not size and percent:
            size = used * 100 / percent
        cost = groups.get("cost")
        return ContextUse(round(used), round(size), None if cost is None else _number(cost))


class ContextReader:
    """Reads one agent; a use is news only when it moved by a hundredth of the size."""

    def __init__(self, signs: Sequence[ContextSign]) -> None:
        self._signs = signs
        self._last: ContextUse | None = None

    def look(self, screen: Sequence[str], title: str = "") -> ContextUse | None:
        """Take what the agent shows; return its use if that is news."""
        for sign in self._signs:
            text = title if sign.field is Field.TITLE else "\n".join(bottom(screen, sign.rows))
            if (use := sign.read(text)) is not None:
                return self._news(use)
        return None

    def _news(self, use: ContextUse) -> ContextUse | None:
        before = self._last
        if before is not None and before.size == use.size and before.cost == use.cost:
            step = use.size * STEP if use.size else STEP_UNSIZED
            if abs(use.used - before.used) < step:
                return None
        self._last = use
        return use


def _number(text: str | None) -> float | None:
    found = _NUMBER.search(text or "")
    if found is None:
        return None
    return float(found[1].replace(",", "")) * _SCALES[found[2].lower()]

"""What the lead's tools cost: calls, the characters they returned, and the time they took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

CHARACTERS_A_TOKEN = 4  # a usual measure for English text and code


@dataclass(slots=True)
class Tally:
    """Counted by caller and tool; kept in memory, for figures and for the log."""

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    characters: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: dict[tuple[str, str], float] = field(default_factory=dict)

    def note(self, who: str, tool: str, characters: int, seconds: float) -> None:
        """Count one call."""
        self.calls[who, tool] += 1
        self.characters[who, tool] += characters
        self.seconds[who, tool] = self.seconds.get((who, tool), 0.0) + seconds

    def calls_of(self, who: str) -> int:
        """Return how many calls somebody made."""
        return sum(count for (caller, _), count in self.calls.items() if caller == who)

    def tokens_of(self, who: str) -> int:
        """Return about how many tokens the results of somebody's calls held."""
        return sum(count for (caller, _), count in self.characters.items() if caller == who) // CHARACTERS_A_TOKEN

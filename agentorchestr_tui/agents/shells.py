"""The shell lines that an agent ran, read by its card's rule from what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agentorchestr_tui.core.errors import CardError

LONGEST = 400  # characters of one line


@dataclass(frozen=True, slots=True)
class ShellSign:
    """How an agent shows a shell line that it ran: where one begins and how it goes on, each with a group `line`.

    `denied` is how it shows one that it was not allowed to run, where it shows that one as run all the same.
    """

    begins: re.Pattern[str]
    goes_on: re.Pattern[str] | None = None
    denied: re.Pattern[str] | None = None

    def check(self, where: str) -> None:
        """Check its groups. Raises: CardError."""
        for pattern in (self.begins, self.goes_on, self.denied):
            if pattern is not None and "line" not in pattern.groupindex:
                raise CardError(f"{where}: {pattern.pattern!r} has no group line: add it.")

    def read(self, rows: Sequence[str]) -> tuple[str, ...]:
        """Return the lines that rows show, each once, in their order."""
        denied = {match["line"].strip() for row in rows if self.denied and (match := self.denied.match(row))}
        return tuple(dict.fromkeys(line[:LONGEST] for line in self._lines(rows) if line and line not in denied))

    def _lines(self, rows: Sequence[str]) -> Iterator[str]:
        begun: list[str] = []
        for row in rows:
            if match := self.begins.match(row):
                yield " ".join(begun)
                begun = [match["line"].strip()]
            elif begun and self.goes_on is not None and (match := self.goes_on.match(row)):
                begun.append(match["line"].strip())
            else:
                yield " ".join(begun)
                begun = []
        yield " ".join(begun)

"""What a card says about signs: of a status, a dialog, a permission prompt, a limit, a process left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agentorchestr_tui.core.errors import CardError
from agentorchestr_tui.core.words import Status

_GROUP = re.compile(r"\{([a-z_]+)\}")


class Field(StrEnum):
    """Where a rule looks: window title, the agent's OSC 7501 report, its own server, its hooks, the screen's bottom."""

    TITLE = "title"
    OSC7501 = "osc7501"
    HTTP = "http"  # what its sessions do: `busy` and the like, `idle`, or `asks ...`
    HOOK = "hook"  # the last that they told, in the words that its card chooses
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class StatusRule:
    """What one sign means; the first rule of a card whose pattern is found decides."""

    name: str
    field: Field
    match: re.Pattern[str]
    status: Status
    rows: int = 12  # of the screen's bottom, blank ones below the text not counted


@dataclass(frozen=True, slots=True)
class Dialog:
    """A question that an agent asks of its own accord: with the keys that answer it, or for a person."""

    name: str
    match: re.Pattern[str]  # with the menu's cursor in it, where the keys depend on that; `asked` are its words
    keys: tuple[str, ...] = ()  # typed one after the other, with a gap
    ask: bool = False
    recurs: bool = False  # it comes again with good reason, and is answered each time
    rows: int = 30
    deaf_seconds: float = 0.0  # after it is drawn, in which it takes no keys

    def check(self, where: str) -> None:
        """Check that it is answered in one way. Raises: CardError."""
        if self.ask == bool(self.keys):
            raise CardError(f"{where}: give keys that answer it, or ask = true.")

    @property
    def status(self) -> StatusRule:
        """The status rule that it is as well."""
        return StatusRule(self.name, Field.SCREEN, self.match, Status.NEEDS_INPUT, self.rows)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A permission prompt: the pattern's group `asked` is what it asks; `{group}` in keys is what that group found."""

    name: str
    match: re.Pattern[str]
    once: tuple[str, ...]
    deny: tuple[str, ...]
    always: tuple[str, ...] = ()  # empty: it offers no such thing
    rows: int = 40
    deaf_seconds: float = 0.0  # after it is drawn, in which it takes no keys

    def check(self, where: str) -> None:
        """Check that the pattern has the groups that are spoken of. Raises: CardError."""
        for name in ("asked", *self.groups((*self.once, *self.always, *self.deny))):
            if name not in self.match.groupindex:
                raise CardError(f"{where}: match has no group (?P<{name}>...): add it.")

    @staticmethod
    def groups(keys: Sequence[str]) -> Iterator[str]:
        """Yield the groups of the pattern that keys name."""
        return (name for key in keys for name in _GROUP.findall(key))

    @property
    def status(self) -> StatusRule:
        """The status rule that it is as well."""
        return StatusRule(self.name, Field.SCREEN, self.match, Status.NEEDS_INPUT, self.rows)


@dataclass(frozen=True, slots=True)
class Limit:
    """A sign of a used-up rate or quota; groups of its pattern tell its end: span, clock (with date, zone) or epoch."""

    name: str
    match: re.Pattern[str]
    field: Field = Field.SCREEN
    rows: int = 12

    def check(self, where: str) -> None:
        """Check that the pattern names no group that nobody reads. Raises: CardError."""
        for name in set(self.match.groupindex) - {"span", "clock", "date", "zone", "epoch"}:
            raise CardError(f"{where}: match has a group {name!r}: say one of span, clock, date, zone, epoch.")

    @property
    def status(self) -> StatusRule:
        """The status rule that it is as well."""
        return StatusRule(self.name, self.field, self.match, Status.LIMITED, self.rows)


@dataclass(frozen=True, slots=True)
class Starts:
    """What several starts of an agent on one home need of each other."""

    gap_seconds: float = 0.0  # between two of them
    alone: bool = False  # the first of a session is waited for, until it shows itself
    retry: re.Pattern[str] | None = None  # the last words of a start that failed and is to be tried again


@dataclass(frozen=True, slots=True)
class Daemon:
    """A process that outlives the agent that started it, known by its command line, words joined by blanks."""

    name: str
    match: re.Pattern[str]

    def is_it(self, argv: Sequence[str]) -> bool:
        """Say whether a process with this argv is such a daemon."""
        return bool(self.match.search(" ".join(argv)))


def bottom(screen: Sequence[str], rows: int) -> tuple[str, ...]:
    """Return the last rows with text of a screen, at most `rows`, without trailing blanks."""
    end = len(screen)
    while end and not screen[end - 1].strip():
        end -= 1
    return tuple(row.rstrip() for row in screen[max(0, end - rows) : end])

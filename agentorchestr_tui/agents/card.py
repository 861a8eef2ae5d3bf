"""The card of one agent CLI: everything the house knows about it, as frozen data read from TOML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from agentorchestr_tui.agents.context import ContextSign
from agentorchestr_tui.agents.control import Control
from agentorchestr_tui.agents.conversations import Conversation
from agentorchestr_tui.agents.hooks import Hooks
from agentorchestr_tui.agents.logins import Login
from agentorchestr_tui.agents.placeholders import unknown_in
from agentorchestr_tui.agents.reading import JsonTable, read_file
from agentorchestr_tui.agents.rules import Daemon, Dialog, Field, Limit, Prompt, Starts, StatusRule
from agentorchestr_tui.agents.shells import ShellSign
from agentorchestr_tui.core.errors import CardError

__all__ = [
    "HOUSE_INTERPRETER",
    "SHIPPED",
    "Card",
    "CardFile",
    "Field",
    "KeyStep",
    "LaunchPart",
    "Part",
    "PermissionParts",
    "StatusRule",
    "Submission",
    "VersionReading",
    "litter_of",
    "load_cards",
]

SHIPPED = Path(__file__).parent / "cards"
HOUSE_INTERPRETER = "{python}"  # as a binary: the agent is a program of ours


@dataclass(frozen=True, slots=True)
class CardFile:
    """A private file of one launch, as a JSON table or as text; placeholders in its strings are filled."""

    json: JsonTable | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one concern (permissions, MCP, the role, root) adds to a launch."""

    argv: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    json_env: Mapping[str, JsonTable] = field(default_factory=dict)  # merged over what the variable holds already
    files: Mapping[str, CardFile] = field(default_factory=dict)  # by path under the private folder


@dataclass(frozen=True, slots=True)
class LaunchPart(Part):
    """What every interactive launch of the agent has; `@name` in its argv is where a part's arguments go."""

    message: str = ""  # submitted once the agent is idle, where argv alone cannot start the first turn
    begins_seconds: float = 45.0  # that it may rest after its start, before a prompt in its argv counts as lost

    def names(self, word: str) -> bool:
        """Say whether `{word}` stands in argv or message."""
        return any(f"{{{word}}}" in text or f"{{{word}:json}}" in text for text in (*self.argv, self.message))


@dataclass(frozen=True, slots=True)
class PermissionParts:
    """What grants every tool (`skip`) and what leaves the agent's own prompts on (`ask`)."""

    skip: Part = field(default_factory=Part)
    ask: Part = field(default_factory=Part)


@dataclass(frozen=True, slots=True)
class VersionReading:
    """The argv that prints the version, and the pattern whose first group it is in the output."""

    argv: tuple[str, ...] = ("{binary}", "--version")
    pattern: re.Pattern[str] = field(default_factory=lambda: re.compile(r"(\d+\.\d+[\w.+-]*)"))


@dataclass(frozen=True, slots=True)
class Submission:
    """How a message is handed to the running agent: pasted or typed, a gap, then the submitting keys."""

    bracketed: bool = True
    steers: bool = True  # it takes a message in mid-turn; else that waits for the turn's end
    gap_seconds: float = 0.15
    keys: str = "\r"
    opens: str = ""  # a line before a text of several lines, where there are no pastes; `{name}` is the message's own
    closes: str = ""


@dataclass(frozen=True, slots=True)
class KeyStep:
    """Keys to type, and the seconds to wait after them."""

    keys: str
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Card:
    """What one agent CLI is: how it is found, started, watched, spoken to and ended."""

    PARTS: ClassVar[tuple[str, ...]] = ("mcp", "permissions", "lead", "worker", "root", "model", "conversation", "http")

    name: str
    title: str
    binaries: tuple[str, ...]
    launch: LaunchPart
    lead_rank: int = 0
    implement_rank: int = 0
    hidden: bool = False  # detected only when asked for
    install: str = ""  # the command that installs it, as its makers say
    notes: str = ""
    checked: tuple[str, ...] = ()  # the versions that this card was tried with
    unverified: str = ""  # why it was not tried
    version: VersionReading | None = None
    mcp: Part | None = None  # None: it speaks no MCP
    permissions: PermissionParts = field(default_factory=PermissionParts)
    lead: Part = field(default_factory=Part)
    worker: Part = field(default_factory=Part)
    root: Part = field(default_factory=Part)
    submit: Submission = field(default_factory=Submission)
    exit: tuple[KeyStep, ...] = ()
    status: tuple[StatusRule, ...] = ()  # once loaded, those of its dialogs, prompts and limits come first
    dialogs: tuple[Dialog, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    limits: tuple[Limit, ...] = ()
    context: tuple[ContextSign, ...] = ()
    shell: ShellSign | None = None  # None: it does not show in full what it runs
    conversation: Conversation | None = None  # None: it cannot go on with an earlier one
    http: Control | None = None  # its own server, which is the authority on its status while it answers
    hooks: Hooks | None = None  # what its own hooks tell, where its launch makes them tell
    daemons: tuple[Daemon, ...] = ()
    starts: Starts = field(default_factory=Starts)
    login: Login | None = None  # None: a key, or one that several may use at once
    litter: tuple[str, ...] = ()  # patterns, as in .gitignore, of what it leaves in the folder it works in

    @property
    def signs(self) -> tuple[Dialog | Prompt | Limit, ...]:
        """All that tells a status besides its rules."""
        return (*self.dialogs, *self.prompts, *self.limits)

    def check(self, where: str) -> None:
        """Check what no single key shows: the marks and placeholders of every argv. Raises: CardError."""
        marks = {word[1:] for word in self.launch.argv if word.startswith("@")}
        for mark in marks - set(self.PARTS):
            raise CardError(f"{where}: launch.argv has @{mark}: say one of @{', @'.join(self.PARTS)}.")
        for name, part in self._parts():
            if part.argv and name not in marks:
                raise CardError(f"{where}: {name} has arguments, but launch.argv has no @{name}: add it where they go.")
        if not (self.launch.names("prompt") or self.launch.names("prompt_file")):
            raise CardError(f"{where}: launch names no {{prompt}} and no {{prompt_file}}: say how it comes in.")
        for sign in (*self.signs, *self.context):
            sign.check(f"{where}: {sign.name!r}")
        if self.shell:
            self.shell.check(f"{where}: shell")
        for text in self._texts():
            for word in unknown_in(text):
                raise CardError(f"{where}: {{{word}}} in {text!r} is no placeholder.")

    def _parts(self) -> Iterable[tuple[str, Part]]:
        yield "mcp", self.mcp or Part()
        yield "permissions", self.permissions.skip
        yield "permissions", self.permissions.ask
        yield "lead", self.lead
        yield "worker", self.worker
        yield "root", self.root
        for argv in self.conversation.argvs if self.conversation else ():
            yield "conversation", Part(argv)
        if self.http:
            yield "http", Part(self.http.argv, self.http.env)

    def _texts(self) -> Iterable[str]:
        yield self.launch.message
        for part in (self.launch, *(part for _, part in self._parts())):
            yield from part.argv
            yield from part.env.values()


def litter_of(cards: Iterable[Card]) -> list[str]:
    """Return the patterns of what these agents leave in the folder they work in."""
    return sorted({pattern for card in cards for pattern in card.litter})


def load_cards(folders: Iterable[Path]) -> dict[str, Card]:
    """Read the cards of each folder, a later one overriding an earlier one's by name. Raises: CardError."""
    paths = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    return {name: _load(path) for name, path in sorted(paths.items())}


def _load(path: Path) -> Card:
    card = read_file(Card, path)
    card.check(str(path))
    return replace(card, status=tuple(_ordered(card)))


def _ordered(card: Card) -> Iterable[StatusRule]:
    """Yield all status rules, those that decide first first: what its own server says is above its screen."""
    told = [rule for rule in card.status if rule.field is Field.HTTP]
    first = card.limits if told else ()  # a server says that its agent is busy while that waits for a limit's end
    yield from (sign.status for sign in first)
    yield from told
    yield from (sign.status for sign in card.signs if sign not in first)
    yield from (rule for rule in card.status if rule.field is not Field.HTTP)

"""A session that stands still: events replayed over a real log and repository, panes that show captured screens."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.agents.detection import Detected
from agentorchestr_tui.core.apply import replay
from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.events import Event
from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.orchestrator.access import Access
from agentorchestr_tui.orchestrator.going import Going
from agentorchestr_tui.orchestrator.ground import Ground
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.paths import environment
from agentorchestr_tui.settings import load
from agentorchestr_tui.store.log import EventLog
from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.worktrees import Worktrees
from tests.house import Place

NOW = 1_796_000_400.0  # seconds since 1970, when every picture is taken
SCREENS = Path(__file__).parents[2] / "agents" / "screens"
Screens = Mapping[int, Sequence[str]]  # what a program prints, by the columns it has
_WIDTHS = {60: "_60", 80: "_80", 120: ""}  # columns, and how the captures are named
_NEAR = 3  # columns by which a capture may be too wide
_TOLD = (  # what agents were told when they were captured, and what they are told in the pictures
    (r"HELLO-TASK: write hello.txt with the line hello,", "Add JWT auth to /api/users, add tests for it,"),
    (r'Line two: "double".*', "Look at src/auth.py first."),
    (r"/home/me/worktree|/home/main/…/a1b2/worktree|/…/a1b2/worktree|/home/me/runs/a1b2…", "/home/you/api"),
    (r"hello\.txt", "api/tokens.py"),
    (r"1 hello\b", "1 LIFETIME = 900"),
    (r"scripted scripted|scripted default|scripted", "a-model"),
)


class StillPane:
    """A pane whose program has printed what it will print: a captured screen, as the size it gets asks for."""

    exit = None
    recording = None
    pid = 1
    covered = False  # another screen is before it, for which its size does not matter

    def __init__(self, name: str, shown: Screens) -> None:
        self.name = name
        self._shown = shown
        self.emulator = Emulator(80, 24)
        self._print()

    def _print(self) -> None:
        columns = self.emulator.columns
        width = max((each for each in self._shown if each <= columns + _NEAR), default=min(self._shown))
        shown = [line if "\x1b" in line else _fitted(line, columns) for line in self._shown[width]]
        self.emulator.feed("\r\n".join(shown).encode())

    async def resize(self, columns: int, lines: int) -> None:
        if not self.covered and (columns, lines) != (self.emulator.columns, self.emulator.lines):
            self.emulator.__init__(columns, lines)  # type: ignore[misc]  # no trace of the sizes it had on the way
            self._print()

    async def write(self, data: bytes) -> None:
        pass

    async def reader(self) -> int:
        return 0

    def listen(self, bell: Callable[[StillPane], None]) -> Callable[[], None]:
        return lambda: None

    def listen_events(self, ear: Callable[[object], None]) -> Callable[[], None]:
        return lambda: None


def _fitted(line: str, columns: int) -> str:
    """Return a line that was captured some columns too wide, with its longest run of one character shortened."""
    more = len(line) - columns
    if more > 0 and (runs := [each.span() for each in re.finditer(r"(.)\1+", line)]):
        start, end = max(runs, key=lambda span: span[1] - span[0])
        line = line[: max(start + 1, end - more)] + line[end:]
    return line[:columns]


class StillPanes:
    """Panes that nobody feeds."""

    def __init__(self, panes: dict[str, StillPane]) -> None:
        self.panes = MappingProxyType(panes)

    def favour(self, name: str | None) -> None:
        pass


class StillHands:
    """Hands that do nothing: what is wished is recorded, and changes nothing in the world."""

    async def complete(self, orchestrator: object, command: object) -> object:
        return command

    async def act(self, orchestrator: object, event: object) -> None:
        pass


@dataclass
class StillHouse:
    """A house whose session was made beforehand, or that cannot be opened."""

    orchestrator: Orchestrator
    trouble: str = ""
    going: Going = field(default_factory=Going)

    at = ""

    async def open(self) -> Orchestrator:
        if self.trouble:
            raise CannotRun(self.trouble)
        return self.orchestrator

    async def end(self, parting: object) -> None:
        pass

    async def stay(self) -> bool:
        return not self.going.begun


def screens(name: str) -> Screens:
    """Read a captured screen at every width that it was captured at, told in the words of the pictures."""
    kind, side, state = name.split(".")
    files = {width: SCREENS / f"{kind}.{side}{mark}.{state}.txt" for width, mark in _WIDTHS.items()}
    return {width: _screen(file) for width, file in files.items() if file.exists()}


def _screen(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    body = lines.index("") if "" in lines[:4] else 0
    while lines and not lines[-1].strip():
        lines.pop()
    text = "\n".join(lines[body:])
    for captured, told in _TOLD:
        text = re.sub(captured, told, text)
    return text.split("\n")


async def stand(place: Place, told: Iterable[tuple[float, Event]], shown: Mapping[str, Screens]) -> Orchestrator:
    """Make a session of what was told, each event some seconds before now."""
    log = await EventLog.open(place.paths.database)
    for seq, (before, event) in enumerate(sorted(told, key=lambda each: -each[0])):
        await log.append("still", seq, [event], NOW - before)
    repository = await Repository.open(place.project, environment())
    cards = await asyncio.to_thread(load_cards, [SHIPPED])
    known = {
        "log": log,
        "panes": StillPanes({name: StillPane(name, lines) for name, lines in shown.items()}),
        "repository": repository,
        "worktrees": Worktrees(repository, "still", place.paths.worktrees("still")),
        "agents": {name: Detected(card, Path("/usr/bin") / name) for name, card in cards.items()},
        "access": Access.load(place.runtime / "access.json"),
        "paths": place.paths,
        "settings": load({}, user=place.paths.config),
        "environment": {},
        "user_id": 0,
        "attended": True,
        "clock": lambda: NOW,
        "fresh_id": lambda: "still",
    }
    rest = {each.name: () for each in fields(Ground) if each.name not in known and each.default is MISSING}
    ground = Ground(**known, **rest)  # what a session that stands still has no use for is empty
    return Orchestrator(ground, StillHands(), replay(await log.read("still")))

"""When an agent may start: one after the other on one home, again where a start failed for that, and no login raced."""

from __future__ import annotations

import asyncio
import fcntl
import math
import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from agentorchestr_tui.agents.card import Card
from agentorchestr_tui.agents.logins import Standing, standing_of
from agentorchestr_tui.agents.rules import Field
from agentorchestr_tui.agents.status import Judge, Signal
from agentorchestr_tui.core.commands import Notice
from agentorchestr_tui.core.errors import LaunchError
from agentorchestr_tui.core.words import Status
from agentorchestr_tui.emulator import events as heard
from agentorchestr_tui.panes.pane import Pane
from agentorchestr_tui.paths import private_folder

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

SHOWS = 20.0  # seconds that an agent gets to show itself before the next one is let in all the same
RENEWS = 60.0  # seconds that the first start gets to renew a login
TRIES = 4  # starts of one agent, when each fails for what another start would mend
LOOK = 0.1  # seconds between two looks at a file or a lock

Open = Callable[[], Awaitable[Pane]]


@dataclass(frozen=True, slots=True)
class Started:
    """An agent in its pane, and the last report that it gave while it was waited for."""

    pane: Pane
    reported: str = ""


@dataclass(slots=True)
class Gate:
    """The door that all starts of one agent go through."""

    opened: asyncio.Lock = field(default_factory=asyncio.Lock)
    lost: str = ""  # why nobody is let in: its login is lost, in the agent's own words
    told_by: set[str] = field(default_factory=set)  # who told a loss since its start: the words stay on its screen
    written: float = 0.0  # when the login that was lost had been written
    seen: bool = False  # one of this session has shown itself


class Starts:
    """The starts of one session's agents; other sessions of this user wait at the same doors."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._gates: defaultdict[str, Gate] = defaultdict(Gate)

    async def start(self, orchestrator: Orchestrator, card: Card, who: str, opens: Open, *, watched: bool) -> Started:
        """Start an agent when it is its turn; `watched` waits until it shows itself. Raises: LaunchError.

        A start that fails with the words that its card knows is tried again.
        """
        gate = self._gates[card.name]
        for attempt in range(1, TRIES + 1):
            async with self._turn(orchestrator, card, gate, who):
                gate.told_by.discard(who)
                pane = await opens()
                alone = watched or (card.starts.alone and not gate.seen)
                if not (alone or card.starts.retry):
                    return Started(pane)
                started = Started(pane, await shown(pane, card, SHOWS))
                gate.seen = True
            if attempt == TRIES or not _failed_for_another(pane, card):
                return started
            words = f"{who}: {card.title} could not start beside another one; it is started again."
            await orchestrator.perform(Notice(words))
            await asyncio.sleep(card.starts.gap_seconds * attempt)
        raise AssertionError("the last attempt returned")

    async def login_lost(self, orchestrator: Orchestrator, card: Card, who: str, words: str) -> None:
        """Hold all further starts of an agent back until its login was written anew; each start tells it once."""
        gate = self._gates[card.name]
        if card.login is None or gate.lost or who in gate.told_by:
            return
        gate.lost, gate.written = words, math.inf  # until it is known when it was written
        gate.told_by.add(who)
        gate.written = (await self._login(card)).written
        told = f"{card.title}'s login is lost ({words}): no other one is started until you have logged in again."
        await orchestrator.perform(Notice(told))

    @asynccontextmanager
    async def _turn(self, orchestrator: Orchestrator, card: Card, gate: Gate, who: str) -> AsyncIterator[None]:
        """Hold the agent's door: against this session's starts, and against those of others."""
        rules = card.starts
        if not (rules.gap_seconds or rules.alone or rules.retry or card.login):
            yield
            return
        async with gate.opened, _locked(self._folder, card.name) as file:
            await self._until_logged_in(orchestrator, card, gate, who)
            since = time.time() - (await asyncio.to_thread(os.fstat, file.fileno())).st_mtime
            await asyncio.sleep(max(0.0, min(rules.gap_seconds, rules.gap_seconds - since)))
            before = await self._login(card)
            yield
            await asyncio.to_thread(os.utime, file.fileno())
            if before.is_due(time.time()):
                await self._renewed(orchestrator, card, who, before)

    async def _until_logged_in(self, orchestrator: Orchestrator, card: Card, gate: Gate, who: str) -> None:
        while gate.lost:
            if (await self._login(card)).written > gate.written:
                gate.lost = ""
            elif orchestrator.closing.is_set():
                raise LaunchError(f"{who} was not started: {card.title}'s login is lost. Log in, then resume.")
            else:
                await asyncio.sleep(LOOK)

    async def _renewed(self, orchestrator: Orchestrator, card: Card, who: str, before: Standing) -> None:
        """Wait until the one that was let in has renewed the login, or for as long as that may take."""
        waiting = f"{card.title}'s login is about to end: {who} renews it, and others wait for that."
        await orchestrator.perform(Notice(waiting))
        pane, end = orchestrator.pane(who), time.monotonic() + RENEWS
        while time.monotonic() < end and not orchestrator.closing.is_set() and pane and pane.exit is None:
            now = await self._login(card)
            if now.written != before.written and not now.is_due(time.time()):
                return
            if card.login and card.login.lost and (match := card.login.lost.search("\n".join(pane.emulator.display))):
                await self.login_lost(orchestrator, card, who, match[0])
                return
            await asyncio.sleep(LOOK)

    async def _login(self, card: Card) -> Standing:
        if card.login is None:
            return Standing(None, 0.0)
        return await asyncio.to_thread(standing_of, card.login, self._environment)


async def shown(pane: Pane, card: Card, seconds: float) -> str:
    """Wait until an agent shows what it does, has ended, or takes longer than that; return its last report, or ""."""
    judge, rung, reported = Judge(card.status), asyncio.Event(), ""

    def hear(event: heard.Event) -> None:
        nonlocal reported
        if signal := _signal(event):
            judge.hear(signal)
            reported = signal.text if signal.kind is Field.OSC7501 else reported

    stops = (pane.listen(lambda _: rung.set()), pane.listen_events(hear))
    try:
        async with asyncio.timeout(seconds):
            while pane.exit is None and judge.verdict.status is Status.STARTING:
                await rung.wait()
                rung.clear()
                judge.look(pane.emulator.display)
    except TimeoutError:
        pass
    finally:
        for stop in stops:
            stop()
    return reported


def _signal(event: heard.Event) -> Signal | None:
    match event:
        case heard.Title():
            return Signal(Field.TITLE, event.text)
        case heard.ProgramStatus():
            return Signal(Field.OSC7501, f"state={event.state} kind={event.kind} msg={event.message}")
        case _:
            return None


def _failed_for_another(pane: Pane, card: Card) -> bool:
    if pane.exit is None or not pane.exit.code or card.starts.retry is None:
        return False
    return bool(card.starts.retry.search("\n".join(line.text for line in pane.emulator.transcript())))


@asynccontextmanager
async def _locked(folder: Path, name: str) -> AsyncIterator[TextIO]:
    """Hold a lock that every session of this user asks for."""

    def opened() -> TextIO:
        path = private_folder(folder) / f"{name}.lock"
        fresh = not path.exists()
        file = path.open("a", encoding="utf-8")
        if fresh:
            os.utime(path, (0, 0))  # nobody started yet
        return file

    file = await asyncio.to_thread(opened)
    try:
        while not _taken(file):  # noqa: ASYNC110  # another process lets go of it
            await asyncio.sleep(LOOK)
        yield file
    finally:
        file.close()


def _taken(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

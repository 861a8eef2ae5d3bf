"""One verb, `perform`: a command is decided, recorded, applied, told, and then acted on."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from agentorchestr_tui import tasks
from agentorchestr_tui.core.apply import apply
from agentorchestr_tui.core.commands import Command
from agentorchestr_tui.core.decide import Refused, decide
from agentorchestr_tui.core.events import Event, Recorded
from agentorchestr_tui.core.state import Message, Session, Worker
from agentorchestr_tui.core.words import FileChange, Receipt
from agentorchestr_tui.orchestrator.ground import Ground
from agentorchestr_tui.orchestrator.inputs import Input
from agentorchestr_tui.orchestrator.letters import Letters
from agentorchestr_tui.orchestrator.readiness import readied_by
from agentorchestr_tui.orchestrator.tally import Tally
from agentorchestr_tui.orchestrator.work import changed, diff
from agentorchestr_tui.panes.pane import Pane

Listener = Callable[[Recorded, Session], None]
Granted = tuple[Recorded, ...]


class Hands(Protocol):
    """What carries out what was granted."""

    async def complete(self, orchestrator: Orchestrator, command: Command) -> Command:
        """Fill in the facts that a decision needs and only the world knows."""

    async def act(self, orchestrator: Orchestrator, event: Event) -> None:
        """Make a granted event true in the world."""


class Orchestrator:
    """One session in motion; faces and tools call `perform`, read `state` and listen."""

    def __init__(self, ground: Ground, hands: Hands, state: Session | None = None) -> None:
        self.ground = ground
        self.hands = hands
        self.state = state or Session()
        self.closing = asyncio.Event()
        self.letters = Letters()
        self.tally = Tally()
        self.inputs: defaultdict[str, Input] = defaultdict(Input)
        self._deciding = asyncio.Lock()
        self._changed = asyncio.Event()
        self._listeners: list[Listener] = []
        self._performing: set[asyncio.Task[Granted | Refused]] = set()

    async def perform(self, command: Command) -> Granted | Refused:
        """Grant and carry out a command, or refuse it. A caller that goes away does not stop what was granted.

        Raises: OrchestraError when a granted command's effect failed.
        """
        task = tasks.start(self._perform(command), name=f"perform {type(command).__name__}")
        self._performing.add(task)
        task.add_done_callback(self._performing.discard)
        return await asyncio.shield(task)

    def perform_later(self, command: Command) -> None:
        """Perform a command in the background, for those who cannot wait."""
        tasks.start(self.perform(command), name=f"perform {type(command).__name__} later")

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` every event from now on, with the state after it; the returned call stops that."""
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    async def until(self, fact: Callable[[Session], bool], seconds: float | None = None) -> bool:
        """Wait until `fact` holds of the state; False when the time or the session ended first."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not fact(self.state) and not self.closing.is_set():
                    await self._changed.wait()
        return fact(self.state)

    def pane(self, name: str) -> Pane | None:
        """Find the pane of `lead`, of a worker, or of a verification."""
        return self.ground.panes.panes.get(name)

    def check_pane(self, name: str) -> Pane | None:
        """Find the pane of a verify command; where it was run once more, that of the second time."""
        return self.pane(f"{name}-again") or self.pane(name)

    async def diff(self, worker: Worker, *, stat_only: bool) -> str:
        """Return what a worker changed against the commit it began at. Raises: GitError."""
        return await diff(self, worker, stat_only=stat_only)

    async def changes(self, worker_id: str | None = None) -> tuple[FileChange, ...]:
        """Return a worker's change file by file and line by line; without one, all that is integrated.

        Raises: GitError. A worker whose worktree is gone is shown as its branch stands.
        """
        return await changed(self, worker_id)

    async def type(self, name: str, data: bytes) -> None:
        """Hand a person's keys to a pane; nothing of ours is typed over what they begin. Raises: PaneGone."""
        pane = self.pane(name)
        if pane is not None:
            await self.inputs[name].by_person(pane, data)

    def typed_at(self, name: str) -> float:
        """Return when a person last typed into a pane, in the event loop's time."""
        return self.inputs[name].typed_at

    def why_waits(self, message: Message) -> str:
        """Say what keeps a queued message back now; nothing when nothing does, or it has gone."""
        return self.inputs[message.to].why_not(message) if message.receipt is Receipt.QUEUED else ""

    def readied_by(self, name: str) -> str:
        """Say which setup command runs in a worktree now, or nothing: `setup 2 of 3: npm ci`."""
        return readied_by(self, name)

    def hang_up(self) -> None:
        """Let everyone who waits return: the session closes."""
        self.closing.set()
        self._ring()

    async def settle(self) -> None:
        """Return when every command that was granted is carried out."""
        while self._performing:
            await asyncio.wait(self._performing)

    async def _perform(self, command: Command) -> Granted | Refused:
        complete = await self.hands.complete(self, command)
        granted = await self._grant(complete)
        if not isinstance(granted, Refused):
            for recorded in granted:
                await self.hands.act(self, recorded.event)
        return granted

    async def _grant(self, command: Command) -> Granted | Refused:
        async with self._deciding:
            verdict = decide(self.state, command)
            return verdict if isinstance(verdict, Refused) else await self._record(verdict)

    async def _record(self, events: tuple[Event, ...]) -> Granted:
        if not events:
            return ()
        session = self.state.id or getattr(events[0], "session_id", "")
        recorded = await self.ground.log.append(session, self.state.seq, events, self.ground.clock())
        for each in recorded:
            self.state = apply(self.state, each)
            self._tell(each)
        self._ring()
        return recorded

    def _tell(self, recorded: Recorded) -> None:
        for listener in tuple(self._listeners):
            listener(recorded, self.state)

    def _ring(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

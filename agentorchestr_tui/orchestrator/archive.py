"""What is left of a session to look into: its events, recordings and prompts, live or long after its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agentorchestr_tui.agents.card import SHIPPED, litter_of, load_cards
from agentorchestr_tui.core.apply import replay
from agentorchestr_tui.core.errors import UsageError
from agentorchestr_tui.core.events import Recorded
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import FileChange
from agentorchestr_tui.orchestrator.orchestrator import Listener, Orchestrator
from agentorchestr_tui.orchestrator.prompts_kept import kept_prompt
from agentorchestr_tui.orchestrator.prospect import Opening
from agentorchestr_tui.panes.pane import Pane
from agentorchestr_tui.store.log import EventLog
from agentorchestr_tui.worktrees.evidence import Range
from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.worktrees import Worktrees


class Archive(Protocol):
    """A session to look into."""

    @property
    def session(self) -> Session:
        """The session as it stands, or stood at its end."""

    @property
    def recordings(self) -> Path:
        """The folder of its recordings."""

    async def read(self) -> tuple[Recorded, ...]:
        """Read its events, the oldest first. Raises: StoreError."""

    async def changes(self, worker_id: str | None) -> tuple[FileChange, ...]:
        """Return what a worker changed, or all that was integrated. Raises: GitError."""

    async def prompt(self, who: str) -> str:
        """Return what the lead or a worker was told at its starts; empty when that is not known."""

    def pane(self, who: str) -> Pane | None:
        """Find a pane that is there still."""

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell what happens from now on; the returned call stops that."""


class LiveArchive:
    """A session in motion, looked into."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        self.listen = orchestrator.listen
        self.pane = orchestrator.pane
        self.changes = orchestrator.changes

    @property
    def session(self) -> Session:
        """The session as it stands."""
        return self._orchestrator.state

    @property
    def recordings(self) -> Path:
        """The folder of its recordings."""
        return self._orchestrator.ground.paths.recordings(self.session.id)

    async def read(self) -> tuple[Recorded, ...]:
        """Read its events so far."""
        return await self._orchestrator.ground.log.read(self.session.id)

    async def prompt(self, who: str) -> str:
        """Return what the lead or a worker was told."""
        return await asyncio.to_thread(kept_prompt, self.recordings, who)


@dataclass(frozen=True, slots=True)
class StoredArchive:
    """A session that does not run here: what the event log, git and the recordings kept of it."""

    session: Session
    recordings: Path
    events: tuple[Recorded, ...]
    worktrees: Worktrees

    async def read(self) -> tuple[Recorded, ...]:
        """Return its events."""
        return self.events

    async def changes(self, worker_id: str | None) -> tuple[FileChange, ...]:
        """Return what was committed, by a worker or in all."""
        session = self.session
        worker = session.workers[worker_id] if worker_id else None
        base = worker.base if worker else session.base_commit
        commit = (worker.integrated or worker.evidence.commit) if worker else session.tip
        return await self.worktrees.changes(Range(base, commit)) if base and commit else ()

    async def prompt(self, who: str) -> str:
        """Return what the lead or a worker was told."""
        return await asyncio.to_thread(kept_prompt, self.recordings, who)

    def pane(self, _who: str) -> Pane | None:
        """Find nothing: no process of it is ours."""
        return None

    def listen(self, _listener: Listener) -> Callable[[], None]:
        """Tell nothing: it has happened."""
        return lambda: None


async def stored(opening: Opening, session_id: str) -> StoredArchive:
    """Open a session to look into, without running it. Raises: StoreError, UsageError, CannotRun."""
    log = await EventLog.open(opening.paths.database)
    try:
        events = await log.read(session_id)
    finally:
        await log.close()
    session = replay(events)
    if not session.id:
        raise UsageError(f"There is no session {session_id!r}. See: agentorchestr --list-sessions")
    repository = await Repository.open(Path(session.project), opening.environment)
    cards = await asyncio.to_thread(load_cards, [SHIPPED, opening.paths.config / "agents"])
    litter = litter_of(cards[each.name] for each in session.agents if each.name in cards)
    worktrees = Worktrees(repository, session_id, opening.paths.worktrees(session_id), litter)
    return StoredArchive(session, opening.paths.recordings(session_id), events, worktrees)

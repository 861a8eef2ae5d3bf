"""What the lead's tools share: the session, its workers by id, waiting with news, and who looks too often."""

from __future__ import annotations

from collections.abc import Callable

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from agentorchestr_tui.core.commands import Command
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.mcp_server.waiting import patiently
from agentorchestr_tui.orchestrator.orchestrator import Granted, Orchestrator

UNCHANGED = "Nothing has changed since you last looked. Call {wait}: it returns at once when something does."


class Desk:
    """One for all the lead's tools of a session."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self.orchestrator = orchestrator
        self._seen: dict[str, str] = {}
        self._told: set[tuple[str, int]] = set()

    @property
    def session(self) -> Session:
        """The session as it stands."""
        return self.orchestrator.state

    def worker(self, worker_id: str) -> Worker:
        """Return a worker. Raises: ToolError."""
        worker = self.session.workers.get(worker_id)
        if worker is None:
            known = ", ".join(self.session.workers) or "none yet; spawn_worker starts one"
            raise ToolError(f"There is no worker {worker_id!r}. There are: {known}.")
        return worker

    def told(self, worker: Worker) -> None:
        """Note that the lead knows how a worker's turn ended."""
        if not worker.live:
            self._told.add((worker.id, worker.turn))

    def untold(self) -> list[str]:
        """Return the workers that are at work, or whose turn ended without the lead's knowing."""
        return [each.id for each in self.session.workers.values() if (each.id, each.turn) not in self._told]

    async def perform(self, wish: Command) -> Granted:
        """Have a wish granted. Raises: ToolError with the refusal."""
        granted = await self.orchestrator.perform(wish)
        if isinstance(granted, Refused):
            raise ToolError(granted.reason)
        return granted

    async def until(
        self, fact: Callable[[Session], bool], seconds: float, context: Context, message: Callable[[], str]
    ) -> list[str]:
        """Wait until a fact holds or there is news; return the news, which then counts as read."""
        letters = self.orchestrator.letters
        self._seen.clear()
        if not fact(self.session):
            with letters.listening():
                over = self.orchestrator.until(lambda now: fact(now) or letters.waiting)
                await patiently(over, seconds, context, message)
        return letters.take()

    def unchanged(self, look: str, seen: object, wait: str) -> str:
        """Return a hint when the very same was seen at the last look and workers are at work; else nothing."""
        before, self._seen[look] = self._seen.get(look), repr(seen)
        polls = before == self._seen[look] and bool(self.session.live_workers)
        return UNCHANGED.format(wait=wait) if polls else ""

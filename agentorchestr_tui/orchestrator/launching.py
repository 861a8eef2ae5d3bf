"""How an agent comes to run: its worktree, its prompt, its card's launch, its pane."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agentorchestr_tui import tasks
from agentorchestr_tui.agents.files import remove_files, write_files
from agentorchestr_tui.agents.launch import Composed, LaunchRequest, compose
from agentorchestr_tui.core.errors import LaunchError, OrchestraError
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.orchestrator.conversing import can_return, named
from agentorchestr_tui.orchestrator.ground import Ground
from agentorchestr_tui.orchestrator.prompts import GO_ON, lead_prompt, worker_prompt
from agentorchestr_tui.panes.pane import Launch, Pane
from agentorchestr_tui.paths import PROJECT_FOLDER, private_folder
from agentorchestr_tui.worktrees.worktree import Worktree

LEAD = "lead"
SPARES = 2  # folders checked out ahead of need
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Launched:
    """A running agent: its pane, and the first message still to be submitted, if its card wants that."""

    pane: Pane
    worktree: Worktree
    message: str
    conversation: str  # "" as long as nobody knows what the agent calls it
    resumed: bool


@dataclass(frozen=True, slots=True)
class _Who:
    """Whom to start: its pane's name, role and agent, and the conversation that it had before, None without one."""

    name: str
    role: Literal["lead", "worker"]
    agent: str
    conversation: str | None


class Launcher:
    """Starts the agents of one session, and takes back what it wrote for them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._written: dict[str, Composed] = {}
        self._preparing: asyncio.Task[None] | None = None

    async def lead(self, session: Session) -> Launched:
        """Start the lead in a detached worktree of its own, in its earlier conversation where there is one.

        Raises: LaunchError, GitError.
        """
        worktree = await self._ground.worktrees.add_detached(LEAD, session.tip)
        before = session.lead
        known = before.conversation if before and before.agent == session.lead_agent else None
        who = _Who(LEAD, "lead", session.lead_agent, known)
        return await self._start(who, session, worktree, lead_prompt(session), again=lead_prompt(session))

    async def worker(self, session: Session, worker: Worker) -> Launched:
        """Start a worker on a branch of its own; one that ran before goes on there. Raises: LaunchError, GitError."""
        base = worker.base or session.tip
        worktree = await self._ground.worktrees.add(worker.id, worker.perspective, base)
        mcp = self._ground.card(worker.agent).mcp is not None
        who = _Who(worker.id, "worker", worker.agent, worker.conversation if worker.pane else None)
        return await self._start(who, session, worktree, worker_prompt(session, worker, mcp=mcp), again=GO_ON)

    def prepare(self, session: Session) -> None:
        """Check out spare folders in the background, so that the next workers start at once."""
        if self._preparing is None or self._preparing.done():
            spares = min(SPARES, session.seats - len(session.live_workers))
            self._preparing = tasks.start(self._prepare(spares, session.tip), name="prepare worktrees")

    async def _prepare(self, spares: int, commit: str) -> None:
        try:
            await self._ground.worktrees.prepare(spares, commit)
        except OrchestraError as error:  # a spare is a convenience: the worker that needs a folder will say it again
            _log.warning("no spare worktree: %s", error)

    async def stop(self) -> None:
        """Prepare no more."""
        if self._preparing is not None:
            await tasks.end([self._preparing])

    async def forget(self, who: str) -> None:
        """Remove the private files of one launch."""
        if composed := self._written.pop(who, None):
            await asyncio.to_thread(remove_files, composed)

    async def _start(self, who: _Who, session: Session, worktree: Worktree, prompt: str, *, again: str) -> Launched:
        ground, found = self._ground, self._ground.agents[who.agent]
        resumed = who.conversation is not None and can_return(found.card, who.conversation)
        conversation = (who.conversation or "") if resumed else ground.fresh_id()
        request = LaunchRequest(
            role=who.role,
            prompt=again if resumed else prompt,
            mcp_url=ground.access.url,
            token=await asyncio.to_thread(ground.access.token, who.name),
            private=await asyncio.to_thread(private_folder, ground.paths.launches(session.id) / who.name),
            worktree=worktree.path,
            project=Path(session.project),
            permissions=session.permissions,
            user_id=ground.user_id,
            conversation=conversation,
            resume=resumed,
            base={**ground.environment, **await ground.worktrees.identity()},
            model_arguments=ground.settings.agent_args.get(who.agent, ()),
        )
        composed = compose(found.card, found.binary, request)
        await self._write(who.name, worktree, composed)
        pane = await ground.panes.open(who.name, Launch(composed.argv, worktree.path, composed.env))
        known = conversation if resumed else named(found.card, conversation)
        return Launched(pane, worktree, composed.message, known, resumed)

    async def _write(self, who: str, worktree: Worktree, composed: Composed) -> None:
        def write() -> None:
            (worktree.path / PROJECT_FOLDER).mkdir(exist_ok=True)
            write_files(composed)

        self._written[who] = composed
        try:
            await asyncio.to_thread(write)
        except OSError as error:
            raise LaunchError(f"The files that {who} needs cannot be written: {error}.") from error

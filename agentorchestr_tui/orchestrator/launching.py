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
from agentorchestr_tui.orchestrator.ground import Ground
from agentorchestr_tui.orchestrator.prompts import lead_prompt, worker_prompt
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


class Launcher:
    """Starts the agents of one session, and takes back what it wrote for them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._written: dict[str, Composed] = {}
        self._preparing: asyncio.Task[None] | None = None

    async def lead(self, session: Session, conversation: str) -> Launched:
        """Start the lead in a detached worktree of its own. Raises: LaunchError, GitError."""
        worktree = await self._ground.worktrees.add_detached(LEAD, session.tip)
        prompt = lead_prompt(session)
        return await self._start(LEAD, "lead", session, session.lead_agent, prompt, worktree, conversation)

    async def worker(self, session: Session, worker: Worker) -> Launched:
        """Start a worker on a branch of its own. Raises: LaunchError, GitError."""
        worktree = await self._ground.worktrees.add(worker.id, worker.perspective, session.tip)
        mcp = self._ground.card(worker.agent).mcp is not None
        prompt = worker_prompt(session, worker, mcp=mcp)
        return await self._start(worker.id, "worker", session, worker.agent, prompt, worktree, worker.conversation)

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

    async def _start(
        self,
        who: str,
        role: Literal["lead", "worker"],
        session: Session,
        agent: str,
        prompt: str,
        worktree: Worktree,
        conversation: str,
    ) -> Launched:
        ground = self._ground
        request = LaunchRequest(
            role=role,
            prompt=prompt,
            mcp_url=ground.access.url,
            token=await asyncio.to_thread(ground.access.token, who),
            private=await asyncio.to_thread(private_folder, ground.paths.launches(session.id) / who),
            worktree=worktree.path,
            project=Path(session.project),
            permissions=session.permissions,
            user_id=ground.user_id,
            conversation=conversation,
            base={**ground.environment, **await ground.worktrees.identity()},
            model_arguments=ground.settings.agent_args.get(agent, ()),
        )
        found = ground.agents[agent]
        composed = compose(found.card, found.binary, request)
        await self._write(who, worktree, composed)
        pane = await ground.panes.open(who, Launch(composed.argv, worktree.path, composed.env))
        return Launched(pane, worktree, composed.message)

    async def _write(self, who: str, worktree: Worktree, composed: Composed) -> None:
        def write() -> None:
            (worktree.path / PROJECT_FOLDER).mkdir(exist_ok=True)
            write_files(composed)

        self._written[who] = composed
        try:
            await asyncio.to_thread(write)
        except OSError as error:
            raise LaunchError(f"The files that {who} needs cannot be written: {error}.") from error

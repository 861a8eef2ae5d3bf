"""How an agent comes to run: its worktree, its prompt, its card's launch, its pane."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from agentorchestr_tui import tasks
from agentorchestr_tui.agents.control import Address
from agentorchestr_tui.agents.files import remove_files, write_files
from agentorchestr_tui.agents.launch import Composed, LaunchRequest, compose
from agentorchestr_tui.core.commands import Notice
from agentorchestr_tui.core.errors import LaunchError, OrchestraError
from agentorchestr_tui.core.events import StatusChanged
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.orchestrator.beginning import First
from agentorchestr_tui.orchestrator.conversing import can_return, named
from agentorchestr_tui.orchestrator.ground import Ground
from agentorchestr_tui.orchestrator.preludes import Preludes
from agentorchestr_tui.orchestrator.prompts import GO_ON, lead_prompt, worker_prompt
from agentorchestr_tui.orchestrator.prompts_kept import keep_prompt
from agentorchestr_tui.orchestrator.readiness import make_ready, ports
from agentorchestr_tui.orchestrator.sizing import project_size
from agentorchestr_tui.orchestrator.starting import Started, Starts
from agentorchestr_tui.orchestrator.work import worktree_of
from agentorchestr_tui.panes.pane import Launch, Pane
from agentorchestr_tui.paths import PROJECT_FOLDER, private_folder
from agentorchestr_tui.worktrees.worktree import Worktree

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

LEAD = "lead"
SPARES = 2  # folders checked out ahead of need
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Launched:
    """A running agent: its pane, and the first message still to be submitted, if its card wants that."""

    started: Started
    worktree: Worktree
    message: str
    told: str  # what its argv began the first turn with, "" where that comes as the message
    conversation: str  # "" as long as nobody knows what the agent calls it
    resumed: bool

    @property
    def first(self) -> First:
        """What its first turn begins with."""
        return First(self.told, self.message, self.worktree.path)

    @property
    def pane(self) -> Pane:
        """Where it runs."""
        return self.started.pane


@dataclass(frozen=True, slots=True)
class _Who:
    """Whom to start: its pane's name, role and agent, and the conversation that it had before, None without one."""

    name: str
    role: Literal["lead", "worker"]
    agent: str
    conversation: str | None


@dataclass(frozen=True, slots=True)
class _Prompts:
    """What an agent is told: in a new conversation, and in one that it had before."""

    first: str
    again: str


class Launcher:
    """Starts the agents of one session, and takes back what it wrote for them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.starts = Starts(ground.paths.starts, ground.environment)
        self.preludes = Preludes()
        self._written: dict[str, Composed] = {}
        self._preparing: asyncio.Task[None] | None = None

    async def lead(self, orchestrator: Orchestrator, *, again: bool) -> Launched:
        """Start the lead in a detached worktree of its own; `again` goes on with its earlier conversation, if any.

        Raises: LaunchError, GitError.
        """
        session = orchestrator.state
        worktree = await self._ground.worktrees.add_detached(LEAD, session.tip)
        before = session.lead
        known = before.conversation if again and before and before.agent == session.lead_agent else None
        who = _Who(LEAD, "lead", session.lead_agent, known)
        size = await project_size(orchestrator)
        prompt = lead_prompt(session, size.sentence if size else "")
        return await self._start(orchestrator, who, worktree, _Prompts(prompt, prompt))

    async def worker(self, orchestrator: Orchestrator, worker: Worker) -> Launched:
        """Start a worker on a branch of its own; one that ran before goes on there. Raises: LaunchError, GitError."""
        session = orchestrator.state
        base = worker.base or session.tip
        worktree = await self._ground.worktrees.add(worker.id, worker.perspective, base)
        if not worker.pane:
            await self.preludes.do(worker.id, "its folder was made ready", make_ready(orchestrator, worktree))
            await self._join(session, worker, worktree)
        card = self._ground.card(worker.agent)
        who = _Who(worker.id, "worker", worker.agent, worker.conversation if worker.pane else None)
        first = worker_prompt(session, worker, mcp=card.mcp is not None)
        # A prompt that lies in a file is no part of the conversation, so the file says the task again.
        again = GO_ON if card.launch.names("prompt") else f"{first}\n{GO_ON}"
        return await self._start(orchestrator, who, worktree, _Prompts(first, again))

    async def _join(self, session: Session, worker: Worker, worktree: Worktree) -> None:
        """Bring the other side of a conflict into the worktree of the worker that is to settle it."""
        for other in (session.workers[each] for each in worker.resolves):
            head = await self._ground.worktrees.head(worktree_of(other))
            await self._ground.worktrees.bring_in(worktree, head, f"Merge {other.id} with the integrated tree")

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

    async def look_at_login(self, orchestrator: Orchestrator, event: StatusChanged) -> None:
        """Hold further starts of an agent back when one of them says that its login is lost."""
        session = orchestrator.state
        holder = session.lead if event.who == LEAD else session.workers.get(event.who)
        card = self._ground.card(holder.agent) if holder else None
        if card and card.login and card.login.lost and (match := card.login.lost.search(event.seen)):
            await self.starts.login_lost(orchestrator, card, event.who, match[0])

    async def stop(self) -> None:
        """Prepare no more, for nobody."""
        await self.preludes.stop()
        if self._preparing is not None:
            await tasks.end([self._preparing])

    async def forget(self, who: str) -> None:
        """Remove the private files of one launch."""
        if composed := self._written.pop(who, None):
            await asyncio.to_thread(remove_files, composed)

    async def _start(self, orchestrator: Orchestrator, who: _Who, worktree: Worktree, prompts: _Prompts) -> Launched:
        card = self._ground.card(who.agent)
        if who.conversation is not None and can_return(card, who.conversation):
            earlier, told = who.conversation, prompts.again
            composed = await self._compose(orchestrator.state, who, worktree, told, earlier, resume=True)
            started = await self._open(orchestrator, who, worktree, composed, watched=True)
            if started.pane.exit is None or not started.pane.exit.code:
                return Launched(started, worktree, composed.message, composed.told, earlier, resumed=True)
            words = f"{who.name}: {card.title} cannot go on with its earlier conversation; it begins a new one."
            await orchestrator.perform(Notice(words))
        fresh = self._ground.fresh_id()
        composed = await self._compose(orchestrator.state, who, worktree, prompts.first, fresh)
        started = await self._open(orchestrator, who, worktree, composed)
        return Launched(started, worktree, composed.message, composed.told, named(card, fresh), resumed=False)

    async def _compose(
        self, session: Session, who: _Who, worktree: Worktree, prompt: str, conversation: str, *, resume: bool = False
    ) -> Composed:
        ground, found = self._ground, self._ground.agents[who.agent]
        request = LaunchRequest(
            role=who.role,
            prompt=prompt,
            mcp_url=ground.access.url,
            token=await asyncio.to_thread(ground.access.token, who.name),
            private=await asyncio.to_thread(private_folder, ground.paths.launches(session.id) / who.name),
            worktree=worktree.path,
            project=Path(session.project),
            permissions=session.permissions,
            user_id=ground.user_id,
            conversation=conversation,
            address=Address.free() if found.card.http else None,
            resume=resume,
            base={**ground.environment, **await ground.worktrees.identity(), **ports(who.name)},
            model_arguments=ground.settings.agent_args.get(who.agent, ()),
        )
        await asyncio.to_thread(keep_prompt, ground.paths.recordings(session.id), who.name, prompt)
        return compose(found.card, found.binary, request)

    async def _open(
        self, orchestrator: Orchestrator, who: _Who, worktree: Worktree, composed: Composed, *, watched: bool = False
    ) -> Started:
        await self._write(who.name, worktree, composed)
        spare = tuple(daemon.match.pattern for daemon in self._ground.card(who.agent).daemons)
        launch = Launch(composed.argv, worktree.path, composed.env, spare=spare)

        async def opens() -> Pane:
            earlier = orchestrator.pane(who.name)
            if earlier is not None and earlier.exit is not None:
                await earlier.end()  # what its program left behind holds the name still
            return await self._ground.panes.open(who.name, launch)

        card = self._ground.card(who.agent)
        return await self.starts.start(orchestrator, card, who.name, opens, watched=watched)

    async def _write(self, who: str, worktree: Worktree, composed: Composed) -> None:
        def write() -> None:
            (worktree.path / PROJECT_FOLDER).mkdir(exist_ok=True)
            write_files(composed)

        self._written[who] = composed
        try:
            await asyncio.to_thread(write)
        except OSError as error:
            raise LaunchError(f"The files that {who} needs cannot be written: {error}.") from error

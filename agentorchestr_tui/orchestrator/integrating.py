"""How the workers' branches become one tree, and how that tree is checked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import Integrate, NoteConflict, NoteIntegrated, NoteVerified
from agentorchestr_tui.core.errors import GitError, OrchestraError
from agentorchestr_tui.core.events import BranchIntegrated, IntegrationStarted, IntegrationUndone, VerifyStarted
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import CommandRun, shortened
from agentorchestr_tui.orchestrator.readiness import make_ready, ports
from agentorchestr_tui.orchestrator.running import MISSING, TOO_LONG, run_command
from agentorchestr_tui.orchestrator.work import branch_of, stands, worktree_of
from agentorchestr_tui.worktrees.integration import Conflicted
from agentorchestr_tui.worktrees.worktree import Worktree

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

VERIFY = "verify"
TITLE = 80  # characters of the message under which leftovers are committed
NO_COMMANDS = (
    "No test command was found in this project, so only the merge was checked. "
    "Name one as verify in .agentorchestr/config.toml."
)


class Integrator:
    """Merges finished branches and verifies the result, one thing at a time."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._checking: asyncio.Task[tuple[list[_Tried], str]] | None = None
        self._tree: Worktree | None = None
        self._ready = False

    async def integrate(self, orchestrator: Orchestrator, event: IntegrationStarted) -> None:
        """Merge the named workers' branches, those that meet fewest others first; each ends integrated or in conflict.

        What conflicts is tried again after the others: a branch may hold what settles it. Raises: GitError at the
        end, with what keeps a branch from being merged at all; it holds up no other.
        """
        async with self._one_at_a_time:
            await self.check_branch(orchestrator)
            waiting = sorted(event.worker_ids, key=lambda worker_id: _meetings(orchestrator.state, worker_id))
            unfit: list[str] = []
            while waiting:
                tried = [await self._merge(orchestrator, each) for each in waiting]
                unfit += [each.why for each in tried if isinstance(each, _Unfit)]
                clashes = [each for each in tried if isinstance(each, NoteConflict)]
                if len(clashes) == len(waiting):
                    for clash in clashes:
                        await orchestrator.perform(clash)
                    break
                waiting = [clash.worker_id for clash in clashes]
        if unfit:
            raise GitError(" ".join(unfit))

    async def check_branch(self, orchestrator: Orchestrator) -> None:
        """See to it that the integration branch is what was recorded. Raises: GitError when somebody else moved it."""
        await orchestrator.ground.worktrees.settle_integration(orchestrator.state.integration)

    async def move_branch(self, orchestrator: Orchestrator, event: BranchIntegrated) -> None:
        """Bring the integration branch to what was recorded. Raises: GitError when somebody else moved it."""
        if event.integration_commit not in (event.before, orchestrator.state.base_commit):
            await orchestrator.ground.worktrees.set_integration(event.integration_commit, event.before or None)

    async def move_back(self, orchestrator: Orchestrator, event: IntegrationUndone) -> None:
        """Bring the integration branch to the tree without a worker. Raises: GitError when somebody else moved it."""
        if event.commit == orchestrator.state.base_commit:
            await orchestrator.ground.worktrees.drop_integration(event.before)
        elif event.commit != event.before:
            await orchestrator.ground.worktrees.set_integration(event.commit, event.before)

    async def verify(self, orchestrator: Orchestrator, event: VerifyStarted) -> None:
        """Run the commands on the integrated tree and note what they said; one that fails is run once more.

        One that is cancelled meanwhile says nothing.
        """
        async with self._one_at_a_time:
            if event.verify_id in orchestrator.state.verifies_cancelled:
                return
            self._checking = tasks.start(self._check(orchestrator, event), name=f"verify {event.verify_id}")
            try:
                await asyncio.wait({self._checking})
            finally:
                await tasks.end([self._checking])
        if self._checking.cancelled():
            return
        tried, trouble = self._checking.result()
        runs = tuple(each.run for each in tried)
        passed = not trouble and all(run.exit_code == 0 for run in runs)
        note = trouble or _flaky(tried) or ("" if runs else NO_COMMANDS)
        await orchestrator.perform(NoteVerified(event.verify_id, event.commit, passed, runs, note))

    async def cancel(self) -> None:
        """End the verify that runs; return when none of its processes is left."""
        if self._checking is not None:
            await tasks.end([self._checking])

    async def look(self, orchestrator: Orchestrator) -> Path:
        """Return a folder with the integrated tree, to see what stands in it: workers may have written its tests."""
        async with self._one_at_a_time:
            return (await self._at(orchestrator, orchestrator.state.tip)).path

    async def _check(self, orchestrator: Orchestrator, event: VerifyStarted) -> tuple[list[_Tried], str]:
        """Run the commands; return them, and what spoils their word."""
        try:
            worktree = await self._checkout(orchestrator, event.commit)
            tried = [await _try(orchestrator, worktree, event, number) for number in range(len(event.commands))]
        except OrchestraError as error:
            return [], f"The checks could not run: {error}"
        return tried, _clashes(orchestrator.state)

    async def _checkout(self, orchestrator: Orchestrator, commit: str) -> Worktree:
        tree = await self._at(orchestrator, commit)
        if not self._ready:
            await make_ready(orchestrator, tree)
            self._ready = True
        return tree

    async def _at(self, orchestrator: Orchestrator, commit: str) -> Worktree:
        worktrees = orchestrator.ground.worktrees
        if self._tree is None:
            self._tree = await worktrees.add_detached(VERIFY, commit)
        self._tree = await worktrees.move(self._tree, commit, keep=False)
        return self._tree

    async def _merge(self, orchestrator: Orchestrator, worker_id: str) -> NoteConflict | _Unfit | None:
        """Merge one branch; return its conflict, or why it cannot be merged at all. Raises: GitError."""
        session, worktrees = orchestrator.state, orchestrator.ground.worktrees
        worker = session.workers[worker_id]
        title = shortened(f"{worker.id}: {worker.task}", TITLE)
        try:
            there = await stands(worker)
            head = await (
                worktrees.commit_leftovers(worktree_of(worker), title) if there else branch_of(orchestrator, worker)
            )
            if head == worker.integrated:
                return None
            await _check_settled(orchestrator, worker, head)
            merged = await worktrees.merge(session.tip, [(worker.id, head)])
        except GitError as error:
            return _Unfit(f"{error} Tell {worker.id} so with send_to_worker, or leave its work out with kill_worker.")
        if isinstance(merged, Conflicted):
            return NoteConflict(worker.id, head, merged.conflicts)
        if merged.commit != session.tip:
            await worktrees.check_integration_movable()
        await orchestrator.perform(NoteIntegrated(worker.id, head, merged.commit, before=session.integration))
        return None


@dataclass(frozen=True, slots=True)
class _Unfit:
    """Why a branch cannot be merged as it stands, and what to do about it."""

    why: str


@dataclass(frozen=True, slots=True)
class _Tried:
    """A command as it ran, the second time where the first one failed."""

    run: CommandRun
    again: bool


async def _try(orchestrator: Orchestrator, worktree: Worktree, event: VerifyStarted, number: int) -> _Tried:
    ground, line = orchestrator.ground, event.commands[number]
    limit, name = ground.settings.verify_timeout_s, f"{VERIFY}-{event.verify_id}-{number + 1}"
    run = await run_command(ground, name, line, worktree.path, limit=limit, also=ports(VERIFY))
    if run.exit_code in (0, MISSING, TOO_LONG):
        return _Tried(run, again=False)
    return _Tried(
        await run_command(ground, f"{name}-again", line, worktree.path, limit=limit, also=ports(VERIFY)), again=True
    )


def _flaky(tried: Sequence[_Tried]) -> str:
    flaky = [each.run.command for each in tried if each.again and not each.run.exit_code]
    return f"Flaky: {'; '.join(flaky)} failed once and passed when it was run again." if flaky else ""


async def integrate_all(orchestrator: Orchestrator) -> None:
    """Merge every finished branch that is not merged yet."""
    await orchestrator.perform(Integrate())


def _clashes(session: Session) -> str:
    ids = [worker.id for worker in session.workers.values() if worker.conflicts]
    return f"The work of {', '.join(ids)} conflicts with the integrated tree and is not part of it." if ids else ""


def _meetings(session: Session, worker_id: str) -> int:
    return sum(worker_id in (each.worker_a, each.worker_b) for each in session.overlaps)


async def _check_settled(orchestrator: Orchestrator, worker: Worker, head: str) -> None:
    clashing = {each.path for other in worker.resolves for each in orchestrator.state.workers[other].conflicts}
    if left := await orchestrator.ground.worktrees.marked(head, sorted(clashing)):
        raise GitError(f"{worker.id} left conflict markers in {', '.join(left)}: they are to be settled.")

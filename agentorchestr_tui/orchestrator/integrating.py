"""How the workers' branches become one tree, and how that tree is checked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import (
    Integrate,
    NoteConflict,
    NoteIntegrated,
    NoteIntegrationEnded,
    NoteTrying,
    NoteVerified,
    NoteVerifying,
)
from agentorchestr_tui.core.errors import Cancelled, GitError, OrchestraError
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


Hooks = Callable[[], Awaitable[str]]


class Integrator:
    """Merges finished branches and verifies the result, one thing at a time."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._merging: dict[str, asyncio.Task[None]] = {}  # by integration, those included that wait for their turn
        self._checking: asyncio.Task[tuple[list[_Tried], str]] | None = None
        self._tree: Worktree | None = None
        self._ready = False

    async def integrate(self, orchestrator: Orchestrator, event: IntegrationStarted) -> None:
        """Merge the named workers' branches, those that meet fewest others first; each ends integrated or in conflict.

        What conflicts is tried again after the others: a branch may hold what settles it. Raises: GitError at the
        end, with what keeps a branch from being merged at all; it holds up no other. Cancelled, with what is in and
        what is not, when a person had it ended, or the session closes.
        """
        done: list[str] = []
        merging = tasks.start(self._merge_all(orchestrator, event, done), name=f"integrate {event.integration_id}")
        self._merging[event.integration_id] = merging
        try:
            await asyncio.wait({merging})
        finally:
            await tasks.end([merging])
            del self._merging[event.integration_id]
            said = _cut_short(done, event.worker_ids)
            if merging.cancelled() and event.by:
                orchestrator.letters.tell(said)
            await orchestrator.perform(NoteIntegrationEnded(event.integration_id))
        if merging.cancelled():
            raise Cancelled(said)
        merging.result()

    async def cancel_integration(self, integration_id: str) -> None:
        """End an integration; return when its git has ended, and what it was noting is noted."""
        if merging := self._merging.get(integration_id):
            await tasks.end([merging])

    async def stop(self) -> None:
        """End all that runs here: the session closes."""
        await tasks.end([*self._merging.values(), *([self._checking] if self._checking else [])])

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

    async def verify(self, orchestrator: Orchestrator, event: VerifyStarted, hooks: Hooks) -> None:
        """Run the commands on the integrated tree and note what they said; one that fails is run once more.

        One that is cancelled meanwhile says nothing. `hooks` run before, and say what keeps it from being run.
        """
        async with self._one_at_a_time:
            if event.verify_id in orchestrator.state.verifies_cancelled:
                return
            self._checking = tasks.start(self._check(orchestrator, event, hooks), name=f"verify {event.verify_id}")
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
        """End the verify that runs, and its hooks; return when none of its processes is left."""
        if self._checking is not None:
            await tasks.end([self._checking])

    async def look(self, orchestrator: Orchestrator) -> Path:
        """Return a folder with the integrated tree, to see what stands in it: workers may have written its tests."""
        async with self._one_at_a_time:
            return (await self._at(orchestrator, orchestrator.state.tip)).path

    async def _check(self, orchestrator: Orchestrator, event: VerifyStarted, hooks: Hooks) -> tuple[list[_Tried], str]:
        """Run the commands; return them, and what spoils their word."""
        if why := await hooks():
            return [], why
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

    async def _merge_all(self, orchestrator: Orchestrator, event: IntegrationStarted, done: list[str]) -> None:
        """Merge one branch after the other; `done` gets those that are in. Raises: GitError with what cannot be."""
        async with self._one_at_a_time:
            await self.check_branch(orchestrator)
            waiting = sorted(event.worker_ids, key=lambda worker_id: _meetings(orchestrator.state, worker_id))
            unfit: list[str] = []
            again = False
            while waiting:
                clashes: list[NoteConflict] = []
                for number, worker_id in enumerate(waiting, 1):
                    wish = NoteTrying(event.integration_id, worker_id, number, len(waiting), again)
                    await orchestrator.perform(wish)
                    match await self._merge(orchestrator, worker_id):
                        case NoteConflict() as clash:
                            clashes.append(clash)
                        case _Unfit(why):
                            unfit.append(why)
                        case None:
                            done.append(worker_id)
                if len(clashes) == len(waiting):
                    for clash in clashes:
                        await orchestrator.perform(clash)
                    break
                waiting, again = [clash.worker_id for clash in clashes], True
        if unfit:
            raise GitError(" ".join((*unfit, *_inside(orchestrator.state))))

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
        note = NoteIntegrated(worker.id, head, merged.commit, before=session.integration)
        await tasks.whole(orchestrator.perform(note), name=f"integrate {worker.id}")  # the log and the branch agree
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
    await orchestrator.perform(NoteVerifying(event.verify_id, number + 1))
    run = await run_command(ground, name, line, worktree.path, limit=limit, also=ports(VERIFY))
    if run.exit_code in (0, MISSING, TOO_LONG):
        return _Tried(run, again=False)
    await orchestrator.perform(NoteVerifying(event.verify_id, number + 1, again=True))
    return _Tried(
        await run_command(ground, f"{name}-again", line, worktree.path, limit=limit, also=ports(VERIFY)), again=True
    )


def _flaky(tried: Sequence[_Tried]) -> str:
    flaky = [each.run.command for each in tried if each.again and not each.run.exit_code]
    return f"Flaky: {'; '.join(flaky)} failed once and passed when it was run again." if flaky else ""


def _cut_short(done: Sequence[str], wanted: Sequence[str]) -> str:
    """Say what an integration that was cancelled has merged, and what not."""
    left = [each for each in wanted if each not in done]
    are = f"{', '.join(left)} {'are' if len(left) > 1 else 'is'}"
    inside = f"{', '.join(done)} {'are' if len(done) > 1 else 'is'} in, {are} not" if done else f"{are} not merged"
    return f"The person cancelled this integration: {inside}, and nothing is half merged; call integrate again for it."


async def integrate_all(orchestrator: Orchestrator) -> None:
    """Merge every finished branch that is not merged yet."""
    await orchestrator.perform(Integrate())


def _clashes(session: Session) -> str:
    ids = [worker.id for worker in session.workers.values() if worker.conflicts]
    return f"The work of {', '.join(ids)} conflicts with the integrated tree and is not part of it." if ids else ""


def _inside(session: Session) -> list[str]:
    ids = [worker.id for worker in session.workers.values() if worker.integrated]
    return [f"Integrated are: {', '.join(ids)}."] if ids else []


def _meetings(session: Session, worker_id: str) -> int:
    return sum(worker_id in (each.worker_a, each.worker_b) for each in session.overlaps)


async def _check_settled(orchestrator: Orchestrator, worker: Worker, head: str) -> None:
    clashing = {each.path for other in worker.resolves for each in orchestrator.state.workers[other].conflicts}
    if left := await orchestrator.ground.worktrees.marked(head, sorted(clashing)):
        raise GitError(f"{worker.id} left conflict markers in {', '.join(left)}: they are to be settled.")

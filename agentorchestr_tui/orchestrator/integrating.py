"""How the workers' branches become one tree, and how that tree is checked."""

from __future__ import annotations

import asyncio
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui.agents.environment import inherited
from agentorchestr_tui.core.commands import Integrate, NoteConflict, NoteIntegrated, NoteVerified
from agentorchestr_tui.core.errors import LaunchError, OrchestraError
from agentorchestr_tui.core.events import BranchIntegrated, IntegrationStarted, IntegrationUndone, VerifyStarted
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import CommandRun
from agentorchestr_tui.orchestrator.work import worktree_of
from agentorchestr_tui.panes.pane import Exit, Launch, Pane
from agentorchestr_tui.worktrees.integration import Conflicted
from agentorchestr_tui.worktrees.worktree import Worktree

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

VERIFY = "verify"
OUTPUT_LINES = 200  # of a verify command's output that are kept as evidence; the recording has all
SHELL_SIGNS = frozenset("|&;<>()$`\\\"'*?[]#~=%\n")
NO_COMMANDS = (
    "No test command was found in this project, so only the merge was checked. "
    "Name one as verify in .agentorchestr/config.toml."
)


class Integrator:
    """Merges finished branches and verifies the result, one thing at a time."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._tree: Worktree | None = None

    async def integrate(self, orchestrator: Orchestrator, event: IntegrationStarted) -> None:
        """Merge the named workers' branches in order; each ends as integrated or as a conflict."""
        async with self._one_at_a_time:
            for worker_id in event.worker_ids:
                await self._merge(orchestrator, orchestrator.state.workers[worker_id])

    async def move_branch(self, orchestrator: Orchestrator, event: BranchIntegrated) -> None:
        """Bring the integration branch to what was recorded. Raises: GitError when somebody else moved it."""
        if event.integration_commit not in (event.before, orchestrator.state.base_commit):
            await orchestrator.ground.worktrees.set_integration(event.integration_commit, event.before or None)

    async def move_back(self, orchestrator: Orchestrator, event: IntegrationUndone) -> None:
        """Bring the integration branch to the tree without a worker. Raises: GitError when somebody else moved it."""
        if event.commit != event.before:
            await orchestrator.ground.worktrees.set_integration(event.commit, event.before)

    async def verify(self, orchestrator: Orchestrator, event: VerifyStarted) -> None:
        """Run the commands on the integrated tree and note what they said."""
        async with self._one_at_a_time:
            try:
                worktree = await self._checkout(orchestrator, event.commit)
                runs = [await self._run(orchestrator, worktree, event, number) for number in range(len(event.commands))]
                note = _clashes(orchestrator.state) or ("" if runs else NO_COMMANDS)
            except OrchestraError as error:
                runs, note = [], f"The checks could not run: {error}"
        passed = all(run.exit_code == 0 for run in runs) and note in ("", NO_COMMANDS)
        await orchestrator.perform(NoteVerified(event.verify_id, event.commit, passed, tuple(runs), note))

    async def _checkout(self, orchestrator: Orchestrator, commit: str) -> Worktree:
        worktrees = orchestrator.ground.worktrees
        if self._tree is None:
            self._tree = await worktrees.add_detached(VERIFY, commit)
        self._tree = await worktrees.move(self._tree, commit, keep=False)
        return self._tree

    async def _merge(self, orchestrator: Orchestrator, worker: Worker) -> None:
        session = orchestrator.state
        worktrees = orchestrator.ground.worktrees
        head = await worktrees.commit_leftovers(worktree_of(worker), f"{worker.id}: {worker.task.splitlines()[0][:72]}")
        if head == worker.integrated:
            return
        merged = await worktrees.merge(session.tip, [(worker.id, head)])
        if isinstance(merged, Conflicted):
            await orchestrator.perform(NoteConflict(worker.id, head, merged.conflicts))
        else:
            note = NoteIntegrated(worker.id, head, merged.commit, before=session.integration)
            await orchestrator.perform(note)

    async def _run(
        self, orchestrator: Orchestrator, worktree: Worktree, event: VerifyStarted, number: int
    ) -> CommandRun:
        line = event.commands[number]
        ground = orchestrator.ground
        began = ground.clock()
        try:
            argv = command_argv(line, ground.environment.get("PATH", ""))
            launch = Launch(argv, worktree.path, inherited(ground.environment))
            pane = await ground.panes.open(f"{VERIFY}-{event.verify_id}-{number + 1}", launch)
        except LaunchError as error:
            return CommandRun(line, 127, 0.0, str(error))
        ended, note = await _bounded(pane, ground.settings.verify_timeout_s)
        code = ended.code if ended.code is not None else 128 + (ended.signal or 0)
        return CommandRun(line, code if not note else 124, ground.clock() - began, _output(pane) + note)


async def integrate_all(orchestrator: Orchestrator) -> None:
    """Merge every finished branch that is not merged yet."""
    await orchestrator.perform(Integrate())


def command_argv(line: str, path: str) -> tuple[str, ...]:
    """Split a command line; one with shell signs is handed to sh. Raises: LaunchError when its program is missing."""
    if SHELL_SIGNS.intersection(line):
        return ("/bin/sh", "-c", line)
    words = shlex.split(line)
    program = shutil.which(words[0], path=path) if words else None
    if program is None:
        raise LaunchError(f"The command {line!r} cannot run: {words[0] if words else 'nothing'} is not on PATH.")
    return (str(Path(program).absolute()), *words[1:])


def _clashes(session: Session) -> str:
    ids = [worker.id for worker in session.workers.values() if worker.conflicts]
    return f"The work of {', '.join(ids)} conflicts with the integrated tree and is not part of it." if ids else ""


async def _bounded(pane: Pane, limit: float) -> tuple[Exit, str]:
    try:
        async with asyncio.timeout(limit):
            return await pane.wait(), ""
    except TimeoutError:
        return await pane.end(), f"\nIt was ended after {limit:.0f} s without an end of its own."


def _output(pane: Pane) -> str:
    return "\n".join(line.text for line in pane.emulator.transcript())[-20_000:]

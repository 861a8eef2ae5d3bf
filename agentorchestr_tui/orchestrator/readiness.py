"""A fresh worktree made ready to run: ignored files that it needs, ports of its own, the project's setup commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import NoteReadied
from agentorchestr_tui.core.errors import LaunchError
from agentorchestr_tui.core.words import CommandRun, shortened
from agentorchestr_tui.orchestrator.running import run_command
from agentorchestr_tui.worktrees.worktree import Worktree

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

PORT = "AGENTORCHESTR_PORT"
FIRST_PORT = 42_000
PORTS = 20  # that each worktree may count on from its first
SAID = 300  # characters of a failed command's output that stand in the sentence


def ports(name: str) -> Mapping[str, str]:
    """Return the variable that names a worktree's first port: the verification's, then the workers' in order."""
    number = int(name[1:]) if name[1:].isdecimal() else 0
    return {PORT: str(FIRST_PORT + PORTS * number)}


def readied_by(orchestrator: Orchestrator, name: str) -> str:
    """Say which setup command runs in a worktree now, or nothing: `setup 2 of 3: npm ci`."""
    lines = orchestrator.ground.settings.setup
    for number, line in enumerate(lines, 1):
        pane = orchestrator.pane(f"setup-{name}-{number}")
        if pane is not None and pane.exit is None:
            return f"setup {number} of {len(lines)}: {line}"
    return ""


async def make_ready(orchestrator: Orchestrator, worktree: Worktree) -> None:
    """Copy what git ignores and the project needs, and run its setup commands; told as an event if there was any.

    Raises: LaunchError with the end of a setup command that failed, GitError.
    """
    ground = orchestrator.ground
    copied = await ground.worktrees.copy_ignored(worktree, ground.settings.copy_files)
    runs: list[CommandRun] = []
    for number, line in enumerate(ground.settings.setup, 1):
        name = f"setup-{worktree.name}-{number}"
        limit, also = ground.settings.setup_timeout_s, ports(worktree.name)
        runs.append(await run_command(ground, name, line, worktree.path, limit=limit, also=also))
        if runs[-1].exit_code:
            break
    if copied or runs:
        await orchestrator.perform(NoteReadied(worktree.name, copied, tuple(runs)))
    if runs and runs[-1].exit_code:
        said = shortened(runs[-1].output[-SAID:], SAID)
        raise LaunchError(f"The setup command {runs[-1].command!r} ended with code {runs[-1].exit_code}: {said}")

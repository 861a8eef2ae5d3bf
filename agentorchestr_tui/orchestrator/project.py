"""What a session's project offers a person who writes a goal: its files, its verify commands, its earlier goals."""

from __future__ import annotations

import asyncio
from pathlib import Path

from agentorchestr_tui.orchestrator.checks import detect_commands
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator


def chosen_commands(orchestrator: Orchestrator) -> tuple[str, ...]:
    """Return the verify commands that people named: with the goal, in the settings, in PROJECT.md; may be none."""
    return orchestrator.state.verify or orchestrator.ground.settings.verify or orchestrator.ground.written


async def known_commands(orchestrator: Orchestrator, root: Path | None = None) -> tuple[str, ...]:
    """Return the verify commands: those that people named, or what the files at `root` tell (the user's checkout)."""
    if chosen := chosen_commands(orchestrator):
        return chosen
    path = orchestrator.ground.environment.get("PATH", "")
    return await asyncio.to_thread(detect_commands, root or Path(orchestrator.state.project), path)


async def tracked_files(orchestrator: Orchestrator) -> tuple[str, ...]:
    """Return the paths of the files that git tracks, from the project's root. Raises: GitError."""
    return await orchestrator.ground.repository.tracked()


async def earlier_goals(orchestrator: Orchestrator) -> tuple[str, ...]:
    """Return the goals that this project had in earlier sessions, the newest first. Raises: StoreError."""
    return await orchestrator.ground.log.goals(orchestrator.state.project)

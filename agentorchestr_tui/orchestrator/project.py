"""What a session's project offers a person who writes a goal: its files, its verify commands, its earlier goals."""

from __future__ import annotations

import asyncio
from pathlib import Path

from agentorchestr_tui.orchestrator.checks import detect_commands
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator


async def known_commands(orchestrator: Orchestrator) -> tuple[str, ...]:
    """Return the verify commands: chosen with the goal, from the settings, from PROJECT.md, or what the files tell."""
    ground, session = orchestrator.ground, orchestrator.state
    if chosen := session.verify or ground.settings.verify or ground.written:
        return chosen
    path = ground.environment.get("PATH", "")
    return await asyncio.to_thread(detect_commands, Path(session.project), path)


async def tracked_files(orchestrator: Orchestrator) -> tuple[str, ...]:
    """Return the paths of the files that git tracks, from the project's root. Raises: GitError."""
    return await orchestrator.ground.repository.tracked()


async def earlier_goals(orchestrator: Orchestrator) -> tuple[str, ...]:
    """Return the goals that this project had in earlier sessions, the newest first. Raises: StoreError."""
    return await orchestrator.ground.log.goals(orchestrator.state.project)

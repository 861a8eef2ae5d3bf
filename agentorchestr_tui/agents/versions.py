"""The versions of agents: each binary is asked once, as it lies there, and what it said is remembered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

from agentorchestr_tui import tasks
from agentorchestr_tui.agents.detection import Detected, Runner, version_of
from agentorchestr_tui.agents.reading import Json, JsonTable

FILE = "versions.json"


class Versions:
    """What the agents' binaries say that they are, by path and time of change."""

    def __init__(self, cache: Path, environment: Mapping[str, str], run: Runner) -> None:
        self._file = cache / FILE
        self._environment = environment
        self._run = run
        self._asked: dict[str, asyncio.Task[str]] = {}

    async def of(self, agent: Detected) -> str:
        """Return an agent's version, "" where it tells none; asked at most once, and for a bounded time."""
        task = self._asked.get(agent.card.name)
        if task is None:
            task = tasks.start(self._learn(agent), name=f"version of {agent.card.name}")
            self._asked[agent.card.name] = task
        return await asyncio.shield(task)

    async def _learn(self, agent: Detected) -> str:
        if agent.version or agent.card.version is None:
            return agent.version
        mark = await asyncio.to_thread(_mark, agent)
        known = await asyncio.to_thread(_read, self._file)
        if (version := known.get(mark)) and isinstance(version, str):
            return version
        version = await version_of(agent, self._environment, self._run)
        if version:
            await asyncio.to_thread(_remember, self._file, mark, version)
        return version


def _mark(agent: Detected) -> str:
    """Return what a version is remembered by: the agent, and its binary as it lies there."""
    try:
        real = agent.binary.resolve()
        return f"{agent.card.name} {real}@{real.stat().st_mtime_ns}"
    except OSError:  # it is gone, or hidden from us
        return f"{agent.card.name} {agent.binary}@"


def _read(file: Path) -> JsonTable:
    try:
        known: Json = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _remember(file: Path, mark: str, version: str) -> None:
    """Add a version; those of a binary that was there before it go. A disk that says no costs another look."""
    path = mark.rpartition("@")[0]
    known = {each: told for each, told in _read(file).items() if each.rpartition("@")[0] != path}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_suffix(".new")
        aside.write_text(json.dumps(known | {mark: version}, indent=2) + "\n", "utf-8")
        aside.replace(file)
    except OSError:
        pass

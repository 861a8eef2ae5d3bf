"""Which agents are installed: a PATH lookup without any process, and the versions through a runner handed in."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from agentorchestr_tui.agents.card import HOUSE_INTERPRETER, Card
from agentorchestr_tui.agents.environment import inherited
from agentorchestr_tui.agents.placeholders import fill
from agentorchestr_tui.core.errors import OrchestraError

VERSION_LIMIT = 10.0  # seconds; the first start of a CLI can take that long

Runner: TypeAlias = Callable[[tuple[str, ...], Mapping[str, str]], Awaitable[str]]  # argv, environment -> its output


@dataclass(frozen=True, slots=True)
class Detected:
    """An agent that is installed: its card, its binary's absolute path, its version or "" if it told none."""

    card: Card
    binary: Path
    version: str = ""


def find(cards: Mapping[str, Card], path: str, *, hidden: bool = False) -> list[Detected]:
    """Look every card's binaries up on `path`, a PATH value; hidden cards only when asked for."""
    seen = ((card, _binary(card, path)) for card in cards.values() if hidden or not card.hidden)
    return [Detected(card, binary) for card, binary in seen if binary is not None]


async def detect(
    cards: Mapping[str, Card],
    path: str,
    env: Mapping[str, str],
    run: Runner,
    *,
    hidden: bool = False,
    tell: Callable[[list[Detected], set[str]], None] = lambda _, __: None,
) -> list[Detected]:
    """Find the installed agents and read their versions, all at once.

    `tell` hears what is found, first and with each version, and the names of those that have not answered.
    """
    found = {agent.card.name: agent for agent in find(cards, path, hidden=hidden)}
    asked = set(found)

    async def ask(agent: Detected) -> None:
        version = await version_of(agent, inherited(env) | {"PATH": path}, run)
        found[agent.card.name] = replace(agent, version=version)
        asked.discard(agent.card.name)
        tell(list(found.values()), asked)

    tell(list(found.values()), asked)
    await asyncio.gather(*[ask(agent) for agent in found.values()])
    return list(found.values())


def _binary(card: Card, path: str) -> Path | None:
    for name in card.binaries:
        if name == HOUSE_INTERPRETER:
            return Path(sys.executable)
        if found := shutil.which(name, path=path):
            return Path(found).absolute()
    return None


async def version_of(agent: Detected, env: Mapping[str, str], run: Runner) -> str:
    """Ask an agent for its version, for a bounded time; "" where it tells none."""
    reading = agent.card.version
    if reading is None:
        return ""
    argv = tuple(fill(word, {"binary": str(agent.binary), "python": sys.executable}) for word in reading.argv)
    try:
        output = await asyncio.wait_for(run(argv, env), VERSION_LIMIT)
    except (OSError, TimeoutError, OrchestraError):
        return ""
    match = reading.pattern.search(output)
    return match[1] if match else ""

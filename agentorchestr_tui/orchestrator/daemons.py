"""Daemons that agents leave behind: ours end with the session that used them last, and all others are left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from agentorchestr_tui.agents.card import Card
from agentorchestr_tui.core.commands import Notice
from agentorchestr_tui.panes import strays
from agentorchestr_tui.panes.strays import Stray

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

NOBODY = 0  # no pane host


@dataclass(frozen=True, slots=True)
class Left:
    """A daemon that an agent of ours left behind: what its card calls it, and whether somebody still uses it."""

    card: Card
    name: str
    stray: Stray
    used: bool

    @property
    def title(self) -> str:
        """Say which one."""
        return f"{self.card.title}'s {self.name} (process {self.stray.pid})"


async def end_daemons(orchestrator: Orchestrator) -> None:
    """End what this session's agents left running, once its panes are gone; say so of what somebody else uses."""
    ground, session = orchestrator.ground, orchestrator.state
    used = {worker.agent for worker in session.workers.values()} | {session.lead_agent}
    cards = [agent.card for name, agent in ground.agents.items() if name in used]
    for left in await asyncio.to_thread(_ended, cards, ground.panes.host):
        why = "something else uses it" if left.used else "it does not end"
        await orchestrator.perform(Notice(f"{left.title} is left running: {why}."))


def left_by_the_dead(cards: Iterable[Card]) -> list[Left]:
    """Return the daemons of sessions that are gone; blocks."""
    return [each for card in cards for each in _left(card, NOBODY)]


def end(daemons: Sequence[Left]) -> list[Left]:
    """End these; return those that stand even so. Blocks."""
    standing = strays.end([each.stray for each in daemons])
    return [each for each in daemons if each.stray in standing]


def _ended(cards: Iterable[Card], host: int) -> list[Left]:
    found = [each for card in cards for each in _left(card, host)]
    return [*(each for each in found if each.used), *end([each for each in found if not each.used])]


def _left(card: Card, host: int) -> list[Left]:
    """Return the daemons that were started below this host, or below one that is gone."""
    if not card.daemons:
        return []
    found = strays.running(lambda argv: bool(_name(card, argv)))
    mine = [each for each in found if each.host and (each.host == host or not strays.stands(each.host))]
    users = strays.running(lambda argv: _is_agent(card, argv)) if mine else []
    return [Left(card, _name(card, each.argv), each, _is_used(each, users, host)) for each in mine]


def _is_used(daemon: Stray, users: Iterable[Stray], host: int) -> bool:
    """Say whether an agent of another session, or of the person, runs at the same home."""
    return any(user.home == daemon.home and user.host != (host or daemon.host) for user in users)


def _is_agent(card: Card, argv: Sequence[str]) -> bool:
    names = [PurePath(word).name for word in argv[:2]]  # a script's interpreter comes first
    return any(name in card.binaries for name in names) and not _name(card, argv)


def _name(card: Card, argv: Sequence[str]) -> str:
    return next((daemon.name for daemon in card.daemons if daemon.is_it(argv)), "")

"""How running agents leave when a session closes: as their cards say, so that they put away what they had open."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentorchestr_tui.agents.card import Card
from agentorchestr_tui.core.errors import PaneGone
from agentorchestr_tui.core.state import Lead, Worker
from agentorchestr_tui.core.words import Status
from agentorchestr_tui.panes.pane import Pane

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

LEAD = "lead"
LEAVES = 5.0  # seconds that an agent gets to leave after its card's keys; whoever stays is ended
DRAFT = 60.0  # seconds after a person's last key in which a half-typed line may stand there


@dataclass(frozen=True, slots=True)
class Leaver:
    """An agent that can leave by its own keys."""

    who: str
    pane: Pane
    card: Card

    @property
    def seconds(self) -> float:
        """How long it gets."""
        return LEAVES + sum(step.wait_seconds for step in self.card.exit)


def leavers(orchestrator: Orchestrator) -> tuple[Leaver, ...]:
    """Return every idle agent; whoever works, asks something or has a draft is not typed to."""
    session, now = orchestrator.state, asyncio.get_running_loop().time()
    holders: dict[str, Lead | Worker] = {LEAD: session.lead} if session.lead else {}
    idle = [
        Leaver(who, pane, orchestrator.ground.card(holder.agent))
        for who, holder in (holders | dict(session.workers)).items()
        if holder.running and holder.status is Status.IDLE and (pane := orchestrator.pane(who)) is not None
    ]
    return tuple(
        each
        for each in idle
        if each.card.exit and each.pane.exit is None and now - orchestrator.typed_at(each.who) >= DRAFT
    )


async def ask_to_leave(those: Iterable[Leaver]) -> None:
    """Have them all leave at once; returns when they have, or had the time for it."""
    await asyncio.gather(*map(_leave, those))


async def _leave(leaver: Leaver) -> None:
    with suppress(PaneGone, TimeoutError):
        async with asyncio.timeout(leaver.seconds):
            for step in leaver.card.exit:
                await leaver.pane.write(step.keys.encode())
                await asyncio.sleep(step.wait_seconds)
            await leaver.pane.wait()

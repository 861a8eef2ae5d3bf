"""How running agents leave when a session closes: as their cards say, so that they put away what they had open."""

from __future__ import annotations

import asyncio
from contextlib import suppress
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


async def ask_to_leave(orchestrator: Orchestrator) -> None:
    """Have every idle agent leave by its own keys; whoever works, asks something or has a draft is not typed to."""
    session = orchestrator.state
    holders: dict[str, Lead | Worker] = {LEAD: session.lead} if session.lead else {}
    idle = [
        (who, orchestrator.ground.card(holder.agent))
        for who, holder in (holders | dict(session.workers)).items()
        if holder.running and holder.status is Status.IDLE
    ]
    await asyncio.gather(*(_leave(orchestrator, who, card) for who, card in idle))


async def _leave(orchestrator: Orchestrator, who: str, card: Card) -> None:
    pane, loop = orchestrator.pane(who), asyncio.get_running_loop()
    if pane is None or pane.exit is not None or loop.time() - orchestrator.typed_at(who) < DRAFT:
        return
    with suppress(PaneGone, TimeoutError):
        async with asyncio.timeout(LEAVES + sum(step.wait_seconds for step in card.exit)):
            await _type(pane, card)


async def _type(pane: Pane, card: Card) -> None:
    if not card.exit:
        return
    for step in card.exit:
        await pane.write(step.keys.encode())
        await asyncio.sleep(step.wait_seconds)
    await pane.wait()

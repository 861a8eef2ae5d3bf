"""What running agents call their own conversations: named by us, found where they keep them, or told as they leave."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui.agents.card import Card
from agentorchestr_tui.agents.conversations import kept, told
from agentorchestr_tui.core.commands import NoteConversation
from agentorchestr_tui.core.state import Lead, Session, Worker

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

LEAD = "lead"


def named(card: Card, fresh: str) -> str:
    """Return the name that a new conversation of this agent gets: `fresh` where it takes one, else "" as yet."""
    return fresh if card.conversation and card.conversation.start else ""


def can_return(card: Card, conversation: str) -> bool:
    """Say whether an agent can go on with a conversation; "" stands for the latest one of its folder."""
    ways = card.conversation
    return bool(ways and (ways.resume if conversation else ways.latest))


def returning(orchestrator: Orchestrator) -> tuple[str, ...]:
    """Return the workers whose task is open and whose agents could go on where they were."""
    cards = orchestrator.ground.card
    workers = orchestrator.state.live_workers
    return tuple(each.id for each in workers if each.worktree and can_return(cards(each.agent), each.conversation))


async def look(orchestrator: Orchestrator, who: str) -> None:
    """Look where the agent keeps its conversations, as long as its own is unknown."""
    holder = _holder(orchestrator.state, who)
    if holder is None or holder.conversation:
        return
    ways, ground = orchestrator.ground.card(holder.agent).conversation, orchestrator.ground
    if ways is not None and ways.kept is not None:
        folder, since = _folder(orchestrator, who), _began(holder)
        found = await asyncio.to_thread(kept, ways, ground.environment, folder, since)
        await orchestrator.perform(NoteConversation(who, found or ""))


async def listen_to_farewell(orchestrator: Orchestrator, who: str) -> None:
    """Take the name of its conversation from an agent's last words, where it tells one."""
    holder, pane = _holder(orchestrator.state, who), orchestrator.pane(who)
    if holder is None or pane is None:
        return
    ways = orchestrator.ground.card(holder.agent).conversation
    if ways is not None and not ways.start:
        said = [line.text for line in pane.emulator.transcript()]
        await orchestrator.perform(NoteConversation(who, told(ways, said) or ""))


def _holder(session: Session, who: str) -> Lead | Worker | None:
    return session.lead if who == LEAD else session.workers.get(who)


def _began(holder: Lead | Worker) -> float:
    return holder.started if isinstance(holder, Lead) else holder.spawned


def _folder(orchestrator: Orchestrator, who: str) -> Path:
    session = orchestrator.state
    if who == LEAD:
        return orchestrator.ground.paths.worktrees(session.id) / LEAD
    return Path(session.workers[who].worktree)

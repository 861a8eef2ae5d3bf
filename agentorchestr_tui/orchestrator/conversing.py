"""What running agents call their own conversations: named by us, found where they keep them, or told as they leave."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui.agents.card import Card
from agentorchestr_tui.agents.conversations import kept, listed, told
from agentorchestr_tui.agents.environment import inherited
from agentorchestr_tui.agents.placeholders import fill
from agentorchestr_tui.core.commands import NoteConversation
from agentorchestr_tui.core.state import Lead, Session, Worker
from agentorchestr_tui.panes.pane import Launch

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

LEAD = "lead"
LOOKS = (0.5, 1.0, 2.0, 5.0, 15.0)  # seconds between two looks for a conversation that is unknown
LISTS = 30.0  # seconds that an agent gets to list its conversations
WIDE = 1000  # columns, so that no path is cut


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


class Conversations:
    """Looks for what the agents of a session call their conversations, each as long as that is unknown."""

    def __init__(self) -> None:
        self._looked_for: set[str] = set()

    async def look(self, orchestrator: Orchestrator, who: str) -> None:
        """Look where the agent keeps its conversations: some write theirs down only after a while."""
        if who in self._looked_for:
            return
        self._looked_for.add(who)
        try:
            for patience in LOOKS:
                if not _is_unknown(orchestrator.state, who) or not await _found(orchestrator, who):
                    return
                await orchestrator.until(lambda _: False, patience)
        finally:
            self._looked_for.discard(who)


async def _found(orchestrator: Orchestrator, who: str) -> bool:
    """Look once; return whether to look again."""
    holder, ground = _holder(orchestrator.state, who), orchestrator.ground
    ways = ground.card(holder.agent).conversation if holder else None
    if holder is None or ways is None or ways.kept is None:
        return False
    folder, since = _folder(orchestrator, who), _began(holder)
    found = await asyncio.to_thread(kept, ways, ground.environment, folder, since)
    await orchestrator.perform(NoteConversation(who, found or ""))
    return not found and holder.running and not orchestrator.closing.is_set()


async def ask(orchestrator: Orchestrator, alive: Collection[str]) -> None:
    """Have agents list their conversations, where that is the only way to learn those of who is not alive."""
    session = orchestrator.state
    unknown = [who for who in (LEAD, *session.workers) if who not in alive and _is_unknown(session, who)]
    for agent in {holder.agent for who in unknown if (holder := _holder(session, who))}:
        found = await _listed(orchestrator, agent)
        for who in unknown:
            folder = _folder(orchestrator, who)
            known = found.get(folder) or found.get(await asyncio.to_thread(folder.resolve)) or ""
            await orchestrator.perform(NoteConversation(who, known))


async def _listed(orchestrator: Orchestrator, agent: str) -> dict[Path, str]:
    ground = orchestrator.ground
    ways, binary = ground.card(agent).conversation, ground.agents[agent].binary
    if ways is None or ways.listed is None:
        return {}
    argv = tuple(fill(word, {"binary": str(binary)}) for word in ways.listed.argv)
    launch = Launch(argv, Path(orchestrator.state.project), inherited(ground.environment), columns=WIDE)
    pane = await ground.panes.open(f"ask-{agent}", launch)
    with suppress(TimeoutError):
        await asyncio.wait_for(pane.wait(), LISTS)
    await pane.end()
    return listed(ways.listed, "\n".join(line.text for line in pane.emulator.transcript()))


def _is_unknown(session: Session, who: str) -> bool:
    holder = _holder(session, who)
    open_ = isinstance(holder, Lead) or (holder is not None and holder.live and bool(holder.worktree))
    return holder is not None and open_ and not holder.conversation


async def listen_to_farewell(orchestrator: Orchestrator, who: str) -> None:
    """Take the name of its conversation from an agent's last words, where it tells one."""
    holder, pane = _holder(orchestrator.state, who), orchestrator.pane(who)
    if holder is None or pane is None:
        return
    ways = orchestrator.ground.card(holder.agent).conversation
    if ways is not None and not ways.start:
        last = told(ways, [line.text for line in pane.emulator.transcript()]) or ""
        if not holder.conversation.startswith(last):  # some tell the first letters alone
            await orchestrator.perform(NoteConversation(who, last))


def _holder(session: Session, who: str) -> Lead | Worker | None:
    return session.lead if who == LEAD else session.workers.get(who)


def _began(holder: Lead | Worker) -> float:
    return holder.started if isinstance(holder, Lead) else holder.spawned


def _folder(orchestrator: Orchestrator, who: str) -> Path:
    session = orchestrator.state
    if who == LEAD:
        return orchestrator.ground.paths.worktrees(session.id) / LEAD
    return Path(session.workers[who].worktree)

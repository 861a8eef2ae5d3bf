"""What waits to be said to an agent, and why it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator


def waits(orchestrator: Orchestrator, who: str) -> str:
    """Say how many messages wait for one, and why the first does: `1 message waits: its turn is not over`."""
    queued = [each for each in orchestrator.state.queued(who) if not each.typing]
    why = orchestrator.why_waits(queued[0]) if queued else ""
    return f"{_count(len(queued))}{f': {why}' if why else ''}" if queued else ""


def _count(messages: int) -> str:
    return "1 message waits" if messages == 1 else f"{messages} messages wait"

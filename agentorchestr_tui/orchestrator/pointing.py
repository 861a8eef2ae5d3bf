"""Who did what outside its worktree: what a terminal printed of it, and how a person is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import NoteNeed
from agentorchestr_tui.core.words import NeedChoice, NeedKind

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

LOOKED_BACK = 400  # lines of a terminal in which a path outside is searched


async def point_out(orchestrator: Orchestrator, who: str, did: str) -> None:
    """Tell a person what a worker did outside its own worktree or branch."""
    choices = (NeedChoice("dismiss", "I have seen it"),)
    await orchestrator.perform(NoteNeed(who, NeedKind.ESCAPE, f"{who} {did}", choices))


def printed(orchestrator: Orchestrator, who: str) -> str:
    """Return what a worker's terminal printed last, with wrapped rows joined."""
    pane = orchestrator.pane(who)
    if pane is None:
        return ""
    lines = [line.text for line in pane.emulator.transcript()[-LOOKED_BACK:]]
    return "".join(line if len(line) >= pane.emulator.columns else f"{line}\n" for line in lines)

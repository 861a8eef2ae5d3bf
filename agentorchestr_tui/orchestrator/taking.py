"""What a session made, for the person to look at and take."""

from __future__ import annotations

from agentorchestr_tui.core.commands import MergeResult
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import Cancelled, GitError
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.worktrees.evidence import Range


async def result_stat(orchestrator: Orchestrator) -> str:
    """Return the diff stat of the integrated tree against the base; empty when nothing was integrated."""
    session = orchestrator.state
    if not session.integration:
        return ""
    return await orchestrator.ground.worktrees.diff(Range(session.base_commit, session.integration), stat_only=True)


async def merge_result(orchestrator: Orchestrator) -> str:
    """Merge the integration branch into the user's branch; return a sentence on how that went."""
    try:
        granted = await orchestrator.perform(MergeResult())
    except Cancelled as error:
        return str(error)
    except GitError as error:
        return f"not merged: {error}"
    if isinstance(granted, Refused):
        return granted.reason
    return taken(orchestrator.state)


def taken(session: Session) -> str:
    """Say where the person's branch holds the result, or nothing."""
    return f"merged into {session.base_branch or 'HEAD'} as {session.merged[:10]}" if session.merged else ""

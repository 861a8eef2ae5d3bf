"""What a session made, for the person to look at and take."""

from __future__ import annotations

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.core.words import shortened
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.worktrees.evidence import Range
from agentorchestr_tui.worktrees.integration import Conflicted


async def result_stat(orchestrator: Orchestrator) -> str:
    """Return the diff stat of the integrated tree against the base; empty when nothing was integrated."""
    session = orchestrator.state
    if not session.integration:
        return ""
    return await orchestrator.ground.worktrees.diff(Range(session.base_commit, session.integration), stat_only=True)


async def merge_result(orchestrator: Orchestrator) -> str:
    """Merge the integration branch into the user's branch; return a sentence on how that went."""
    session = orchestrator.state
    if not session.integration:
        return "nothing to merge"
    try:
        merged = await orchestrator.ground.worktrees.merge_into_users_branch()
    except GitError as error:
        return f"not merged: {error}"
    if isinstance(merged, Conflicted):
        files = ", ".join(conflict.path for conflict in merged.conflicts)
        return shortened(f"not merged: it conflicts with your branch in {files}", 200)
    return f"merged into {session.base_branch or 'HEAD'} as {merged.commit[:10]}"

"""The result merged into the user's branch: one at a time, told step by step, ended at any time but half done never."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import NoteMerged, NoteMergeEnded, NoteMerging
from agentorchestr_tui.core.errors import Cancelled, GitError
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import MergeStep, shortened
from agentorchestr_tui.worktrees.integration import Conflicted

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

CANCELLED = "The merge is cancelled: your branch and your checkout are as they were."
NAMED = 150  # characters of the files that conflict


class Merger:
    """Merges the integration branch into the user's branch."""

    def __init__(self) -> None:
        self._merging: asyncio.Task[None] | None = None

    async def merge(self, orchestrator: Orchestrator) -> None:
        """Merge, and note it. Raises: GitError when it cannot be, Cancelled when a person had it ended."""
        merging = self._merging = tasks.start(_merge(orchestrator), name="merge the result")
        try:
            await asyncio.wait({merging})
        finally:
            await tasks.end([merging])
            await orchestrator.perform(NoteMergeEnded())
        if merging.cancelled():
            raise Cancelled(CANCELLED)
        merging.result()

    async def cancel(self) -> None:
        """End the merge that runs; return when its git has ended and what it wrote is taken back.

        Raises: GitError when a file is not as it was.
        """
        if self._merging is not None:
            await tasks.end([self._merging])
            if not self._merging.cancelled():
                self._merging.result()


def called_off(session: Session, before: str) -> str:
    """Say what became of a merge that was to be ended, once it has; `before` it this commit held a result."""
    if session.merged != before:
        return f"It was too late to cancel: the result is in {session.base_branch or 'HEAD'}."
    return CANCELLED


async def _merge(orchestrator: Orchestrator) -> None:
    async def tell(step: MergeStep, files: int) -> None:
        await orchestrator.perform(NoteMerging(step, files))

    merged = await orchestrator.ground.worktrees.merge_into_users_branch(tell)
    if isinstance(merged, Conflicted):
        files = shortened(", ".join(conflict.path for conflict in merged.conflicts), NAMED)
        raise GitError(f"it conflicts with your branch in {files}; your branch is as it was")
    note = NoteMerged(orchestrator.state.base_branch or "", merged.commit)
    await tasks.whole(orchestrator.perform(note), name="note the merge")

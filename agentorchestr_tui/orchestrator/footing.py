"""On what each worker stands in its own worktree: its branch, another one, or none; and commits that fell off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import Notice
from agentorchestr_tui.core.state import Worker
from agentorchestr_tui.orchestrator.work import keep_fallen, worktree_of
from agentorchestr_tui.worktrees.looking import Measured

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator


class Footing:
    """Remembers where each worker's worktree stood, and tells what it should not have done to branches, once each."""

    def __init__(self) -> None:
        self._stood: dict[str, tuple[str, str, str]] = {}  # HEAD, the branch there, and the tip of its own
        self._told: set[tuple[str, ...]] = set()

    async def looked(self, orchestrator: Orchestrator, worker: Worker, now: Measured) -> None:
        """Compare where a worktree stands with the last look. Raises: GitError."""
        worktrees, worktree = orchestrator.ground.worktrees, worktree_of(worker)
        tip, head = await worktrees.tip_of(worktree), now.evidence.commit
        before = self._stood.get(worker.id, (worker.base, worker.branch, worker.base))
        stands = self._stood[worker.id] = (head, now.branch, tip)
        if stands == before:
            return
        if not tip:
            await worktrees.put_back(worktree)
        kept = await keep_fallen(orchestrator, worker)
        own = worker.branch
        if not tip:
            held = f" What it let go of is kept: {', '.join(kept)}." if kept else ""
            put_back = " (made anew)" if await worktrees.tip_of(worktree) else ""
            await self._tell(
                orchestrator, (worker.id, "deleted", own),
                f"{worker.id} deleted its own branch {own}{put_back}: integrate takes what its worktree holds.{held}",
            )  # fmt: skip
        elif now.branch not in ("", own):
            await self._tell(
                orchestrator, (worker.id, "elsewhere", now.branch),
                f"{worker.id} works on the branch {now.branch} in its worktree, not on its own ({own}): integrate "
                f"takes all that stands there with it. If that is not meant, have it go back: git switch {own}.",
            )  # fmt: skip
        if head != worker.base and not await worktrees.contains(worker.base, head):
            await self._tell(
                orchestrator, (worker.id, "rewritten", worker.base),
                f"{worker.id} rewrote commits from before its task: its branch no longer holds {worker.base[:10]}, "
                f"where it began. Look at worker_diff({worker.id!r}) before integrate; if more is in it than its own "
                f"work, have it put that alone onto {worker.base[:10]} (git rebase --onto).",
            )  # fmt: skip

    async def gone(self, orchestrator: Orchestrator, worker: Worker) -> None:
        """Take note that a worktree's folder was deleted. Raises: GitError."""
        key = (worker.id, "gone", worker.worktree)
        if key in self._told or not worker.live:
            return
        kept = await keep_fallen(orchestrator, worker)
        held = f" Kept: {', '.join(kept)}." if kept else ""
        await self._tell(
            orchestrator, key,
            f"{worker.id} deleted its own worktree: what it had committed stands on {worker.branch}, the rest is gone."
            f"{held} kill_worker, and spawn another for what is left.",
        )  # fmt: skip

    async def _tell(self, orchestrator: Orchestrator, key: tuple[str, ...], words: str) -> None:
        if key in self._told:
            return
        self._told.add(key)
        orchestrator.letters.tell(words)
        await orchestrator.perform(Notice(words))

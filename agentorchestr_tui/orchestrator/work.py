"""What a worker did: looked at, and kept, in its worktree."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import NoteWorkKept
from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.core.state import Worker
from agentorchestr_tui.core.words import NOTHING, Evidence, FileChange
from agentorchestr_tui.worktrees.evidence import Range
from agentorchestr_tui.worktrees.integration import Conflicted
from agentorchestr_tui.worktrees.worktree import Worktree

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator


async def evidence(orchestrator: Orchestrator, worker_id: str) -> Evidence:
    """Look at what stands in a worker's worktree, or on its branch where the folder is gone; else nothing."""
    worker = orchestrator.state.workers.get(worker_id)
    if worker is None or not worker.worktree:
        return worker.evidence if worker else NOTHING
    if await stands(worker):
        return await orchestrator.ground.worktrees.evidence(worktree_of(worker))
    return await orchestrator.ground.worktrees.between(worker.base, await branch_of(orchestrator, worker))


async def keep_work(orchestrator: Orchestrator, worker: Worker, note: str) -> None:
    """Put everything in a worker's worktree under a ref of ours, if there is anything its branch does not have.

    The commits that its branch let go of are kept, too.
    """
    await keep_fallen(orchestrator, worker)
    if not await stands(worker):
        return
    snapshot = await orchestrator.ground.worktrees.snapshot(worktree_of(worker), note)
    if snapshot is not None:
        await orchestrator.perform(NoteWorkKept(worker.id, snapshot.ref, snapshot.commit))


async def keep_fallen(orchestrator: Orchestrator, worker: Worker) -> list[str]:
    """Keep the commits that a worker's branch let go of; return their refs. Raises: GitError."""
    if not worker.worktree:
        return []
    held = await orchestrator.ground.worktrees.hold_fallen(worktree_of(worker))
    for each in held:
        await orchestrator.perform(NoteWorkKept(worker.id, each.ref, each.commit))
    return [each.ref for each in held]


def worktree_of(worker: Worker) -> Worktree:
    """Return a worker's worktree."""
    return Worktree(worker.id, Path(worker.worktree), worker.branch, worker.base)


async def changed(orchestrator: Orchestrator, worker_id: str | None) -> tuple[FileChange, ...]:
    """Return a worker's change, or without one all that is integrated; a worktree that is gone as its branch stands."""
    session, worktrees = orchestrator.state, orchestrator.ground.worktrees
    if worker_id is None:
        return await worktrees.changes(Range(session.base_commit, session.tip))
    worker = session.workers[worker_id]
    if await stands(worker):
        return await worktrees.changes(worktree_of(worker))
    if not worker.base:
        return ()
    return await worktrees.changes(Range(worker.base, await branch_of(orchestrator, worker)))


async def without(orchestrator: Orchestrator, worker_id: str) -> str:
    """Return the integrated tree as it is without one worker's work: all others merged anew, in their order.

    Raises: GitError when the others do not merge without it.
    """
    session, worktrees = orchestrator.state, orchestrator.ground.worktrees
    inside = [each for each in session.workers.values() if each.integrated and each.id != worker_id]
    merged = await worktrees.merge(session.base_commit, [(each.id, each.integrated) for each in inside])
    if isinstance(merged, Conflicted):
        files = ", ".join(conflict.path for conflict in merged.conflicts)
        raise GitError(f"{merged.name} does not merge without {worker_id} (in {files}): take {merged.name} out first.")
    return merged.commit


async def branch_of(orchestrator: Orchestrator, worker: Worker) -> str:
    """Return the commit at a worker's branch, or where it began when the branch is gone too."""
    return await orchestrator.ground.worktrees.tip_of(worktree_of(worker)) or worker.base


async def diff(orchestrator: Orchestrator, worker: Worker, *, stat_only: bool) -> str:
    """Return what a worker changed as text; one whose folder is gone as its branch stands. Raises: GitError."""
    gone = not await stands(worker)
    of = Range(worker.base, await branch_of(orchestrator, worker)) if gone else worktree_of(worker)
    return await orchestrator.ground.worktrees.diff(of, stat_only=stat_only)


async def stands(worker: Worker) -> bool:
    """Say whether a worker's worktree is there."""
    return bool(worker.worktree) and await asyncio.to_thread(Path(worker.worktree).is_dir)

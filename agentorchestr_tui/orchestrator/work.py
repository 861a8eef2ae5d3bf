"""What a worker did: looked at, and kept, in its worktree."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import NoteWorkKept
from agentorchestr_tui.core.state import Worker
from agentorchestr_tui.core.words import NOTHING, Evidence
from agentorchestr_tui.worktrees.worktree import Worktree

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator


async def evidence(orchestrator: Orchestrator, worker_id: str) -> Evidence:
    """Look at what stands in a worker's worktree; nothing when it has none."""
    worker = orchestrator.state.workers.get(worker_id)
    if worker is None or not worker.worktree or not await asyncio.to_thread(Path(worker.worktree).is_dir):
        return worker.evidence if worker else NOTHING
    return await orchestrator.ground.worktrees.evidence(worktree_of(worker))


async def keep_work(orchestrator: Orchestrator, worker: Worker, note: str) -> None:
    """Put everything in a worker's worktree under a ref of ours, if there is anything its branch does not have."""
    if not worker.worktree or not await asyncio.to_thread(Path(worker.worktree).is_dir):
        return
    snapshot = await orchestrator.ground.worktrees.snapshot(worktree_of(worker), note)
    if snapshot is not None:
        await orchestrator.perform(NoteWorkKept(worker.id, snapshot.ref, snapshot.commit))


def worktree_of(worker: Worker) -> Worktree:
    """Return a worker's worktree."""
    return Worktree(worker.id, Path(worker.worktree), worker.branch, worker.base)

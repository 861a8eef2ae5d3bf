"""A worker's task given to a new worker, as it was given before."""

from __future__ import annotations

from agentorchestr_tui.core.commands import SpawnWorker
from agentorchestr_tui.core.state import Worker


def again(worker: Worker) -> SpawnWorker:
    """Return the wish for a new worker with the same task, which is told where the earlier one's work is."""
    kept = worker.kept[-1] if worker.kept else worker.branch if worker.evidence.commits else ""
    earlier = (
        f"{worker.id} worked on this before you and was stopped. What it did is at {kept}; take what is good of it."
    )
    return SpawnWorker(
        task=worker.task,
        perspective=worker.perspective,
        file_scope=worker.file_scope,
        pass_criteria=worker.pass_criteria,
        extra_context="\n".join(filter(None, (worker.extra_context, earlier if kept else ""))),
        agent_hint=worker.agent_hint or worker.agent,
    )

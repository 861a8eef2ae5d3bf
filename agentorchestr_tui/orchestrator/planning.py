"""The plan in motion: ready tasks start as seats free up, on a tree that holds what they depend on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import Integrate, SpawnWorker
from agentorchestr_tui.core.decide import Refused, ready
from agentorchestr_tui.core.errors import Cancelled, GitError
from agentorchestr_tui.core.leading import plan_states, workers_of
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Phase, PlanTask, TaskState
from agentorchestr_tui.orchestrator.scopes import meet, reads

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator


class Planner:
    """Starts what is ready, one look at a time; called anew whenever something ended."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def advance(self, orchestrator: Orchestrator) -> None:
        """Start ready tasks while there are seats; a task that cannot start is told to the lead and left."""
        async with self._one_at_a_time:
            left: set[str] = set()
            while task := _next(orchestrator.state, left):
                left.add(task.id)
                if await _brought_together(orchestrator, task):
                    granted = await orchestrator.perform(wish_for(orchestrator.state, task))
                    if isinstance(granted, Refused):
                        orchestrator.letters.tell(f"Task {task.id} of the plan could not start: {granted.reason}")


def wish_for(session: Session, task: PlanTask) -> SpawnWorker:
    """Return the wish for a worker on a task; a later try is told how the one before ended."""
    return SpawnWorker(
        task=task.task,
        perspective=task.perspective,
        file_scope=task.file_scope,
        pass_criteria=task.pass_criteria,
        extra_context="\n".join(filter(None, (task.extra_context, _earlier(session, task)))),
        agent_hint=task.agent_hint,
        plan_task=task.id,
    )


def _next(session: Session, left: set[str]) -> PlanTask | None:
    if session.phase is not Phase.RUNNING or len(session.live_workers) >= session.seats:
        return None
    states = plan_states(session)
    ready_ones = (each for each in session.plan if states[each.id] is TaskState.READY and each.id not in left)
    return next((each for each in ready_ones if not _in_use(session, each)), None)


def _in_use(session: Session, task: PlanTask) -> bool:
    """Say whether a worker at work may be changing files of a task's scope; the task starts when that one has ended."""
    writing = [each for each in session.live_workers if not session.read_only(each)]
    return not reads(session, task) and any(meet(task.file_scope, each.file_scope) for each in writing)


async def _brought_together(orchestrator: Orchestrator, task: PlanTask) -> bool:
    """Integrate what a task depends on, and what changed files of its scope; False when that did not go."""
    session = orchestrator.state
    done = [workers_of(session, each)[-1] for each in task.depends_on]
    others = [each for each in session.workers.values() if meet(task.file_scope, each.file_scope)]
    done += [each for each in others if not each.integrated]
    ids = tuple(dict.fromkeys(worker.id for worker in done if ready(session, worker)))
    try:
        if ids and isinstance(await orchestrator.perform(Integrate(ids)), Refused):
            return False
    except (GitError, Cancelled) as error:
        orchestrator.letters.tell(f"Task {task.id} of the plan waits: {error}")
        return False
    return plan_states(orchestrator.state).get(task.id) is TaskState.READY


def _earlier(session: Session, task: PlanTask) -> str:
    tried = workers_of(session, task.id)
    if not tried:
        return ""
    last = tried[-1]
    said = last.summary or "without a word"
    return f"{last.id} tried this before and ended as {last.outcome}: {said}. Its work so far is on {last.branch}."

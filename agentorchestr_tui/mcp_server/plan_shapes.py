"""What the tools for a plan return."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NotRequired  # pydantic wants this one below Python 3.12

from typing_extensions import TypedDict

from agentorchestr_tui.core.leading import goes_on, plan_states, workers_of
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import PlanTask, TaskState, shortened

SUMMARIES = 5_000  # characters of all summaries of a plan


class TaskShape(TypedDict):
    """One task of the plan, and the workers that were given it."""

    id: str
    title: str
    state: str
    depends_on: list[str]
    worker_ids: list[str]
    summary: str


class PlanShape(TypedDict):
    """The plan; state `running` means: call wait_for_plan again."""

    state: str
    tasks: list[TaskShape]
    news: NotRequired[list[str]]
    hint: NotRequired[str]


def plan(session: Session, news: list[str] | None = None) -> PlanShape:
    """Show the plan: done, held when nothing of it can go on without the lead, else running."""
    states = plan_states(session)
    state = _plan_state(states.values(), going_on=goes_on(session))
    width = min(200, SUMMARIES // max(1, len(session.plan)) - 60)
    shape = PlanShape(state=state, tasks=[_task(session, each, states, width) for each in session.plan])
    if news:
        shape["news"] = news
    return shape


def _plan_state(states: Collection[TaskState], *, going_on: bool) -> str:
    if all(state is TaskState.DONE for state in states):
        return "done"
    return "running" if going_on else "held"


def _task(session: Session, task: PlanTask, states: Mapping[str, TaskState], width: int) -> TaskShape:
    tried = workers_of(session, task.id)
    return TaskShape(
        id=task.id,
        title=shortened(task.title or task.task, 60),
        state=states[task.id],
        depends_on=list(task.depends_on),
        worker_ids=[worker.id for worker in tried],
        summary=shortened(tried[-1].summary, width) if tried else "",
    )

"""What the tools for a plan return."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import NotRequired  # pydantic wants this one below Python 3.12

from typing_extensions import TypedDict

from agentorchestr_tui.core.leading import goes_on, plan_states, workers_of
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import PlanTask, TaskState
from agentorchestr_tui.mcp_server import bounds

TITLE = 60  # characters of a task's title at most
SUMMARY = 200  # characters of a task's summary at most
MANY = 32  # tasks of a plan, past which only the first that one waits for is named
AROUND = 24  # characters of the tasks that one waits for, beyond which the rest is counted


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
    most = bounds.MOST - sum(bounds.weight(each) for each in news or ())
    told, left = _told(session, states, most)
    room = most - sum(len(json.dumps(_task(session, each, states, 0, 0))) for each in told)
    share = max(0, room) // max(1, len(told))
    title = min(TITLE, share // 2)
    tasks = [_task(session, task, states, title, min(SUMMARY, share - title)) for task in told]
    shape = PlanShape(state=state, tasks=tasks)
    if left:
        shape["hint"] = f"{left} more tasks, waiting or done, are not shown: list_plan has them all."
    if news:
        shape["news"] = news
    return shape


def _told(session: Session, states: Mapping[str, TaskState], most: int) -> tuple[list[PlanTask], int]:
    """Return the tasks that fit into a result, those first that something happens to, and how many do not."""
    order = sorted(session.plan, key=lambda task: states[task.id] in (TaskState.WAITING, TaskState.DONE))
    number = bounds.fitting((len(json.dumps(_task(session, each, states, 0, 0))) for each in order), most)
    kept = {task.id for task in order[:number]}
    return [task for task in session.plan if task.id in kept], len(order) - number


def _plan_state(states: Collection[TaskState], *, going_on: bool) -> str:
    if all(state is TaskState.DONE for state in states):
        return "done"
    return "running" if going_on else "held"


def _task(session: Session, task: PlanTask, states: Mapping[str, TaskState], title: int, width: int) -> TaskShape:
    tried = workers_of(session, task.id)
    width = min(width, bounds.GIST) if tried and tried[-1].compacted else width
    return TaskShape(
        id=task.id,
        title=_cut(task.title or task.task, title),
        state=states[task.id],
        depends_on=_some(task.depends_on, AROUND if len(session.plan) <= MANY else 0),
        worker_ids=[worker.id for worker in tried],
        summary=_cut(tried[-1].summary, width) if tried else "",
    )


def _cut(text: str, most: int) -> str:
    return bounds.head(" ".join(text.split()), most) if most > 2 else ""


def _some(ids: Sequence[str], most: int) -> list[str]:
    number = min(len(ids), max(1, bounds.fitting((len(each) + 4 for each in ids), most)))
    more = len(ids) - number
    return [*ids[:number], *([f"and {more} more"] if more > 0 else [])]

"""The lead's tools for a plan: tasks that start by themselves; docstrings are what the model reads."""

from __future__ import annotations

from typing import NotRequired  # pydantic wants this one below Python 3.12

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from agentorchestr_tui.core.commands import SetPlan
from agentorchestr_tui.core.leading import goes_on, plan_states
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import PlanTask, TaskState
from agentorchestr_tui.mcp_server import plan_shapes
from agentorchestr_tui.mcp_server.desk import Desk
from agentorchestr_tui.orchestrator.scopes import shared_files

STRICT = ConfigDict(extra="forbid")  # a key that is misspelt would count as left out
PAIRS = 8  # of tasks that share files, which one result names
TRIES = 2  # workers that a task is given before it counts as failed


@with_config(STRICT)
class TaskWish(TypedDict):
    """One task of a plan, as a lead writes it."""

    id: str
    task: str
    title: NotRequired[str]
    depends_on: NotRequired[list[str]]
    file_scope: NotRequired[list[str]]
    perspective: NotRequired[str]
    pass_criteria: NotRequired[str]
    extra_context: NotRequired[str]
    agent_hint: NotRequired[str | None]
    tries: NotRequired[int]


class PlanTools:
    """The tools that a lead's token opens for the plan."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def plan_tasks(self, tasks: list[TaskWish], drop: list[str] | None = None) -> plan_shapes.PlanShape:
        """Lay out a goal of several steps. A task starts by itself once all it depends_on are done and integrated and a
        seat is free; one that failed is tried again (tries, 2 by default). Each needs an id (t1, t2, ...) and a task
        text that says everything. Call again to add tasks, to change those that nobody was given yet, or to drop some.
        Next: wait_for_plan.
        """
        await self._desk.perform(SetPlan(tuple(_task(each) for each in tasks), tuple(drop or ())))
        shown, session = plan_shapes.plan(self._desk.session), self._desk.session
        if pairs := shared_files(session, session.plan):
            named = "; ".join(f"{one} and {two}" for one, two in pairs[:PAIRS])
            more = f", and {len(pairs) - PAIRS} more pairs" if len(pairs) > PAIRS else ""
            shown["hint"] = f"These share files of their file_scope, so they run one after the other: {named}{more}."
        return shown

    async def list_plan(self) -> plan_shapes.PlanShape:
        """List the plan's tasks with their states and workers. To wait for them, call wait_for_plan instead."""
        shown = plan_shapes.plan(self._desk.session)
        if hint := self._desk.unchanged("plan", shown, "wait_for_plan"):
            shown["hint"] = hint
        return shown

    async def wait_for_plan(self, timeout_s: float = 300, *, context: Context) -> plan_shapes.PlanShape:
        """Wait until all tasks of the plan are done (state done), or nothing of it can go on without you (state held),
        or there is `news` that needs you. state "running": see to the news if there is any, and call again.
        """
        if not self._desk.session.plan:
            raise ToolError("There is no plan. Lay one out with plan_tasks, or spawn_worker and wait_for_worker.")
        news = await self._desk.until(
            lambda session: not goes_on(session), timeout_s, context, lambda: _far(self._desk.session)
        )
        return plan_shapes.plan(self._desk.session, news)


def _task(wish: TaskWish) -> PlanTask:
    return PlanTask(
        id=wish["id"].strip(),
        title=wish.get("title", ""),
        task=wish["task"],
        perspective=wish.get("perspective", "implementer"),
        depends_on=tuple(wish.get("depends_on", ())),
        file_scope=tuple(wish.get("file_scope", ())),
        pass_criteria=wish.get("pass_criteria", ""),
        extra_context=wish.get("extra_context", ""),
        agent_hint=wish.get("agent_hint") or None,
        tries=wish.get("tries", TRIES),
    )


def _far(session: Session) -> str:
    states = list(plan_states(session).values())
    return f"{states.count(TaskState.DONE)} of {len(states)} tasks done, {states.count(TaskState.RUNNING)} running"

"""Plans that do not go as they were laid out: failed tasks, shared files, and changes in mid-flight."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core.commands import SetGoal
from agentorchestr_tui.core.words import Outcome
from tests.house import make_place, session
from tests.mcp_server.client import connected, refused, told

IDLE_LEAD = '[[opening]]\nhang = "Leading"\n'


@pytest.fixture
async def led(tmp_path):
    """A session whose lead does nothing: the test is the lead."""
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    place.agent("told", "does_as_told")
    async with session(place.opening(lead="lead", verify=("true",))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        yield place, orchestrator


async def settled(client):
    """Wait for the plan to its end; return it with all its news."""
    news = []
    while (plan := await told(client, "wait_for_plan"))["state"] == "running":
        news += plan.get("news", [])
    return plan, "\n".join([*news, *plan.get("news", [])])


def states(plan):
    return {task["id"]: task["state"] for task in plan["tasks"]}


async def test_a_task_that_fails_is_tried_as_often_as_it_may_be_and_holds_what_depends_on_it(led):
    _, orchestrator = led
    async with connected(orchestrator) as client:
        await told(
            client, "plan_tasks",
            tasks=[
                {"id": "t1", "task": "echo broken; false", "tries": 2},
                {"id": "t2", "task": "echo 2 > two.txt", "depends_on": ["t1"]},
            ],
        )  # fmt: skip
        plan, news = await settled(client)
        assert (plan["state"], states(plan)) == ("held", {"t1": "failed", "t2": "held"})
        assert plan["tasks"][0]["worker_ids"] == ["w01", "w02"]  # two tries, and no third
        assert "Task t1 failed (tried by w01, w02)" in news
        assert "w01 tried this before and ended as failed" in orchestrator.state.workers["w02"].extra_context
        assert "Nobody was given t2 of the plan" in await refused(client, "mark_goal_done", summary="x")
        sentence = await refused(client, "plan_tasks", tasks=[{"id": "t1", "task": "true"}])
        assert sentence == ("Task t1 cannot be changed: it was given to w01, w02. Add a task with another id instead.")
        tasks = [
            {"id": "t1b", "task": "echo 1 > one.txt"},
            {"id": "t2", "task": "cat one.txt", "depends_on": ["t1b"]},
        ]
        await told(client, "plan_tasks", tasks=tasks)
        plan, _ = await settled(client)
        assert states(plan) == {"t1": "failed", "t2": "done", "t1b": "done"}


async def test_two_ready_tasks_that_share_files_run_one_after_the_other_each_on_the_others_work(led):
    place, orchestrator = led
    at_once = []
    orchestrator.listen(lambda _, now: at_once.append(len(now.live_workers)))
    async with connected(orchestrator) as client:
        plan = await told(
            client, "plan_tasks",
            tasks=[
                {"id": "t1", "task": "sleep 1; echo one >> src.txt", "file_scope": ["src.txt"]},
                {"id": "t2", "task": "echo two >> src.txt", "file_scope": ["src.txt"]},
            ],
        )  # fmt: skip
        assert plan["hint"] == "These share files of their file_scope, so they run one after the other: t1 and t2."
        plan, _ = await settled(client)
        assert states(plan) == {"t1": "done", "t2": "done"}
        assert max(at_once) == 1
        merged = await told(client, "integrate")
        assert merged["conflicts"] == []
        assert place.git("show", f"{merged['commit']}:src.txt").split() == ["one", "two"]


async def test_a_plan_is_changed_in_mid_flight_where_nobody_works_yet(led):
    place, orchestrator = led
    async with connected(orchestrator) as client:
        go = place.home / "go"
        await told(
            client, "plan_tasks",
            tasks=[
                {"id": "t1", "task": f"until test -e {go}; do sleep 0.1; done; echo 1 > one.txt"},
                {"id": "t2", "task": "echo old > two.txt", "depends_on": ["t1"]},
                {"id": "t3", "task": "echo 3 > three.txt", "depends_on": ["t1"]},
            ],
        )  # fmt: skip
        assert await orchestrator.until(lambda now: now.workers, 30)
        tasks = [
            {"id": "t2", "task": "echo new > two.txt", "depends_on": ["t1"]},
            {"id": "t4", "task": "cat two.txt", "depends_on": ["t2"]},
        ]
        plan = await told(client, "plan_tasks", tasks=tasks, drop=["t3"])
        assert states(plan) == {"t1": "running", "t2": "waiting", "t4": "waiting"}
        assert "it was given to w01" in await refused(client, "plan_tasks", tasks=[], drop=["t1"])
        go.touch()
        plan, _ = await settled(client)
        assert [task["summary"] for task in plan["tasks"]][-1] == "It said: new"
        assert {worker.outcome for worker in orchestrator.state.workers.values()} == {Outcome.DONE}
        assert len(orchestrator.state.workers) == 3

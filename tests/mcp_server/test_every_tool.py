"""Every tool through the SDK's own client: over HTTP in both eras of the protocol, and in memory."""

from __future__ import annotations

import asyncio

import pytest

from agentorchestr_tui.core.commands import SetGoal
from agentorchestr_tui.core.words import Phase
from agentorchestr_tui.mcp_server.server import LEAD_TOOLS, WORKER_TOOLS
from tests.house import make_place, session
from tests.mcp_server.client import WAYS, by_way, refused, told

IDLE_LEAD = '[[opening]]\nhang = "Leading"\n'


@pytest.fixture
async def led(tmp_path):
    """A running session whose lead does nothing: the test is the lead."""
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    place.agent("told", "does_as_told")
    place.agent("asks", "asks_the_lead", rank=0)  # only where it is named
    async with session(place.opening(lead="lead", verify=("test -f one.txt",))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        yield orchestrator


@pytest.mark.parametrize("way", WAYS)
async def test_a_lead_does_with_them_all_that_a_team_needs(led, way):
    used = []

    async with by_way(led, way) as client:

        async def tell(tool, **arguments):
            used.append(tool)
            return await told(client, tool, **arguments)

        plan = await tell(
            "plan_tasks",
            tasks=[
                {"id": "t1", "task": "echo 1 > one.txt; echo first", "agent_hint": "told"},
                {"id": "t2", "task": "cat one.txt", "depends_on": ["t1"], "agent_hint": "told"},
            ],
        )
        assert [task["id"] for task in plan["tasks"]] == ["t1", "t2"]
        while (plan := await tell("wait_for_plan"))["state"] == "running":
            pass
        assert plan["state"] == "done"
        assert plan["tasks"][1]["summary"] == "It said: 1"  # it began on a tree that held the first one's work
        assert [task["worker_ids"] for task in (await tell("list_plan"))["tasks"]] == [["w01"], ["w02"]]

        asked = await tell("spawn_worker", task="Write a word", agent_hint="asks")
        waited = await tell("wait_for_any", worker_ids=[asked["worker_id"]])
        assert waited["state"] == "running"
        assert waited["news"] == ["w03 asks: Which word? Answer with send_to_worker('w03', ...)."]
        sent = await tell("send_to_worker", worker_id="w03", message="marmalade")
        assert (sent["receipt"], sent["reason"]) == ("accepted", "It answers the question: Which word?")
        assert (await tell("wait_for_worker", worker_id="w03"))["summary"] == "wrote marmalade"

        assert "w02 changed nothing" in await refused(client, "cross_review", worker_a="w01", worker_b="w02")
        review = await tell("cross_review", worker_a="w01", worker_b="w01", focus="sense")
        assert [each["about"] for each in review["reviewers"]] == ["w01"]
        while (review := await tell("wait_for_review", review_id="r1"))["state"] == "running":
            pass
        places = [(each["path"], each["line"], each["severity"]) for each in review["findings"]]
        assert places == [("one.txt", 1, "high"), ("one.txt", 0, "")]
        (handed,) = await tell("send_findings", review_id="r1", worker_id="w01")
        assert handed["sent"]
        mended = await tell("wait_for_worker", worker_id="w01")
        assert mended["summary"].startswith("again:")

        assert (await tell("read_worker_output", worker_id="w01", tail_lines=5))["output"]
        assert "one.txt" in (await tell("worker_diff", worker_id="w01"))["diff"]
        assert len(await tell("list_workers")) == len(led.state.workers)
        compacted = await tell("compact_session", keep_last_n=1)
        assert compacted["compacted"][:2] == ["w01", "w02"]
        assert (await tell("clear_tool_results"))["progress_log"].endswith("progress.md")
        assert "answer_worker" in LEAD_TOOLS
        assert "waits at no permission prompt" in await refused(client, "answer_worker", worker_id="w01", choice="once")
        await tell(
            "kill_worker", worker_id=(await tell("spawn_worker", task="sleep 600", agent_hint="told"))["worker_id"]
        )
        assert not (await tell("integrate"))["conflicts"]
        assert (await tell("verify"))["passed"]
        assert {each["name"] for each in await tell("list_perspectives")} >= {"implementer", "reviewer"}
        await tell("report_progress", message="nearly there")
        await tell("mark_goal_done", summary="one.txt is there")
        assert led.state.phase is Phase.DONE
        assert "is over" in await refused(client, "mark_goal_failed", reason="changed my mind")
    left = set(LEAD_TOOLS) - set(used) - {"answer_worker", "mark_goal_failed", "check_overlap"}
    assert left == set()


@pytest.mark.parametrize("way", WAYS)
async def test_a_worker_asks_and_reports_with_its_own(led, way):
    async with by_way(led, way) as lead, by_way(led, way, "w01") as worker:
        assert {tool.name for tool in (await worker.list_tools()).tools} == set(WORKER_TOOLS)
        await told(lead, "spawn_worker", task="sleep 600", agent_hint="told")
        asking = asyncio.ensure_future(told(worker, "ask_lead", question="Which port?"))
        assert (await told(lead, "wait_for_worker", worker_id="w01"))["news"][0].startswith("w01 asks: Which port?")
        await told(lead, "send_to_worker", worker_id="w01", message="8080")
        assert await asking == {"state": "answered", "answer": "8080"}
        assert "question is empty" in await refused(worker, "ask_lead", question=" ")
        assert (await told(worker, "report_blocked", reason="No disk."))["state"] == "blocked"
        assert (await told(worker, "report_failed", reason="No hope."))["state"] == "failed"
        assert (await told(worker, "report_done", summary="After all."))["state"] == "done"
        assert "has ended" in await refused(worker, "ask_lead", question="Anyone?")
        for tool in LEAD_TOOLS:
            assert f"{tool} is not for w01" in await refused(worker, tool)

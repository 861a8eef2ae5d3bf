"""Every tool through the SDK's own client over HTTP, in both eras of the protocol."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from agentorchestr_tui.core.commands import SetGoal
from agentorchestr_tui.core.words import Outcome, Phase
from agentorchestr_tui.mcp_server import lead_tools
from agentorchestr_tui.mcp_server.server import LEAD_TOOLS, WORKER_TOOLS
from tests.house import make_place, session
from tests.mcp_server.client import ERAS, connected, words

IDLE_LEAD = '[[opening]]\nhang = "Leading"\n'
ORIGINAL = {  # of the original's, those whose rooms stand already
    "spawn_worker",
    "read_worker_output",
    "send_to_worker",
    "wait_for_worker",
    "list_workers",
    "kill_worker",
    "cross_review",
    "verify",
    "report_progress",
    "mark_goal_done",
    "mark_goal_failed",
    "list_perspectives",
    "compact_session",
    "clear_tool_results",
}
TOLD = 500  # tokens that a description takes at most
LISTED = 2_000  # tokens of all schemas that a lead is shown


@pytest.fixture
async def led(tmp_path):
    """A running session whose lead does nothing: the test is the lead."""
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    place.agent("works")
    async with session(place.opening(lead="lead", verify=("test -f hello.txt",))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        yield orchestrator


@pytest.mark.parametrize("mode", ERAS)
async def test_a_lead_sees_its_tools_with_descriptions_and_a_worker_its_own(led, mode):
    async with connected(led, mode=mode) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == set(LEAD_TOOLS)
    assert set(tools) >= ORIGINAL
    assert all(20 < len(tool.description or "") < TOLD * 4 for tool in tools.values())
    schemas = [schema for tool in tools.values() for schema in (tool.input_schema, tool.output_schema)]
    assert all(schemas)
    assert sum(len(json.dumps(schema)) for schema in schemas) < LISTED * 4
    assert tools["spawn_worker"].input_schema["properties"]["task"] == {"type": "string"}
    files = {"type": "array", "items": {"type": "string"}}
    assert tools["spawn_worker"].input_schema["properties"]["file_scope"] == files
    assert tools["wait_for_worker"].output_schema["properties"]["state"] == {"type": "string"}
    assert tools["list_workers"].annotations.read_only_hint
    assert not tools["spawn_worker"].annotations.read_only_hint
    async with connected(led, "w01", mode=mode) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == set(WORKER_TOOLS)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_goal_goes_through_the_tools_from_spawn_to_done(led, mode):
    async with connected(led, mode=mode) as client:
        result = await client.call_tool("spawn_worker", {"task": "Say hello in hello.txt.", "file_scope": None})
        spawned = result.structured_content
        assert words(result) == json.dumps(spawned, separators=(",", ":"))
        assert set(spawned) == {"worker_id", "perspective", "agent", "worktree", "branch", "pane"}
        assert spawned["worker_id"] == "w01"
        waited = (await client.call_tool("wait_for_worker", {"worker_id": "w01"})).structured_content
        assert (waited["state"], waited["summary"], waited["confirmed"]) == ("done", "hello.txt says hello", True)
        assert waited["evidence"]["files"] == ["hello.txt"]
        (row,) = (await client.call_tool("list_workers", {})).structured_content["result"]
        assert set(row) == {"worker_id", "perspective", "agent", "state", "status", "summary", "task"}
        output = (await client.call_tool("read_worker_output", {"worker_id": "w01"})).structured_content["output"]
        assert "hello.txt" in output
        diff = (await client.call_tool("worker_diff", {"worker_id": "w01"})).structured_content["diff"]
        assert "hello.txt" in diff
        refused = await client.call_tool("mark_goal_done", {"summary": "done"})
        assert refused.is_error
        assert "call integrate" in words(refused)
        merged = (await client.call_tool("integrate", {})).structured_content
        assert (merged["integrated"], merged["conflicts"]) == (["w01"], [])
        verified = (await client.call_tool("verify", {})).structured_content
        assert verified["passed"]
        assert verified["commands"][0]["exit_code"] == 0
        assert verified["commit"] == merged["commit"]
        await client.call_tool("report_progress", {"message": "nearly there"})
        done = (await client.call_tool("mark_goal_done", {"summary": "It says hello."})).structured_content
        assert done == {"acknowledged": True, "state": "done"}
    assert led.state.phase is Phase.DONE


async def test_every_verify_is_fresh(led):
    async with connected(led) as client:
        first = (await client.call_tool("verify", {})).structured_content
        await client.call_tool("spawn_worker", {"task": "Say hello in hello.txt."})
        await client.call_tool("wait_for_worker", {"worker_id": "w01"})
        second = (await client.call_tool("verify", {})).structured_content
    assert (first["passed"], second["passed"]) == (False, True)
    assert first["commit"] != second["commit"]


async def test_a_wait_after_a_message_waits_for_the_new_turn(led):
    async with connected(led) as client:
        await client.call_tool("spawn_worker", {"task": "Say hello in hello.txt."})
        await client.call_tool("wait_for_worker", {"worker_id": "w01"})
        sent = (await client.call_tool("send_to_worker", {"worker_id": "w01", "message": "more"})).structured_content
        assert (sent["sent"], sent["receipt"]) == (True, "accepted")
        waited = (await client.call_tool("wait_for_worker", {"worker_id": "w01"})).structured_content
    assert waited["summary"] == "hello.txt says more"


async def test_a_message_that_waits_is_told_as_queued_with_what_it_waits_for(led, monkeypatch):
    monkeypatch.setattr(lead_tools, "DELIVERED_WITHIN", 1.0)
    async with connected(led) as client:
        await client.call_tool("spawn_worker", {"task": "Say hello in hello.txt."})
        await client.call_tool("wait_for_worker", {"worker_id": "w01"})
        await led.type("w01", b"halfway")
        async with asyncio.timeout(30):
            while not any("halfway" in row for row in led.pane("w01").emulator.display):
                await asyncio.sleep(0.05)
        sent = (await client.call_tool("send_to_worker", {"worker_id": "w01", "message": "more"})).structured_content
    assert (sent["sent"], sent["receipt"]) == (True, "queued")
    assert sent["reason"] == "a person has begun to type there"


async def test_a_message_of_several_lines_arrives_as_one(led):
    async with connected(led) as client:
        await client.call_tool("spawn_worker", {"task": "Say hello in hello.txt."})
        await client.call_tool("wait_for_worker", {"worker_id": "w01"})
        text = "first line\nsecond; Enter\n  third ü 🚀"
        await client.call_tool("send_to_worker", {"worker_id": "w01", "message": text})
        waited = (await client.call_tool("wait_for_worker", {"worker_id": "w01"})).structured_content
    assert waited["summary"] == f"hello.txt says {text}"


async def test_the_same_spawn_at_once_makes_one_worker(led):
    async with connected(led) as client:
        calls = [client.call_tool("spawn_worker", {"task": "Say hello in hello.txt."}) for _ in range(3)]
        results = await asyncio.gather(*calls)
    assert {result.structured_content["worker_id"] for result in results} == {"w01"}
    assert len(led.state.workers) == 1


@asynccontextmanager
async def thinking(folder):
    """Give a session whose lead does nothing and whose workers think for ever."""
    place = make_place(folder)
    place.agent("lead", IDLE_LEAD, rank=2)
    place.agent("hangs")
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        yield orchestrator


async def test_a_wait_that_is_over_says_running_and_can_be_called_again(tmp_path):
    async with thinking(tmp_path) as orchestrator:
        async with connected(orchestrator) as client:
            await client.call_tool("spawn_worker", {"task": "Think"})
            heard = []
            waited = await client.call_tool(
                "wait_for_worker",
                {"worker_id": "w01", "timeout_s": 0.3},
                progress_callback=lambda *progress: heard.append(progress) or _nothing(),
            )
            assert waited.structured_content["state"] == "running"
            assert "Call wait_for_worker again" in waited.structured_content["hint"]
            assert heard
            killed = await client.call_tool("kill_worker", {"worker_id": "w01"})
            assert killed.structured_content == {"worker_id": "w01", "killed": True}
            waited = await client.call_tool("wait_for_worker", {"worker_id": "w01"})
            assert waited.structured_content["state"] == "killed"
    assert orchestrator.state.workers["w01"].outcome is Outcome.KILLED


async def _nothing() -> None:
    return None


async def test_open_waits_return_when_the_session_closes(tmp_path):
    async with thinking(tmp_path) as orchestrator:
        async with connected(orchestrator) as client:
            await client.call_tool("spawn_worker", {"task": "Think"})
            waiting = asyncio.ensure_future(client.call_tool("wait_for_worker", {"worker_id": "w01"}))
            await asyncio.wait({waiting}, timeout=0.2)
            orchestrator.hang_up()
            async with asyncio.timeout(10):
                assert (await waiting).structured_content["state"] == "running"


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("spawn_worker", {"task": " "}, "The task is empty"),
        ("spawn_worker", {"task": "x", "perspective": "tster"}, "Did you mean tester?"),
        ("spawn_worker", {"task": "x", "agent_hint": "nobody"}, "There is no agent 'nobody'"),
        ("wait_for_worker", {"worker_id": "w07"}, "There is no worker 'w07'"),
        ("wait_for_any", {}, "No worker is at work"),
        ("read_worker_output", {"worker_id": "w07"}, "There is no worker 'w07'"),
        ("send_to_worker", {"worker_id": "w07", "message": "x"}, "There is no worker 'w07'"),
        ("kill_worker", {"worker_id": "w07"}, "There is no worker 'w07'"),
        ("integrate", {"worker_ids": ["w07"]}, "There is no worker 'w07'"),
        ("report_progress", {"message": ""}, "The message is empty"),
        ("mark_goal_done", {"summary": ""}, "The summary is empty"),
        ("mark_goal_failed", {"reason": ""}, "The reason is empty"),
        ("cross_review", {"worker_a": "w07", "worker_b": "w08"}, "There is no worker 'w07'"),
        ("wait_for_review", {"review_id": "r9"}, "There is no review 'r9'"),
        ("send_findings", {"review_id": "r9"}, "There is no review 'r9'"),
        ("wait_for_plan", {}, "There is no plan"),
        ("plan_tasks", {"tasks": [{"id": "t1", "task": "x", "depends_on": ["t0"]}]}, "depends on 't0'"),
        ("spawn_worker", {}, "The argument task of spawn_worker is wrong: Field required."),
        ("spawn_worker", {"task": "x", "file_scop": []}, "Did you mean file_scope?"),
        ("spawn_worker", {"task": "x", "file_scope": 3}, "The argument file_scope of spawn_worker is wrong"),
        ("spawn_workr", {"task": "x"}, "Did you mean spawn_worker?"),
        ("compact_session", {"keep_last_n": -1}, "keep_last_n is 0 or more"),
        ("plan_tasks", {"tasks": [{"id": "t1", "task": "x", "depends": []}]}, "Did you mean depends_on?"),
        (
            "plan_tasks",
            {"tasks": [{"id": "t1", "task": "x", "needs": []}]},
            "tasks[0] has no 'needs'. It has: id, task",
        ),
        ("report_progress", {"message": "x" * 3_000}, "longer than 2,000 characters"),
        ("mark_goal_done", {"summary": "x" * 30_000}, "longer than 20,000 characters"),
    ],
)
async def test_a_mistake_is_one_plain_sentence(led, tool, arguments, sentence):
    async with connected(led) as client:
        result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert sentence in words(result)
    assert "\n" not in words(result)
    assert not words(result).startswith("Error")


async def test_a_worker_reports_through_its_own_tools(led):
    async with connected(led) as client:
        await client.call_tool("spawn_worker", {"task": "Say hello in hello.txt."})
        await client.call_tool("wait_for_worker", {"worker_id": "w01"})
    async with connected(led, "w01") as client:
        blocked = await client.call_tool("report_blocked", {"reason": "The disk is full."})
        assert blocked.structured_content == {"acknowledged": True, "state": "blocked"}
        assert led.state.workers["w01"].outcome is Outcome.BLOCKED
        await client.call_tool("report_failed", {"reason": "It is hopeless."})
        assert led.state.workers["w01"].outcome is Outcome.FAILED
        assert (await client.call_tool("report_done", {"summary": " "})).is_error


async def test_perspectives_are_listed_with_what_is_read_only(led):
    async with connected(led) as client:
        listed = (await client.call_tool("list_perspectives", {})).structured_content["result"]
    assert {each["name"]: each["read_only"] for each in listed} == {
        "implementer": False,
        "tester": False,
        "reviewer": True,
        "security": True,
        "performance": True,
        "verifier": True,
        "researcher": True,
    }

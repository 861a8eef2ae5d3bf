"""Waiting: woken by what happens, back in time, told the news, and never a reason to poll."""

from __future__ import annotations

import asyncio
import os
from types import SimpleNamespace

import pytest

from agentorchestr_tui.core.commands import AnswerNeed, CancelIntegration, CancelVerify, NoteLeadExited, SetGoal
from agentorchestr_tui.core.events import WorkerStalled, WorkerStirred
from agentorchestr_tui.core.phrases import integrating
from agentorchestr_tui.core.words import NeedKind
from agentorchestr_tui.mcp_server import waiting
from agentorchestr_tui.mcp_server.waiting import LONGEST, LONGEST_SILENT, longest
from tests.house import make_place, running, session, slow_merges
from tests.mcp_server.client import connected, refused, told

IDLE_LEAD = '[[opening]]\nhang = "Leading"\n'


@pytest.fixture
def place(tmp_path):
    made = make_place(tmp_path)
    made.agent("lead", IDLE_LEAD, rank=2)
    made.agent("told", "does_as_told")
    made.agent("asks", "asks_the_lead", rank=0)
    return made


async def test_a_lead_that_polls_is_told_so(place):
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            await told(lead, "spawn_worker", task="sleep 600")
            await orchestrator.until(lambda state: state.workers["w01"].status == "working", 30)
            rows = await told(lead, "list_workers")
            assert "hint" not in rows[0]
            async with asyncio.timeout(60):  # a status may change once more meanwhile
                while "hint" not in rows[0]:
                    rows = await told(lead, "list_workers")
            assert rows[0]["hint"] == (
                "Nothing has changed since you last looked. Call wait_for_any: it returns at once when something does."
            )
            plan = await told(lead, "plan_tasks", tasks=[{"id": "t1", "task": "sleep 600"}])
            async with asyncio.timeout(60):
                while "hint" not in plan:
                    plan = await told(lead, "list_plan")
            assert "wait_for_plan" in plan["hint"]
            waited = await told(lead, "wait_for_any", timeout_s=0)
            assert (waited["state"], "news" in waited) == ("running", False)
            assert "hint" not in (await told(lead, "list_workers"))[0]  # it waited in between


async def test_waiting_for_any_returns_each_end_once_also_of_those_that_ended_in_between(place):
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            for number in range(2):
                await told(lead, "spawn_worker", task=f"echo {number}")
            await orchestrator.until(lambda state: not state.live_workers, 60)
            ends = [await told(lead, "wait_for_any") for _ in range(2)]
            assert [each["worker_id"] for each in ends] == ["w01", "w02"]
            assert "you know how all ended" in await refused(lead, "wait_for_any")
            await told(lead, "send_to_worker", worker_id="w01", message="echo again")
            again = await told(lead, "wait_for_any")
            assert (again["worker_id"], again["summary"]) == ("w01", "again: again")


async def test_a_verify_that_the_person_cancels_is_told_to_the_lead_once_and_leaves_no_process(place):
    nap = f"sleep {3600 + os.getpid()}"
    async with session(place.opening(lead="lead", verify=(f"{nap} & {nap}", "true"))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            verify = asyncio.ensure_future(refused(lead, "verify"))
            async with asyncio.timeout(60):
                while len(running(nap)) < 2:
                    await asyncio.sleep(0.05)
            await orchestrator.perform(CancelVerify())
            assert not running(nap)
            assert "The person cancelled this verify before its end: it neither passed nor failed" in await verify
            assert orchestrator.state.verifications == ()
            assert orchestrator.pane("verify-v1-2") is None
            again = asyncio.ensure_future(refused(lead, "verify"))
            assert await orchestrator.until(lambda state: state.verifying == "v2", 60)
            await orchestrator.perform(CancelVerify())
            assert "call verify again when its word is needed" in await again


async def test_an_integration_tells_where_it_is_and_one_that_the_person_cancels_is_told_to_the_lead(place):
    for name in ("one", "two"):
        place.agent(name, "does_as_told")
    nap = f"sleep {7200 + os.getpid()}"
    slow_merges(place, nap)
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            for name in ("one", "two"):
                await told(lead, "spawn_worker", task=f"echo {name} > README.md", agent_hint=name)
            await orchestrator.until(lambda state: not state.live_workers, 60)
            integrate = asyncio.ensure_future(refused(lead, "integrate"))
            async with asyncio.timeout(60):
                while not running(nap):
                    await asyncio.sleep(0.05)
            assert integrating(orchestrator.state) == "integrates w02, 2 of 2"
            await orchestrator.perform(CancelIntegration())
            assert not running(nap)
            said = await integrate
            assert "The person cancelled this integration: w01 is in, w02 is not, and nothing is half merged" in said
            assert not orchestrator.letters.waiting
            place.git("config", "--unset", "merge.slow.driver")
            place.git("config", "merge.slow.driver", "exit 1")
            clashes = (await told(lead, "integrate"))["conflicts"]
            assert [each["path"] for each in clashes] == ["README.md"]


async def test_an_integration_that_outlasts_the_call_is_waited_for_by_the_next_one(place, monkeypatch):
    monkeypatch.setattr(waiting, "LONGEST_SILENT", 1.0)
    for name in ("one", "two"):
        place.agent(name, "does_as_told")
    gate = place.home / "gate"
    slow_merges(place, f"while ! test -e {gate}; do sleep 0.05; done")
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            for name in ("one", "two"):
                await told(lead, "spawn_worker", task=f"echo {name} > README.md", agent_hint=name)
            await orchestrator.until(lambda state: not state.live_workers, 60)
            first = await told(lead, "integrate")
            assert (first["state"], first["conflicts"]) == ("running", [])
            assert "Call integrate again" in first["hint"]
            gate.touch()
            last = await told(lead, "integrate")
            while last.get("state"):
                last = await told(lead, "integrate")
            assert ([each["path"] for each in last["conflicts"]], last["integrated"]) == (["README.md"], ["w01"])
            assert orchestrator.state.integrating == ()


async def test_reads_go_on_where_the_last_one_ended_and_shrink_when_asked_to(place):
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            await told(lead, "spawn_worker", task="seq 1 3000 | sed 's/^/line /'; " + "true " * 300)
            await told(lead, "wait_for_worker", worker_id="w01")
            whole = await told(lead, "read_worker_output", worker_id="w01", tail_lines=5000)
            assert len(whole["output"]) <= 8_000
            await told(lead, "send_to_worker", worker_id="w01", message="echo anew")
            await told(lead, "wait_for_worker", worker_id="w01")
            new = await told(lead, "read_worker_output", worker_id="w01", since=whole["cursor"], tail_lines=5000)
            assert "anew" in new["output"]
            assert len(new["output"]) < len(whole["output"])
            before = len(str(await told(lead, "list_workers")))
            assert (await told(lead, "compact_session", keep_last_n=0))["compacted"] == ["w01"]
            assert len(str(await told(lead, "list_workers"))) < before / 2
            short = await told(lead, "read_worker_output", worker_id="w01")
            assert (len(short["output"]) < 400, "since=0" in short["hint"]) == (True, True)
            assert len((await told(lead, "read_worker_output", worker_id="w01", since=0))["output"]) > 400
            cleared = await told(lead, "clear_tool_results")
            assert cleared["cleared"] == ["w01"]
            with open(cleared["progress_log"], encoding="utf-8") as log:
                assert "- w01 implementer: done" in log.read()
            left = await told(lead, "read_worker_output", worker_id="w01", since=0, tail_lines=5000)
            assert len(left["output"]) < len(whole["output"])  # what still stands on its screen


async def test_a_stalled_worker_is_told_to_the_lead_and_to_the_person_until_it_moves(place):
    async with session(place.opening(lead="lead", stall_s=0.5)) as orchestrator:
        events = []
        orchestrator.listen(lambda recorded, _: events.append(recorded.event))
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            go = place.home / "go"
            await told(lead, "spawn_worker", task=f"until test -e {go}; do sleep 0.1; done; echo gone on")
            news = []
            while not news:
                news = (await told(lead, "wait_for_worker", worker_id="w01")).get("news", [])
            assert "w01 has shown nothing" in news[0]
            await orchestrator.until(lambda state: state.needs_of("w01"), 30)
            (need,) = orchestrator.state.needs_of("w01")
            assert need.kind is NeedKind.STALLED
            go.touch()
            while (await told(lead, "wait_for_worker", worker_id="w01"))["state"] == "running":
                pass  # it may have been told as stalled once more, meanwhile
            await orchestrator.until(lambda state: not state.needs_of("w01"), 30)
            assert not orchestrator.state.needs_of("w01")
        kinds = [type(event) for event in events if isinstance(event, WorkerStalled | WorkerStirred)]
        assert kinds[0] is WorkerStalled


async def test_without_a_lead_a_workers_question_goes_to_the_person_and_the_answer_back(place):
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            await told(lead, "spawn_worker", task="Write a word", agent_hint="asks")
        await orchestrator.perform(NoteLeadExited(1, "is gone"))
        assert await orchestrator.until(lambda state: state.needs_of("w01"), 60)
        (need,) = orchestrator.state.needs_of("w01")
        assert (need.kind, need.text) == (NeedKind.QUESTION, "Which word?")
        await orchestrator.perform(AnswerNeed(need.id, "", "honey"))
        assert await orchestrator.until(lambda state: not state.workers["w01"].live, 60)
        assert orchestrator.state.workers["w01"].summary == "wrote honey"
        assert not orchestrator.state.needs_of("w01")


async def test_news_is_typed_to_a_lead_that_is_idle(place):
    place.agent("lead", '[[opening]]\nsay = "I rest."\n[[reply]]\nsay = "Heard: {{message}}"\n', rank=2)
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            await told(lead, "spawn_worker", task="Write a word", agent_hint="asks")
        assert await orchestrator.until(lambda state: state.questions, 60)

        def heard() -> bool:
            return "Heard: w01 asks: Which word?" in " ".join(
                line.text.strip() for line in orchestrator.pane("lead").emulator.transcript()
            )

        async with asyncio.timeout(60):
            while not heard():
                await orchestrator.until(lambda _: heard(), 1)


async def test_what_a_failed_check_said_is_read_on_where_its_result_is_cut(place):
    long = "seq 1 5000; test -f one.txt"
    async with session(place.opening(lead="lead", verify=(long,))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            (run,) = (await told(lead, "verify"))["commands"]
            assert run["output"].endswith("5000"), run
            assert "\n1000\n" not in run["output"]
            assert run.get("more") == "verify-v1-1", {**run, "output": len(run["output"])}
            seen, cursor = [], 0
            while not seen or seen[-1] != "5000":
                read = await told(lead, "read_worker_output", worker_id=run["more"], since=cursor)
                seen += read["output"].splitlines()
                cursor = read["cursor"]
            assert seen == [str(number) for number in range(1, 5001)]
            assert "no worker 'verify-v9-1'" in await refused(lead, "read_worker_output", worker_id="verify-v9-1")


async def test_a_verifier_looks_on_top_of_the_commands_when_one_is_named(place):
    place.agent("looks", '[[opening]]\nhang = "Looking"\n')
    async with session(place.opening(lead="lead", verify=("test -f one.txt",))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        async with connected(orchestrator) as lead:
            assert (await told(lead, "verify", agent_hint="looks"))["verifier_id"] is None  # the commands failed
            await told(lead, "spawn_worker", task="echo 1 > one.txt", agent_hint="told")
            await told(lead, "wait_for_worker", worker_id="w01")
            check = await told(lead, "verify", success_criteria="it says 1", agent_hint="looks")
            assert (check["passed"], check["verifier_id"]) == (True, "w02")
            verifier = orchestrator.state.workers["w02"]
            assert (verifier.perspective, verifier.pass_criteria) == ("verifier", "it says 1")
            assert "w02 is still at work" in await refused(lead, "mark_goal_done", summary="x")


@pytest.mark.parametrize(
    ("meta", "seconds"),
    [
        (None, LONGEST_SILENT),
        ({}, LONGEST_SILENT),
        ({"progress_token": 0}, LONGEST),
        ({"progress_token": "t"}, LONGEST),
    ],
)
def test_a_client_that_wants_no_progress_is_not_kept_past_the_shortest_known_limit(meta, seconds):
    assert longest(SimpleNamespace(request_context=SimpleNamespace(meta=meta))) == seconds

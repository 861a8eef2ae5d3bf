"""Whole sessions: real git, real processes, real MCP, rehearsal agents."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core.commands import SetGoal
from agentorchestr_tui.core.words import Outcome, Phase, Source
from tests.house import FAKES, make_place, processes_of, session

TESTS = {"test_project.py": "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        pass\n"}
LIMIT = 60.0


@pytest.fixture
def place(tmp_path):
    return make_place(tmp_path, TESTS)


async def run(place, **flags):
    """Run a session to its end and close it; returns its last state."""
    async with session(place.opening(**flags)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        assert await orchestrator.until(lambda state: state.over or not state.lead.running, LIMIT)
    return orchestrator.state


def lead_of(*steps: str) -> str:
    """A lead's score that spawns one worker, waits for it, and goes on with these steps."""
    opening = """
[[opening]]
call = "spawn_worker"
arguments = { task = "Say hello in hello.txt." }
as = "worker"
[[opening]]
call = "wait_for_worker"
arguments = { worker_id = "{{worker.worker_id}}" }
again_while = "state is running"
as = "worked"
"""
    return opening + "".join(steps)


DONE = """
[[opening]]
call = "verify"
[[opening]]
call = "mark_goal_done"
arguments = { summary = "said hello" }
"""
FAILED = """
[[opening]]
call = "mark_goal_failed"
arguments = { reason = "as planned" }
"""


async def test_a_goal_becomes_an_integrated_and_verified_branch_and_leaves_nothing_else(place):
    place.agent("lead", "plain_lead", rank=2)
    place.agent("works")
    before = place.git("status", "--porcelain=v2", "--branch"), place.git("rev-parse", "HEAD")
    state = await run(place, lead="lead")
    assert state.phase is Phase.DONE
    assert state.workers["w01"].outcome is Outcome.DONE
    assert state.workers["w01"].integrated
    tip = place.git("rev-parse", f"agentorchestr/{state.id}/integration")
    assert tip == state.integration
    assert state.verified(tip).passed
    assert (place.git("status", "--porcelain=v2", "--branch"), place.git("rev-parse", "HEAD")) == before
    assert processes_of(place) == []
    assert list(place.runtime.iterdir()) == []
    assert not place.paths.worktrees(state.id).exists()
    assert not place.paths.launches(state.id).exists()
    assert len(place.git("worktree", "list").splitlines()) == 1
    assert {path.name for path in place.paths.recordings(state.id).glob("*.cast")} >= {"lead.cast", "w01.cast"}


async def test_what_a_worker_left_uncommitted_is_integrated_too(place):
    place.agent("lead", lead_of(DONE), rank=2)
    place.agent("dirty")
    state = await run(place, lead="lead")
    assert state.phase is Phase.DONE
    assert place.git("show", f"{state.integration}:uncommitted.txt") == "nobody committed me"


async def test_a_failing_verify_keeps_the_goal_open(place):
    place.agent("lead", "hasty_lead", rank=2)
    place.agent("works")
    state = await run(place, lead="lead")
    assert state.phase is Phase.FAILED
    assert "call integrate, then verify, first" in state.why


async def test_a_verify_command_that_fails_says_so(place):
    place.agent("lead", lead_of('\n[[opening]]\ncall = "verify"\n', FAILED), rank=2)
    place.agent("works")
    state = await run(place, lead="lead", verify=("test -f nowhere.txt",))
    (check,) = state.verifications
    assert not check.passed
    assert check.commands[0].exit_code == 1


async def test_a_worker_without_mcp_ends_by_its_flag(place):
    place.agent("lead", lead_of(DONE), rank=2)
    place.agent("flags_done", mcp=False)
    state = await run(place, lead="lead")
    worker = state.workers["w01"]
    assert (worker.outcome, worker.source, worker.confirmed) == (Outcome.DONE, Source.FLAG, True)
    assert worker.summary == "hello.txt says hello"


async def test_a_flag_with_a_wrong_nonce_ends_nothing(place):
    place.agent("lead", lead_of(FAILED), rank=2)
    place.agent("flags_a_wrong_nonce", mcp=False)
    state = await run(place, lead="lead")
    assert state.workers["w01"].outcome is Outcome.BLOCKED
    assert "without a word" in state.workers["w01"].summary


async def test_a_closing_line_counts_unconfirmed_and_only_after_the_turn(place):
    place.agent("lead", lead_of(DONE), rank=2)
    score = (FAKES / "prints_done.toml").read_text(encoding="utf-8")
    talk = "".join(f"thought {number}\\n" for number in range(1500))  # a long turn: its end is read all the same
    place.agent("prints_done", f'[[opening]]\nprint = "{talk}"\n{score}', mcp=False)
    state = await run(place, lead="lead")
    worker = state.workers["w01"]
    assert (worker.outcome, worker.source, worker.confirmed) == (Outcome.DONE, Source.LINE, False)
    assert not [each for each in state.messages.values() if each.to == "w01"]  # it need not be reminded


@pytest.mark.parametrize(("fake", "code"), [("exits_at_once", "code 1"), ("crashes_at_once", "code 3")])
async def test_a_worker_that_ends_at_once_has_failed(place, fake, code):
    place.agent("lead", lead_of(FAILED), rank=2)
    place.agent(fake)
    state = await run(place, lead="lead")
    assert state.workers["w01"].outcome is Outcome.FAILED
    assert code in state.workers["w01"].summary


async def test_a_worker_that_lies_is_shown_with_its_empty_diff(place):
    place.agent("lead", lead_of(FAILED), rank=2)
    place.agent("lies")
    state = await run(place, lead="lead")
    assert state.workers["w01"].outcome is Outcome.DONE
    assert state.workers["w01"].evidence.empty
    assert place.git("branch", "--list", "agentorchestr/*") == ""


async def test_a_lead_that_never_calls_a_tool_is_reminded_and_then_given_up(place):
    place.agent("never_calls")
    state = await run(place, lead_silence_s=3)
    assert state.phase is Phase.FAILED
    assert "did not answer when it was reminded" in state.why
    assert state.lead.nudges == 2


async def test_a_lead_that_exits_at_once_leaves_a_session_to_resume(place):
    place.agent("exits_at_once")
    state = await run(place)
    assert state.phase is Phase.PAUSED
    assert "exited with code 1" in state.lead.ended
    assert state.resumable


async def test_a_killed_worker_is_gone_with_all_its_children_and_its_work_is_kept(place):
    kill = '\n[[opening]]\ncall = "kill_worker"\narguments = { worker_id = "{{worker.worker_id}}" }\n'
    spawn = lead_of().split('[[opening]]\ncall = "wait')[0]
    place.agent("lead", spawn + kill + FAILED, rank=2)
    place.agent("leaves_children")
    state = await run(place, lead="lead")
    assert state.workers["w01"].outcome is Outcome.KILLED
    assert processes_of(place) == []


async def test_an_agent_whose_binary_vanished_is_a_sentence_for_the_lead(place):
    place.agent("lead", lead_of().split('[[opening]]\ncall = "wait')[0] + FAILED, rank=2)
    place.agent("works")
    opening = place.opening(lead="lead")
    async with session(opening) as orchestrator:
        found = orchestrator.ground.agents["works"]
        orchestrator.ground.agents["works"] = type(found)(found.card, place.home / "gone", "")
        await orchestrator.perform(SetGoal("Say hello"))
        assert await orchestrator.until(lambda state: state.over, LIMIT)
    assert orchestrator.state.phase is Phase.FAILED


async def test_a_prompt_of_200_kilobytes_reaches_lead_and_worker(place):
    big = "Say hello in hello.txt. " + "detail " * 30_000
    place.agent(
        "lead",
        f'[[opening]]\ncall = "spawn_worker"\narguments = {{ task = "{big}" }}\nas = "worker"\n'
        + lead_of(DONE).split('as = "worker"\n')[1],
        rank=2,
    )
    place.agent("works")
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal(big))
        assert await orchestrator.until(lambda state: state.over, LIMIT)
    assert orchestrator.state.phase is Phase.DONE
    assert orchestrator.state.workers["w01"].task.strip() == big.strip()

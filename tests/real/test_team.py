"""A team of published CLIs, their models scripted: what a lead's tools are for, shown with real agents."""

from __future__ import annotations

import re
import time

import pytest

from tests.real.conversation import Script
from tests.real.place import git
from tests.real.session import LIMIT, Run, Setting, running, setting
from tests.real.team import Step, lie, spawn, step, team, told, wait

pytestmark = pytest.mark.timeout(2 * LIMIT + 60)
ALL_OF_THEM = [
    pytest.param("codex", marks=[pytest.mark.act("lead a team")]),
    pytest.param("opencode", marks=[pytest.mark.act("lead a team"), pytest.mark.real_all]),
    pytest.param("claude", marks=[pytest.mark.act("lead a team"), pytest.mark.real_all]),
]
DONE = step("mark_goal_done", summary="It is done.")


@pytest.fixture
def reached(roomy, record_property):
    """Play a script with one CLI's lead and workers to the goal; what it cost the lead is told at the end."""

    async def call(name: str, script: Script, *words: str, limit: float = LIMIT) -> tuple[Setting, Run]:
        async with setting(roomy, [name], script) as at:
            asked = [f"A goal for {name}" if word.startswith("HELLO-GOAL") else word for word in at.words]
            began = time.monotonic()
            async with running(at, *asked, *words, limit=limit) as run:
                assert await run.end() == 0, run.told
            record_property("team", f"{cost(at)}, {time.monotonic() - began:.0f} s")
            at.check_untouched()
            return at, run

    return call


def cost(at: Setting) -> str:
    """Read from the log what the lead's tools cost."""
    logs = "".join(path.read_text(errors="replace") for path in at.place.home.glob(".local/**/*.log"))
    found = re.search(r"the lead made (\d+) tool calls, about (\d+) tokens", logs)
    return f"{found[1]} calls, {found[2]} tokens to the lead" if found else "the log tells no cost"


def shown(at: Setting, path: str) -> str:
    integration = "agentorchestr/*/integration"
    (branch,) = git(at.place.project, "branch", "--list", integration, "--format=%(refname:short)").split()
    return git(at.place.project, "show", f"{branch}:{path}")


@pytest.mark.parametrize("name", ALL_OF_THEM)
async def test_three_work_in_parallel_one_settles_a_conflict_and_a_failing_verify_is_mended(name, reached, installed):
    installed(name)
    steps = [
        spawn("printf 'red\\n' > colour.txt && echo helo > hello.txt"),
        spawn("printf 'blue\\n' > colour.txt"),
        spawn("echo c > c.txt"),
        *map(wait, ("w01", "w02", "w03")),
        step("integrate"),
        DONE,  # too early: refused
        step("spawn_worker", task=told("printf 'purple\\n' > colour.txt"), resolves=["w02"]),
        wait("w04"),
        step("verify"),
        DONE,  # too early again
        step("send_to_worker", worker_id="w01", message=told("echo hello > hello.txt")),
        wait("w01"),
        step("verify"),
        DONE,
    ]
    at, run = await reached(name, team(steps))
    assert (shown(at, "colour.txt"), shown(at, "hello.txt"), shown(at, "c.txt")) == ("purple\n", "hello\n", "c\n")
    assert [each["worker_id"] for each in run.heard("integration_conflicted")][:1] == ["w02"]
    assert [each["passed"] for each in run.heard("verify_finished")] == [False, True]
    assert len(run.heard("goal_done")) == 1
    ran = [line for each in run.heard("shell_seen") if each["worker_id"] == "w03" for line in each["lines"]]
    assert any("echo c > c.txt" in line for line in ran), ran


@pytest.mark.real_all
@pytest.mark.parametrize("name", ALL_OF_THEM)
async def test_a_liar_is_seen_through_and_a_reviewers_edits_are_kept_out(name, reached, installed):
    installed(name)
    steps = [
        step("spawn_worker", task=lie()),
        wait("w01"),
        step("kill_worker", worker_id="w01"),
        spawn("echo hello > hello.txt"),
        wait("w02"),
        spawn("echo meddled > meddled.txt", perspective="reviewer"),
        wait("w03"),
        step("verify"),
        DONE,
    ]
    at, run = await reached(name, team(steps))
    (lied,) = run.heard("outcome_reached", worker_id="w01", outcome="done")
    assert lied["evidence"]["files"] == []
    (reviewed,) = run.heard("outcome_reached", worker_id="w03", outcome="done")
    assert reviewed["evidence"]["files"] == ["meddled.txt"]
    assert not git(at.place.project, "log", "--oneline", "--all-match", "--", "meddled.txt")
    assert shown(at, "hello.txt") == "hello\n"


@pytest.mark.real_all
@pytest.mark.parametrize("name", ALL_OF_THEM)
async def test_a_lead_that_is_killed_is_replaced(name, reached, installed):
    installed(name)
    steps = [spawn("echo hello > hello.txt"), Step(line="kill -9 $PPID")]
    successor = [wait("w01"), step("verify"), DONE]
    at, run = await reached(name, team(steps, successor))
    assert len(run.heard("lead_succeeded")) == 1
    assert len(run.heard("worker_spawned")) == 1
    assert shown(at, "hello.txt") == "hello\n"


@pytest.mark.real_all
@pytest.mark.parametrize("name", ALL_OF_THEM)
async def test_five_dependent_tasks_run_on_two_seats(name, reached, installed):
    installed(name)
    lines = {
        "t1": ("echo base > base.txt", []),
        "t2": ("cp base.txt left.txt", ["t1"]),
        "t3": ("cp base.txt right.txt", ["t1"]),
        "t4": ("cp base.txt odd.txt", ["t1"]),
        "t5": ("cat left.txt right.txt odd.txt > all.txt && echo hello > hello.txt", ["t2", "t3", "t4"]),
    }
    tasks = [{"id": key, "task": told(line), "depends_on": needs} for key, (line, needs) in lines.items()]
    steps = [step("plan_tasks", tasks=tasks), step("wait_for_plan", timeout_s=100), step("verify"), DONE]
    # Five agents one after the other and two at once: each start of some CLIs takes 20 s on a busy machine.
    at, run = await reached(name, team(steps), "--max-workers", "2", limit=2 * LIMIT)
    assert shown(at, "all.txt") == "base\n" * 3
    assert len(run.heard("worker_spawned")) == 5

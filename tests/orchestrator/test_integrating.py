"""Branches that clash, a worker that settles it, worktrees made ready, and checks that are run once more."""

from __future__ import annotations

import asyncio
import json
import os

import pytest

from agentorchestr_tui.core.commands import (
    CancelIntegration,
    CancelVerify,
    Integrate,
    KillWorker,
    MarkGoalDone,
    MergeResult,
    SetGoal,
    SetPlan,
    SpawnWorker,
    UndoIntegration,
    Verify,
)
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import Cancelled, GitError
from agentorchestr_tui.core.events import WorktreeReadied
from agentorchestr_tui.core.phrases import integrating
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import NOTHING, Outcome, PlanTask
from agentorchestr_tui.orchestrator.checks import written_commands
from agentorchestr_tui.orchestrator.merging import CANCELLED, called_off
from agentorchestr_tui.orchestrator.readiness import readied_by
from tests.house import make_place, running, session, slow_merges, until

LIMIT = 60.0
WAITS = '[[opening]]\nsay = "I wait."\n[[reply]]\nsay = "A note came: {{message}}"\n'
WRITES = """
[[opening]]
write = "README.md"
text = "%s\\n"
[[opening]]
commit = "Say %s"
[[opening]]
call = "report_done"
arguments = { summary = "said it" }
"""
REPORTS = '[[opening]]\ncall = "report_done"\narguments = { summary = "done" }\n'
SETTLES = """
[[opening]]
run = ["sh", "-c", "cat README.md > seen.txt; git rev-parse MERGE_HEAD >> seen.txt"]
[[opening]]
write = "README.md"
text = "%s"
[[opening]]
run = ["sh", "-c", "rm seen.txt; git add --all; git -c user.name=A -c user.email=a@b commit --quiet --no-edit"]
[[opening]]
call = "report_done"
arguments = { summary = "both say it" }
"""


@pytest.fixture
def place(tmp_path):
    """A project, a lead that waits, and two workers whose changes clash."""
    made = make_place(tmp_path, {".gitignore": ".env\n"})
    made.agent("lead", WAITS, rank=2)
    made.agent("one", WRITES % ("one", "one"))
    made.agent("two", WRITES % ("two", "two"))
    return made


async def worked(orchestrator, *agents, **wish):
    for agent in agents:
        await orchestrator.perform(SpawnWorker(f"Say {agent}", agent_hint=agent, **wish))
    assert await orchestrator.until(lambda now: not now.live_workers, LIMIT)


async def test_a_conflict_is_settled_by_a_worker_that_gets_both_sides(place):
    place.agent("settles", SETTLES % "one\\ntwo\\n")
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await worked(orchestrator, "one", "two")
        await orchestrator.perform(Integrate())
        one, two = orchestrator.state.workers.values()
        assert one.integrated
        assert [conflict.path for conflict in two.conflicts] == ["README.md"]
        await worked(orchestrator, "settles", resolves=("w02",))
        assert orchestrator.state.workers["w03"].outcome is Outcome.DONE
        await orchestrator.perform(Integrate())
        state = orchestrator.state
        assert all(worker.integrated and not worker.conflicts for worker in state.workers.values())
        assert place.git("show", f"{state.integration}:README.md") == "one\ntwo"
        parents = place.git("rev-list", "--parents", "-n1", state.workers["w03"].branch).split()[1:]
        assert two.evidence.commit in parents


async def test_markers_that_were_left_in_are_never_integrated(place):
    place.agent("settles", SETTLES % "<<<<<<< ours\\none\\n=======\\ntwo\\n>>>>>>> theirs\\n")
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await worked(orchestrator, "one", "two")
        await orchestrator.perform(Integrate())
        before = orchestrator.state.integration
        await worked(orchestrator, "settles", resolves=("w02",))
        with pytest.raises(GitError, match=r"w03 left conflict markers in README\.md"):
            await orchestrator.perform(Integrate(("w03",)))
        assert orchestrator.state.integration == before


async def test_integrated_work_is_taken_out_again_and_the_rest_stays(place):
    place.agent("works")
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await worked(orchestrator, "one", "works")
        await orchestrator.perform(Integrate())
        await orchestrator.perform(UndoIntegration("w01"))
        state = orchestrator.state
        assert place.git("rev-parse", f"agentorchestr/{state.id}/integration") == state.integration
        assert place.git("ls-tree", "--name-only", state.integration).split() == [
            ".gitignore",
            "README.md",
            "hello.txt",
        ]
        assert place.git("show", f"{state.integration}:README.md") == "hello"
        await orchestrator.perform(UndoIntegration("w02"))
        assert orchestrator.state.integration == ""
        await orchestrator.perform(Integrate(("w01",)))
        assert place.git("show", f"{orchestrator.state.integration}:README.md") == "one"
        await orchestrator.perform(MergeResult())
        assert place.git("show", "main:README.md") == "one"
        assert orchestrator.state.merged == place.git("rev-parse", "main")


async def test_a_check_that_fails_once_is_run_once_more_and_that_is_said(place):
    once = "test -f .agentorchestr/again || { mkdir -p .agentorchestr; touch .agentorchestr/again; exit 3; }"
    async with session(place.opening(lead="lead", lead_silence_s=600.0, verify=(once, "false"))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await orchestrator.perform(Verify())
        (check,) = orchestrator.state.verifications
        assert [run.exit_code for run in check.commands] == [0, 1]
        assert check.note.startswith("Flaky: test -f")
        assert not check.passed


async def test_worktrees_are_made_ready_alike_for_workers_and_checks(place):
    (place.project / ".env").write_text("KEY=1\n")
    setup = ("sh -c 'echo $AGENTORCHESTR_PORT > .agentorchestr/port'",)
    verify = ("sh -c 'test \"$(cat .env)\" = KEY=1 && cat .agentorchestr/port'",)
    opening = place.opening(lead="lead", lead_silence_s=600.0, setup=setup, verify=verify)
    async with session(opening) as orchestrator:
        seen = []
        orchestrator.listen(lambda recorded, _: seen.append(recorded.event))
        await orchestrator.perform(SetGoal("Say hello"))
        await worked(orchestrator, "one")
        worktree = orchestrator.state.workers["w01"].worktree
        with open(os.path.join(worktree, ".agentorchestr", "port")) as file:
            assert file.read() == "42020\n"
        assert not orchestrator.state.workers["w01"].evidence.uncommitted
        await orchestrator.perform(Verify())
        (check,) = orchestrator.state.verifications
        assert (check.passed, check.commands[0].output.strip()) == (True, "42000")
        assert [(each.name, each.copied) for each in seen if isinstance(each, WorktreeReadied)] == [
            ("w01", (".env",)), ("verify", (".env",)),
        ]  # fmt: skip


async def test_a_setup_that_fails_is_told_as_the_reason_why_a_worker_did_not_start(place):
    async with session(place.opening(lead="lead", lead_silence_s=600.0, setup=("sh -c 'echo no net; exit 9'",))) as it:
        await it.perform(SetGoal("Say hello"))
        await worked(it, "one")
        worker = it.state.workers["w01"]
        assert worker.outcome is Outcome.FAILED
        assert "ended with code 9: no net" in worker.summary


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        (
            "# P\n\n## Verify\n\nRun:\n\n```sh\n$ make test\n# not this\n\nruff check .\n```\n",
            ("make test", "ruff check ."),
        ),
        ("# Testing\n```\npytest -q\n```\n```\nother\n```\n", ("pytest -q",)),
        ("# Build\n```\nmake\n```\n## Verification\nby hand\n## Other\n```\nx\n```\n", ()),
        ("no headings\n", ()),
    ],
)
def test_a_project_s_description_names_its_checks_in_a_block_below_a_heading(text, commands):
    assert written_commands(text) == commands


HALF = """
[[opening]]
run = ["sh", "-c", "git checkout -qb o; echo o > README.md; git commit -qam o; git checkout -q -; echo m > README.md; \
git commit -qam m; git merge -q o; true"]
[[opening]]
call = "report_done"
arguments = { summary = "half way" }
[[reply]]
run = ["sh", "-c", "git add --all && git commit -qm settled"]
[[reply]]
call = "report_done"
arguments = { summary = "settled" }
"""


async def test_a_branch_that_cannot_be_merged_holds_up_no_other_and_a_plan_that_needs_it_is_told(place):
    place.agent("half", HALF)
    place.agent("works")
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        told = PlanTask("t1", "", "Say half", agent_hint="half"), PlanTask("t2", "", "x", depends_on=("t1",))
        await orchestrator.perform(SetPlan(told))
        assert await orchestrator.until(lambda now: now.workers and not now.live_workers, LIMIT)
        await worked(orchestrator, "works")
        with pytest.raises(GitError, match=r"w01 left a merge unfinished \(README.md\).* Tell w01 so with send_to_wor"):
            await orchestrator.perform(Integrate())
        assert orchestrator.state.workers["w02"].integrated
        (news,) = [each for each in orchestrator.letters.take() if "t2" in each]
        assert news.startswith("Task t2 of the plan waits: w01 left a merge unfinished")


async def test_a_branch_that_somebody_else_moved_or_checked_out_is_never_taken_for_the_result(place):
    place.agent("works")
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await worked(orchestrator, "one")
        await orchestrator.perform(Integrate())
        state = orchestrator.state
        branch = f"agentorchestr/{state.id}/integration"
        place.git("checkout", "--quiet", branch)
        await worked(orchestrator, "works")
        with pytest.raises(GitError, match="is checked out in"):
            await orchestrator.perform(Integrate())
        assert orchestrator.state.integration == state.integration  # nothing is recorded that is not on the branch
        place.git("checkout", "--quiet", "main")
        await orchestrator.perform(Integrate())
        right = place.git("rev-parse", branch)
        assert right == orchestrator.state.integration
        place.git("branch", "--force", branch, "main~0")
        assert isinstance(await orchestrator.perform(Verify(("true",))), tuple)  # it only lagged behind
        await orchestrator.perform(Integrate())
        assert place.git("rev-parse", branch) == right
        other = place.git(
            "-c", "user.name=T", "-c", "user.email=t@x", "commit-tree", f"{right}^{{tree}}", "-m", "other"
        )
        place.git("branch", "--force", branch, other)
        for wish in (Integrate(), Verify(), MarkGoalDone("done")):
            with pytest.raises(GitError, match=f"moved by somebody else.*git branch -f {branch}"):
                await orchestrator.perform(wish)
        place.git("branch", "--force", branch, right)
        await orchestrator.perform(Verify(("true",)))
        assert not isinstance(await orchestrator.perform(MarkGoalDone("done")), Refused)


async def test_what_a_worker_committed_counts_though_it_deleted_its_folder(place):
    leaves = '[[opening]]\nrun = ["sh", "-c", "rm -rf $PWD"]\n[[opening]]\ncall'
    place.agent("gone", WRITES.replace("[[opening]]\ncall", leaves) % ("gone", "gone"))
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await worked(orchestrator, "gone")
        (worker,) = orchestrator.state.workers.values()
        assert (worker.evidence.commits, worker.evidence.files) == (1, ("README.md",))
        assert "+gone" in await orchestrator.diff(worker, stat_only=False)
        refused = await orchestrator.perform(MarkGoalDone("done"))
        assert isinstance(refused, Refused)
        assert "call integrate" in refused.reason
        await orchestrator.perform(Integrate())
        assert place.git("show", f"{orchestrator.state.integration}:README.md") == "gone"


async def test_checks_that_a_worker_wrote_are_found_in_the_integrated_tree(place):
    writes = '[[opening]]\nwrite = "Makefile"\ntext = "test:\\n\\tgrep hello README.md\\n"\n'
    place.agent("makes", writes + REPORTS)
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await orchestrator.perform(Verify())
        await worked(orchestrator, "makes")
        await orchestrator.perform(Verify())
        first, second = orchestrator.state.verifications
        assert first.commands == ()
        assert [(run.command, run.exit_code) for run in second.commands] == [("make test", 0)]


async def test_a_cancelled_integration_ends_with_its_git_and_leaves_the_branch_whole(place):
    nap = f"sleep {5400 + os.getpid()}"
    slow_merges(place, nap)
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await worked(orchestrator, "one", "two")
        integration = asyncio.ensure_future(orchestrator.perform(Integrate(by="person")))
        await until(lambda: running(nap))
        (under_way,) = orchestrator.state.integrating
        assert (under_way.worker_id, under_way.number, under_way.of) == ("w02", 2, 2)
        await orchestrator.perform(CancelIntegration())
        assert not running(nap)
        with pytest.raises(Cancelled, match=r"w01 is in, w02 is not, and nothing is half merged"):
            await integration
        state = orchestrator.state
        assert state.integrating == ()
        assert place.git("rev-parse", f"agentorchestr/{state.id}/integration") == state.integration
        assert place.git("show", f"{state.integration}:README.md") == "one"
        assert (state.workers["w02"].integrated, state.workers["w02"].conflicts) == ("", ())
        (told,) = orchestrator.letters.take()
        assert told.startswith("The person cancelled this integration: w01 is in, w02 is not")
        place.git("config", "merge.slow.driver", "exit 1")
        await orchestrator.perform(Integrate())
        assert [each.path for each in orchestrator.state.workers["w02"].conflicts] == ["README.md"]


async def test_an_integration_that_waits_for_a_verify_can_be_cancelled_and_the_verify_goes_on(place):
    gate = place.home / "gate"
    verify = (f"while ! test -e {gate}; do sleep 0.05; done",)
    async with session(place.opening(lead="lead", lead_silence_s=600.0, verify=verify)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        checked = asyncio.ensure_future(orchestrator.perform(Verify()))
        await until(lambda: orchestrator.state.verify_at == 1)
        integration = asyncio.ensure_future(orchestrator.perform(Integrate()))
        await until(lambda: orchestrator.state.integrating)
        assert integrating(orchestrator.state) == "integration waits for verify v1"
        await orchestrator.perform(CancelIntegration())
        with pytest.raises(Cancelled):
            await integration
        assert orchestrator.state.verifying == "v1"
        gate.touch()
        await checked
        assert orchestrator.state.verifications[0].passed


async def test_a_cancelled_verify_ends_the_hook_before_it_too(place):
    nap = f"sleep {9000 + os.getpid()}"
    (place.paths.config / "hooks.json").write_text(json.dumps({"pre_eval": f"{nap} & {nap}"}), encoding="utf-8")
    async with session(place.opening(lead="lead", lead_silence_s=600.0, verify=("true",))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        checked = asyncio.ensure_future(orchestrator.perform(Verify()))
        await until(lambda: len(running(nap)) == 2)
        await orchestrator.perform(CancelVerify())
        await checked
        await until(lambda: not running(nap))
        assert (orchestrator.state.verifying, orchestrator.state.verifications) == ("", ())


async def test_closing_does_not_wait_for_a_merge_that_takes_its_time(place):
    nap = f"sleep {6600 + os.getpid()}"
    slow_merges(place, nap)
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        await worked(orchestrator, "one", "two")
        integration = asyncio.ensure_future(orchestrator.perform(Integrate()))
        await until(lambda: running(nap))
    assert not running(nap)
    with pytest.raises(Cancelled):
        await integration


async def test_a_worker_that_is_given_up_while_its_folder_is_made_ready_ends_the_setup_command(place):
    nap = f"sleep {7500 + os.getpid()}"
    async with session(
        place.opening(lead="lead", lead_silence_s=600.0, setup=("true", f"{nap}; true"))
    ) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        spawning = asyncio.ensure_future(orchestrator.perform(SpawnWorker("Say one", agent_hint="one")))
        await until(lambda: running(nap))
        assert readied_by(orchestrator, "w01") == f"setup 2 of 2: {nap}; true"
        await orchestrator.perform(KillWorker("w01", "enough", NOTHING))
        assert not running(nap)
        await spawning
        assert orchestrator.state.workers["w01"].outcome is Outcome.KILLED
        assert orchestrator.pane("w01") is None
        assert readied_by(orchestrator, "w01") == ""


def test_a_merge_that_was_to_be_ended_says_whether_it_was_too_late_for_that_one():
    session = Session(base_branch="main", merged="first")
    assert called_off(session, "first") == CANCELLED
    assert called_off(session, "") == "It was too late to cancel: the result is in main."

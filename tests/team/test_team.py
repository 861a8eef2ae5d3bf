"""What a team goes through, as whole sessions: real processes, real git, real MCP."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core.commands import SetGoal
from agentorchestr_tui.core.leading import plan_states, workers_of
from agentorchestr_tui.core.words import Finding, Outcome, Phase
from tests.house import make_place, session
from tests.team.play import HERE as PIECE_FOLDER
from tests.team.play import LIMIT, PIECES, RIGHT, Played, play


@pytest.fixture
def played(tmp_path):
    async def call(name: str) -> Played:
        result = await play(PIECES[name], tmp_path)
        assert result.state.phase is Phase.DONE, result.state.why
        return result

    return call


async def test_three_workers_work_side_by_side_and_one_settles_the_conflict(played):
    done = await played("three_workers")
    assert done.show("colour.txt") == "purple"
    assert [done.show(f"{name}.txt") for name in "abc"] == ["a", "b", "c"]
    assert {worker.outcome for worker in done.state.workers.values()} == {Outcome.DONE}
    assert not any(worker.conflicts for worker in done.state.workers.values())
    assert all(any("git commit" in line for line in worker.shell) for worker in done.state.workers.values())


async def test_a_verify_fails_is_mended_and_passes(played):
    done = await played("failing_verify")
    assert [check.passed for check in done.state.verifications] == [False, True]
    assert done.state.workers["w01"].turn == 2


async def test_a_reviewers_edits_are_kept_out_and_its_finding_is_read_from_its_words(played):
    done = await played("meddling_reviewer")
    reviewer = done.state.workers["w02"]
    assert reviewer.findings == (Finding("answer.txt", 1, "low", "it could say more"),)
    assert reviewer.evidence.files == ("meddled.txt",)
    assert "meddled.txt" not in done.place.git("ls-tree", "--name-only", done.state.integration)
    assert "meddled.txt" in done.place.git("ls-tree", "--name-only", reviewer.branch)


async def test_a_worker_that_lies_is_found_out(played):
    done = await played("lying_worker")
    liar, worker = done.state.workers.values()
    assert (liar.outcome, liar.evidence.empty) == (Outcome.KILLED, True)
    assert worker.integrated


async def test_a_lead_that_is_done_too_early_is_refused_until_it_is_true(played):
    done = await played("hasty_lead")
    assert done.tally.calls["lead", "mark_goal_done"] == 4


async def test_a_lead_that_dies_is_replaced_by_one_that_goes_on(played):
    done = await played("dying_lead")
    assert done.state.successions == 1
    assert "exited with code 3" in done.state.handover
    assert done.state.why == "The successor finished it."
    assert len(done.state.workers) == 1


async def test_a_lead_whose_context_is_full_hands_over(tmp_path):
    score = (PIECE_FOLDER / "dying_lead.toml").read_text(encoding="utf-8")
    full = score.replace(
        "crash = 3", 'say = "context used: 91%"\n[[opening]]\nwhen = "not successor"\nhang = "Leading"'
    )
    place = make_place(tmp_path)
    place.agent("lead", full, rank=2)
    place.agent("told", "does_as_told")
    card = place.paths.config / "agents" / "lead.toml"
    sign = "[[context]]\nname = 'said'\nmatch = 'context used: (?P<percent>\\d+)%'\nrows = 30\n"
    card.write_text(card.read_text(encoding="utf-8") + sign, encoding="utf-8")
    async with session(place.opening(lead="lead", verify=RIGHT)) as orchestrator:
        first = orchestrator.ground.access.token("lead")
        await orchestrator.perform(SetGoal("Write the answer"))
        assert await orchestrator.until(lambda state: state.over, LIMIT)
        assert orchestrator.ground.access.token("lead") == first
    state = orchestrator.state
    assert (state.phase, state.why) == (Phase.DONE, "The successor finished it.")
    assert (state.successions, state.handover) == (1, "its context is 91% full")
    assert state.lead.ended == "ended with the session"


async def test_five_dependent_tasks_run_on_two_seats_and_a_failed_one_is_tried_again(played):
    done = await played("five_tasks")
    assert done.show("answer.txt").splitlines() == ["base", "left", "base", "right", "base"]
    assert set(plan_states(done.state).values()) == {"done"}
    assert [worker.outcome for worker in workers_of(done.state, "t4")] == [Outcome.FAILED, Outcome.DONE]
    assert done.tally.calls_of("lead") <= 6

"""What a lead may plan, what it is asked, and what it costs."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.leading import SUCCESSORS, goes_on, plan_states
from agentorchestr_tui.core.words import Conflict, ContextUse, Finding, Outcome, PlanTask
from tests.core.session import reported, running, spawned

BUILD, TEST, TELL = (
    PlanTask("t1", "build", "Build it"),
    PlanTask("t2", "test", "Test it", depends_on=("t1",)),
    PlanTask("t3", "tell", "Tell of it", depends_on=("t1", "t2")),
)


def planned(*tasks: PlanTask, **changes):
    story = running(**changes)
    story.tell(c.SetPlan(tasks or (BUILD, TEST, TELL)))
    return story


def states(story) -> list[str]:
    return [str(state) for state in plan_states(story.session).values()]


def test_a_task_is_ready_once_those_it_depends_on_are_done():
    story = planned()
    assert states(story) == ["ready", "waiting", "waiting"]
    first = spawned(story, plan_task="t1")
    assert states(story) == ["running", "waiting", "waiting"]
    reported(story, first)
    assert states(story) == ["done", "ready", "waiting"]


def test_a_plan_goes_on_by_itself_until_all_is_done_or_held():
    story = planned(BUILD, TEST)
    assert goes_on(story.session)
    reported(story, spawned(story, plan_task="t1"), Outcome.BLOCKED)
    assert not goes_on(story.session)
    assert not goes_on(running().session)


def test_a_task_that_failed_is_tried_again_as_often_as_it_may_be():
    story = planned()
    reported(story, spawned(story, plan_task="t1"), Outcome.FAILED)
    assert states(story) == ["ready", "waiting", "waiting"]
    reported(story, spawned(story, "Again", plan_task="t1"), Outcome.LOST)
    assert states(story) == ["failed", "held", "held"]
    assert "t1 is failed" in story.refused(c.SpawnWorker("Once more", plan_task="t1"))


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.KILLED])
def test_a_task_whose_worker_is_blocked_or_was_ended_is_not_tried_again_by_itself(outcome):
    story = planned()
    reported(story, spawned(story, plan_task="t1"), outcome)
    assert states(story)[0] in ("held", "failed")
    assert states(story)[1:] == ["held", "held"]


def test_a_task_whose_work_conflicts_is_held_until_it_is_mended():
    story = planned()
    reported(story, spawned(story, plan_task="t1"))
    story.tell(c.NoteConflict("w01", "c1", (Conflict("a.py"),)))
    assert states(story) == ["held", "held", "held"]
    story.tell(c.NoteIntegrated("w01", "c2", "tip"))
    assert states(story) == ["done", "ready", "waiting"]


def test_no_worker_starts_on_a_task_that_waits_or_is_unknown():
    story = planned()
    assert "t2 is waiting" in story.refused(c.SpawnWorker("x", plan_task="t2"))
    assert "Did you mean t1?" in story.refused(c.SpawnWorker("x", plan_task="t11"))


def test_a_plan_may_be_changed_where_nobody_works_yet():
    story = planned()
    spawned(story, plan_task="t1")
    assert "was given to w01" in story.refused(c.SetPlan((PlanTask("t1", "build", "Build another"),)))
    assert "was given to w01" in story.refused(c.SetPlan((), drop=("t1",)))
    story.tell(c.SetPlan((PlanTask("t2", "test", "Test it well"), PlanTask("t4", "more", "More")), drop=("t3",)))
    assert list(plan_states(story.session)) == ["t1", "t2", "t4"]
    assert story.tell(c.SetPlan((BUILD,))) == ()


@pytest.mark.parametrize(
    ("tasks", "sentence"),
    [
        ((PlanTask("t1", "", " "),), "needs an id and a text"),
        ((PlanTask("t1", "", "x", perspective="painter"),), "There is no perspective 'painter'"),
        ((PlanTask("t1", "", "x", agent_hint="nobody"),), "There is no agent 'nobody'"),
        ((PlanTask("t1", "", "x", depends_on=("t9",)),), "depends on 't9'"),
        ((PlanTask("t1", "", "x", tries=9),), "1 to 5"),
        ((PlanTask("t1", "", "x"), PlanTask("t1", "", "y")), "same id"),
        ((PlanTask("a", "", "x", depends_on=("b",)), PlanTask("b", "", "y", depends_on=("a",))), "in a circle"),
        (tuple(PlanTask(f"t{n}", "", "x") for n in range(65)), "64 tasks at most"),
    ],
)
def test_a_plan_with_a_flaw_is_refused_whole(tasks, sentence):
    assert sentence in running().refused(c.SetPlan(tasks))


def test_a_question_stands_until_it_is_answered_or_its_worker_has_ended():
    story = running()
    spawned(story)
    (asked,) = story.tell(c.AskLead("w01", " Which port? "))
    assert asked == e.LeadAsked("q1", "w01", "Which port?")
    assert story.tell(c.AskLead("w01", "Which port?")) == ()
    story.tell(c.AnswerQuestion("q1", "8080"))
    assert not story.session.questions
    assert "no open question" in story.refused(c.AnswerQuestion("q1", "8081"))
    assert story.tell(c.AskLead("w01", "And which host?"))[0].question_id == "q2"
    reported(story, "w01")
    assert not story.session.questions
    assert "has ended" in story.refused(c.AskLead("w01", "Anyone?"))


def test_a_worker_may_not_ask_without_end():
    story = running()
    spawned(story)
    for number in range(3):
        story.tell(c.AskLead("w01", f"Question {number}?"))
    assert "open questions" in story.refused(c.AskLead("w01", "One more?"))


def test_findings_stand_with_the_reviewer_and_the_review_says_whom_they_are_about():
    story = running(seats=4)
    reported(story, spawned(story))
    reviewer = spawned(story, "Review it", perspective="reviewer", reviews="w01")
    (asked,) = story.tell(c.AskReview(("w01",), (reviewer,), "correctness"))
    assert asked.review_id == "r1"
    finding = Finding("a.py", 3, "high", "off by one")
    story.tell(c.ReportFindings(reviewer, (finding,)))
    assert story.tell(c.ReportFindings(reviewer, (finding,))) == ()
    assert story.session.workers[reviewer].findings == (finding,)
    assert story.session.workers[reviewer].reviews == "w01"
    assert finding.place == "a.py:3"
    assert "one reviewer for each" in story.refused(c.AskReview(("w01",), (), "style"))


def test_leads_take_over_from_one_another_a_few_times():
    story = running()
    for number in range(SUCCESSORS):
        left, taken = story.tell(c.ReplaceLead("it is full"))
        assert (left, taken) == (e.LeadExited(None, "handed over"), e.LeadSucceeded(number + 1, "it is full"))
        assert story.session.lead is None
        story.tell(c.NoteLeadStarted("claude", "lead", 11, "another"))
    assert "have taken over already" in story.refused(c.ReplaceLead("it is full"))


def test_a_lead_that_ends_is_replaced_at_once_if_there_is_something_to_take_over():
    story = running()
    assert story.tell(c.NoteLeadExited(1, "crashed", replace=True)) == (e.LeadExited(1, "crashed"),)
    story = running()
    spawned(story)
    assert story.tell(c.NoteLeadExited(1, "crashed", replace=True))[-1] == e.LeadSucceeded(1, "the lead crashed")
    assert story.session.handover == "the lead crashed"
    story = running()
    spawned(story)
    assert len(story.tell(c.NoteLeadExited(0, "left"))) == 1


def test_a_stalled_worker_is_noted_once_until_it_moves_again():
    story = running()
    spawned(story)
    story.tell(c.NoteStalled("w01", 600))
    assert story.tell(c.NoteStalled("w01", 900)) == ()
    story.tell(c.NoteStirred("w01"))
    assert story.tell(c.NoteStirred("w01")) == ()
    assert len(story.tell(c.NoteStalled("w01", 600))) == 1


def test_context_is_an_event_only_when_it_changes():
    story = running()
    use = ContextUse(50_000, 200_000, 0.12)
    assert len(story.tell(c.NoteContext("lead", use))) == 1
    assert story.tell(c.NoteContext("lead", use)) == ()
    assert story.session.lead.context.share == 0.25
    assert ContextUse(1).share is None


def test_compacting_leaves_the_last_few_and_those_at_work_alone():
    story = running(seats=9)
    for number in range(4):
        reported(story, spawned(story, f"Task {number}"))
    spawned(story, "At work")
    assert story.tell(c.CompactSession(keep=2)) == (e.SessionCompacted(("w01", "w02")),)
    assert story.tell(c.CompactSession(keep=2)) == ()
    story.tell(c.ClearResults((("w05", 40),)))
    assert story.session.workers["w05"].cleared == 40

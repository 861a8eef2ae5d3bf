"""What may happen to a session as a whole."""

from __future__ import annotations

from dataclasses import replace

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.apply import replay
from agentorchestr_tui.core.phrases import integrating, merging, verifying
from agentorchestr_tui.core.sentences import sentence
from agentorchestr_tui.core.words import MergeStep, Outcome, Phase, Status, Team
from tests.core.session import AIDER, CODEX, Story, create, integrated, reported, running, spawned, verified


def test_the_agent_with_the_highest_lead_rank_leads():
    (event,) = Story().tell(create())
    assert event.lead_agent == "claude"


def test_a_lead_that_was_asked_for_leads_if_it_is_among_the_agents():
    (event,) = Story().tell(create(lead_agent="codex"))
    assert event.lead_agent == "codex"
    assert "must be one of this session's agents" in Story().refused(create(lead_agent="gemini"))


def test_an_agent_without_mcp_cannot_lead():
    assert "does not speak MCP" in Story().refused(create(lead_agent="aider"))
    assert "can lead" in Story().refused(create(agents=(AIDER,)))


def test_a_session_without_agents_or_seats_is_refused():
    assert "No agent is installed" in Story().refused(create(agents=()))
    assert "at least one seat" in Story().refused(create(seats=0))


def test_an_empty_goal_is_refused_and_a_second_one_too():
    story = Story()
    story.tell(create())
    assert "empty" in story.refused(c.SetGoal(" \n"))
    story.tell(c.SetGoal("Add a login"))
    assert "has its goal already" in story.refused(c.SetGoal("Another"))


def test_a_goal_of_a_megabyte_is_fine_and_one_past_the_limit_is_not():
    story = Story()
    story.tell(create())
    assert "larger than" in story.refused(c.SetGoal("x" * (5 * 1024 * 1024)))
    story.tell(c.SetGoal("x" * 1_000_000))


def test_with_the_goal_a_person_chooses_from_the_agents_there_are():
    story = Story()
    story.tell(create(seats=8))
    wish = c.SetGoal("Add a login", Team(("codex", "aider"), "codex", 3, ("pytest -q", " ")))
    assert "gemini is not among" in story.refused(replace(wish, team=replace(wish.team, agents=("gemini",))))
    assert "1 to 64 seats" in story.refused(replace(wish, team=replace(wish.team, seats=0)))
    assert "must be one of" in story.refused(replace(wish, team=replace(wish.team, lead="claude")))
    assert "does not speak MCP" in story.refused(replace(wish, team=replace(wish.team, lead="aider")))
    events = story.tell(wish)
    assert sentence(events[0], story.session) == ("codex leads, up to 3 workers of codex and aider, verify: pytest -q")
    session = story.session
    assert [agent.name for agent in session.agents] == ["codex", "aider"]
    assert (session.lead_agent, session.seats, session.verify, session.goal) == (
        "codex", 3, ("pytest -q",), "Add a login",
    )  # fmt: skip


def test_the_goal_is_not_done_while_a_worker_is_at_work():
    story = running()
    spawned(story)
    assert "w01 is still at work" in story.refused(c.MarkGoalDone("all good"))


def test_the_goal_is_not_done_while_finished_work_is_not_integrated():
    story = running()
    reported(story, spawned(story))
    assert "call integrate" in story.refused(c.MarkGoalDone("all good", ahead=("w01",)))


def test_the_goal_is_not_done_before_a_verify_passed_on_the_present_tree():
    story = running()
    reported(story, spawned(story))
    integrated(story, "w01")
    assert "call verify first" in story.refused(c.MarkGoalDone("all good"))
    verified(story, passed=False)
    assert "verify of the present integrated tree failed" in story.refused(c.MarkGoalDone("all good"))
    verified(story)
    story.tell(c.MarkGoalDone("all good"))
    assert story.session.phase is Phase.DONE


def test_a_cancelled_verify_neither_passed_nor_failed_whatever_it_says_later():
    story = running()
    assert "No verify runs now" in story.refused(c.CancelVerify())
    (started,) = story.tell(c.Verify(("pytest -q",)))
    (cancelled,) = story.tell(c.CancelVerify())
    assert sentence(cancelled, story.session) == "verify v1 was cancelled by you: it neither passed nor failed"
    assert story.tell(c.NoteVerified(started.verify_id, story.session.tip, True, ())) == ()
    assert story.session.verifications == ()
    assert story.tell(c.Verify(("pytest -q",)))[0].verify_id == "v2"


def test_a_verify_says_which_of_its_commands_it_is_at():
    story = running()
    story.tell(c.Verify(("make", "pytest -q")))
    assert verifying(story.session) == "verify v1 makes its tree ready"
    story.tell(c.NoteVerifying("v1", 1))
    assert verifying(story.session) == "verify v1 runs 1 of 2: make"
    story.tell(c.NoteVerifying("v1", 2, again=True))
    assert verifying(story.session) == "verify v1 runs 2 of 2 again: pytest -q"
    story.tell(c.CancelVerify())
    assert story.tell(c.NoteVerifying("v1", 2)) == ()
    assert verifying(story.session) == ""


def test_an_integration_says_where_it_is_until_its_end_which_a_person_can_ask_for_once():
    story = running()
    assert "No integration runs now" in story.refused(c.CancelIntegration())
    for worker_id in ("w01", "w02"):
        reported(story, spawned(story, f"Write {worker_id}"))
    story.tell(c.Integrate())
    assert integrating(story.session) == "integration begins"
    story.tell(c.NoteTrying("i1", "w02", 2, 2))
    assert integrating(story.session) == "integrates w02, 2 of 2"
    integrated(story, "w01")
    assert "An integration runs" in story.refused(c.UndoIntegration("w01"))
    (cancelled,) = story.tell(c.CancelIntegration())
    assert "i1 was cancelled by you" in sentence(cancelled, story.session)
    assert story.tell(c.CancelIntegration()) == ()
    assert integrating(story.session) == "integration is being ended"
    story.tell(c.NoteIntegrationEnded("i1"))
    assert story.session.integrating == ()
    assert story.tell(c.NoteIntegrationEnded("i1")) == ()
    assert story.tell(c.NoteTrying("i1", "w02", 1, 1)) == ()


def test_a_merge_into_the_users_branch_says_where_it_is_until_its_end_which_a_person_can_ask_for_once():
    story = running()
    assert "No merge runs now" in story.refused(c.CancelMerge())
    spawned(story, "Write it")
    reported(story, "w01")
    story.tell(c.Integrate())
    integrated(story, "w01")
    story.tell(c.NoteIntegrationEnded("i1"))
    story.tell(c.MergeResult())
    assert merging(story.session) == "merge into main: looks at your checkout"
    assert "runs already" in story.refused(c.MergeResult())
    assert "runs: wait for it" in story.refused(c.UndoIntegration("w01"))
    story.tell(c.NoteMerging(MergeStep.TRIES))
    assert merging(story.session) == "merge into main: tries it in memory"
    story.tell(c.NoteMerging(MergeStep.WRITES, 12))
    assert merging(story.session) == "merge into main: writes 12 files"
    (cancelled,) = story.tell(c.CancelMerge())
    assert "was cancelled by you" in sentence(cancelled, story.session)
    assert story.tell(c.CancelMerge()) == ()
    assert merging(story.session) == "merge into main is being taken back"
    story.tell(c.NoteMergeEnded())
    assert story.session.merging is None
    assert story.tell(c.NoteMergeEnded()) == story.tell(c.NoteMerging(MergeStep.TRIES)) == ()
    story.tell(c.MergeResult())
    story.tell(c.NoteMerged("main", "c9"))
    assert (story.session.merged, story.session.merging) == ("c9", None)


def test_what_a_crash_cut_off_is_not_under_way_after_a_resume():
    story = running()
    story.tell(c.Integrate())
    story.tell(c.Verify(("make",)))
    story.tell(c.PauseSession("a crash"))
    story.tell(c.ResumeSession(()))
    assert (story.session.integrating, story.session.verifying) == ((), "")


def test_a_verify_of_an_earlier_tree_does_not_count():
    story = running()
    reported(story, spawned(story))
    integrated(story, "w01", "tip1")
    verified(story)
    reported(story, spawned(story, "And more"))
    integrated(story, "w02", "tip2")
    assert "call verify first" in story.refused(c.MarkGoalDone("all good"))


def test_the_goal_is_not_done_after_every_spawn_failed():
    story = running()
    reported(story, spawned(story), Outcome.FAILED)
    assert "No worker has finished" in story.refused(c.MarkGoalDone("all good"))


def test_a_goal_that_needs_no_change_can_be_done():
    story = running()
    story.tell(c.MarkGoalDone("The answer is 42."))
    assert story.session.phase is Phase.DONE


def test_nothing_more_happens_once_the_goal_is_done():
    story = running()
    story.tell(c.MarkGoalDone("done"))
    assert "over" in story.refused(c.SpawnWorker("more"))
    assert "over" in story.refused(c.MarkGoalFailed("changed my mind"))


def test_a_lead_that_stopped_is_reminded_twice_and_then_given_up():
    story = running()
    assert isinstance(story.tell(c.NudgeLead("go on"))[0], e.LeadNudged)
    story.tell(c.NudgeLead("go on"))
    assert isinstance(story.tell(c.NudgeLead("go on"))[0], e.GoalFailed)


def test_a_note_to_a_lead_that_asks_something_is_refused():
    story = running()
    (event,) = story.tell(c.TellLead(" Mind the tests. "))
    assert (event.to, event.text, event.by) == ("lead", "Mind the tests.", "person")
    assert "is empty" in story.refused(c.TellLead(" "))
    story.tell(c.NoteStatus("lead", Status.NEEDS_INPUT, "dialog", "Trust this folder?"))
    assert "waits for an answer" in story.refused(c.TellLead("Mind the tests."))


def test_a_paused_session_is_resumed_with_the_workers_that_live_and_without_those_that_do_not():
    story = running()
    spawned(story)
    spawned(story, "Other")
    story.tell(c.PauseSession("Ctrl-C"))
    assert story.session.resumable
    assert "paused" in story.refused(c.SpawnWorker("more"))
    story.tell(c.ResumeSession(alive=("w01",)))
    assert story.session.workers["w01"].live
    assert story.session.workers["w02"].outcome is Outcome.LOST
    assert not story.session.lead.running


def test_a_worker_that_returns_on_resume_is_started_again_and_not_lost():
    story = running()
    spawned(story)
    spawned(story, "Other")
    story.tell(c.NoteStatus("w01", Status.WORKING, "title", "*"))
    story.tell(c.NoteConversation("w01", "c-1"))
    story.tell(c.PauseSession("Ctrl-C"))
    resumed = story.tell(c.ResumeSession(returning=("w01", "w09")))[0]
    assert resumed == e.SessionResumed((), ("w01",))
    assert story.session.workers["w01"].live
    assert not story.session.workers["w01"].running
    assert story.session.workers["w02"].outcome is Outcome.LOST
    story.tell(c.NoteWorkerStarted("w01", "w01", 12, "/trees/w01", "base", "c-1", resumed=True))
    worker = story.session.workers["w01"]
    assert (worker.status, worker.conversation, worker.running) == (Status.STARTING, "c-1", True)


def test_a_conversation_is_learned_once_and_replaces_what_was_guessed():
    story = running()
    spawned(story)
    assert story.tell(c.NoteConversation("lead", "ses_1")) == (e.ConversationKnown("lead", "ses_1"),)
    assert story.tell(c.NoteConversation("lead", "ses_1")) == ()
    assert story.tell(c.NoteConversation("w01", "")) == ()
    story.tell(c.NoteConversation("w01", "ses_2"))
    assert (story.session.lead.conversation, story.session.workers["w01"].conversation) == ("ses_1", "ses_2")
    assert "no w07" in story.refused(c.NoteConversation("w07", "ses_3"))


def test_a_session_that_ended_is_not_resumed():
    story = running()
    story.tell(c.MarkGoalFailed("no way"))
    assert "has ended" in story.refused(c.ResumeSession())


def test_worker_ids_go_on_counting_after_a_resume():
    story = running()
    spawned(story)
    story.tell(c.PauseSession("Ctrl-C"))
    story.tell(c.ResumeSession())
    story.tell(c.NoteLeadStarted("claude", "lead", 10, "conversation"))
    assert spawned(story, "Next") == "w02"


def test_a_log_replayed_gives_the_same_session():
    story = running()
    reported(story, spawned(story))
    integrated(story, "w01")
    verified(story)
    story.tell(c.ReportProgress("nearly there"))
    assert replay(story.log) == story.session


def test_one_agent_works_for_itself_when_there_is_no_other():
    story = running(agents=(CODEX,))
    spawned(story)
    assert story.session.workers["w01"].agent == "codex"

"""What may happen to a worker."""

from __future__ import annotations

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.words import Outcome, Source, Status
from tests.core.session import WORK, integrated, reported, running, spawned


def test_workers_are_numbered_and_get_branches_of_their_own():
    story = running()
    (event,) = story.tell(c.SpawnWorker("Write it", nonce="abc"))
    assert event.worker_id == "w01"
    assert event.branch == "agentorchestr/s1/implementer-w01"


def test_workers_are_other_agents_than_the_lead_and_spread_evenly():
    story = running()
    spawned(story)
    spawned(story, "Another")
    assert {worker.agent for worker in story.session.workers.values()} == {"codex", "aider"}


def test_an_agent_hint_is_followed_and_an_unknown_one_refused_with_the_nearest():
    story = running()
    spawned(story, agent_hint="claude")
    assert story.session.workers["w01"].agent == "claude"
    assert "Did you mean codex?" in story.refused(c.SpawnWorker("Write it", agent_hint="codx"))


def test_an_unknown_perspective_is_refused_with_those_there_are():
    assert "There are: implementer, reviewer" in running().refused(c.SpawnWorker("Write it", perspective="painter"))


def test_an_empty_task_is_refused():
    assert "task is empty" in running().refused(c.SpawnWorker("  "))


def test_the_same_spawn_asked_twice_makes_one_worker():
    story = running()
    spawned(story)
    assert story.tell(c.SpawnWorker("Write it", nonce="other")) == ()
    assert len(story.session.workers) == 1


def test_the_same_spawn_asked_again_after_the_end_makes_a_new_one():
    story = running()
    reported(story, spawned(story))
    assert spawned(story) == "w02"


def test_seats_are_limited_and_a_finished_worker_frees_its_own():
    story = running(seats=1)
    spawned(story)
    assert "All 1 seats are taken" in story.refused(c.SpawnWorker("More"))
    reported(story, "w01")
    spawned(story, "More")


def test_a_message_after_the_end_begins_a_new_turn_without_the_old_outcome():
    story = running()
    reported(story, spawned(story))
    (event,) = story.tell(c.SendToWorker("w01", "One more thing"))
    worker = story.session.workers["w01"]
    assert event.new_turn
    assert (worker.turn, worker.live, worker.summary) == (2, True, "")


def test_a_message_in_mid_turn_does_not_begin_a_new_one():
    story = running()
    spawned(story)
    (event,) = story.tell(c.SendToWorker("w01", "Mind the tests"))
    assert not event.new_turn


def test_what_a_worker_says_before_its_next_turn_begins_is_about_the_one_before():
    story = running()
    reported(story, spawned(story))
    (queued,) = story.tell(c.SendToWorker("w01", "One more thing"))
    late = c.ReportOutcome("w01", Outcome.DONE, "once more", Source.REPORT, True, WORK)
    assert story.tell(late) == ()
    story.tell(c.NoteMessageTyping(queued.message_id))
    (event,) = story.tell(late)
    assert event.summary == "once more"


def test_a_message_to_nobody_to_the_ended_or_to_one_that_asks_is_refused():
    story = running()
    assert "none was spawned" in story.refused(c.SendToWorker("w09", "hello"))
    spawned(story)
    story.tell(c.NoteStatus("w01", Status.NEEDS_INPUT, "dialog", "Allow npm test?"))
    assert "waits for an answer" in story.refused(c.SendToWorker("w01", "hello"))
    story.tell(c.NoteWorkerExited("w01", 0, "exited with code 0"))
    assert "has ended" in story.refused(c.SendToWorker("w01", "hello"))


def test_a_killed_worker_stays_killed_whatever_it_says_afterwards():
    story = running()
    spawned(story)
    story.tell(c.KillWorker("w01", "too slow", WORK))
    assert story.tell(c.ReportOutcome("w01", Outcome.DONE, "done!", Source.REPORT, True, WORK)) == ()
    assert story.session.workers["w01"].outcome is Outcome.KILLED
    assert "killed already" in story.refused(c.KillWorker("w01", "again", WORK))


def test_work_that_is_done_but_not_integrated_can_be_dropped_and_integrated_work_cannot():
    story = running()
    reported(story, spawned(story))
    story.tell(c.KillWorker("w01", "not wanted", WORK))
    assert story.session.workers["w01"].outcome is Outcome.KILLED
    reported(story, spawned(story, "Other"))
    integrated(story, "w02")
    assert "is integrated" in story.refused(c.KillWorker("w02", "not wanted", WORK))


def test_a_guess_gives_way_to_a_word_and_not_the_other_way_round():
    story = running()
    spawned(story)
    story.tell(c.ReportOutcome("w01", Outcome.DONE, "seems so", Source.LINE, False, WORK))
    story.tell(c.ReportOutcome("w01", Outcome.BLOCKED, "no password", Source.REPORT, True, WORK))
    assert story.tell(c.ReportOutcome("w01", Outcome.DONE, "exit 0", Source.EXIT, False, WORK)) == ()
    assert story.session.workers["w01"].outcome is Outcome.BLOCKED


def test_a_read_only_worker_is_never_integrated():
    story = running()
    reported(story, spawned(story, perspective="reviewer"))
    assert "kept aside" in story.refused(c.Integrate(("w01",)))
    assert "kept aside" in story.refused(c.NoteIntegrated("w01", "c1", "tip"))
    assert story.tell(c.Integrate()) == (e.IntegrationStarted((), "i1"),)


def test_a_worker_at_work_is_not_integrated():
    story = running()
    spawned(story)
    assert "still at work" in story.refused(c.Integrate(("w01",)))


def test_one_verify_runs_at_a_time():
    story = running()
    story.tell(c.Verify(("pytest",)))
    assert "runs already" in story.refused(c.Verify(("pytest",)))


def test_a_status_is_an_event_only_when_it_changes():
    story = running()
    spawned(story)
    assert len(story.tell(c.NoteStatus("w01", Status.WORKING, "title", "busy"))) == 1
    assert story.tell(c.NoteStatus("w01", Status.WORKING, "title", "busy")) == ()
    assert story.session.workers["w01"].rule == "title"


def test_nobody_works_again_after_the_process_ended():
    story = running()
    spawned(story)
    story.tell(c.NoteWorkerExited("w01", 0, "exited with code 0"))
    assert story.tell(c.NoteStatus("w01", Status.WORKING, "title", "busy")) == ()
    assert story.session.workers["w01"].status is Status.EXITED

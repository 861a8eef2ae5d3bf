"""Changes beside each other: measured, judged, sent back, taken out of the integration, merged."""

from __future__ import annotations

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.words import Comment, Conflict, Evidence, Overlap
from agentorchestr_tui.core.work import ready
from tests.core.session import WORK, integrated, reported, running, spawned


def finished(**changes):
    story = running(**changes)
    reported(story, spawned(story))
    return story


def test_work_is_measured_while_it_is_done_and_not_afterwards():
    story = running()
    spawned(story)
    story.tell(c.NoteWork("w01", WORK))
    assert story.session.workers["w01"].evidence == WORK
    assert story.tell(c.NoteWork("w01", WORK)) == ()
    reported(story, "w01")
    assert story.tell(c.NoteWork("w01", Evidence("c2", 2))) == ()


def test_overlaps_are_told_when_they_change_and_when_they_are_gone():
    story, overlap = running(), Overlap("w01", "w02", "a.py", ((1, 4),), ((3, 9),))
    story.tell(c.NoteOverlaps((overlap,)))
    assert story.session.overlaps == (overlap,)
    assert story.tell(c.NoteOverlaps((overlap,))) == ()
    story.tell(c.NoteOverlaps(()))
    assert story.session.overlaps == ()


def test_a_file_outside_a_worktree_is_told_once():
    story = running()
    spawned(story)
    story.tell(c.NoteEscape("w01", ("/x/a", "/x/b"), sure=True))
    assert story.tell(c.NoteEscape("w01", ("/x/b", "/x/c"), sure=False)) == (e.EscapeSeen("w01", ("/x/c",), False),)
    assert story.session.workers["w01"].escaped == ("/x/a", "/x/b", "/x/c")


def test_a_shell_line_is_told_once():
    story = running()
    spawned(story)
    story.tell(c.NoteShell("w01", ("make", "make test")))
    assert story.tell(c.NoteShell("w01", ("make test", "git push"))) == (e.ShellSeen("w01", ("git push",)),)
    assert story.session.workers["w01"].shell == ("make", "make test", "git push")
    assert story.tell(c.NoteShell("w09", ("make",))) == ()


def test_only_finished_work_that_may_change_things_is_accepted():
    story = running()
    spawned(story)
    assert "still at work" in story.refused(c.AcceptWork("w01"))
    reported(story, "w01")
    story.tell(c.AcceptWork("w01"))
    assert story.session.workers["w01"].accepted
    assert story.tell(c.AcceptWork("w01")) == ()
    reported(story, spawned(story, "Read it", perspective="reviewer"))
    assert "only reads" in story.refused(c.AcceptWork("w02"))


def test_work_that_goes_back_is_a_new_turn_with_the_comments_and_counts_no_more():
    story = finished()
    story.tell(c.AcceptWork("w01"))
    assert "no comment" in story.refused(c.SendBack("w01", (Comment("", 0, " "),)))
    back, told = story.tell(c.SendBack("w01", (Comment("a.py", 7, "why?"), Comment("", 0, "and shorter"))))
    assert isinstance(back, e.WorkSentBack)
    assert "a.py:7: why?\nand shorter" in told.text
    worker = story.session.workers["w01"]
    assert (worker.outcome, worker.accepted, worker.turn) == (None, False, 2)


def test_work_of_a_process_that_ended_cannot_go_back():
    story = finished()
    story.tell(c.NoteWorkerExited("w01", 0, "exited"))
    assert "spawn a new worker" in story.refused(c.SendBack("w01", (Comment("", 0, "why?"),)))


def test_what_is_taken_out_goes_in_again_only_when_it_is_asked_for_by_name():
    story = finished()
    assert "not in the integration" in story.refused(c.UndoIntegration("w01"))
    integrated(story, "w01")
    story.tell(c.UndoIntegration("w01", "base"))
    worker = story.session.workers["w01"]
    assert (story.session.integration, worker.integrated, ready(story.session, worker)) == ("", "", False)
    assert story.tell(c.Integrate()) == (e.IntegrationStarted((), "i1"),)
    assert story.tell(c.Integrate(("w01",))) == (e.IntegrationStarted(("w01",), "i2"),)
    integrated(story, "w01")
    assert ready(story.session, story.session.workers["w01"])


def test_the_result_is_merged_where_there_is_one_and_not_taken_apart_afterwards():
    story = finished()
    assert "nothing to merge" in story.refused(c.MergeResult())
    integrated(story, "w01")
    assert story.tell(c.MergeResult()) == (e.MergeStarted("tip"),)
    story.tell(c.NoteMerged("main", "m1"))
    assert story.session.merged == "m1"
    assert "git revert" in story.refused(c.UndoIntegration("w01", "base"))


def test_a_worker_settles_only_conflicts_that_there_are():
    story = finished()
    assert "has no conflict" in story.refused(c.SpawnWorker("Settle it", resolves=("w01",)))
    assert "no worker 'w09'" in story.refused(c.SpawnWorker("Settle it", resolves=("w09",)))
    assert "one conflict" in story.refused(c.SpawnWorker("Settle both", resolves=("w01", "w02")))
    story.tell(c.NoteConflict("w01", "c1", (Conflict("a.py"),)))
    (event,) = story.tell(c.SpawnWorker("Settle it", resolves=("w01",)))
    assert event.resolves == ("w01",)

"""What needs a person, what is sent to agents, and what happens at a limit."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.limits import until
from agentorchestr_tui.core.sentences import sentence
from agentorchestr_tui.core.words import NeedChoice, NeedKind, Outcome, Receipt, Status, When
from tests.core.session import Story, reported, running, spawned

CHOICES = (NeedChoice("once", "Yes"), NeedChoice("deny", "No"))


def asking(story: Story, text: str = "Run npm test?") -> str:
    """Have w01 ask for permission; returns the need's id."""
    (event,) = story.tell(c.NoteNeed("w01", NeedKind.PERMISSION, text, CHOICES))
    return event.need_id


def told(story: Story, text: str = "Mind the tests.", **changes) -> str:
    """Have w01 be told something; returns the message's id."""
    (event,) = story.tell(c.SendToWorker("w01", text, **changes))
    return event.message_id


@pytest.fixture
def story() -> Story:
    """A session whose first worker runs."""
    story = running()
    spawned(story)
    return story


def test_the_same_need_arises_once_while_it_stands_and_again_after_it_was_settled(story):
    first = asking(story)
    assert story.tell(c.NoteNeed("w01", NeedKind.PERMISSION, "Run npm test?", CHOICES)) == ()
    story.tell(c.NoteNeedGone(first, "answered"))
    assert asking(story) != first
    assert len(story.session.needs) == 1


def test_a_need_is_answered_by_what_it_offers_and_only_once_at_a_time(story):
    need = asking(story)
    assert "say one of: once, deny" in story.refused(c.AnswerNeed(need, "always"))
    (event,) = story.tell(c.AnswerNeed(need, "once", by="lead"))
    assert (event.choice, event.by) == ("once", "lead")
    assert "already" in story.refused(c.AnswerNeed(need, "deny"))
    story.tell(c.NoteAnswerFailed(need, "It is still there."))
    story.tell(c.AnswerNeed(need, "deny"))
    story.tell(c.NoteNeedGone(need, "answered"))
    assert "settled already" in story.refused(c.AnswerNeed(need, "once"))


def test_a_question_is_answered_in_words(story):
    (event,) = story.tell(c.NoteNeed("w01", NeedKind.QUESTION, "Tabs or spaces?"))
    assert "say one of: words" in story.refused(c.AnswerNeed(event.need_id, "yes"))
    story.tell(c.AnswerNeed(event.need_id, "", "Spaces."))


def test_what_a_process_asked_ends_with_it_and_what_it_did_does_not(story):
    asking(story)
    story.tell(c.NoteNeed("w01", NeedKind.ESCAPE, "It changed ~/.profile."))
    story.tell(c.NoteWorkerExited("w01", 0, "exited with code 0"))
    assert [need.kind for need in story.session.needs.values()] == [NeedKind.ESCAPE]
    story.tell(c.DismissNeed(story.session.needs_of("w01")[0].id))
    assert story.session.needs == {}


def test_a_message_waits_is_typed_and_gets_a_receipt(story):
    message = told(story)
    assert story.session.queued("w01")[0].text == "Mind the tests."
    story.tell(c.NoteMessageTyping(message))
    assert "does not wait" in story.refused(c.NoteMessageTyping(message))
    story.tell(c.NoteMessageDelivered(message))
    assert story.tell(c.NoteMessageRefused(message, "too late")) == ()
    assert story.session.messages[message].receipt is Receipt.ACCEPTED


def test_what_waits_for_a_worker_that_ends_is_refused_with_the_reason(story):
    message = told(story, when=When.AFTER_TURN)
    story.tell(c.NoteWorkerExited("w01", 1, "exited with code 1"))
    settled = story.session.messages[message]
    assert (settled.receipt, settled.reason) == (Receipt.REFUSED, "w01 has ended: exited with code 1.")


def test_a_turn_whose_message_did_not_arrive_does_not_stay_open(story):
    reported(story, "w01")
    message = told(story, "One more thing")
    assert story.session.workers["w01"].live
    story.tell(c.NoteMessageRefused(message, "A person types there."))
    worker = story.session.workers["w01"]
    assert worker.outcome is Outcome.BLOCKED
    assert "A person types there." in worker.summary


def test_messages_survive_a_resume_except_for_one_that_was_half_way(story):
    half, waiting = told(story, "first"), told(story, "second")
    story.tell(c.NoteMessageTyping(half))
    story.tell(c.PauseSession("crash"))
    story.tell(c.ResumeSession(("lead", "w01")))
    assert story.session.messages[half].receipt is Receipt.REFUSED
    assert [each.id for each in story.session.queued("w01")] == [waiting]


def test_messages_past_the_limit_are_refused(story):
    assert "larger than 64 KiB" in story.refused(c.SendToWorker("w01", "x" * 65_537))
    told(story, "x" * 65_536)


def test_settled_messages_fade_and_waiting_ones_do_not(story):
    first = told(story, "I wait")
    for number in range(150):
        story.tell(c.NoteMessageDelivered(told(story, f"message {number}")))
    assert len(story.session.messages) == 101
    assert story.session.messages[first].receipt is Receipt.QUEUED


def test_a_limit_parks_all_that_meet_it_in_order_and_lets_them_go_in_that_order(story):
    spawned(story, "Another", agent_hint="codex")
    for who in ("w02", "w01", "w02"):
        story.tell(c.NoteLimit(who, "codex", "codex", "usage limit", 3600.0))
    assert story.session.limits["codex"].parked == ("w02", "w01")
    assert story.session.parked("w01")
    assert story.tell(c.NoteLimitLifted("codex")) == (e.LimitLifted("codex", ("w02", "w01")),)
    assert story.tell(c.NoteLimitLifted("codex")) == ()
    assert not story.session.parked("w01")


def test_nothing_is_started_on_a_limited_account_and_others_are_taken_instead():
    story = running(seats=5)
    spawned(story, agent_hint="codex")
    story.tell(c.NoteLimit("w01", "codex", "codex", "usage limit", 3600.0))
    refusal = story.refused(c.SpawnWorker("More", agent_hint="codex"))
    assert "codex has met a limit (usage limit) and is not started until 01:00 UTC" in refusal
    spawned(story, "More")
    assert story.session.workers["w02"].agent == "aider"


def test_all_of_it_is_told_in_words(story):
    asking(story)
    story.tell(c.AnswerNeed("n1", "once"))
    story.tell(c.NoteAnswerFailed("n1", "It is still there."))
    story.tell(c.NoteNeed("", NeedKind.DAEMON, "codex app-server"))
    story.tell(c.NoteMessageRefused(told(story), "A person types there."))
    story.tell(c.SendToWorker("w01", "Report.", by="house"))
    story.tell(c.NoteLimit("w01", "codex", "codex", "429", None))
    story.tell(c.NoteLimitLifted("codex"))
    said = [sentence(recorded.event, story.session) for recorded in story.log[-8:]]
    assert said == [
        "w01 implementer is answered: once",
        "the answer did not work: It is still there.",
        "the session left a process behind: codex app-server",
        "to w01 implementer: Mind the tests.",
        "a message to w01 implementer was not delivered: A person types there.",
        "w01 implementer had stopped and was reminded of its task",
        "codex has met a limit until it is over: 429",
        "the limit of codex is over; w01 goes on",
    ]


def test_a_message_to_one_that_asks_is_refused(story):
    story.tell(c.NoteStatus("w01", Status.NEEDS_INPUT, "dialog", "Allow npm test?"))
    assert "waits for an answer" in story.refused(c.SendToWorker("w01", "hello"))


@pytest.mark.parametrize("who", ["lead", "w01"])
def test_what_an_agent_asks_is_said_once(story, who):
    before = len(story.log)
    story.tell(c.NoteStatus(who, Status.NEEDS_INPUT, "dialog", "Allow npm test?"))
    story.tell(c.NoteNeed(who, NeedKind.PERMISSION, "Allow npm test?"))
    said = [sentence(recorded.event, story.session) for recorded in story.log[before:]]
    whom = "the lead" if who == "lead" else "w01 implementer"
    assert [words for words in said if words] == [f"{whom} asks for permission: Allow npm test?"]


def test_a_limit_names_the_day_on_which_it_is_over_where_that_is_another_one():
    march = 1_772_668_800.0  # the 5th of March 2026
    assert until(march + 16 * 3600, march) == "until 16:00 UTC"
    assert until(march + 4 * 86_400 + 16 * 3600, march) == "until 9 Mar 16:00 UTC"
    assert until(None, march) == "until it is over"

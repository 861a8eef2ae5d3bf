"""What happened is told in the words of people: no event goes by its name in the log."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from types import MappingProxyType

import pytest

from agentorchestr_tui.core import events as e
from agentorchestr_tui.core import sentences
from agentorchestr_tui.core.events import Recorded
from agentorchestr_tui.core.state import Message, Need, Verification
from agentorchestr_tui.core.words import (
    CommandRun,
    Conflict,
    ContextUse,
    Evidence,
    MergeStep,
    NeedKind,
    Source,
    Status,
    When,
)
from agentorchestr_tui.times import day
from agentorchestr_tui.tui import telling
from agentorchestr_tui.tui.details import detail
from tests.tui.test_looks import BUSY, DONE, session

WHO = "w01 implementer"
MESSAGE = Message("m1", "w01", "Mind the API.", When.NOW, "lead", new_turn=False, since=1.0)
NEED = Need("n1", "w01", NeedKind.PERMISSION, "Run npm test?", (), since=1.0)
STEPS = (
    (e.StatusChanged("w01", Status.WORKING, "busy", "state=working msg=tests"),
     f"{WHO} is working (tests)"),
    (e.StatusChanged("w01", Status.IDLE, "rest", "state=idle msg="), f"{WHO} is idle"),
    (e.StatusChanged("lead", Status.NEEDS_INPUT, "asks", ""), "the lead needs you"),
    (e.StatusChanged("w01", Status.UNKNOWN, "", ""), f"{WHO} shows a screen that is not known"),
    (e.StatusChanged("w01", Status.EXITED, "", "state=blocked msg=npm test?"), f"{WHO} has ended"),
    (e.ConversationKnown("w01", "c7"), f"{WHO} calls its own conversation c7"),
    (e.ContextSeen("w01", ContextUse(34_500, 200_000, 0.75)),
     f"{WHO} has used 34,500 of 200,000 tokens of its context, at $0.75 so far"),
    (e.LeadExited(0, "has left"), "the lead has left"),
    (e.WorkerExited("w01", 1, "exited with code 1"), f"{WHO} exited with code 1"),
    (e.WorkerStirred("w01"), f"{WHO} moves again"),
    (e.WorkMeasured("w01", Evidence("c", 1, ("a",), 2, 1)), f"{WHO} has changed so far: +2 -1 in 1 file, 1 commit"),
    (e.WorkMeasured("w01", Evidence()), f"{WHO} has changed nothing yet"),
    (e.OverlapsFound(()), "no two workers change the same lines any more"),
    (e.IntegrationStarted(("w01", "w02")), "to be merged: w01, w02"),
    (e.BranchTried("i1", "w01", 2, 5, again=True), f"{WHO} is being merged once more, 2 of 5"),
    (e.IntegrationEnded("i1"), "the integration is over"),
    (e.CommandBegan("v1", 1, again=False), "verify v1 runs 1 of 1: pytest -q"),
    (e.MergeStarted("c"), "the result is being merged into your branch"),
    (e.MergeReached(MergeStep.TRIES, 0), "the merge into your branch is tried in memory first"),
    (e.MergeReached(MergeStep.WRITES, 2), "the merge into your branch writes 2 files of yours"),
    (e.MergeEnded(), "the merge into your branch is over"),
    (e.MessageQueued("m2", "lead", "The limit is over.", When.NOW, "house"),
     "the lead is to be told: The limit is over."),
    (e.MessageTyping("m1"), f"{WHO} is being told: Mind the API."),
    (e.MessageDelivered("m1"), f"{WHO} has the message: Mind the API."),
    (e.MessageDelivered("m9"), "a message is handed over"),
    (e.NeedSettled("n1", "it no longer stands on the screen"),
     f"{WHO} needs nobody for that any more: it no longer stands on the screen"),
    (e.ResultsCleared((("w01", 3), ("w02", 4))), "the lead reads only what is new of w01, w02"),
    (e.SessionClosed(), "the session is closed: nothing of it runs any more"),
)  # fmt: skip


def here(**facts):
    needs, messages = MappingProxyType({"n1": NEED}), MappingProxyType({"m1": MESSAGE})
    return session(BUSY, BUSY, needs=needs, messages=messages, verify_commands=("pytest -q",), **facts)


@pytest.mark.parametrize(("event", "said"), STEPS, ids=lambda each: type(each).__name__)
def test_a_step_that_is_no_news_is_said_in_plain_words(event, said):
    assert detail(event, here(), here()) == said


def test_every_event_has_words_of_its_own():
    told = set(re.findall(r"\be\.(\w+)\(", inspect.getsource(sentences))) | {type(event).__name__ for event, _ in STEPS}
    assert {each.__name__ for each in e.Event.__subclasses__()} - told == set()


def test_what_a_check_printed_stands_under_its_command():
    run = CommandRun("pytest -q", 1, 2.0, "one failed\n  at a.py:3")
    check = Verification("v1", "c" * 40, passed=False, commands=(run,), note="", at=1.0)
    lines = telling.evidence(replace(here(), verifications=(check,)), "verify-v1")
    assert lines[1:4] == [
        "command   pytest -q: exit code 1 after 2.0 s", "          one failed", "            at a.py:3",
    ]  # fmt: skip


def test_where_an_outcome_was_heard_and_how_kept_work_comes_back_are_said():
    one = replace(
        DONE, source=Source.TURN, kept=("refs/agentorchestr/s/w01/1",), conflicts=(Conflict("a.py", "<<<<\nx"),)
    )
    lines = telling.evidence(session(one), "w01")
    assert lines[0] == "outcome   done, as it stopped twice without a word"
    assert "kept      refs/agentorchestr/s/w01/1" in lines
    assert "          agentorchestr --rescue refs/agentorchestr/s/w01/1 brings it back" in lines
    assert lines[-3:] == ["conflict  a.py", "          <<<<", "          x"]


def test_a_row_has_its_time_and_one_line_of_words():
    story = telling.Story()
    told = story.tell(Recorded(1, 0.0, e.Noticed("two\nlines")))
    assert telling.row(told).split("  ", 1)[1] == "two lines"
    assert telling.tone(told) == ""
    assert story.tell(Recorded(1, 0.0, e.Noticed("again"))) is None


def test_a_session_of_several_days_has_a_line_for_each_day_but_today():
    story, noon = telling.Story(), 1_772_712_000.0  # of the 5th of March 2026, which is a day everywhere
    told = [story.tell(Recorded(n, noon + n // 2 * 86_400.0, e.Noticed(f"n{n}"))) for n in range(2, 8)]
    said = [line for line, _, _ in telling.rows(told, day(told[0].recorded.at))]
    lines = [line for line in said if line.startswith("─── ")]
    assert lines[-1] == f"─── {day(told[-1].recorded.at)} ───"
    assert len(lines) == 2
    assert len(said) == 8
    assert next(telling.rows(told[:1], ""))[0] == f"─── {day(told[0].recorded.at)} ───"

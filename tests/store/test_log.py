"""The event log: durable, ordered, readable after any end."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys

import pytest

from agentorchestr_tui.core import events
from agentorchestr_tui.core.apply import replay
from agentorchestr_tui.core.errors import StoreError
from agentorchestr_tui.core.words import (
    AgentChoice,
    CommandRun,
    Comment,
    Conflict,
    ContextUse,
    Evidence,
    Finding,
    MergeStep,
    NeedChoice,
    NeedKind,
    Outcome,
    Overlap,
    Perspective,
    PlanTask,
    Receipt,
    Source,
    Status,
    When,
)
from agentorchestr_tui.store.codec import _CLASSES, decode, encode
from agentorchestr_tui.store.log import EventLog

EVIDENCE = Evidence("c1", 2, ("a b.py", "ü.py"), 3, 1, 1)
EVENTS = (
    events.SessionCreated("s1", "/p", "b", None, (AgentChoice("claude"),), "claude", (Perspective("x", "", ""),), 8),
    events.GoalSet("Ein Ziel – 目標 🚀\nzweite Zeile"),
    events.TeamChosen(("claude",), "claude", 4, ("pytest -q",)),
    events.LeadStarted("claude", "lead", 1, "x"),
    events.LeadExited(None, "ended by signal 9"),
    events.LeadNudged("go"),
    events.LeadTold("news"),
    events.WorkerSpawned("w01", "implementer", "codex", "t", ("a",), "", "", None, "n", "c", "branch"),
    events.WorkerStarted("w01", "w01", 2, "/w", "b"),
    events.WorkerExited("w01", 1, "exited"),
    events.ConversationKnown("w01", "ses_1"),
    events.StatusChanged("w01", Status.NEEDS_INPUT, "dialog", "Allow?"),
    events.MessageSent("w01", "hello", Receipt.ACCEPTED, new_turn=True),
    events.MessageQueued("m1", "w01", "hello\nthere", When.AFTER_TURN, "lead", new_turn=True),
    events.MessageTyping("m1"),
    events.MessageDelivered("m1"),
    events.MessageRefused("m2", "It has ended."),
    events.NeedArose("n1", "w01", NeedKind.PERMISSION, "Run npm test?", (NeedChoice("once", "Yes"),)),
    events.NeedAnswered("n1", "once", "", "lead"),
    events.AnswerFailed("n1", "It is still there."),
    events.NeedSettled("n1", "gone"),
    events.LimitMet("w01", "claude", "claude", "429", 1e9),
    events.LimitLifted("claude", ("w01",)),
    events.OutcomeReached("w01", Outcome.DONE, "ok", Source.REPORT, True, EVIDENCE),
    events.WorkKept("w01", "refs/agentorchestr/s1/w01/1", "c2"),
    events.IntegrationStarted(("w01",)),
    events.BranchIntegrated("w01", "c1", "t1"),
    events.IntegrationConflicted("w01", "c1", (Conflict("a.py", "<<<<"),)),
    events.VerifyStarted("v1", "t1", ("pytest",)),
    events.VerifyCancelled("v2"),
    events.CommandBegan("v1", 1, False),
    events.BranchTried("i1", "w01", 1, 2, False),
    events.IntegrationCancelled("i1"),
    events.IntegrationEnded("i1"),
    events.MergeReached(MergeStep.WRITES, 3),
    events.MergeCancelled(),
    events.MergeEnded(),
    events.VerifyFinished("v1", "t1", True, (CommandRun("pytest", 0, 1.5, "ok"),), ""),
    events.ProgressReported("half"),
    events.Noticed("mind"),
    events.GoalDone("all", "t1", EVIDENCE),
    events.GoalFailed("no"),
    events.SessionPaused("why"),
    events.SessionResumed(("w01",), ("w02",)),
    events.SessionClosed(),
    events.PlanSet((PlanTask("t1", "build", "Build it", depends_on=("t0",)),)),
    events.LeadAsked("q1", "w01", "Which port?"),
    events.QuestionAnswered("q1", "8080", "lead"),
    events.ReviewAsked("r1", ("w01",), ("w02",), "correctness"),
    events.FindingsReported("w02", (Finding("a b.py", 3, "high", "off by one"),)),
    events.HookRan("pre_task", "global", "true", None, 30.0, ""),
    events.LeadSucceeded(1, "it died"),
    events.ContextSeen("lead", ContextUse(5, 10, 0.5)),
    events.WorkerStalled("w01", 600.0),
    events.WorkerStirred("w01"),
    events.SessionCompacted(("w01",)),
    events.ResultsCleared((("w01", 40),)),
    events.WorkMeasured("w01", EVIDENCE),
    events.OverlapsFound((Overlap("w01", "w02", "a.py", ((1, 2),), ((3, 3),)),)),
    events.ShellSeen("w01", ("make test",)),
    events.EscapeSeen("w01", ("../b.py",), True),
    events.WorktreeReadied("w01", (".env",), (CommandRun("npm ci", 0, 1.5, "ok"),)),
    events.WorkAccepted("w01"),
    events.WorkSentBack("w01", (Comment("a.py", 3, "why?"),)),
    events.IntegrationUndone("w01", "t0", "t1"),
    events.MergeStarted("t1"),
    events.ResultMerged("main", "m1"),
)


@pytest.fixture
async def log(tmp_path):
    opened = await EventLog.open(tmp_path / "data" / "state.db")
    yield opened
    await opened.close()


def test_every_kind_of_event_is_among_these():
    assert {events.kind(event) for event in EVENTS} == set(_CLASSES)


def test_an_event_of_an_earlier_version_is_still_read():
    old = encode(events.WorkerSpawned("w01", "implementer", "codex", "t", (), "", "", None, "n", "c", "branch"))
    assert '"plan_task"' in old
    old = old.replace(',"plan_task":"","reviews":""', "")
    assert decode("worker_spawned", old).plan_task == ""


@pytest.mark.parametrize("event", EVENTS, ids=events.kind)
def test_an_event_comes_back_as_it_was_written(event):
    assert decode(events.kind(event), encode(event)) == event


async def test_a_log_is_read_in_the_order_in_which_it_was_written(log):
    first = await log.append("s1", 0, EVENTS[:2], 5.0)
    second = await log.append("s1", 2, EVENTS[2:4], 6.0)
    assert await log.read("s1") == first + second
    assert [each.seq for each in second] == [3, 4]


async def test_a_long_log_is_read_page_by_page(log):
    for number in range(5):
        await log.append("s1", number, [events.ProgressReported(f"{number}")], float(number))
    assert await log.count("s1") == 5
    whole = await log.read("s1")
    assert await log.page("s1", 0, 3) == whole[:3]
    assert await log.page("s1", 3, 3) == whole[3:]
    assert await log.page("s1", 5, 3) == ()
    assert replay(whole[3:], replay(whole[:3])) == replay(whole)


async def test_sessions_do_not_see_each_other(log):
    await log.append("s1", 0, EVENTS[:1], 5.0)
    assert await log.read("s2") == ()


async def test_two_writers_of_one_session_are_told_so(log, tmp_path):
    await log.append("s1", 0, EVENTS[:2], 5.0)
    other = await EventLog.open(tmp_path / "data" / "state.db")
    try:
        with pytest.raises(StoreError, match="Another agentorchestr runs session s1"):
            await other.append("s1", 1, EVENTS[2:3], 6.0)
    finally:
        await other.close()
    assert len(await log.read("s1")) == 2


async def test_many_sessions_write_at_once_and_none_is_lost(tmp_path):
    logs = [await EventLog.open(tmp_path / "state.db") for _ in range(4)]

    async def write(number: int) -> None:
        for seq in range(25):
            await logs[number].append(f"s{number}", seq, EVENTS[18:19], 1.0)

    try:
        await asyncio.gather(*(write(number) for number in range(4)))
        assert [len(await logs[0].read(f"s{number}")) for number in range(4)] == [25] * 4
    finally:
        for each in logs:
            await each.close()


async def test_summaries_leave_the_chatter_out_and_begin_with_the_newest(log):
    for number in range(3):
        created = events.SessionCreated(f"s{number}", "/p", "b", None, (), "claude", (), 8)
        await log.append(f"s{number}", 0, [created, events.StatusChanged("lead", Status.IDLE, "", "")], number)
    listed = await log.summaries(2)
    assert [each[0].event.session_id for each in listed] == ["s2", "s1"]
    assert [len(each) for each in listed] == [1, 1]


async def test_the_file_is_its_owners_alone(log):
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


async def test_what_was_appended_survives_a_kill(tmp_path):
    script = f"""
import asyncio, os, signal
from agentorchestr_tui.core.events import GoalSet
from agentorchestr_tui.store.log import EventLog
async def main():
    log = await EventLog.open(__import__("pathlib").Path({str(tmp_path / "state.db")!r}))
    await log.append("s1", 0, [GoalSet("kept")], 1.0)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", script], check=False, timeout=60)
    log = await EventLog.open(tmp_path / "state.db")
    try:
        assert (await log.read("s1"))[0].event == events.GoalSet("kept")
    finally:
        await log.close()


async def test_a_damaged_file_is_one_sentence(tmp_path):
    (tmp_path / "state.db").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(StoreError, match=r"state\.db cannot be used"):
        await EventLog.open(tmp_path / "state.db")


async def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be used"):
        await EventLog.open(tmp_path / "file" / "state.db")


async def test_a_file_of_a_newer_version_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "state.db") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(StoreError, match="upgrade agentorchestr"):
        await EventLog.open(tmp_path / "state.db")


async def test_an_event_of_a_newer_version_is_refused(log):
    with pytest.raises(StoreError, match="does not know"):
        decode("worker_promoted", "{}")
    with pytest.raises(StoreError, match="cannot be read"):
        decode("goal_set", "{}")


async def test_the_goals_of_a_project_come_back_each_once_the_newest_first(tmp_path):
    log = await EventLog.open(tmp_path / "state.db")
    goals = [("/p", "first"), ("/q", "elsewhere"), ("/p", "second"), ("/p", "first")]
    for number, (project, goal) in enumerate(goals):
        began = events.SessionCreated(f"s{number}", project, "b", None, (AgentChoice("a"),), "a", (), 8)
        await log.append(f"s{number}", 0, (began, events.GoalSet(goal)), 10.0 + number)
    assert await log.goals("/p") == ("first", "second")
    await log.close()

"""Commands in any order: the rules hold, and a log always tells the same story."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core.apply import apply, replay
from agentorchestr_tui.core.decide import Refused, decide
from agentorchestr_tui.core.events import GoalDone, Recorded
from agentorchestr_tui.core.sentences import sentence
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import (
    NOTHING,
    ContextUse,
    Finding,
    MergeStep,
    NeedChoice,
    NeedKind,
    Outcome,
    PlanTask,
    Receipt,
    Source,
    Status,
    Team,
    When,
)
from tests.core.session import WORK, create

WORKERS = st.sampled_from(["w01", "w02", "w03", "lead"])
MESSAGES = st.sampled_from(["m1", "m2", "m3"])
NEEDS = st.sampled_from(["n1", "n2", "n3"])
WORDS = st.sampled_from(["", "Write it", "Test it"])
EVIDENCE = st.sampled_from([NOTHING, WORK])
TASKS = st.sampled_from(["", "t1", "t2"])
DROPS = st.lists(st.sampled_from(["t1", "w01"]), max_size=1).map(tuple)
COMMANDS = st.one_of(
    st.just(create()),
    st.builds(c.SetGoal, WORDS, st.sampled_from([None, Team(("codex",), "codex", 2, ("pytest",))])),
    st.builds(c.NoteLeadStarted, st.just("claude"), st.just("lead"), st.just(1), st.just("x")),
    st.builds(c.NoteLeadExited, st.sampled_from([0, 1, None]), st.just("ended")),
    st.builds(c.NudgeLead, st.just("go on")),
    st.builds(c.TellLead, WORDS),
    st.builds(c.SpawnWorker, WORDS, st.sampled_from(["implementer", "reviewer", "painter"])),
    st.builds(c.NoteWorkerStarted, WORKERS, WORKERS, st.just(2), st.just("/tree"), st.just("base")),
    st.builds(c.NoteWorkerExited, WORKERS, st.just(0), st.just("exited")),
    st.builds(c.NoteConversation, WORKERS, st.sampled_from(["", "c1"])),
    st.builds(c.NoteStatus, WORKERS, st.sampled_from(Status), st.just("rule"), st.just("text")),
    st.builds(c.SendToWorker, WORKERS, WORDS, st.sampled_from(When)),
    st.builds(c.NoteMessageTyping, MESSAGES),
    st.builds(c.NoteMessageDelivered, MESSAGES),
    st.builds(c.NoteMessageRefused, MESSAGES, st.just("Its terminal is gone.")),
    st.builds(c.NoteNeed, WORKERS, st.sampled_from(NeedKind), WORDS, st.just((NeedChoice("once"),))),
    st.builds(c.AnswerNeed, NEEDS, st.sampled_from(["", "once", "perhaps"]), WORDS),
    st.builds(c.NoteAnswerFailed, NEEDS, st.just("It is still there.")),
    st.builds(c.NoteNeedGone, NEEDS, st.just("gone")),
    st.builds(c.DismissNeed, NEEDS),
    st.builds(c.NoteLimit, WORKERS, st.just("codex"), st.just("codex"), WORDS, st.sampled_from([None, 9e8])),
    st.builds(c.NoteLimitLifted, st.just("codex")),
    st.builds(
        c.ReportOutcome, WORKERS, st.sampled_from(Outcome), WORDS, st.sampled_from(Source), st.booleans(), EVIDENCE
    ),
    st.builds(c.KillWorker, WORKERS, st.just("enough"), EVIDENCE),
    st.builds(c.Integrate, st.lists(WORKERS, max_size=2).map(tuple)),
    st.builds(c.NoteIntegrated, WORKERS, st.just("c1"), st.sampled_from(["base", "t1", "t2"])),
    st.builds(c.Verify, st.just(("pytest",))),
    st.builds(c.NoteVerified, st.just("v1"), st.sampled_from(["base", "t1", "t2"]), st.booleans(), st.just(())),
    st.just(c.CancelVerify()),
    st.builds(c.NoteVerifying, st.just("v1"), st.just(1), st.booleans()),
    st.builds(c.NoteTrying, st.sampled_from(["i1", "i2"]), WORKERS, st.just(1), st.just(2), st.booleans()),
    st.builds(c.NoteIntegrationEnded, st.sampled_from(["i1", "i2"])),
    st.just(c.CancelIntegration()),
    st.just(c.MergeResult()),
    st.builds(c.NoteMerging, st.sampled_from(MergeStep), st.just(2)),
    st.just(c.CancelMerge()),
    st.builds(c.NoteMerged, st.just("main"), st.sampled_from(["t1", "t2"])),
    st.just(c.NoteMergeEnded()),
    st.builds(c.MarkGoalDone, WORDS, st.lists(WORKERS, max_size=1).map(tuple)),
    st.builds(c.MarkGoalFailed, WORDS),
    st.builds(c.PauseSession, st.just("why")),
    st.builds(c.ResumeSession, st.lists(WORKERS, max_size=2).map(tuple), st.lists(WORKERS, max_size=2).map(tuple)),
    st.just(c.CloseSession()),
    st.builds(c.SetPlan, st.lists(st.builds(PlanTask, TASKS, WORDS, WORDS), max_size=2).map(tuple), DROPS),
    st.builds(c.SpawnWorker, WORDS, plan_task=TASKS),
    st.builds(c.AskLead, WORKERS, WORDS),
    st.builds(c.AnswerQuestion, st.sampled_from(["q1", "q2"]), WORDS),
    st.builds(c.AskReview, st.lists(WORKERS, max_size=2).map(tuple), DROPS, WORDS),
    st.builds(c.ReportFindings, WORKERS, st.just((Finding("a.py", 1, "high", "wrong"),))),
    st.builds(c.ReplaceLead, WORDS),
    st.builds(c.NoteContext, WORKERS, st.just(ContextUse(5, 10))),
    st.builds(c.NoteStalled, WORKERS, st.just(600.0)),
    st.builds(c.NoteStirred, WORKERS),
    st.builds(c.CompactSession, st.integers(-1, 2), st.booleans()),
    st.builds(c.ClearResults, st.lists(st.tuples(WORKERS, st.just(3)), max_size=1).map(tuple)),
    st.just(c.NoteHook("pre_task", "global", "true", 0, 0.1, "")),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(COMMANDS, max_size=40))
def test_any_commands_in_any_order_keep_the_rules(commands):
    session, log = Session(), []
    for command in [create(), c.SetGoal("Go"), *commands]:
        verdict = decide(session, command)
        if isinstance(verdict, Refused):
            assert verdict.reason.endswith((".", "?", "--detect"))
            continue
        for event in verdict:
            if isinstance(event, GoalDone):
                assert not session.live_workers
            recorded = Recorded(session.seq + 1, 5.0, event)
            session = apply(session, recorded)
            log.append(recorded)
            sentence(event, session)
    assert replay(log) == session
    stopped = [worker.id for worker in session.workers.values() if worker.ended]
    assert not any(each.receipt is Receipt.QUEUED for each in session.messages.values() if each.to in stopped)
    assert list(session.workers) == [f"w{number:02d}" for number in range(1, len(session.workers) + 1)]

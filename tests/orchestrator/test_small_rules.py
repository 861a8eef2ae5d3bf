"""Pure pieces of the hall: sizes of projects, findings in words, what a lead leaves behind."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core.state import Verification
from agentorchestr_tui.core.words import (
    CommandRun,
    Conflict,
    Evidence,
    Finding,
    NeedKind,
    Outcome,
    Overlap,
    PlanTask,
    Source,
)  # fmt: skip
from agentorchestr_tui.mcp_server import bounds, plan_shapes, shapes, tree_shapes
from agentorchestr_tui.orchestrator.findings import parse
from agentorchestr_tui.orchestrator.handover import standing
from agentorchestr_tui.orchestrator.letters import KEPT_NEWS, Letters
from agentorchestr_tui.orchestrator.prompts import lead_prompt
from agentorchestr_tui.orchestrator.scopes import meet
from agentorchestr_tui.orchestrator.sizing import measure
from agentorchestr_tui.orchestrator.tally import CHARACTERS_A_TOKEN, Tally
from tests.core.session import reported, running, spawned

REPORT = """\
Here is my review.

1. src/app.py:12: high: off by one in the loop
   it should be `range(n + 1)`
2. **[Medium]** `lib/util.ts:40-44` - unhandled promise
- tests/test_a.py line 7 (low): name says nothing
See https://x.example/a.py:80 for more.
### Critical: auth/login.go:88
The token is never checked.

Looks good otherwise. I ran pytest at 12:30.
"""


def test_findings_are_read_however_they_are_set_out():
    assert parse(REPORT) == (
        Finding("src/app.py", 12, "high", "off by one in the loop it should be range(n + 1)"),
        Finding("lib/util.ts", 40, "medium", "unhandled promise"),
        Finding("tests/test_a.py", 7, "low", "name says nothing"),
        Finding("auth/login.go", 88, "high", "The token is never checked."),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("No findings; all fine. 3/4 done at 12:30.", ()),
        ("a.py:3 nit: blank line", (Finding("a.py", 3, "low", "blank line"),)),
        ("* `a_b.py#L3`: error: x", (Finding("a_b.py", 3, "high", "x"),)),
        ("In all the files that I have seen, a.py:3 is fine.", ()),
        (
            '```json\n[{"file": "a.py", "line": 3, "severity": "MAJOR", "message": "x"}]\n```',
            (Finding("a.py", 3, "high", "x"),),
        ),
        ('[{"path": "b.py:9", "text": "y"}]', (Finding("b.py", 9, "", "y"),)),
        ("[x]\n- a.py:3: y", (Finding("a.py", 3, "", "y"),)),
    ],
)
def test_findings_in_other_words(text, found):
    assert parse(text) == found


@pytest.mark.parametrize(
    ("files", "suites", "seats", "workers"),
    [
        (["a.py"], [], 8, 1),
        ([f"{n}.py" for n in range(100)], ["pytest"], 8, 3),
        ([f"{n}.py" for n in range(100)] + [f"{n}.ts" for n in range(100)], ["pytest", "npm test"], 8, 4),
        ([f"{n}.go" for n in range(5000)], ["go test"], 8, 5),
        ([f"{n}.go" for n in range(5000)], ["go test"], 2, 2),
        (["README.md"] * 500, [], 8, 1),
    ],
)
def test_a_larger_project_suits_more_workers_but_no_more_than_there_are_seats(files, suites, seats, workers):
    assert measure(files, suites, seats).workers == workers


def test_a_size_is_a_sentence_in_the_leads_prompt():
    size = measure([f"{n}.py" for n in range(100)], ["pytest"], 8)
    sentence = "This project has 100 source files of Python and 1 test suite; up to 3 workers at a time suit it."
    assert size.sentence == sentence
    assert sentence in lead_prompt(running().session, size.sentence)


def test_a_successor_is_told_goal_plan_workers_and_open_threads():
    story = running(seats=4)
    story.tell(c.SetPlan((PlanTask("t1", "build", "Build it"), PlanTask("t2", "test", "Test it", depends_on=("t1",)))))
    reported(story, spawned(story, "Build it", plan_task="t1"))
    spawned(story, "Something else")
    story.tell(c.AskLead("w02", "Which port?"))
    story.tell(c.NoteNeed("w02", NeedKind.PERMISSION, "Run rm?"))
    story.tell(c.Verify(("true",)))
    story.tell(c.ReportProgress("half way"))
    story.tell(c.ReplaceLead("its context is 90% full"))
    prompt = lead_prompt(story.session)
    for words in (
        "You take over from another lead of this session (its context is 90% full)",
        "- w01 implementer: done, branch agentorchestr/s1/implementer-w01 (+3 -0 in 1 file, 1 commit)",
        "- plan t1 build: done (w01)",
        "- plan t2 test: ready after t1",
        "- open question of w02: Which port? Answer with send_to_worker.",
        "- said earlier: half way",
        "- done but not integrated yet: w01. Next: integrate, then verify.",
        "- w02 needs somebody (permission): Run rm? Answer with answer_worker.",
        "- at work now: w02. wait_for_any returns when the first has ended.",
        "- verify v1 runs now: call verify to wait for it.",
        "Goal: Add a login",
    ):
        assert words in prompt
    assert standing(story.session) in prompt


def test_what_a_successor_is_told_of_two_hundred_workers_stays_short():
    story = running(seats=200)
    for number in range(200):
        worker_id = spawned(story, f"{number} " + "word " * 400)
        reported(story, worker_id)
        if number < 190:
            story.tell(c.NoteIntegrated(worker_id, "b", f"i{number}", before=story.session.integration))
    told = standing(story.session)
    assert len(told) < 5_000 * CHARACTERS_A_TOKEN
    assert all(worker_id in told for worker_id in story.session.workers)


def test_news_is_read_once_and_the_same_does_not_pile_up():
    letters = Letters()
    letters.tell("w01 asks")
    letters.tell("w01 asks")
    assert letters.waiting
    assert letters.take() == ["w01 asks"]
    assert not letters.waiting
    for number in range(KEPT_NEWS + 5):
        letters.tell(str(number))
    first, *rest = letters.take()
    assert first == "5 older pieces of news went unread: list_workers and list_plan tell how it is."
    assert rest == [str(number) for number in range(5, KEPT_NEWS + 5)]
    for number in range(8):
        letters.tell(f"w{number:02} " + "asks " * 80)
    assert len(letters.take()) == 4
    assert letters.waiting


def test_an_answer_reaches_who_waits_and_nobody_else():
    letters = Letters()
    assert not letters.answer("q1", "yes")
    with letters.awaiting("q1"):
        assert letters.answer("q1", "yes")
    assert letters.answered("q1") == "yes"
    assert letters.answered("q1") is None


def test_long_results_are_bounded():
    assert bounds.shared([10, 10_000, 20_000], 8_000) == [10, 3995, 3995]
    assert bounds.shared([], 8_000) == []
    text = "".join(f"line {number}\n" for number in range(5_000))
    pages, start = [], 0
    while True:
        part, start = bounds.page(text, start)
        pages.append(part)
        if not start:
            break
    assert "".join(pages) == text
    assert max(map(len, pages)) <= bounds.MOST
    assert bounds.tail(text).startswith("line ")
    assert len(bounds.tail(text)) <= bounds.MOST


@pytest.mark.parametrize("many", [12, 32, 64])
def test_no_result_of_many_talkative_workers_takes_more_than_two_thousand_tokens(many):
    story = running(seats=many)
    long = "word " * 20_000
    files = tuple(f"src/some/folder/of/the/project/module_{number}.py" for number in range(200))
    findings = tuple(Finding(path, 7, "high", long) for path in files)
    story.tell(c.SetPlan(tuple(PlanTask(f"t{n}", long, long, "implementer") for n in range(many))))
    for number in range(many):
        worker_id = spawned(story, f"{number} {long}", plan_task=f"t{number}")
        story.tell(c.NoteShell(worker_id, tuple(f"{n} {long}" for n in range(200))))
        work = Evidence(commits=3, files=files)
        story.tell(c.ReportOutcome(worker_id, Outcome.DONE, long, Source.REPORT, True, work, findings))
        story.tell(c.NoteConflict(worker_id, "c1", tuple(Conflict(path, long) for path in files[:3])))
    workers = list(story.session.workers.values())
    story.tell(c.AskReview(("w01", "w02"), ("w03", "w04"), "sense"))
    runs = tuple(CommandRun(f"check {number}", 1, 1.0, long) for number in range(3))
    letters = Letters()
    for number in range(50):
        letters.tell(f"{number} " + "asks " * 80)
    pairs = [(a.id, b.id) for a in workers for b in workers]
    meetings = [Overlap(*pair, path, ((1, 9),) * 9, ((1, 9),) * 9) for pair in pairs for path in files]
    told = {}
    for name, shape in enumerate(
        (
            shapes.waited(workers[0], 0, []),
            shapes.waited(replace(workers[0], findings=()), 0, letters.take()),
            shapes.waited(workers[0], 0, letters.take()),
            tree_shapes.overlaps(meetings[:500]),
            plan_shapes.plan(story.session, letters.take()),
            plan_shapes.plan(_after_others(long, many), letters.take()),
            plan_shapes.plan(_after_others(long, many)),
            shapes.roster(story.session),
            plan_shapes.plan(story.session),
            shapes.review(story.session, story.session.reviews[0]),
            tree_shapes.integrated(
                story.session,
                [(worker.id, each) for worker in workers for each in worker.conflicts],
                running=False,
            ),
            tree_shapes.verified(Verification("v1", "c1", False, runs, "", 0.0)),
        )
    ):
        told[name] = len(json.dumps(shape, ensure_ascii=False)) // CHARACTERS_A_TOKEN
    assert max(told.values()) <= 2_000


def _after_others(long, many):
    """A session with a plan in which each task waits for all before it."""
    ids = [f"t{number}" for number in range(many)]
    story = running(seats=many)
    tasks = [PlanTask(name, long, long, "implementer", depends_on=tuple(ids[:at])) for at, name in enumerate(ids)]
    story.tell(c.SetPlan(tuple(tasks)))
    return story.session


@pytest.mark.parametrize("compacted", [0, 150])
def test_a_long_list_of_workers_is_read_to_its_end_without_gaps_or_doubles(compacted):
    story = running(seats=64)
    for number in range(200):
        worker_id = spawned(story, f"{number} " + "task " * 100)
        if number % 7:
            reported(story, worker_id)
    story.tell(c.CompactSession(keep=200 - compacted)) if compacted else None
    seen, cursor, pages = [], None, 0
    while cursor is not None or not pages:
        rows = shapes.roster(story.session, cursor)
        assert len(json.dumps(rows)) <= 2_000 * 4
        seen += [row["worker_id"] for row in rows]
        found = re.search(r"cursor='(w\d+)'", rows[0].get("hint", ""))
        cursor, pages = found and found[1], pages + 1
    assert sorted(seen) == sorted(story.session.workers)
    assert pages > 3
    first = shapes.roster(story.session)
    assert not any(story.session.workers[row["worker_id"]].compacted for row in first)
    assert "more are not shown (" in first[0]["hint"]


def test_compacting_truly_shrinks_what_later_reads_return():
    story = running(seats=64)
    story.tell(c.SetPlan(tuple(PlanTask(f"t{n}", "", "word " * 50) for n in range(32))))
    findings = tuple(Finding("a.py", line, "high", "wrong " * 20) for line in range(9))
    for number in range(32):
        worker_id = spawned(story, f"{number} " + "word " * 300, plan_task=f"t{number}")
        work = Evidence(commits=1, files=tuple(f"src/module_{n}.py" for n in range(30)))
        story.tell(c.NoteShell(worker_id, ("pytest -q tests " * 5, "git commit")))
        story.tell(c.ReportOutcome(worker_id, Outcome.DONE, "said " * 600, Source.REPORT, True, work, findings))

    def sizes() -> dict[str, int]:
        session = story.session
        reads = {
            "list_workers": shapes.roster(session),
            "wait_for_worker": shapes.waited(session.workers["w01"], 0, []),
            "list_plan": plan_shapes.plan(session),
        }
        return {name: len(json.dumps(shape)) // CHARACTERS_A_TOKEN for name, shape in reads.items()}

    before = sizes()
    story.tell(c.CompactSession(keep=3))
    after = sizes()
    assert after["list_workers"] * 2 < before["list_workers"]
    assert after["wait_for_worker"] * 4 < before["wait_for_worker"]
    assert after["list_plan"] <= before["list_plan"]
    assert "said said" in shapes.waited(story.session.workers["w32"], 0, [])["summary"]  # the last ones are whole


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        (["src/a.py"], ["src/a.py"], True),
        (["src/"], ["src/deep/a.py"], True),
        (["src/*.py"], ["src/a.py"], True),
        (["**"], ["x"], True),
        (["./src"], ["src/**"], True),
        (["src/a.py"], ["src/b.py"], False),
        (["src"], ["src2/a.py"], False),
        ([], ["src/a.py"], False),
    ],
)
def test_scopes_meet_where_they_hold_the_same_files(a, b, shared):
    assert meet(a, b) is meet(b, a) is shared


def test_what_tools_cost_is_counted_by_caller():
    tally = Tally()
    tally.note("lead", "verify", 400, 1.5)
    tally.note("lead", "verify", 400, 1.5)
    tally.note("w01", "report_done", 40, 0.1)
    assert (tally.calls_of("lead"), tally.tokens_of("lead"), tally.seconds["lead", "verify"]) == (2, 200, 3.0)

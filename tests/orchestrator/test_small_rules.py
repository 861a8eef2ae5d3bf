"""Pure pieces of the hall: sizes of projects, findings in words, what a lead leaves behind."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core.state import Verification
from agentorchestr_tui.core.words import CommandRun, Conflict, Evidence, Finding, Outcome, PlanTask, Source
from agentorchestr_tui.mcp_server import bounds, plan_shapes, shapes, tree_shapes
from agentorchestr_tui.orchestrator.findings import parse
from agentorchestr_tui.orchestrator.handover import standing
from agentorchestr_tui.orchestrator.letters import KEPT_NEWS, Letters
from agentorchestr_tui.orchestrator.prompts import lead_prompt
from agentorchestr_tui.orchestrator.sizing import measure
from agentorchestr_tui.orchestrator.tally import Tally
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
        "Goal: Add a login",
    ):
        assert words in prompt
    assert standing(story.session) in prompt


def test_news_is_read_once_and_the_same_does_not_pile_up():
    letters = Letters()
    letters.tell("w01 asks")
    letters.tell("w01 asks")
    assert letters.waiting
    assert letters.take() == ["w01 asks"]
    assert not letters.waiting
    for number in range(KEPT_NEWS + 5):
        letters.tell(str(number))
    assert len(letters.take()) == KEPT_NEWS
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


def test_no_result_of_twelve_talkative_workers_takes_more_than_two_thousand_tokens():
    story = running(seats=12)
    long = "word " * 20_000
    files = tuple(f"src/some/folder/of/the/project/module_{number}.py" for number in range(200))
    findings = tuple(Finding(path, 7, "high", long) for path in files)
    story.tell(c.SetPlan(tuple(PlanTask(f"t{n}", long, long, "implementer") for n in range(12))))
    for number in range(12):
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
    for shape in (
        shapes.waited(workers[0], 0, []),
        shapes.waited(replace(workers[0], findings=()), 0, letters.take()),
        shapes.roster(story.session),
        plan_shapes.plan(story.session),
        shapes.review(story.session, story.session.reviews[0]),
        tree_shapes.integrated(story.session, [(worker.id, each) for worker in workers for each in worker.conflicts]),
        tree_shapes.verified(Verification("v1", "c1", False, runs, "", 0.0)),
    ):
        assert len(json.dumps(shape)) <= 2_000 * 4


def test_what_tools_cost_is_counted_by_caller():
    tally = Tally()
    tally.note("lead", "verify", 400, 1.5)
    tally.note("lead", "verify", 400, 1.5)
    tally.note("w01", "report_done", 40, 0.1)
    assert (tally.calls_of("lead"), tally.tokens_of("lead"), tally.seconds["lead", "verify"]) == (2, 200, 3.0)

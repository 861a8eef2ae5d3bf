"""How things look, in words."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from agentorchestr_tui.core.state import Lead, LimitStands, Session, Worker
from agentorchestr_tui.core.words import Conflict, ContextUse, Evidence, Outcome, Overlap, Phase, PlanTask, Status
from agentorchestr_tui.tui import captions, looks
from agentorchestr_tui.tui.plan import detail, far, rows

W = Worker("w01", "implementer", "agent", "Say hello", (), "", "", None, "n", "c", "b", spawned=100.0, since=100.0)
BUSY = replace(W, status=Status.WORKING, pane="w01")
DONE = replace(
    BUSY,
    outcome=Outcome.DONE,
    confirmed=True,
    finished=163.0,
    summary="said hello",
    evidence=Evidence("c", 1, ("a",), 2, 1),
)


def session(*workers, **facts):
    lead = Lead("agent", "lead", 1, "c", started=90.0, status=Status.IDLE, since=95.0)
    numbered = {f"w{n:02}": replace(worker, id=f"w{n:02}") for n, worker in enumerate(workers, 1)}
    return Session(
        id="s", goal="Say hello", phase=Phase.RUNNING, lead=lead, lead_agent="agent",
        workers=MappingProxyType(numbered), **facts,
    )  # fmt: skip


def test_every_status_and_outcome_has_a_glyph_a_word_and_a_style():
    for status in Status:
        look = looks.worker_look(replace(W, status=status))
        assert look.glyph
        assert look.word
        assert look.style
    for outcome in Outcome:
        assert looks.worker_look(replace(W, outcome=outcome)).word


def test_the_counts_leave_out_what_there_is_none_of():
    asks = replace(BUSY, status=Status.NEEDS_INPUT, seen="run npm test?")
    counted = {mark.words: mark.number for mark in looks.marks(session(BUSY, asks, DONE, DONE))}
    assert counted == {"needs you": 1, "working": 1, "done": 2}


def test_lost_and_unknown_are_counted_apart_and_what_a_person_ended_is_no_failure():
    ends = [replace(DONE, outcome=each) for each in (Outcome.FAILED, Outcome.LOST, Outcome.LOST, Outcome.KILLED)]
    unknown = replace(BUSY, status=Status.UNKNOWN)
    counted = {f"{mark.glyph} {mark.words}": mark.number for mark in looks.marks(session(*ends, unknown))}
    assert counted == {"✗ failed": 1, "⚠ lost": 2, "? unknown": 1}
    words = " ".join(line.plain for line in looks.legend(200))
    assert "✗ ended or failed" in words


def test_a_conflict_stands_before_what_else_a_tile_says():
    clash = replace(DONE, conflicts=(Conflict("src/auth.py"),))
    caption = captions.worker_caption(session(clash), clash, 1, now=900.0)
    assert caption.work.plain == "⚠ conflicts in src/auth.py · +2 -1 · 1 commit"
    assert caption.tone == "waiting"
    merged = replace(clash, integrated="abc")
    assert captions.worker_caption(session(merged), merged, 1, now=900.0).tone == "good"


def test_a_plan_says_how_near_the_goal_is_what_waits_for_what_and_who_tries_it():
    plan = (PlanTask("t1", "Tokens", "Add tokens"), PlanTask("t2", "Login", "Use them", depends_on=("t1",)),
            PlanTask("t3", "", "Say so", "tester", ("t1", "t2"), tries=3))  # fmt: skip
    failed = replace(DONE, outcome=Outcome.FAILED, plan_task="t2")
    here = session(replace(DONE, plan_task="t1"), failed, replace(BUSY, plan_task="t2"), plan=plan)
    told = {mark.short: f"{mark.glyph} {mark.number} {mark.words}" for mark in looks.marks(here)}
    assert told["1/3"] == "▰▱▱ 1 of 3 tasks"
    assert [(row.glyph, row.words, row.about, row.key) for row in rows(here, now=110.0)] == [
        ("✓", "t1 Tokens", "w01 implementer · agent", "done 01:03"),
        ("●", "t2 Login", "after t1 · w03 implementer · agent", "working 00:10"),
        ("○", "t3 Say so", "waits for t2 · tester", "waits"),
    ]
    lines = [line.plain for line in detail(here, plan[1], now=110.0)]
    assert lines[0].split() == ["after", "t1", "✓"]
    assert "           ✗ w02 agent failed 01:03: said hello" in lines
    assert "           ● w03 agent working 00:10" in lines
    assert "1/8 seats" in far(here).plain
    assert looks.progress(session(DONE)) is None


def test_one_that_asks_says_what():
    asks = replace(BUSY, status=Status.NEEDS_INPUT, seen="run npm test?")
    caption = captions.worker_caption(session(asks), asks, 1, now=110.0)
    assert caption.label.state.plain == "◆ asks: run npm test?"
    assert caption.tone == "attention"
    assert list(looks.needing(session(BUSY, asks))) == [2]


def test_a_finished_worker_shows_its_change_its_words_and_how_long_it_took():
    here = session(replace(DONE, integrated="abc"))
    caption = captions.worker_caption(here, here.workers["w01"], 1, now=900.0)
    assert (caption.label.name.plain, caption.label.agent.plain) == ("1 w01 implementer", "agent")
    assert caption.label.state.plain == "✓ done 01:03"
    assert caption.work.plain == "+2 -1 · 1 commit · integrated"
    assert caption.says.plain == "said hello"


def test_done_without_any_change_is_shown_as_such():
    empty = replace(DONE, evidence=Evidence())
    assert "says done, but changed nothing" in captions.worker_caption(session(empty), empty, 1, now=900.0).work.plain


def test_an_over_session_needs_nobody():
    asks = replace(BUSY, status=Status.NEEDS_INPUT)
    over = replace(session(asks), phase=Phase.DONE)
    assert "needs you" not in {mark.words for mark in looks.marks(over)}
    assert looks.title(over) == "✓ Say hello"


def test_the_roster_names_lead_and_workers_in_order():
    assert [(entry.words, entry.glyph) for entry in captions.entries(session(BUSY, DONE))] == [
        ("lead", "○"), ("1 w01", "●"), ("2 w02", "✓"),
    ]  # fmt: skip


def test_a_lead_that_is_gone_before_the_end_needs_you_and_says_what_to_do():
    here = session(BUSY)
    gone = replace(here, lead=replace(here.lead, ended="exited with code 1", status=Status.EXITED))
    assert list(looks.needing(gone)) == [0]
    caption = captions.lead_caption(gone, now=110.0)
    assert caption.label.state.plain == "✗ ended 00:15"
    assert caption.work.plain.startswith("It exited with code 1. Leave with pause")
    assert list(looks.needing(replace(gone, phase=Phase.DONE))) == []


def test_the_time_of_one_that_does_not_work_goes_on_in_steps_and_never_back():
    idle = replace(BUSY, status=Status.IDLE)

    def said(worker, now):
        return captions.worker_caption(session(worker), worker, 1, now=now).label.state.plain

    assert [said(idle, 100.0 + n) for n in (0, 59, 60, 65, 80)] == [
        f"○ idle {time}" for time in ("00:00", "00:59", "01:00", "01:05", "01:20")
    ]
    assert said(idle, 166.0) == said(idle, 179.0) == "○ idle 01:05"
    seconds = [_seconds(said(idle, 100.0 + n)) for n in range(300)]
    assert seconds == sorted(seconds)
    assert len(set(seconds)) < 80
    assert said(BUSY, 166.0) != said(BUSY, 167.0)


def _seconds(state):
    minutes, rest = state.removeprefix("○ idle ").split(":")
    return int(minutes) * 60 + int(rest)


def test_only_what_works_moves_and_it_does_so_once_a_second():
    glyphs = [captions.worker_caption(session(BUSY), BUSY, 1, now=200.0 + n / 2).label.state.plain[0] for n in range(6)]
    assert glyphs == ["●", "●", "•", "•", "●", "●"]


def test_a_limit_says_when_it_ends_and_an_overlap_with_whom():
    limits = MappingProxyType({"a": LimitStands("a", "agent", "used up", 3600.0 * 24, 90.0, ("w01",))})
    overlap = Overlap("w01", "w02", "src/auth.py", ((40, 62),), ((1, 9),))
    here = session(BUSY, BUSY, limits=limits, overlaps=(overlap,))
    assert captions.worker_caption(here, here.workers["w01"], 1, now=110.0).label.state.plain.startswith(
        "‖ limited until "
    )
    assert (
        "overlaps w02: src/auth.py 40-62" in captions.worker_caption(here, here.workers["w01"], 1, now=110.0).work.plain
    )
    assert (
        "overlaps w01: src/auth.py 1-9" in captions.worker_caption(here, here.workers["w02"], 2, now=110.0).work.plain
    )


def test_the_team_says_who_stands_how_with_how_much_context_and_what_it_cost():
    used = replace(BUSY, context=ContextUse(34_500, 200_000, 0.75))
    here = session(used, DONE)
    told = captions.members(here, now=110.0)
    assert [(member.name.plain, member.agent.plain) for member in told] == [
        ("lead", "agent"),
        ("1 w01 implementer", "agent"),
        ("2 w02 implementer", "agent"),
    ]
    assert told[1].state.plain == "● 00:10"
    assert [used.plain for used in told[1].tokens] == ["34k/200k", "34k"]
    assert told[2].says.plain == "said hello"
    assert looks.cost(here) == "$0.75"
    assert looks.cost(session(BUSY)) == ""

"""How things look, in words."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from agentorchestr_tui.core.state import Lead, Session, Worker
from agentorchestr_tui.core.words import Evidence, Outcome, Phase, Status
from agentorchestr_tui.tui import captions, looks

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


@pytest.mark.parametrize(("seconds", "said"), [(0, "00:00"), (-3, "00:00"), (252, "04:12"), (3852, "1:04:12")])
def test_times_are_said_short(seconds, said):
    assert looks.clock(seconds) == said


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


def test_one_that_asks_says_what():
    asks = replace(BUSY, status=Status.NEEDS_INPUT, seen="run npm test?")
    caption = captions.worker_caption(session(asks), asks, 1, now=110.0)
    assert caption.state.plain == "◆ asks: run npm test?"
    assert caption.tone == "attention"
    assert list(looks.needing(session(BUSY, asks))) == [2]


def test_a_finished_worker_shows_its_change_its_words_and_how_long_it_took():
    here = session(replace(DONE, integrated="abc"))
    caption = captions.worker_caption(here, here.workers["w01"], 1, now=900.0)
    assert caption.who.plain == "1 w01 implementer · agent"
    assert caption.state.plain == "✓ done 01:03"
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
    assert caption.state.plain == "✗ ended 00:15"
    assert caption.work.plain.startswith("It exited with code 1. ctrl+b q pauses")
    assert list(looks.needing(replace(gone, phase=Phase.DONE))) == []

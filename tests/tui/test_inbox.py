"""The inbox: what needs a person, in which order, and how it is answered."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from agentorchestr_tui.core.commands import NoteNeed, NoteNeedGone
from agentorchestr_tui.core.events import NeedAnswered
from agentorchestr_tui.core.state import Lead, LimitStands, Need, Session, Worker
from agentorchestr_tui.core.words import Conflict, NeedChoice, NeedKind, Outcome, Overlap, Phase, Status
from agentorchestr_tui.tui.inbox import folded
from agentorchestr_tui.tui.needs import items, lettered
from tests.tui.looks.taking import MIDDLE, SMALL, take
from tests.tui.test_talking import ASKS, LISTENING_LEAD

CHOICES = (NeedChoice("once", "allow once"), NeedChoice("always", "always for this worker"), NeedChoice("deny", "deny"))
W = Worker("w01", "implementer", "agent", "Say hello", (), "", "", None, "n", "c", "b", spawned=1.0, pane="w01")


def session(*workers, **facts):
    lead = Lead("agent", "lead", 1, "c", started=90.0, status=Status.WORKING, since=95.0)
    numbered = {f"w{n:02}": replace(worker, id=f"w{n:02}") for n, worker in enumerate(workers, 1)}
    facts = {"lead": lead} | facts
    return Session(id="s", goal="g", phase=Phase.RUNNING, workers=MappingProxyType(numbered), **facts)


def test_the_newest_need_comes_first_and_what_is_only_worth_knowing_last():
    asks = replace(W, status=Status.NEEDS_INPUT, seen="state=blocked kind=permission msg=run npm test?", since=50.0)
    blocked = replace(W, outcome=Outcome.BLOCKED, summary="no network", finished=70.0)
    clash = replace(W, outcome=Outcome.DONE, conflicts=(Conflict("a.py", "<<<<"),), finished=99.0)
    need = Need("n1", "w01", NeedKind.ESCAPE, "It wrote ../x", (), since=60.0)
    here = session(
        asks, blocked, clash, needs=MappingProxyType({"n1": replace(need, who="")}),
        overlaps=(Overlap("w01", "w02", "b.py", ((1, 4),), ((2, 9),)),),
        limits=MappingProxyType({"x": LimitStands("x", "agent", "used up", 4000.0, 98.0, ("w02",))}),
    )  # fmt: skip
    assert [(item.who, item.what.split(" until")[0], item.waits) for item in items(here)] == [
        ("w02", "is blocked", True), ("", "wrote outside its worktree", True), ("w01", "asks", True),
        ("w03", "conflicts in a.py", False), ("", "agent met a limit", False), ("w02", "overlaps w01 in b.py", False),
    ]  # fmt: skip
    assert items(here)[2].text == "run npm test?"
    assert "w01 lines 1-4; w02 lines 2-9" in items(here)[-1].text
    assert items(replace(here, phase=Phase.DONE)) == []


def test_a_limit_says_who_waits_and_until_when_and_a_need_what_is_safe():
    here = {"limits": MappingProxyType({"x": LimitStands("x", "agent", "used up", None, 98.0, ("w01", "w02", "w03"))})}
    text = items(session(W, W, W, **here))[0].text
    assert text == "agent has reached its usage limit. w01, w02 and w03 wait until it ends.\n\nIt says: used up"
    (only,) = items(
        session(W, needs=MappingProxyType({"n1": Need("n1", "w01", NeedKind.CONFLICT, "It clashes.", (), since=1.0)}))
    )
    assert only.then.startswith("Its work is safe on its branch.")


def test_one_that_is_blocked_says_why_in_the_list_and_what_makes_it_go_on():
    (only,) = items(session(replace(W, outcome=Outcome.BLOCKED, summary="The password is missing.", finished=9.0)))
    assert only.sentence == "is blocked: The password is missing."
    assert only.then == "Its work so far is kept. r writes to it, and it goes on from there."


async def test_the_row_that_is_looked_at_has_a_mark():
    for picture in (await take("inbox-conflict", {MIDDLE: ("ansi",)})).values():
        marked = [line for line in picture.lines if "› ◆ " in line]
        assert len(marked) == 1
        assert "w08 implementer · src/auth.py" in marked[0]


async def test_a_row_takes_a_second_line_for_what_the_first_cannot_hold_where_there_is_room():
    pictures = await take("inbox-conflict", {MIDDLE: ("dark",), SMALL: ("dark",)})
    middle, small = (next(each for (size, _), each in pictures.items() if size == at) for at in (MIDDLE, SMALL))
    at = next(number for number, line in enumerate(middle.lines) if "› ◆ " in line)
    assert "w08 implementer · src/auth.py " in middle.lines[at]
    assert middle.lines[at + 1].startswith("│     conflicts with what is integrated. ")
    rows = [number for number, line in enumerate(small.lines) if "◆ w" in line]
    assert rows == [*range(rows[0], rows[-1] + 1)]


def test_what_was_raised_is_not_listed_again_as_a_state():
    asks = replace(W, status=Status.NEEDS_INPUT)
    need = Need("n1", "w01", NeedKind.PERMISSION, "npm test", CHOICES, since=60.0)
    (only,) = items(session(asks, needs=MappingProxyType({"n1": need})))
    assert [key for key, _ in only.choices] == ["y", "a", "n"]
    (only,) = items(session(asks, needs=MappingProxyType({"n1": replace(need, answer="once")})))
    assert (only.what, only.choices) == ("is being answered", ())


def test_a_lead_that_ended_says_what_to_do():
    gone = session(lead=replace(session().lead, ended="exited with code 1", status=Status.EXITED))
    assert "Leave with pause" in items(gone)[0].text


def test_what_a_pane_shows_is_folded_so_that_all_that_one_allows_can_be_read():
    lines = ["  2. Yes, and allow all edits here   ", "─" * 30, "│ a note in a frame     │", "", "3. No", ""]
    assert folded(lines, 16).split("\n") == [
        "  2. Yes, and", "  allow all", "  edits here", "─" * 16, "│ a note in a", "│ frame", "", "3. No",
    ]  # fmt: skip


async def test_the_list_shows_what_is_chosen_also_after_a_resize():
    pictures = await take("inbox-login", {MIDDLE: ("dark",), SMALL: ("dark",)})
    for picture in pictures.values():
        assert any("w01 implementer · gemini " in line for line in picture.lines)


def test_every_choice_has_a_key_of_its_own_that_the_inbox_does_not_use():
    names = ("trust", "yes", "deny", "dismiss", "quit", "retry", "grill")
    keys = [key for key, _ in lettered(NeedChoice(name) for name in names)]
    assert len(set(keys)) == len(names)
    assert not {"q", "r", "j", "k", "g"} & set(keys)
    assert keys[0] == "y"


@pytest.fixture
async def waiting(place):
    place.agent("lead", LISTENING_LEAD, rank=2)
    place.agent("asks", ASKS)
    place.agent("works")
    return place


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_needs_are_answered_from_the_inbox_one_after_the_other(waiting, play, size):
    async with play(size=size) as stage:
        await stage.until_shown("1 w01", "2 w02")
        await stage.until(lambda: stage.session.needs, "what w01 asks")  # before the others, which come first then
        orchestrator = await stage.house.open()
        await orchestrator.perform(NoteNeed("w02", NeedKind.PERMISSION, "make bread", CHOICES))
        await orchestrator.perform(NoteNeed("lead", NeedKind.QUESTION, "Which port?"))
        needs = [need.id for need in stage.session.needs.values() if need.who != "w01"]
        given = {}  # nothing of this stands on a screen, so no answer lasts: what counts is that it was given
        orchestrator.listen(
            lambda told, _: (
                isinstance(told.event, NeedAnswered)
                and given.update({told.event.need_id: (told.event.choice, told.event.text)})
            )
        )
        await stage.press("ctrl+b", "i")
        await stage.until_shown("Inbox · 3 need you", "the lead asks you: Which port?", "r  reply", "esc back")
        await stage.press("r")
        await stage.until_shown("Answer the lead", "Which port?")
        await stage.press(*"8080", "ctrl+s")
        await stage.until(lambda: given.get(needs[1]) == ("", "8080"), "the reply")
        await orchestrator.perform(NoteNeedGone(needs[1], "answered"))
        await stage.until_shown("Inbox · 2 need you", "y  allow once", "n  deny", "make bread")
        await stage.press("y")
        await stage.until(lambda: given.get(needs[0]) == ("once", ""), "the answer")
        await orchestrator.perform(NoteNeedGone(needs[0], "answered"))
        await stage.until_shown("Inbox · 1 needs you", "npm test")
        await stage.press("enter")
        await stage.until(lambda: stage.stage.situation.focus == "w01", "the pane")
        await stage.press("1")
        await stage.until(lambda: stage.session.workers["w01"].outcome is Outcome.DONE, "the end of w01")
        await stage.press("ctrl+b", "i")
        await stage.until_shown("Nothing needs you.")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")

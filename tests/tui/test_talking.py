"""The goal modal and messages: what a person writes, chooses, keeps and hears back."""

from __future__ import annotations

import pytest
from textual import events
from textual.geometry import Offset

from agentorchestr_tui.tui import note
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.house import Parting
from agentorchestr_tui.widgets.draft import Draft

ASKS = """
[[opening]]
permission = "npm test"
as = "npm"
[[opening]]
write = "tested.txt"
text = "npm test ran\\n"
[[opening]]
commit = "Run npm test"
[[opening]]
call = "report_done"
arguments = { summary = "npm test: {{npm.answer}}" }
"""
LISTENING_LEAD = """
[[opening]]
call = "spawn_worker"
arguments = { task = "Run the tests.", agent_hint = "asks" }
[[opening]]
call = "spawn_worker"
arguments = { task = "Say hello.", agent_hint = "works" }
[[opening]]
hang = "Leading"
"""


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_everything_of_the_goal_modal_is_seen_and_the_team_can_be_chosen_by_key_and_mouse(team, play, size):
    async with play(goal=None, size=size) as stage:
        await stage.until_shown("(•) lead", "[x] works", "‹  8  ›", "python3 -m unittest", "branch   main", "Start")
        await stage.until_shown("lead leads, up to 8 workers of lead and works, verify: python3")
        before = {widget: widget.region for widget in stage.app.screen.query("*") if widget.region}
        await stage.press("S")
        await stage.until_shown("│ S ")
        assert {widget: widget.region for widget in before} == before  # typing moves nothing
        await stage.press(*"ay hello", "tab", "tab", "right", "space")
        await stage.until_shown("[ ] works", "up to 8 workers of lead,")
        await stage.press("space", "left", "space")
        await stage.until_shown("lead cannot lead while it is not among the agents.")
        await stage.press("space", "tab", "3", "tab", "end", "enter", *"git status")
        await stage.until_shown("up to 3 workers of lead and works", "git status")
        await stage.pilot.click("#seats", offset=(0, 0))
        await stage.until_shown("up to 2 workers")
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.session.goal, "the goal")
        assert stage.session.seats == 2
        assert stage.session.verify == ("python3 -m unittest discover -q", "git status")
        await stage.until_shown("✓ Done")
        assert [run.command for run in stage.session.verifications[-1].commands] == list(stage.session.verify)


async def test_paths_of_the_project_are_completed_and_earlier_goals_called_back(team, play):
    async with play() as stage:
        await stage.until_shown("✓ Done", "next goal")
        await stage.press("g")
        await stage.until_shown("What is the team to do next?", "a new branch from main", "/integration")
        await stage.press("up")
        await stage.until_shown("Say hello")
        await stage.press("down", *"Read @read")
        editor = stage.app.screen.editor
        assert editor.paths.region.offset == editor.cursor_screen_offset + Offset(0, 1)
        await stage.press("tab")
        await stage.until_shown("Read @README.md")
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.app.return_value is Parting.NEXT, "the next session")
        goal, chosen = stage.app.next_goal
        assert (goal, chosen.lead) == ("Read @README.md", "lead")


async def test_a_draft_outlives_the_program_and_is_gone_once_it_is_sent(tmp_path):
    drafts = Drafts(tmp_path / "drafts")
    assert await drafts.load("goal x") == Draft()
    kept = Draft("do [2 lines]", {"[2 lines]": "a\nb"})
    drafts.keep("goal x", kept)
    await drafts.settle()
    (file,) = (tmp_path / "drafts").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    again = await Drafts(tmp_path / "drafts").load("goal x")
    assert (again.text, again.whole) == (kept.text, "do a\nb")
    file.write_text("damaged", encoding="utf-8")
    assert await Drafts(tmp_path / "drafts").load("goal x") == Draft()
    drafts.keep("goal x", Draft())
    await drafts.settle()
    assert not file.exists()


async def test_a_long_goal_is_folded_on_the_screen_and_sent_whole(team, play):
    async with play(goal=None) as stage:
        await stage.until_shown("branch   main")
        stage.app.screen.editor.post_message(events.Paste("Say hello\n" * 60))
        await stage.until_shown("[60 lines]")
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.session.goal, "the goal")
        assert stage.session.goal == ("Say hello\n" * 60).strip()


async def test_a_message_to_a_worker_comes_back_with_its_receipt(place, play):
    place.agent("lead", LISTENING_LEAD, rank=2)
    place.agent("asks", ASKS)
    place.agent("works")
    async with play(size=(80, 24)) as stage:
        await stage.until_shown("1 w01 ◆", "2 w02 ✓")
        await stage.press("alt+1", "ctrl+b", "m")
        await stage.until_shown("A message to w01 implementer", "(•) at once", "( ) after its turn")
        await stage.press(*"be quick", "ctrl+s")
        await stage.until_shown("waits for an answer in its terminal")  # refused, and the draft stays
        await stage.press("escape", "alt+2", "ctrl+b", "m")
        await stage.until_shown("A message to w02 implementer")
        await stage.press(*"once more", "ctrl+s")
        await stage.until_shown("w02 implementer has your message.")
        await stage.until_shown("once more")
        await stage.press("alt+1", "ctrl+b", "m")
        await stage.until_shown("be quick")


async def test_a_message_that_waits_says_why_in_the_modal_in_a_toast_and_at_the_tile(place, play, monkeypatch):
    monkeypatch.setattr(note, "RECEIPT", 1.0)
    place.agent("lead", LISTENING_LEAD, rank=2)
    place.agent("asks", ASKS)
    place.agent("works")
    why = "a person has begun to type there"
    async with play(size=(80, 24)) as stage:
        await stage.until_shown("2 w02 ✓")
        await stage.press("alt+2", *"halfway")
        await stage.until_shown("halfway")
        await stage.press("ctrl+b", "m", *"once more", "ctrl+s")
        await stage.until_shown(f"queued for w02 implementer: {why}.")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        await stage.until_shown("queued for w02 implementer: a person")
        await stage.press("ctrl+b", "m")
        await stage.until_shown(f"1 message waits: {why}.")
        await stage.press("escape", "ctrl+b", "e")
        await stage.until_shown(f"messages  1 message waits: {why}")
        await stage.press("escape")
        await stage.until_shown(f"1 message waits: {why} · ")
        await stage.press("enter")
        await stage.until_shown("w02 implementer has your message.")
        await stage.until(lambda: "message waits" not in stage.text, "that it went")


async def test_the_summary_waits_until_nobody_writes_and_takes_no_key_meant_for_something_else(team, play):
    async with play() as stage:
        await stage.until(lambda: stage.session.goal, "the goal")
        await stage.press("ctrl+b", "g")
        await stage.until_shown("A note to the lead")
        await stage.until(lambda: stage.session.over, "the end")
        await stage.until_shown("The session has reached its end.")
        await stage.press("m", "q")
        assert stage.app.screen.editor.text == "mq"
        assert not stage.app.merged
        await stage.press("escape")
        await stage.until_shown("✓ Done")


VERIFYING_LEAD = """
[[opening]]
call = "verify"
as = "checked"
[[opening]]
hang = "Leading"
"""


async def test_a_verify_is_seen_to_run_and_a_key_cancels_it_which_else_says_why_not(place, play):
    place.agent("lead", VERIFYING_LEAD, rank=2)
    config = place.paths.config / "config.toml"
    config.write_text('verify = ["sleep 3600"]\n', encoding="utf-8")
    async with play(size=(80, 24)) as stage:
        await stage.until_shown("verify v1 runs 1 of 1: sleep 3600 ", "^b c cancel verify")
        await stage.press("ctrl+b", "c")
        await stage.until_shown("Verify v1 is cancelled and its processes are ended.")
        assert (stage.session.verifying, stage.session.verifications) == ("", ())
        assert stage.stage._orchestrator.pane("verify-v1-1").exit is not None
        await stage.until_shown("The person cancelled this verify before its end")
        assert "cancel verify" not in stage.lines[-1]
        await stage.press("ctrl+b", "c")
        await stage.until_shown("No verify, integration or merge runs now")

"""Sessions on the stage, driven by keys."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from agentorchestr_tui.cli.screen import SessionHouse
from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.words import Outcome, Phase, Status
from agentorchestr_tui.orchestrator import closing
from agentorchestr_tui.orchestrator.going import Going
from agentorchestr_tui.panes.desktop import Desktop
from agentorchestr_tui.tui.house import Elsewhere, Parting
from tests.house import DONE_LEAD, running, slow_checkout

ASKING_LEAD = """
[[opening]]
call = "spawn_worker"
arguments = { task = "Run the tests.", agent_hint = "asks" }
as = "worker"
[[opening]]
call = "wait_for_worker"
arguments = { worker_id = "{{worker.worker_id}}" }
again_while = "state is running"
[[opening]]
call = "mark_goal_failed"
arguments = { reason = "as planned" }
[[setback]]
call = "mark_goal_failed"
arguments = { reason = "as planned" }
[[reply]]
say = "A note came: {{message}}"
"""


@pytest.fixture
def asking(place):
    """A lead, and a worker that asks for permission."""
    place.agent("lead", ASKING_LEAD, rank=2)
    place.agent("asks", ASKING_WORKER)
    return place


ASKING_WORKER = """
[[opening]]
permission = "npm test"
as = "npm"
[[opening]]
when = "npm.answer is not no"
write = "tested.txt"
text = "npm test ran"
[[opening]]
call = "report_done"
arguments = { summary = "npm test: {{npm.answer}}" }
[[reply]]
say = "npm test: {{npm.answer}}"
"""

HEX_LEAD = '''
name = "hex"
title = "Prints what it is sent"
binaries = ["{python}"]
lead_rank = 1
[launch]
argv = ["{python}", "-c", """
import os, tty
tty.setraw(0)
print('ready https://x.org/y')
while 1:
    sent = os.read(0, 9)
    print('', sent.hex(), chr(27) + ']52;c;aGVsbG8=' + chr(7) if sent == b'c' else '', flush=True)
""", "{prompt_file}"]
[mcp.env]
AGENTORCHESTR_MCP_URL = "{mcp_url}"
'''


class Broken:
    """A house that cannot be opened."""

    at = ""

    def __init__(self):
        self.going = Going()

    async def open(self):
        raise CannotRun("No agent is installed. Try it without one: --demo")

    async def end(self, parting):
        pass

    async def stay(self):
        return True


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_a_goal_goes_from_the_first_frame_to_the_summary_and_q_ends_it(team, play, size):
    async with play(size=size) as stage:
        await stage.until(lambda: stage.session.workers, "a worker")
        await stage.until_shown("✓ Done", "w01 implementer", "git merge agentorchestr/", "q  end")
        assert stage.session.phase is Phase.DONE
        await stage.press("q")
        await stage.until(lambda: stage.app.return_value is Parting.ENDED, "the end")
    assert stage.session.closed


async def test_the_summary_merges_when_asked_and_can_be_put_aside_and_called_back(team, play):
    async with play() as stage:
        await stage.until_shown("✓ Done", "merge it now")
        nap = f"sleep {8800 + os.getpid()}"
        slow_checkout(team, "hello.txt", nap)
        await stage.press("M")
        await stage.until_shown("merge into main: writes 1 file", "esc  cancel the merge")
        await stage.until(lambda: running(nap), "git writes")
        await stage.press("escape")
        await stage.until_shown("The merge is cancelled", "merge it now")
        assert not running(nap)
        assert not (team.project / "hello.txt").exists()
        slow_checkout(team, "hello.txt", "true")
        await stage.press("M")
        await stage.until_shown("merged into main")
        assert (team.project / "hello.txt").exists()
        assert stage.app.merged.startswith("merged into main")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        await stage.press("ctrl+b", "S")
        await stage.until_shown("✓ Done")


async def test_a_typed_answer_reaches_the_worker_that_asks(asking, play):
    async with play() as stage:
        await stage.until_shown("◆ 1 needs you", "1 w01 implementer")
        await stage.press("ctrl+b", "n")
        await stage.press("1")
        await stage.until(lambda: stage.session.workers["w01"].outcome is Outcome.DONE, "the answer")


async def test_the_focus_moves_by_keys_and_the_heavy_frame_follows(asking, play):
    async with play() as stage:
        await stage.until_shown("◆ 1 needs you")
        assert "┏ lead" in stage.text
        await stage.press("alt+1")
        await stage.until_shown("┏ 1 w01", "╭ lead")
        await stage.press("ctrl+b", "up")
        await stage.until_shown("┏ lead", "╔ 1 w01")
        await stage.press("ctrl+b", "tab")
        await stage.until_shown("┏ 1 w01")
        await stage.press("ctrl+b", "z")
        await stage.until_shown("[1 w01 ◆]")
        assert "lead · lead" not in stage.text
        await stage.press("alt+z", "alt+0")
        await stage.until_shown("┏ lead", "╔ 1 w01")


async def test_at_80x24_one_tile_is_shown_and_the_roster_names_all(asking, play):
    async with play(size=(80, 24)) as stage:
        await stage.until_shown("[lead", "1 w01 ◆")
        assert "╔ 1 w01" not in stage.text
        await stage.press("alt+1")
        await stage.until_shown("[1 w01 ◆]", "┏ 1 w01 implementer")
        assert all(len(line) == 80 for line in stage.lines)


async def test_a_pane_takes_the_size_of_its_tile(asking, play):
    async with play() as stage:
        await stage.until_shown("◆ 1 needs you")
        pane = (await stage.house.open()).pane("w01")
        await stage.until(lambda: pane.emulator.columns == 118, "the width of a lone worker's tile")
        await stage.pilot.resize_terminal(80, 24)
        await stage.press("alt+1")
        await stage.until(lambda: (pane.emulator.columns, pane.emulator.lines) == (78, 19), "the small size")


async def test_what_is_no_key_of_ours_is_said_so_and_the_line_waits_visibly(asking, play):
    async with play() as stage:
        await stage.until_shown("◆ 1 needs you")
        await stage.press("ctrl+b")
        await stage.until_shown("esc cancel")
        await stage.press("y")
        await stage.until_shown("ctrl+b y does nothing")
        await stage.press("ctrl+b", "escape")
        assert "esc cancel" not in stage.text
        await stage.press("ctrl+b", "9")
        await stage.until_shown("There is no worker 9")
        await stage.press("ctrl+b", "x")
        await stage.until_shown("This is the lead.")


async def test_the_goal_modal_begins_a_session_and_keeps_its_draft(team, play):
    async with play(goal=None) as stage:
        await stage.until_shown("What is the team to do?", "lead     (•) lead", "branch   main")
        await stage.press("ctrl+s")
        await stage.until_shown("Say what the team is to do.")
        await stage.press(*"Say hi", "escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        await stage.press("ctrl+b", "g")
        await stage.until_shown("Say hi")
        await stage.press("ctrl+s")
        await stage.until_shown("✓ Done")
        assert stage.session.goal == "Say hi"


async def test_a_note_reaches_the_lead(asking, play):
    async with play() as stage:
        await stage.until_shown("◆ 1 needs you")
        await stage.press("ctrl+b", "g")
        await stage.until_shown("A note to the lead")
        await stage.press(*"hurry", "ctrl+s")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        await stage.press("ctrl+b", "l", "less_than_sign")
        await stage.until_shown("1 Transcript", "to the lead: hurry", "w01 implementer (asks) gets a task")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_help_page_explains_the_table(asking, play, size):
    async with play(size=size) as stage:
        await stage.until_shown("lead")
        await stage.press("f1")
        await stage.until_shown("after ctrl+b", "this page", "esc close", "at any time", "⚠ lost")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")


async def test_why_an_agent_stands_so_is_explained_and_goes_on_while_it_is_open(asking, play):
    async with play(size=(80, 24)) as stage:
        await stage.until_shown("1 w01 ◆")
        await stage.press("alt+1", "ctrl+b", "e")
        await stage.until_shown("Why w01 implementer needs you", "needs you, since", "◆ needs you", "npm test")
        await stage.until_shown("the rule “asks”, a rule that is looked for in")
        await stage.until_shown(
            "asks is judged by its own reports (OSC 7501)", "it reports: blocked", "it reports: working"
        )
        await stage.app.orchestrator.type("w01", b"1")
        await stage.until(lambda: stage.session.workers["w01"].outcome is Outcome.DONE, "the answer")
        await stage.until_shown("idle         it reports: ", "✓ done, as it reported")
        await stage.press("escape", "alt+0", "ctrl+b", "e")
        await stage.until_shown("Why the lead is ")
        await stage.press("q")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")


async def test_leaving_offers_to_pause_or_to_stay(asking, play):
    async with play() as stage:
        await stage.until_shown("◆ 1 needs you")
        await stage.press("ctrl+b", "q")
        await stage.until_shown(
            "Leave the session?", f"--resume {stage.session.id}", "1 worker is at work", "stop for good"
        )
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        await stage.press("ctrl+b", "q", "x")
        await stage.until_shown("Once more stops it for good")
        await stage.press("q", "escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage, after no second x in a row")
        await stage.press("ctrl+b", "q")
        await stage.until_shown("Leave the session?")
        await stage.press("p")
        await stage.until(lambda: stage.app.return_value is Parting.PAUSED, "the end")
    assert stage.session.phase is Phase.PAUSED
    assert stage.session.resumable


async def test_agents_that_were_left_running_are_met_again_as_they_are(asking, play):
    async with play() as stage:
        await stage.until_shown("◆ 1 needs you")
        await stage.press("ctrl+b", "q", "l")
        await stage.until(lambda: stage.app.return_value is Parting.LEFT, "the end")
    left = stage.session
    assert left.phase is Phase.RUNNING
    async with play(goal=None, resume=left.id) as stage:
        await stage.until_shown("1 w01 implementer", "npm test", "◆ 1 needs you")
        assert stage.session.workers["w01"].pid == left.workers["w01"].pid
        await stage.press("alt+1", "1")
        await stage.until_shown("Write tested.txt")


async def test_without_a_goal_one_leaves_without_being_asked(team, play):
    async with play(goal=None) as stage:
        await stage.until_shown("branch   main")
        await stage.press("escape")
        await stage.press("ctrl+b", "q")
        await stage.until(lambda: stage.app.return_value is Parting.UNUSED, "the end")


async def test_while_no_goal_is_given_keys_need_no_leader_and_only_what_can_be_done_is_offered(team, play):
    async with play(goal=None) as stage:
        await stage.until_shown("branch   main")
        await stage.press("escape")
        await stage.until_shown("g sets the goal", " ? help  g goal  : palette  q leave")
        await stage.press("l")
        await stage.until_shown("Nothing has begun yet: ^b g sets the goal.")
        await stage.press("g")
        await stage.until_shown("What is the team to do?")


@pytest.mark.parametrize("goal", ["Say hello", None])
async def test_what_cannot_be_opened_is_one_calm_sentence_and_what_shows_more(play, goal):
    async with play(goal=goal, house=Broken()) as stage:
        await stage.until_shown("It cannot begin", "✗ No agent is installed.", "agentorchestr --doctor")
        await stage.press("x", "q")
        await stage.until(lambda: stage.app.return_value is Parting.BROKEN, "the end")
    assert str(stage.app.trouble).startswith("No agent is installed.")


async def test_the_smallest_places_and_storms_of_sizes_do_no_harm(asking, play):
    async with play() as stage:
        await stage.until_shown("◆ 1 needs you")
        for size in ((1, 1), (2, 3), (200, 60), (9, 2), (80, 24), (300, 90), (120, 40)):
            await stage.pilot.resize_terminal(*size)
        await stage.until_shown("┏ lead", "╔ 1 w01")


def hex_leads(place):
    folder = place.paths.config / "agents"
    folder.mkdir(parents=True)
    (folder / "hex.toml").write_text(HEX_LEAD, encoding="utf-8")


async def test_every_key_that_is_not_ours_reaches_the_agent(place, play):
    hex_leads(place)
    keys = {
        "ctrl+c": "03", "ctrl+q": "11", "ctrl+p": "10", "tab": "09", "escape": "1b", "f5": "1b5b31357e", "a": "61",
    }  # fmt: skip
    async with play() as stage:
        await stage.until_shown("ready")
        for key, sent in keys.items():
            await stage.press(key)
            await stage.until_shown(f" {sent} ")
        await stage.press("ctrl+b", "ctrl+b")
        await stage.until_shown(" 02 ")


async def test_what_the_agent_in_focus_copies_is_copied_and_said(place, play):
    hex_leads(place)
    async with play(house=SessionHouse(place.opening(agents_copy=True), None)) as stage:
        await stage.until_shown("ready")
        await stage.press("c")
        await stage.until_shown("lead copied 5 characters.")
        assert stage.app.clipboard == "hello"
        await stage.press("f1")
        await stage.until_shown("this page")
        stage.app.copy_to_clipboard("mine")
        stage.stage._copy_for("lead", "behind a page")
        assert stage.app.clipboard == "mine"


async def test_no_agent_copies_anything_unless_its_person_chose_so(place, play):
    hex_leads(place)
    async with play() as stage:
        await stage.until_shown("ready")
        await stage.press("c")
        await stage.until_shown("lead asks to copy 5 characters; agents_copy = true")
        assert stage.app.clipboard == ""


async def test_what_is_copied_by_keys_reaches_the_desktop_and_so_does_a_link(place, play, tmp_path):
    hex_leads(place)
    for name in ("xclip", "xdg-open"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/{name}.said; cat >> {tmp_path}/{name}.said\n')
        (tmp_path / name).chmod(0o755)
    desktop = Desktop({"DISPLAY": ":0", "PATH": f"{tmp_path}:/usr/bin:/bin"}, limit=30)
    copied, opened = tmp_path / "xclip.said", tmp_path / "xdg-open.said"
    async with play(size=(80, 24)) as stage:
        stage.app.visit = replace(stage.app.visit, desktop=desktop)
        await stage.until_shown("ready https://x.org/y")
        await stage.press("ctrl+b", "[")
        await stage.until_shown("scrollback", "F1 help", "y copy line", "v V ^v select")
        await stage.press("f1")
        await stage.until_shown("copy this line", "esc  close")
        await stage.press("escape", "g", "ctrl+b", ":")
        await stage.until_shown("What to do")
        await stage.press(*"copy this line", "enter")
        await stage.until(lambda: stage.app.clipboard == "ready https://x.org/y", "the line")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        await stage.press("g", "v", "e")
        await stage.until_shown("select text", "y copy")
        await stage.press("y")
        await stage.until(lambda: copied.is_file() and copied.read_text() == "-selection\nready", "the clipboard")
        await stage.press("ctrl+b", "[", "g", "w", "o")
        await stage.until(lambda: opened.is_file() and opened.read_text() == "https://x.org/y\n", "the link")


THREE_AT_ONCE = "".join(
    f'[[opening]]\ncall = "spawn_worker"\narguments = {{ task = "Think {number}." }}\n' for number in range(3)
)


async def test_every_pane_has_the_size_of_its_tile_however_fast_workers_come(place, play):
    """Textual sends no Resize when a layout follows one that only scrolled: a terminal has to look by itself."""
    place.agent("lead", THREE_AT_ONCE + '[[opening]]\nhang = "Leading"\n', rank=2)
    place.agent("hangs")

    def fits() -> bool:
        links = play_of.stage._links
        sizes = [(link.pane.emulator.columns, link.pane.emulator.lines) for link in links.values()]
        return len(links) == 4 and sizes == [tuple(link._terminal.size) for link in links.values()]

    async with play() as play_of:
        await play_of.until(fits, "four panes of the sizes of their tiles")


async def test_the_leader_over_another_screen_leads_back_to_the_stage_and_never_means_that_screens_key(asking, play):
    async with play() as stage:
        await stage.until_shown("◆ 1 needs you")
        for over in ("i", "d", "l", "question_mark", "colon"):
            await stage.press("ctrl+b", over)
            await stage.until(lambda: stage.app.screen is not stage.stage, "another screen")
            await stage.press("ctrl+b", "n")  # in the inbox a mere n says no
            await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        for over, heading in (("i", "The inbox"), ("d", "The diff"), ("l", "The log")):
            await stage.press("ctrl+b", over)
            await stage.until(lambda: stage.app.screen is not stage.stage, "another screen")
            await stage.press("question_mark")
            await stage.until_shown(f"─ {heading} ─")
            await stage.press("q", "escape")
            await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        assert stage.stage.situation.focus == "w01"
        assert stage.session.workers["w01"].status is Status.NEEDS_INPUT
        await stage.press("ctrl+b", "q")
        await stage.until_shown("Leave the session?")
        await stage.press("ctrl+b", "p")  # a mere p pauses
        await stage.until_shown("^b is for the stage: leave this first.", "Leave the session?")
        await stage.press("ctrl+c")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        assert stage.session.phase is Phase.RUNNING


async def test_who_does_not_end_at_once_is_named_while_the_session_is_put_away_and_killed_by_a_key(
    place, play, monkeypatch
):
    monkeypatch.setattr(closing, "GRACE", 600.0)
    place.agent("lead", "ignores_signals", rank=2)
    async with play() as stage:
        await stage.until_shown("Ignoring you")
        await stage.press("ctrl+b", "q")
        await stage.until_shown("Leave the session?")
        await stage.press("p")
        await stage.until_shown("Ending the agents and keeping their work…", "Still ending: lead · 0")
        await stage.until_shown(
            "It waits for the agents to end: ", "more at most", "kill them now", "resume it at once"
        )
        await stage.press("r")
        await stage.until_shown("Then the session goes on.")
        await stage.press("k")
        await stage.until(lambda: stage.app.return_value is Parting.PAUSED, "the end")
    assert stage.app.elsewhere == Elsewhere(resume=stage.session.id)
    assert stage.session.closed


async def test_before_anything_was_ended_one_may_stay(place, play, monkeypatch):
    monkeypatch.setattr(closing, "FAREWELL", 600.0)
    place.agent("lead", DONE_LEAD, rank=2)
    async with play() as stage:
        await stage.until_shown("✓ Done", "q  end")
        await stage.press("q")
        await stage.until_shown("It waits for the lead's last words: ", "esc  stay")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        assert stage.app.orchestrator.pane("lead").exit is None
        await stage.press("ctrl+b", "S")
        await stage.until_shown("✓ Done")
        monkeypatch.setattr(closing, "FAREWELL", 0.1)
        await stage.press("q")
        await stage.until(lambda: stage.app.return_value is Parting.ENDED, "the end")
    assert stage.session.closed

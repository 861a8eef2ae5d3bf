"""The mouse alone, as a terminal reports it: every control of the screens is clicked in the installed command.

A pilot clicks in three messages with pauses between; a terminal sends press and release in one piece, and so the click
reaches whoever holds the mouse.
"""

from __future__ import annotations

from tests.journeys.conftest import TEAM


def test_a_goal_is_chosen_typed_and_started_with_the_mouse(place, glass):
    glass.run(*TEAM, cwd=place.project)
    glass.until_shown("Welcome to agentorchestr", "✓ chief")
    glass.click(" type a goal")
    glass.until_shown("What is the team to do?", "verify: make test")
    glass.click("( ) asker")
    glass.until_shown("(•) asker")
    glass.click("( ) chief")
    glass.until_shown("(•) chief")
    glass.click("[x] asker")
    glass.until_shown("[ ] asker", "up to 8 workers of chief")
    glass.click("[ ] asker")
    glass.until_shown("[x] asker")
    glass.click("‹  8  ›")
    glass.until_shown("‹  7  ›")
    glass.click("‹  7  ›", past=6)
    glass.until_shown("‹  8  ›")
    glass.click("make test", past=9)
    glass.write("-all")
    glass.until_shown("verify: make test-all")
    glass.click("For example")
    glass.write("Say hello")
    glass.until_shown("Say hello")
    glass.click("esc keeps the draft")
    glass.until_gone("What is the team to do?")
    glass.click("g goal")
    glass.until_shown("What is the team to do?", "Say hello")
    glass.click("   Start", past=4)
    glass.until_shown("lead · chief", "1 w01 implementer · asker")


def test_tiles_are_focused_zoomed_and_resized_with_the_mouse_and_the_roster_and_the_team_lead_to_them(asked):
    asked.click("═ ◆ asks")  # of a title that is a border between two tiles as well
    asked.until_shown("┏ 1 w01")
    asked.click("lead · chief")
    asked.until_shown("┏ lead")
    asked.click("1 w01 implementer · asker", times=2)
    asked.until_gone("lead · chief")
    asked.click("lead ○")
    asked.until_shown("[lead ○]", "┏ lead")
    asked.click(" 1 w01 ◆")
    asked.until_shown("[1 w01 ◆]", "┏ 1 w01")
    asked.click("1 w01 implementer · asker", times=2)
    asked.until_shown("lead · chief")
    above = asked.line_of("┏ 1 w01")
    asked.drag("┏ 1 w01", right=9, down=-5)
    asked.until(lambda: asked.line_of("┏ 1 w01") == above - 5, "a border five rows above")
    asked.click("lead · chief")
    asked.until_shown("┏ lead", "╔ 1 w01")  # what was dragged is let go
    asked.resize(200, 50)
    asked.until_shown("Team")
    asked.click("asks: Allow running `npm test`?", past=-3)  # the second line of a member of the team
    asked.until_shown("┏ 1 w01", "›1 w01")


def test_the_inbox_is_answered_with_the_mouse(asked):
    asked.click("^b i inbox 1")
    asked.until_shown("Yes, this time", "d put aside")
    asked.click("? help")
    asked.until_shown("─ The inbox ─")
    asked.click("esc  close")
    asked.until_gone("─ The inbox ─")
    asked.click("r reply")
    asked.until_shown("A message to w01")
    asked.click("( ) after its turn")
    asked.until_shown("(•) after its turn")
    asked.click("esc keeps the draft")
    asked.until_gone("A message to w01")
    asked.click("◆ w01 implementer")
    asked.until_gone("d put aside")
    asked.until_shown("┏ 1 w01")
    asked.click("^b i inbox 1")
    asked.click("Yes, this time")
    asked.until_shown("Nothing needs you")
    asked.click("esc back")
    asked.until_shown("✓ 1 done")


def test_help_palette_log_and_themes_are_used_with_the_mouse(asked):
    asked.click("^b ? help")
    asked.until_shown("after ctrl+b")
    asked.click("esc close")
    asked.until_gone("after ctrl+b")
    asked.click("^b : palette")
    asked.until_shown("What to do")
    asked.wheel("log: what happened")
    asked.click("log: what happened")
    for tab, shows in (
        ("3 Events", "gets a task"), ("4 Prompt", "Say hello"), ("5 Diff", "Nothing was changed."),
        ("6 Evidence", "outcome"), ("2 Replay", "space play"), ("1 Transcript", "spawn_worker"),
    ):  # fmt: skip
        asked.click(tab)
        asked.until_shown(shows)
    asked.click("w01 implementer")
    asked.until_shown("Allow running")
    asked.click("/ search")
    asked.write("npm")
    asked.press("Enter")
    asked.until_shown(": hit ")
    asked.until_gone("searching for")  # from then on the keys stay where they are
    asked.click("n N next hit")
    asked.until_shown("hit 1 of")
    asked.click("esc back")
    asked.until_gone("hit 1 of")
    asked.click("esc back")
    asked.until_gone("1 Transcript")
    asked.press("C-b")
    asked.until_shown("esc cancel")
    asked.click("l log")
    asked.click("esc back")
    asked.press("C-b", "T")
    asked.click("sand")
    asked.until_gone("high-contrast")


def test_what_cannot_be_taken_back_needs_two_clicks(asked):
    asked.press("C-b", "q")
    asked.click("esc  stay")
    asked.until_gone("Leave the session?")
    asked.press("C-b", "q")
    asked.click("x x  stop for good")
    asked.until_shown("Once more stops it for good", "Leave the session?")
    asked.click("p  pause")
    asked.until_shown("ended with 4")


def test_work_is_judged_and_merged_with_the_mouse(place, done):
    done.click("^b d diff")
    done.until_shown("a accept", "1 + hello")
    done.click("integrated ○")
    done.until_shown("[integrated ○]")
    done.click("w01 implementer ✓")
    done.until_shown("[w01 implementer ✓]", "1 + hello")
    done.click("1 + hello")
    done.click("c comment")
    done.until_shown("hello.txt:1")
    done.write("Why?")
    done.click("ctrl+s keep")
    done.until_shown("▌ Why?")
    done.click("b send back 1")
    done.until_shown("Send back to w01")
    done.click("esc back")
    done.until_gone("Send back to w01")
    done.click("a accept")
    done.until_shown("is accepted")
    done.click("i integrate")
    done.until_shown("integrated ✓")
    done.click("M merge into main")
    done.until_shown("Merge the result?")
    done.click("y  merge")
    done.until_shown("Merged into main")
    assert "hello" in place.git("show", "main:hello.txt")

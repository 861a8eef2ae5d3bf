"""Days with the installed command in a real terminal, from the first page to a merged result or a resumed session."""

from __future__ import annotations

from tests.house import processes_of
from tests.journeys.conftest import TEAM


def paused(glass) -> str:
    """Pause the session; returns what is on the terminal then."""
    glass.press("C-b", "q")
    glass.until_shown("Leave the session?", "p  pause")
    glass.press("p")
    return glass.until_shown("ended with 4")


def test_the_first_page_leads_to_a_goal_and_its_worker_is_answered_from_the_inbox(place, glass):
    glass.run(*TEAM, cwd=place.project)
    glass.until_shown("Welcome to agentorchestr", "✓ asker", "✓ chief", "type a goal")
    glass.press("g")
    glass.until_shown("What is the team to do?", "chief leads")
    glass.write("Say hello")
    glass.press("C-s")
    glass.until_shown("lead · chief", "1 w01 implementer · asker", "◆ 1 needs you")
    glass.press("C-b", "i")
    glass.until_shown("Allow running `npm test`?", "y once")
    glass.press("y")
    glass.until_shown("Nothing needs you")
    glass.press("Escape")
    glass.until_gone("Nothing needs you")
    glass.until_shown("✓ 1 done")


def test_panes_are_gone_to_by_key_and_mouse_and_take_what_is_typed(done):
    done.press("M-0")
    done.until_shown("┏ lead")
    done.write("hello lead")
    done.press("Enter")
    done.until_shown("A note came: hello lead")
    done.click("1 w01 implementer")
    done.until_shown("┏ 1 w01 implementer")
    done.click("lead · chief")
    done.until_shown("┏ lead")
    done.press("C-b", "z")
    done.until_gone("1 w01 implementer · asker")
    done.press("C-b", "z")
    done.until_shown("1 w01 implementer · asker")


def test_the_log_of_a_worker_is_read_searched_and_replayed(done):
    done.press("C-b", "l")
    done.until_shown("Transcript", "Replay", "Events", "Evidence", "report_done")
    done.press("/")
    done.write("npm test")
    done.press("Enter")
    done.until_shown("3 Events·", "6 Evidence·0")
    done.press("Escape")
    done.until_gone("n N next hit")  # else the escape and what follows it are one key
    done.press("2")
    done.until_shown("‖ 1x", "space play")
    done.press("Space")
    done.until_shown("Allow running `npm test`?")
    done.press("6")
    done.until_shown("as it reported", "hello.txt")
    done.press("Escape")
    done.until_gone("Transcript")


def test_work_is_sent_back_with_a_comment_integrated_and_merged(place, done):
    done.press("C-b", "d")
    done.until_shown("[w01 implementer ✓]", "1 + hello", "a accept")
    done.press("n", "c")
    done.until_shown("hello.txt:1")
    done.write("Mend this")
    done.press("C-s")
    done.until_shown("▌ Mend this")
    done.press("b")
    done.until_shown("Send back to w01")
    done.press("C-s")
    done.until_shown("[w01 implementer ✓]", "+ mended", "i integrate")
    done.press("i")
    done.until_shown("integrated ✓")
    done.press("Tab")
    done.until_shown("[integrated ✓]", "of w01", "+ mended")
    done.press("M")
    done.until_shown("Merge the result?", "goes into main")
    done.press("y")
    done.until_shown("Merged into main")
    assert "mended" in place.git("show", "main:hello.txt")
    done.press("C-b", "n")  # from here too the leader leads back to the stage
    done.until_gone("[integrated ✓]")


def test_a_session_that_is_paused_is_resumed_and_in_the_end_leaves_no_process(place, done):
    ended = paused(done)
    resumes = next(line for line in ended.splitlines() if "--resume" in line)
    done.run("--resume", resumes.split("--resume")[1].split()[0], cwd=place.project)
    done.until_shown("lead · chief", "1 w01 implementer · asker", "✓ 1 done")
    paused(done)
    left = [" ".join(each.cmdline()) for each in processes_of(place)]
    assert not [words for words in left if "agentorchestr_tui" in words]

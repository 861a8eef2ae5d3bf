"""Days with the installed command in a real terminal, from the first page to a merged result or a resumed session."""

from __future__ import annotations

from contextlib import suppress

import psutil
import pytest

from agentorchestr_tui.agents.card import SHIPPED
from tests.house import make_place, processes_of
from tests.journeys.glass import Glass, surroundings

LEAD = """
[[opening]]
call = "spawn_worker"
arguments = { task = "Say hello in hello.txt.", agent_hint = "asker" }
as = "worker"
[[opening]]
say = "I wait for a word."
[[reply]]
say = "A note came: {{message}}"
"""
ASKER = """
[[opening]]
permission = "npm test"
as = "npm"
[[opening]]
write = "hello.txt"
text = "hello\\nnpm test: {{npm.answer}}\\n"
[[opening]]
commit = "Say hello"
[[opening]]
call = "report_done"
arguments = { summary = "hello.txt says hello" }
[[reply]]
append = "hello.txt"
text = "mended\\n"
[[reply]]
commit = "Mend it"
[[reply]]
call = "report_done"
arguments = { summary = "hello.txt is mended" }
"""


@pytest.fixture
def place(tmp_path):
    """A project, and two agents that play what they are told, by the rehearsal's own card."""
    made = make_place(tmp_path, {"Makefile": "test:\n\ttrue\n"})
    card = (SHIPPED / "rehearsal.toml").read_text("utf-8").replace("hidden = true\n", "")
    folder = made.paths.config / "agents"
    folder.mkdir(parents=True)
    for name, score, rank in (("chief", LEAD, 2), ("asker", ASKER, 1)):
        path = folder.parent / f"{name}.score"
        path.write_text(score, "utf-8")
        text = card.replace('name = "rehearsal"', f'name = "{name}"', 1).replace("rank = 1", f"rank = {rank}")
        argv = f'"--score", {str(path)!r}, "--pace", "0", "@model"'
        (folder / f"{name}.toml").write_text(text.replace('"@model"', argv), "utf-8")
    return made


@pytest.fixture
def glass(place):
    """A terminal of a user of that place; everything in it ends with the test."""
    one = Glass(place.runtime, surroundings(place), (120, 40))
    yield one
    one.end()
    for process in processes_of(place):
        with suppress(psutil.NoSuchProcess):
            process.kill()


TEAM = ("--agents", "chief", "asker", "--lead", "chief")


@pytest.fixture
def asked(place, glass):
    """A terminal with a session whose only worker asks for permission."""
    glass.run(*TEAM, "--goal", "Say hello", cwd=place.project)
    glass.until_shown("lead · chief", "1 w01 implementer · asker", "◆ 1 needs you", "Allow running `npm test`?")
    return glass


@pytest.fixture
def done(asked):
    """A terminal with a session whose only worker has reported; it was answered by a key in its pane."""
    asked.press("M-1")
    asked.until_shown("┏ 1 w01 implementer")
    asked.press("1")
    asked.until_shown("✓ 1 done")
    return asked


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
    done.until_shown("told by report", "hello.txt")
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
    done.until_shown("[integrated ✓]", "w01 on main", "+ mended")
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

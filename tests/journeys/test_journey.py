"""A day with the installed command in a real terminal: from the first page to a resumed session."""

from __future__ import annotations

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
        process.kill()


def test_a_day_from_the_first_page_to_a_merged_result(place, glass):
    glass.run("--agents", "chief", "asker", "--lead", "chief", cwd=place.project)
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

    glass.press("M-0")
    glass.until_shown("┏ lead")
    glass.write("hello lead")
    glass.press("Enter")
    glass.until_shown("A note came: hello lead")

    glass.press("M-1", "C-b", "l")
    glass.until_shown("Transcript", "Replay", "Events", "Evidence", "report_done")
    glass.press("Escape")
    glass.until_gone("Transcript")

    glass.press("C-b", "d")
    glass.until_shown("[w01 implementer ✓]", "1 + hello", "a accept")
    glass.press("n", "c")
    glass.until_shown("hello.txt:1")
    glass.write("Mend this")
    glass.press("C-s")
    glass.until_shown("▌ Mend this")
    glass.press("b")
    glass.until_shown("Send back to w01")
    glass.press("C-s")
    glass.until_shown("[w01 implementer ✓]", "+ mended", "i integrate")
    glass.press("i")
    glass.until_shown("integrated ✓")
    glass.press("Tab")
    glass.until_shown("[integrated ✓]", "w01 on main", "+ mended")
    glass.press("M")
    glass.until_shown("Merge the result?", "goes into main")
    glass.press("y")
    glass.until_shown("Merged into main")
    assert "mended" in place.git("show", "main:hello.txt")
    glass.press("Escape")
    glass.until_gone("[integrated ✓]")

    glass.press("C-b", "q")
    glass.until_shown("pause")
    glass.press("p")
    ended = glass.until_shown("ended with 4")
    resumes = next(line for line in ended.splitlines() if "--resume" in line)
    glass.run("--resume", resumes.split("--resume")[1].split()[0], cwd=place.project)
    glass.until_shown("lead · chief", "1 w01 implementer · asker", "✓ 1 done")
    glass.press("C-b", "q")
    glass.until_shown("pause")
    glass.press("p")
    glass.until_shown("ended with 4")
    left = [" ".join(each.cmdline()) for each in processes_of(place)]
    assert not [words for words in left if "agentorchestr_tui" in words]

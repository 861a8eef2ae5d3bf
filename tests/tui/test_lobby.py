"""Before a session: the first-run page, the list of sessions, and the ways out of both."""

from __future__ import annotations

import os
import re

import pytest

from agentorchestr_tui.cli.lobby import OpeningLobby
from agentorchestr_tui.cli.screen import SessionHouse
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.words import AgentChoice
from agentorchestr_tui.store.log import EventLog
from agentorchestr_tui.tui.app import OrchestraApp
from agentorchestr_tui.tui.house import Elsewhere, Parting, Visit
from tests.house import running, slow_git
from tests.tui.conftest import Play

AGENTS = (AgentChoice("lead", "1", 2, 2, mcp=True),)


@pytest.fixture
def enter(place):
    """Give a way in by the front door: no goal, and whatever the place has."""

    def entering():
        opening = place.opening(agents=())
        house = SessionHouse(opening, None)
        return house, OrchestraApp(house, Visit(lobby=OpeningLobby(opening), folder=str(place.project)))

    return entering


async def remember(place, session, goal, *after):
    """Write an earlier session into the store."""
    log = await EventLog.open(place.paths.database)
    created = e.SessionCreated(
        session, str(place.project), place.git("rev-parse", "HEAD"), "main", AGENTS, "lead", (), 8
    )
    await log.append(session, 0, [created, e.GoalSet(goal), *after], 1_796_000_000.0)
    await log.close()


async def test_who_comes_first_is_told_what_is_missing_and_how_to_get_it(place, enter, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    house, app = enter()
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        stage = Play(app, pilot, house)
        await stage.until_shown("Welcome to agentorchestr", "No agent is installed yet", "npm install -g", "on main at")
        await stage.press("g")
        await stage.until_shown("then look again.")
        place.agent("lead", "plain_lead", rank=2)
        await stage.press("r")
        await stage.until_shown("1 of 21 installed", "✓ lead")
        await stage.press("g")
        await stage.until_shown("What is the team to do?")
        await stage.press("escape")
        await house.end(Parting.UNUSED)


async def test_looking_around_says_whom_it_waits_for_and_can_be_stopped(place, enter, monkeypatch, tmp_path):
    nap = f"sleep {8300 + os.getpid()}"
    for name, does in (("quick", "echo 1.2.3"), ("slow", nap)):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
        place.agent(name, "plain_lead", rank=2)
        card = place.paths.config / "agents" / f"{name}.toml"
        said = re.sub("binaries = .*", f'binaries = ["{name}"]', card.read_text())
        card.write_text(f"{said}\n[version]\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    house, app = enter()
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        stage = Play(app, pilot, house)
        await stage.until_shown("✓ quick", "1.2.3", "Asking slow for a version… 00:02", "esc  look no further")
        await stage.until(lambda: running(nap), "the slow one")
        await stage.press("escape")
        await stage.until_shown("2 of 22 installed · stopped before all had answered", "version unknown", "look again")
        assert not running(nap)
        await stage.press("r")
        await stage.until_shown("Asking slow for a version")
        await stage.press("g")
        await stage.until_shown("What is the team to do?")
        await stage.until(lambda: not running(nap), "its end")
        await stage.press("escape")
        await house.end(Parting.UNUSED)


async def test_a_session_that_takes_long_to_resume_says_what_it_is_at_and_can_be_given_up(place, play, monkeypatch):
    place.agent("lead", "plain_lead", rank=2)
    said = [e.ProgressReported(f"step {number}") for number in range(4500)]
    await remember(place, "aaaa1111", "Paint the shed", *said, e.SessionPaused("for the night"))
    nap = f"sleep {8100 + os.getpid()}"
    slow = slow_git(place, "rev-parse", nap)
    slow.touch()
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    house = SessionHouse(place.opening(), "aaaa1111")
    async with play(goal=None, size=(80, 24), house=house, resume="aaaa1111") as stage:
        await stage.until_shown("Reads event 4,503 of 4,503… ", "^b q gives it up")
        await stage.until(lambda: running(nap), "a slow git")
        await stage.press("ctrl+b", "q")
        await stage.until(lambda: stage.app.return_value is Parting.UNUSED, "the end")
    assert not running(nap)
    assert house.given_up == "aaaa1111"
    assert not (await house.session).id
    log = await EventLog.open(place.paths.database)
    assert await log.count("aaaa1111") == 4503
    await log.close()


async def test_the_first_page_leads_to_the_rehearsal_and_out(enter):
    house, app = enter()
    async with app.run_test(size=(100, 40)) as pilot:
        stage = Play(app, pilot, house)
        await stage.until_shown("see a rehearsal")
        await stage.press("d")
        await stage.until(lambda: app.return_value is Parting.NEXT, "the end")
    assert app.elsewhere == Elsewhere(rehearsal=True)
    house, app = enter()
    async with app.run_test(size=(100, 40)) as pilot:
        stage = Play(app, pilot, house)
        await stage.until_shown("see a rehearsal")
        await stage.press("q")
        await stage.until(lambda: app.return_value is Parting.UNUSED, "the end")


async def test_a_folder_without_git_is_said_so_and_is_no_dead_end(place, enter):
    place.git("worktree", "prune")
    (place.project / ".git").rename(place.project / "not-git")
    place.agent("lead", "plain_lead", rank=2)
    house, app = enter()
    async with app.run_test(size=(100, 40)) as pilot:
        stage = Play(app, pilot, house)
        await stage.until_shown("✗ ", "run `git init`", "✓ lead")
        (place.project / "not-git").rename(place.project / ".git")
        await stage.press("r")
        await stage.until_shown("on main at")
        await stage.press("q")
        await stage.until(lambda: app.return_value is Parting.UNUSED, "the end")


async def test_sessions_to_go_on_with_are_offered_at_the_start(place, enter):
    place.agent("lead", "plain_lead", rank=2)
    await remember(place, "aaaa1111", "Paint the shed", e.SessionPaused("for the night"))
    await remember(place, "bbbb2222", "Mow the lawn", e.GoalFailed("it rained"))
    house, app = enter()
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        stage = Play(app, pilot, house)
        await stage.until_shown("Start something new", "▸ Paint the shed", "✗ Mow the lawn — failed")
        await stage.press(*"mow", "enter")  # there is nothing to go on with
        await stage.until_shown("1 Transcript", "Nothing was recorded of it.")
        await stage.press("3")
        await stage.until_shown("goal failed: it rained")
        await stage.press("escape")
        await stage.until_shown("Start something new")
        await stage.press(*"paint", "ctrl+k")
        await stage.until_shown("Nothing was put aside: all its work is in its worktrees")
        await stage.until_shown("Start something new", "› ▸ Paint the shed")  # where one was
        await stage.press("up", "enter")
        await stage.until_shown("What is the team to do?")
        await stage.press("escape", "ctrl+b", "s")
        await stage.until_shown("Paint the shed")
        await stage.press(*"paint", "enter")
        await stage.until(lambda: app.return_value is Parting.NEXT, "the end")
    assert app.elsewhere == Elsewhere(resume="aaaa1111")
    await house.end(Parting.UNUSED)

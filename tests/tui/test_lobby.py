"""Before a session: the first-run page, the list of sessions, and the ways out of both."""

from __future__ import annotations

import pytest

from agentorchestr_tui.cli.lobby import OpeningLobby
from agentorchestr_tui.cli.screen import SessionHouse
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.words import AgentChoice
from agentorchestr_tui.store.log import EventLog
from agentorchestr_tui.tui.app import OrchestraApp
from agentorchestr_tui.tui.house import Elsewhere, Parting, Visit
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
        await stage.until_shown("is in no git repository: run `git init`", "✓ lead")
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
        await stage.until_shown("goal failed  ", "goal failed: it rained")
        await stage.press("escape")
        await stage.until_shown("Start something new")
        await stage.press(*"paint", "ctrl+k")
        await stage.until_shown("Nothing was kept of it")
        await stage.until_shown("Start something new", "› ▸ Paint the shed")  # where one was
        await stage.press("up", "enter")
        await stage.until_shown("What is the team to do?")
        await stage.press("escape", "ctrl+b", "s")
        await stage.until_shown("Paint the shed")
        await stage.press(*"paint", "enter")
        await stage.until(lambda: app.return_value is Parting.NEXT, "the end")
    assert app.elsewhere == Elsewhere(resume="aaaa1111")
    await house.end(Parting.UNUSED)

"""Scenes of what a person writes and looks into: the goal, and the log of a worker with its recording."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from agentorchestr_tui.orchestrator.archive import LiveArchive, StoredArchive
from agentorchestr_tui.tui.asking import ClosingPanel
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.goal import GoalScreen, Offer
from agentorchestr_tui.tui.log import LogScreen, Tab
from tests.tui.looks.still import NOW

GOAL = "Add JWT auth to /api/users. Look at @src/auth.py, and keep the public API as it is."
FILES = ("docs/api.md", "src/auth.py", "src/tokens.py", "src/users.py", "tests/test_auth.py")


def goal(text="", *, verify=("pytest -q",), next_one=False):
    """Show the goal modal with a goal half written."""

    async def send(_text, _team):
        return ""

    async def then(app):
        session = app.stage.session
        agents = tuple(replace(each, version=f"1.{number}.0") for number, each in enumerate(session.agents[:4]))
        screen = GoalScreen(Drafts(None), "still", send, Offer(session, agents, verify, FILES), next_one=next_one)
        await app.push_screen(screen)
        await until(lambda: screen.editor.is_mounted and screen._agents.chosen)
        if text:
            screen.editor.insert(text)

    return then


def log(tab, shown, who="w01", at=260.0):
    """Show a side of somebody's log; the recording shows this captured screen."""

    async def then(app):
        _record(app.orchestrator, shown, who)
        view = LogScreen(LiveArchive(app.orchestrator), who, tab)
        await app.push_screen(view)
        await until(lambda: view._is_loaded(tab))
        if tab is Tab.REPLAY:
            await until(lambda: view._replay._frame is not None and not view._replay._seeking)
            view._replay.seek(at)
            await until(lambda: not view._replay._seeking)

    return then


def exporting(shown):
    """Ask where the transcript goes."""

    async def then(app):
        await log(Tab.TRANSCRIPT, shown)(app)
        app.screen._ask_for("export")
        app.screen._ask.value = "/home/you/agentorchestr-w01.txt"

    return then


def stored(shown):
    """Show the replay of a session that is over, as it opens."""

    async def then(app):
        orchestrator = app.orchestrator
        folder = _record(orchestrator, shown, "w01")
        events = await orchestrator.ground.log.read("still")
        archive = StoredArchive(orchestrator.state, folder, events, orchestrator.ground.worktrees)
        view = LogScreen(archive, "w01", Tab.REPLAY)
        await app.push_screen(view)
        await until(lambda: view._replay._frame is not None and not view._replay._seeking)

    return then


def closing():
    """Show who has not ended yet while the session is put away."""

    async def then(app):
        going = app.house.going
        going.begun = True
        left = ("lead", "w01")
        panel = ClosingPanel("Ending the agents and keeping their work…", lambda: left, going, returns=True)
        panel._began += 1 << 30  # so that no second of it passes
        await app.push_screen(panel)
        await panel._go_on()

    return then


def _record(orchestrator, shown, who):
    """Write what somebody showed as a recording that began with their process; return its folder."""
    folder = orchestrator.ground.paths.recordings("still")
    folder.mkdir(parents=True, exist_ok=True)
    moments = [[20.0 + number * 20.0, "o", f"{line}\r\n"] for number, line in enumerate(shown)]
    header = {"version": 2, "width": 78, "height": 18, "timestamp": int(NOW) - 650}
    lines = [json.dumps(each) for each in (header, [1.0, "o", "\x1b[?2004h\x1b[2J\x1b[H"], *moments)]
    (folder / f"{who}.cast").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


async def until(fact):
    """Wait for a fact."""
    async with asyncio.timeout(60):
        while not fact():
            await asyncio.sleep(0.005)

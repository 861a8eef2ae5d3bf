"""Scenes of what a person writes and looks into: the goal, and the log of a worker with its recording."""

from __future__ import annotations

import asyncio
import json

from agentorchestr_tui.orchestrator.archive import LiveArchive
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.goal import GoalScreen, Offer
from agentorchestr_tui.tui.log import LogScreen, Tab
from tests.tui.looks.still import NOW

GOAL = "Add JWT auth to /api/users. Look at @src/auth.py, and keep the public API as it is."


def goal():
    """Show the goal modal with a goal half written."""

    async def send(_text, _team):
        return ""

    async def then(app):
        session = app.stage.session
        offer = Offer(session, session.agents[:4], ("pytest -q",), ("src/auth.py",))
        app.push_screen(GoalScreen(Drafts(None), "still", send, offer))
        while not isinstance(app.screen, GoalScreen) or not app.screen.editor.is_mounted:
            await _breathe()
        app.screen.editor.cursor_blink = False
        app.screen.editor.text = GOAL
        app.screen.editor.move_cursor(app.screen.editor.document.end)

    return then


def log(tab, screen):
    """Show a side of a worker's log; its recording shows this captured screen."""

    async def then(app):
        orchestrator = app.orchestrator
        folder = orchestrator.ground.paths.recordings("still")
        folder.mkdir(parents=True, exist_ok=True)
        moments = [[number * 20.0, "o", f"{line}\r\n"] for number, line in enumerate(screen)]
        header = {"version": 2, "width": 78, "height": 18, "timestamp": int(NOW) - 650}
        lines = [json.dumps(each) for each in (header, *moments)]
        (folder / "w01.cast").write_text("\n".join(lines) + "\n", encoding="utf-8")
        view = LogScreen(LiveArchive(orchestrator), "w01", tab)
        app.push_screen(view)
        while not view._loaded:
            await _breathe()
        if tab is Tab.REPLAY:
            while view._replay._frame is None:
                await _breathe()
            view._replay.seek(260.0)
            while view._replay._seeking:
                await _breathe()

    return then


async def _breathe():
    await asyncio.sleep(0.01)

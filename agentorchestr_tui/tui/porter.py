"""The porter: shows who comes in around, and leads to other sessions and to the work that was kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import shortened
from agentorchestr_tui.tui import lobby as lobbies
from agentorchestr_tui.tui import looks
from agentorchestr_tui.tui.first_run import FirstRun
from agentorchestr_tui.tui.house import Elsewhere, Parting
from agentorchestr_tui.tui.lobby import Lobby
from agentorchestr_tui.tui.picker import Picker
from agentorchestr_tui.widgets.options import Option

if TYPE_CHECKING:
    from agentorchestr_tui.tui.app import OrchestraApp


HEADING = 60  # characters of a goal over a list


class Porter:
    """Stands in the lobby of one application."""

    def __init__(self, app: OrchestraApp, lobby: Lobby) -> None:
        self._app = app
        self._lobby = lobby
        self._marked = ""  # the session that was looked into

    async def welcome(self) -> None:
        """Offer what there is to go on with; who is here for the first time is shown around."""
        sessions = await self._lobby.sessions()
        if not sessions:
            self.show_around()
            return
        self._app.open_house()
        if any(session.resumable for session in sessions):
            self._list(sessions, fresh=True)
        else:
            await self._app.ask_goal()

    def show_around(self, trouble: str = "") -> None:
        """Show the first page; `trouble` says why no session could be opened."""
        self._app.push_screen(FirstRun(self._lobby.look, trouble), self._after_first_run)

    async def _after_first_run(self, answer: str | None) -> None:
        app = self._app
        if answer == "goal" and app.trouble is None:
            app.open_house()
            await app.ask_goal()
        elif answer in ("goal", "demo"):
            self.go_on(rehearsal=answer == "demo")  # what was in the way is mended: try it again
        elif answer == "sessions":
            self.show_sessions()
        elif app.asks:
            app.trouble = None
            app.leave(Parting.UNUSED)
        else:
            app.exit(Parting.BROKEN)  # a goal was given, and could not be begun

    def go_on(self, *, rehearsal: bool = False) -> None:
        """Leave for the rehearsal, or begin anew: with the goal that was given, if one was."""
        app = self._app
        app.trouble = None
        if app.visit.goal is not None and not rehearsal:
            app.next_goal = (app.visit.goal, app.visit.team)
        else:
            app.elsewhere = Elsewhere(rehearsal=rehearsal)
        app.leave(Parting.NEXT)

    def show_sessions(self) -> None:
        """List the sessions there are."""
        self._app.begin_task(self._fetch(), "list the sessions")

    async def _fetch(self) -> None:
        try:
            self._list(await self._lobby.sessions(), fresh=not self._app.stage.session.goal)
        except OrchestraError as error:
            self._app.warn(error)

    def _list(self, sessions: tuple[Session, ...], *, fresh: bool) -> None:
        """List them; with `fresh`, the first choice is to start something new."""
        options = [Option("Start something new", lobbies.NEW, glyph="+", style=looks.ACCENT)] if fresh else []
        options += lobbies.session_options(sessions, self._app.stage.session.id)
        if not options:
            self._app.notify("There are no other sessions.", severity="warning")
            return
        others = [("ctrl+l", "its log and replay", lobbies.LOOK), ("ctrl+k", "its kept work", lobbies.KEPT)]
        hint = "type to find; enter goes on, or shows the log"
        marked = next((each.answer for each in options if each.answer.endswith(f" {self._marked}")), "")
        picker = Picker("Sessions", options, marked=marked, hint=hint, others=others)
        self._app.push_screen(picker, self._after_sessions)

    async def _after_sessions(self, answer: str | None) -> None:
        answer = answer or ""
        fresh = not self._app.stage.session.goal
        self._marked = answer.rpartition(" ")[2]
        if answer.startswith(lobbies.LOOK):
            self._app.begin_task(self._look_into(answer.rpartition(" ")[2]), "look into a session")
        elif answer.startswith(lobbies.KEPT):
            self._app.begin_task(self._show_kept(answer.rpartition(" ")[2]), "find kept work")
        elif answer.startswith(lobbies.RESUME):
            await self._leave_for(answer.removeprefix(lobbies.RESUME))
        elif answer == lobbies.NEW or (fresh and self._app.orchestrator is not None):
            await self._app.ask_goal()
        elif fresh:
            self.show_around()

    async def _leave_for(self, session_id: str) -> None:
        """Go on with another session, after it was said what becomes of this one."""
        self._app.elsewhere = Elsewhere(resume=session_id)
        if self._app.stage.session.resumable and self._app.orchestrator is not None:
            await self._app.show("leave")
        else:
            self._app.leave(Parting.NEXT)

    async def _look_into(self, session_id: str) -> None:
        """Show the log of a session that does not run here; after that, the list again."""
        if session_id == lobbies.NEW:
            return
        try:
            archive = await self._lobby.archive(session_id)
        except OrchestraError as error:
            self._app.warn(error)
            self.show_sessions()
            return
        (await self._app.inner()).overlays.look_into(archive, self.show_sessions)

    async def _show_kept(self, session_id: str) -> None:
        try:
            kept = await self._lobby.kept(session_id)
            sessions = {each.id: each for each in await self._lobby.sessions()}
        except OrchestraError as error:
            self._app.warn(error)
            return
        session = sessions.get(session_id)
        if session is None or not kept:
            if session is not None:
                there = "in its worktrees, to go on from" if session.resumable else "on its branches"
                self._app.notify(f"Nothing was put aside: all its work is {there}.")
            self.show_sessions()
            return
        options = list(lobbies.kept_options(kept))
        heading = f"Work kept of: {shortened(session.goal, HEADING)}"
        picker = Picker(heading, options, doing="put it on a branch")
        self._app.push_screen(picker, self._rescue)

    def _rescue(self, answer: str | None) -> None:
        if answer:
            self._app.begin_task(self._bring_back(answer.removeprefix(lobbies.KEPT)), "bring work back")
        else:
            self.show_sessions()

    async def _bring_back(self, ref: str) -> None:
        try:
            self._app.notify(await self._lobby.bring_back(ref), timeout=10)
        except OrchestraError as error:
            self._app.warn(error)

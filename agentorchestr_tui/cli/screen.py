"""The roof over the full screen: builds the session's house, shows it, and puts it away."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from agentorchestr_tui import tasks
from agentorchestr_tui.cli.late import LateLobby
from agentorchestr_tui.cli.progress import told
from agentorchestr_tui.core.errors import CannotRun, OrchestraError
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Phase
from agentorchestr_tui.orchestrator.going import Going
from agentorchestr_tui.orchestrator.prospect import Opening
from agentorchestr_tui.panes.desktop import Desktop
from agentorchestr_tui.paths import user_paths
from agentorchestr_tui.tui import colors, keymap, signs
from agentorchestr_tui.tui.app import OrchestraApp
from agentorchestr_tui.tui.house import Elsewhere, Parting, Visit
from agentorchestr_tui.tui.notices import loudness

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

DONE, FAILED, STOPPED, INTERRUPTED = 0, 3, 4, 130
WHY = {
    Parting.PAUSED: "paused from the screen",
    Parting.CUT_OFF: "the program was asked to end",
    Parting.INTERRUPTED: "interrupted",
}
_Serve: TypeAlias = "Callable[[Orchestrator], AbstractAsyncContextManager[str]]"


def run_screen(
    opening: Opening,
    goal: str | None,
    resume: str | None,
    rehearsal: Callable[[], AbstractContextManager[tuple[Opening, str]]] | None = None,
) -> int:
    """Show a session on the full screen until it is left; returns the exit code. Raises: OrchestraError.

    `rehearsal` makes the opening and the goal of a rehearsal, for those who ask for one on the first page.
    """
    theme = opening.settings.theme
    config = user_paths().config
    known = colors.load(config)
    if wrong := colors.unknown(theme, known):
        raise CannotRun(wrong)
    visit = Visit(
        goal=goal,
        resume=resume is not None,
        keeps=not opening.rehearsal,
        theme=theme,
        keymap=keymap.load(config / keymap.FILE),
        themes=known,
        config=config,
        lobby=None if opening.rehearsal else LateLobby(opening),
        plain_signs=not signs.has_unicode(opening.environment),
        loudness=loudness(opening.settings.bell, opening.settings.notify, opening.environment),
        folder=str(opening.folder),
        drafts=opening.paths.drafts,
        desktop=Desktop(opening.environment),
    )
    code, elsewhere = tasks.run(_visits(opening, visit, resume))
    if elsewhere is None or not elsewhere.rehearsal or rehearsal is None:
        return code
    with rehearsal() as (stage, demo):
        visit = replace(visit, goal=demo, resume=False, keeps=False, lobby=None, folder=str(stage.folder), drafts=None)
        return tasks.run(_visits(stage, visit, None))[0]


class SessionHouse:
    """A session with its door for agents; implements the screen's `House`."""

    def __init__(self, opening: Opening, resume: str | None) -> None:
        self._opening = opening
        self._resume = resume
        self._stack = AsyncExitStack()
        self._opened: asyncio.Task[Orchestrator] | None = None
        self._ended: asyncio.Task[None] | None = None
        self.at = ""
        self._going = Going()

    async def open(self) -> Orchestrator:
        """Open the session and its door; asked again, the same. Raises: OrchestraError."""
        if self._opened is None:
            self._opened = tasks.start(self._open(), name="open the session")
        return await asyncio.shield(self._opened)

    async def end(self, parting: Parting) -> None:
        """Close or leave the session; asked again, wait for the same end. Raises: OrchestraError."""
        if self._ended is None:
            self._ended = tasks.start(self._end(parting), name="end the session")
        await asyncio.shield(self._ended)

    @property
    def given_up(self) -> str:
        """The session that was to be resumed, but was left before it was open."""
        opened = self._opened
        return self._resume or "" if opened is not None and opened.cancelled() else ""

    @property
    def going(self) -> Going:
        """How the end goes."""
        return self._going

    async def stay(self) -> bool:
        """Call the end off, if nothing was ended yet; say whether."""
        if self._going.begun:
            return False
        ended, self._ended = self._ended, None
        await tasks.end([ended] if ended else [])
        return True

    @property
    def kept(self) -> bool:
        """Whether the project outlives the program; a rehearsal's does not."""
        return not self._opening.rehearsal

    @property
    async def session(self) -> Session:
        """The session as it stands; the empty one if it was never open."""
        orchestrator = await self._orchestrator()
        return orchestrator.state if orchestrator else Session()

    async def stat(self) -> str:
        """Return the diff stat of what the session made."""
        from agentorchestr_tui.orchestrator.taking import result_stat

        orchestrator = await self._orchestrator()
        return await result_stat(orchestrator) if orchestrator else ""

    async def _open(self) -> Orchestrator:
        await asyncio.to_thread(import_module, "agentorchestr_tui.orchestrator.opening")  # behind the first frame
        from agentorchestr_tui.orchestrator.closing import leave_session
        from agentorchestr_tui.orchestrator.opening import abandon, open_session, reopen_session

        importing = tasks.start(asyncio.to_thread(_import_door), name="import the door")
        try:
            opening = (
                reopen_session(self._opening, self._resume, self._tell) if self._resume else open_session(self._opening)
            )
            orchestrator = await opening
        finally:
            serve = await importing
        try:
            await self._stack.enter_async_context(serve(orchestrator))
        except BaseException:
            await (leave_session if self._resume else abandon)(orchestrator)
            raise
        return orchestrator

    def _tell(self, at: str) -> None:
        self.at = at

    async def _end(self, parting: Parting) -> None:
        if self._opened is not None and not self._opened.done():
            self._going.begun = True
            await tasks.end([self._opened])  # given up: nothing was begun
        orchestrator = await self._orchestrator()
        if orchestrator is None:
            return
        from agentorchestr_tui.orchestrator.closing import close_session, leave_session

        try:
            if parting is Parting.LEFT:
                await leave_session(orchestrator, self._going)
            else:
                await close_session(orchestrator, WHY.get(parting, "the program ended"), self._going)
        finally:
            if self._going.begun:  # else one stays
                await self._stack.aclose()

    async def _orchestrator(self) -> Orchestrator | None:
        if self._opened is None or self._opened.cancelled():
            return None
        with contextlib.suppress(OrchestraError):
            return await asyncio.shield(self._opened)
        return None


async def _visits(opening: Opening, visit: Visit, resume: str | None) -> tuple[int, Elsewhere | None]:
    """Show a session, and one more for every next goal or other session; returns the last exit code, and what is left.

    What is left is a rehearsal, which wants ground of its own.
    """
    while True:
        app = OrchestraApp(house := SessionHouse(opening, resume), visit)
        code = await _visit(house, app)
        elsewhere = app.elsewhere
        if app.next_goal is not None:
            (goal, team), resume = app.next_goal, None
            visit = replace(visit, goal=goal, team=team, resume=False)
        elif elsewhere is not None and not elsewhere.rehearsal:
            resume = elsewhere.resume or None
            visit = replace(visit, goal=None, team=None, resume=resume is not None)
        else:
            return code, elsewhere


async def _visit(house: SessionHouse, app: OrchestraApp) -> int:
    _heed_signals(app)
    try:
        parting = await app.run_async() or Parting.BROKEN
    except BaseException:
        await house.end(Parting.BROKEN)
        raise
    await _put_away(house, parting)
    if app.crash is not None:
        raise app.crash
    if app.trouble is not None:
        raise app.trouble
    return await _farewell(house, parting, app.merged)


async def _put_away(house: SessionHouse, parting: Parting) -> None:
    """End the session where the screen has not: it was left at once, and that may take a while."""
    if parting not in (Parting.CUT_OFF, Parting.INTERRUPTED, Parting.BROKEN):
        await house.end(parting)
        return
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, house.going.hurry)
    with told("Ending the agents and keeping their work…", "ctrl+c kills them at once"):
        await house.end(parting)


async def _farewell(house: SessionHouse, parting: Parting, merged: str) -> int:
    from agentorchestr_tui.headless.lines import print_summary, say
    from agentorchestr_tui.orchestrator.taking import taken

    session = await house.session
    if parting is Parting.LEFT:
        say(f"Session {session.id} goes on without you. Come back with: agentorchestr --resume {session.id}")
    elif session.goal:
        with contextlib.suppress(OSError):  # the terminal may be gone
            print_summary(session, await house.stat(), merged or taken(session), kept=house.kept)
    elif left := house.given_up:
        say(f"Session {left} was not resumed and stands as it was. Again: agentorchestr --resume {left}")
    elif parting is Parting.INTERRUPTED:
        say("Stopped by Ctrl-C before anything began.")
    return _exit_code(session, parting)


def _exit_code(session: Session, parting: Parting) -> int:
    if session.over:
        return DONE if session.phase is Phase.DONE else FAILED
    if parting is Parting.INTERRUPTED:
        return INTERRUPTED
    return STOPPED if session.goal else DONE


def _heed_signals(app: OrchestraApp) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, app.depart, Parting.INTERRUPTED)
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, app.depart, Parting.CUT_OFF)


def _import_door() -> _Serve:
    """Import the MCP server, which takes a second; called in a thread while the first screen is shown."""
    from agentorchestr_tui.mcp_server.door import serve

    return serve

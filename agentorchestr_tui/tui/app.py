"""The application: opens the house behind the first frame, puts screens over the stage, and leaves in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import ClassVar

from textual import events, on
from textual.app import App

from agentorchestr_tui import tasks, themes
from agentorchestr_tui.core.commands import Command, KillWorker, ResumeSession, SetGoal, TellLead
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import NOTHING
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.taking import merge_result, result_stat
from agentorchestr_tui.tui.asking import ClosingPanel, EndWorkerPanel, LeavePanel, TroublePanel
from agentorchestr_tui.tui.glass import Glass, terminal_is_there
from agentorchestr_tui.tui.goal import GoalScreen
from agentorchestr_tui.tui.help import HelpPanel
from agentorchestr_tui.tui.house import House, Parting, Visit
from agentorchestr_tui.tui.log import LogScreen
from agentorchestr_tui.tui.stage import Stage
from agentorchestr_tui.tui.summary import SummaryPanel

WATCH = 1.0  # seconds between two looks whether the terminal is still there
BY_PERSON = "ended by the person at the screen"
_CLOSING = {
    Parting.LEFT: "The agents go on without you…",
    Parting.PAUSED: "Ending the agents and keeping their work…",
}
_log = logging.getLogger(__name__)


class OrchestraApp(App[Parting], inherit_bindings=False):
    """One session on the full screen; returns how it was left."""

    TITLE = "agentorchestr"
    ENABLE_COMMAND_PALETTE = False
    NOTIFICATION_TIMEOUT = 3.0  # seconds
    ESCAPE_TO_MINIMIZE: ClassVar[bool] = False
    CSS = """
    ToastRack { dock: top; margin: 1 0 0 0; }
    Toast { background: $panel; color: $foreground; }
    """

    def __init__(self, house: House, visit: Visit) -> None:
        super().__init__(driver_class=Glass)
        self.trouble: OrchestraError | None = None
        self.crash: Exception | None = None
        self.merged = ""  # how taking the result went, if it was asked for
        self._house = house
        self._visit = visit
        self._stage = Stage(visit.keymap, keeps=visit.keeps)
        self._orchestrator: Orchestrator | None = None
        self._draft = ""
        self._summed_up = False
        self._leaving = False
        for theme in themes.load().values():
            self.register_theme(theme)
        self.theme = visit.theme or themes.DEFAULT

    # -- opening

    def get_default_screen(self) -> Stage:
        """Begin on the stage."""
        return self._stage

    def on_mount(self) -> None:
        """Draw first, and open the session after the first frame."""
        if not self.is_headless:
            self.set_interval(WATCH, self._watch_terminal)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if self._visit.goal is None and not self._visit.resume:
            self._stage.note("ctrl+b g sets the goal")
            self._ask_goal()
        self._begin_task(self._open(), "open the session")

    async def _open(self) -> None:
        try:
            self._orchestrator = orchestrator = await self._house.open()
            if self._leaving:
                return
            orchestrator.listen(lambda _, session: self._hear(session))
            self._stage.attach(orchestrator)
            if isinstance(self.screen, GoalScreen):
                self.screen.tell(orchestrator.state)
            await self._start(orchestrator)
        except OrchestraError as error:
            self._give_up(error)

    async def _start(self, orchestrator: Orchestrator) -> None:
        command: Command | None = SetGoal(self._visit.goal) if self._visit.goal is not None else None
        if self._visit.resume:
            command = ResumeSession(_alive(orchestrator))
        if command is not None:
            self._stage.note("Starting the lead…")
            granted = await orchestrator.perform(command)
            if isinstance(granted, Refused):
                raise OrchestraError(granted.reason)

    def _give_up(self, error: OrchestraError) -> None:
        """Say why there is no session, and end with the next key."""
        if not self._leaving:
            self.trouble = error
            if isinstance(self.screen, GoalScreen):
                self.pop_screen()
            self.push_screen(TroublePanel(str(error)), lambda _: self.exit(Parting.BROKEN))

    # -- the session

    def _hear(self, session: Session) -> None:
        if session.over and not self._summed_up:
            self._summed_up = True
            self.call_later(self._sum_up)

    async def _perform(self, command: Command) -> str:
        """Wish something; returns why it was not granted, or nothing."""
        if self._orchestrator is None:
            return "The session is not open yet."
        try:
            granted = await self._orchestrator.perform(command)
        except OrchestraError as error:
            return str(error)
        return granted.reason if isinstance(granted, Refused) else ""

    async def _wish(self, command: Command) -> None:
        if refusal := await self._perform(command):
            self.notify(refusal, severity="warning")

    # -- screens over the stage

    @on(Stage.Asked)
    def _show(self, message: Stage.Asked) -> None:
        showing: dict[str, Callable[[], None]] = {
            "goal": self._ask_goal,
            "help": self._help,
            "log": self._show_log,
            "leave": self._ask_leave,
            "detach": lambda: self._leave(Parting.LEFT),
        }
        showing[message.what]()

    def _help(self) -> None:
        self.push_screen(HelpPanel(self._stage.keymap))

    def _show_log(self) -> None:
        if self._orchestrator is None:
            self.notify("Nothing has happened yet.")
        else:
            self.push_screen(LogScreen(self._orchestrator))

    def _ask_goal(self) -> None:
        session = self._stage.session
        if session.over:
            self._sum_up()
            return
        if self._visit.goal is not None and not session.goal:
            self.notify("The session is being opened; a moment.")
            return
        send = self._send_note if session.goal else self._send_goal
        self.push_screen(GoalScreen(self._draft, session, send), self._keep_draft)

    def _keep_draft(self, draft: str | None) -> None:
        self._draft = draft or ""

    async def _send_goal(self, text: str) -> str:
        try:
            orchestrator = await self._house.open()
        except OrchestraError:
            return ""  # the trouble panel says it
        setting = tasks.start(self._perform(SetGoal(text.strip())), name="set the goal")
        told = tasks.start(orchestrator.until(lambda session: bool(session.goal)), name="until the goal is set")
        await asyncio.wait((setting, told), return_when=asyncio.FIRST_COMPLETED)
        if not orchestrator.state.goal:
            return await setting
        self._stage.note("Starting the lead…")
        setting.add_done_callback(lambda _: self._lead_began(setting.result()))
        return ""

    def _lead_began(self, trouble: str) -> None:
        if trouble:
            self._give_up(OrchestraError(trouble))

    async def _send_note(self, text: str) -> str:
        return await self._perform(TellLead(text.strip()))

    @on(Stage.EndAsked)
    def _ask_end_worker(self, message: Stage.EndAsked) -> None:
        worker = self._stage.session.workers[message.worker_id]
        if worker.live:
            self.push_screen(EndWorkerPanel(worker), lambda answer: self._end_worker(worker.id, answer))
        else:
            self._end_worker(worker.id, "end")

    def _end_worker(self, worker_id: str, answer: str | None) -> None:
        if answer == "end":
            tasks.start(self._wish(KillWorker(worker_id, BY_PERSON, NOTHING)), name=f"end {worker_id}")

    def _sum_up(self) -> None:
        orchestrator = self._orchestrator
        if orchestrator is not None and not self._leaving:
            panel = SummaryPanel(orchestrator.state, lambda: result_stat(orchestrator), self._merge)
            self.push_screen(panel, self._after_summary)

    async def _merge(self) -> str:
        if self._orchestrator is None:
            return ""
        self.merged = await merge_result(self._orchestrator)
        return self.merged

    def _after_summary(self, answer: str | None) -> None:
        if answer == "quit":
            self._leave(Parting.ENDED)

    # -- leaving

    def _ask_leave(self) -> None:
        session = self._stage.session
        if session.over:
            self._leave(Parting.ENDED)
        elif not session.goal:
            self._leave(Parting.UNUSED)
        else:
            self.push_screen(LeavePanel(session, keeps=self._visit.keeps), self._after_leave)

    def _after_leave(self, answer: str | None) -> None:
        if answer == "pause":
            self._leave(Parting.PAUSED)
        elif answer == "leave":
            self._leave(Parting.LEFT)

    def _leave(self, parting: Parting) -> None:
        if not self._leaving:
            self._leaving = True
            self.push_screen(ClosingPanel(_CLOSING.get(parting, "Putting everything away…")))
            self._begin_task(self._put_away(parting), "put the session away")

    async def _put_away(self, parting: Parting) -> None:
        try:
            await self._house.end(parting)
        except OrchestraError as error:
            self.trouble = error
        self.exit(parting)

    def depart(self, parting: Parting) -> None:
        """Leave at once: a signal came, or the terminal went away; the roof ends the session."""
        self._leaving = True
        self.exit(parting)

    def _watch_terminal(self) -> None:
        if not terminal_is_there():
            self.depart(Parting.CUT_OFF)

    def _begin_task(self, work: Coroutine[object, object, None], name: str) -> None:
        """Start work without which the screen is of no use: its failure is ours."""
        tasks.start(work, name=name).add_done_callback(self._settle)

    def _settle(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception) and self.is_running:
            self._handle_exception(error)

    # -- Textual's own

    async def on_event(self, event: events.Event) -> None:
        """Run the keys of the stage's table before anything else sees them."""
        match event:
            case events.Key(is_forwarded=False, key=key) if self.screen is self._stage:
                if await self._stage.take_key(key):
                    return
            case _:
                pass
        await super().on_event(event)

    def _handle_exception(self, error: Exception) -> None:
        self.crash = self.crash or error
        _log.critical("the screen failed", exc_info=error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End without a traceback on the screen: the log has it, and the roof says a sentence."""
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """End in the same way when Textual panics."""
        _log.critical("the screen gave up: %s", renderables)
        self.crash = self.crash or RuntimeError("the screen gave up")
        self._return_code = 1
        self._close_messages_no_wait()


def _alive(orchestrator: Orchestrator) -> tuple[str, ...]:
    return tuple(name for name, pane in orchestrator.ground.panes.panes.items() if pane.exit is None)


def unknown_theme(name: str) -> str:
    """Return what is wrong with a theme's name, or nothing."""
    if not name or name in themes.load():
        return ""
    return f"There is no theme {name!r}. Did you mean {themes.nearest(name)}? There are: {', '.join(themes.load())}."

"""The application: opens the house behind the first frame, puts screens over the stage, and leaves in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from time import monotonic
from typing import ClassVar

from textual import events, on
from textual.app import App

from agentorchestr_tui import settings, tasks
from agentorchestr_tui.core.commands import Command, KillWorker, MarkGoalFailed, ResumeSession, SetGoal
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.events import MessageDelivered, MessageQueued, MessageRefused, Recorded
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import NOTHING, AgentChoice, Receipt, Team, When
from agentorchestr_tui.orchestrator.archive import LiveArchive
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.project import earlier_goals, known_commands, tracked_files
from agentorchestr_tui.orchestrator.taking import merge_result, result_stat
from agentorchestr_tui.tui import changes, colors, looks, palette
from agentorchestr_tui.tui import lobby as lobbies
from agentorchestr_tui.tui.asking import ClosingPanel, LeavePanel, TroublePanel
from agentorchestr_tui.tui.diff import DiffScreen, Remarks
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.explaining import ExplainPanel
from agentorchestr_tui.tui.first_run import FirstRun
from agentorchestr_tui.tui.glass import Glass, terminal_is_there
from agentorchestr_tui.tui.goal import GoalScreen, Offer
from agentorchestr_tui.tui.help import HelpScreen
from agentorchestr_tui.tui.house import Elsewhere, House, Parting, Visit
from agentorchestr_tui.tui.inbox import InboxScreen
from agentorchestr_tui.tui.lobby import Lobby
from agentorchestr_tui.tui.log import LogScreen
from agentorchestr_tui.tui.log_help import ScrollbackHelp
from agentorchestr_tui.tui.note import NoteScreen, receipt
from agentorchestr_tui.tui.notices import Gaze, Herald
from agentorchestr_tui.tui.picker import KEEP, Picker
from agentorchestr_tui.tui.retrying import again
from agentorchestr_tui.tui.stage import Stage
from agentorchestr_tui.tui.summary import SummaryPanel
from agentorchestr_tui.widgets.options import Option
from agentorchestr_tui.widgets.terminal import Terminal

WATCH = 1.0  # seconds between two looks whether the terminal is still there
SETTLES = 0.5  # seconds in which what needs a person may pass by itself, before anybody is told
QUIET = 1.2  # seconds without a key, after which nobody is typing
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
        self.next_goal: tuple[str, Team | None] | None = None  # for the session after this one
        self.elsewhere: Elsewhere | None = None  # where to go after this
        self._drafts = Drafts(visit.drafts)
        self._remarks = Remarks()
        self._herald = Herald(visit.loudness, self.bell, self._write_out)
        self._looking = False
        self._focus_is_known = False  # whether the terminal tells of its focus
        self._offer: Offer | None = None
        self._agents: tuple[AgentChoice, ...] = ()
        self._summed_up = False
        self._summary_seen = False
        self._last_key = 0.0  # when one was pressed, by the monotonic clock
        self._leaving = False
        self.plain_signs = visit.plain_signs
        for theme in (visit.themes or colors.load()).values():
            self.register_theme(theme)
        self.theme = visit.theme or colors.usual(self.console.color_system)

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
            self._stage.note(f"{self._stage.keymap.keys_of('goal')} sets the goal")
            if self._visit.lobby is not None:
                self._begin_task(self._welcome(self._visit.lobby), "welcome")
                return
            self._ask_goal()
        self._begin_task(self._open(), "open the session")

    async def _welcome(self, lobby: Lobby) -> None:
        """Offer what there is to go on with; who is here for the first time is shown around."""
        sessions = await lobby.sessions()
        if not sessions:
            self._show_around(lobby)
            return
        self._begin_task(self._open(), "open the session")
        if any(session.resumable for session in sessions):
            self._list_sessions(sessions, fresh=True)
        else:
            self._ask_goal()

    def _show_around(self, lobby: Lobby, trouble: str = "") -> None:
        self.push_screen(FirstRun(lobby.look, trouble), self._after_first_run)

    def _after_first_run(self, answer: str | None) -> None:
        if answer == "goal" and self.trouble is None:
            self._ask_goal()
            self._begin_task(self._open(), "open the session")
        elif answer == "goal":
            self._go_to_visit(Elsewhere())  # what was in the way is mended: try it again
        elif answer == "demo":
            self._go_to_visit(Elsewhere(rehearsal=True))
        elif answer == "sessions":
            self._show_sessions()
        else:
            self.trouble = None
            self._leave(Parting.UNUSED)

    def _go_to_visit(self, elsewhere: Elsewhere) -> None:
        self.trouble, self.elsewhere = None, elsewhere
        self._leave(Parting.NEXT)

    # -- other sessions

    def _show_sessions(self) -> None:
        if self._visit.lobby is not None:
            self._begin_task(self._fetch_sessions(self._visit.lobby), "list the sessions")
        else:
            self.notify("The rehearsal has no other sessions.")

    async def _fetch_sessions(self, lobby: Lobby) -> None:
        try:
            self._list_sessions(await lobby.sessions(), fresh=not self._stage.session.goal)
        except OrchestraError as error:
            self.notify(str(error), severity="warning")

    def _list_sessions(self, sessions: tuple[Session, ...], *, fresh: bool) -> None:
        """List them; with `fresh`, the first choice is to start something new."""
        options = [Option("Start something new", lobbies.NEW, glyph="+", style=looks.ACCENT)] if fresh else []
        options += lobbies.session_options(sessions, self._stage.session.id)
        if not options:
            self.notify("There are no other sessions.")
            return
        others = [("ctrl+l", "its log and replay", lobbies.LOOK), ("ctrl+k", "its kept work", lobbies.KEPT)]
        self.push_screen(Picker("Sessions", options, hint="type to find; enter goes on with one", others=others),
                         self._after_sessions)  # fmt: skip

    def _after_sessions(self, answer: str | None) -> None:
        answer = answer or ""
        fresh = not self._stage.session.goal
        if answer.startswith(lobbies.LOOK):
            self._begin_task(self._look_into(answer.rpartition(" ")[2]), "look into a session")
        elif answer.startswith(lobbies.KEPT):
            self._begin_task(self._show_kept(answer.rpartition(" ")[2]), "find kept work")
        elif answer.startswith(lobbies.RESUME):
            self._leave_for(answer.removeprefix(lobbies.RESUME))
        elif answer == lobbies.NEW or (fresh and self._orchestrator is not None):
            self._ask_goal()
        elif fresh and self._visit.lobby is not None:
            self._show_around(self._visit.lobby)

    def _leave_for(self, session_id: str) -> None:
        """Go on with another session, after it was said what becomes of this one."""
        self.elsewhere = Elsewhere(resume=session_id)
        if self._stage.session.resumable and self._orchestrator is not None:
            self._ask_leave()
        else:
            self._leave(Parting.NEXT)

    async def _look_into(self, session_id: str) -> None:
        """Show the log of a session that does not run here; after that, the list again."""
        lobby = self._visit.lobby
        if lobby is None or session_id == lobbies.NEW:
            return
        try:
            archive = await lobby.archive(session_id)
        except OrchestraError as error:
            self.notify(str(error), severity="warning")
            self._show_sessions()
            return
        self.push_screen(LogScreen(archive, looks.LEAD), lambda _: self._show_sessions())

    async def _show_kept(self, session_id: str) -> None:
        lobby = self._visit.lobby
        if lobby is None:
            return
        try:
            kept = await lobby.kept(session_id)
        except OrchestraError as error:
            self.notify(str(error), severity="warning")
            return
        if not kept:
            self.notify("Nothing was kept of it: all its work is on its branches.")
            self._show_sessions()
            return
        options = list(lobbies.kept_options(kept))
        picker = Picker(f"Work kept of {session_id}", options, hint="enter puts it on a branch")
        self.push_screen(picker, lambda answer: self._rescue(lobby, answer or ""))

    def _rescue(self, lobby: Lobby, answer: str) -> None:
        if answer:
            self._begin_task(self._bring_back(lobby, answer.removeprefix(lobbies.KEPT)), "bring work back")
        else:
            self._show_sessions()

    async def _bring_back(self, lobby: Lobby, ref: str) -> None:
        try:
            self.notify(await lobby.bring_back(ref), timeout=10)
        except OrchestraError as error:
            self.notify(str(error), severity="warning")

    async def _open(self) -> None:
        try:
            self._orchestrator = orchestrator = await self._house.open()
            if self._leaving:
                return
            orchestrator.listen(self._hear)
            self._stage.attach(orchestrator)
            self._agents = orchestrator.state.agents
            tasks.start(self._look_around(orchestrator), name="look around in the project")
            await self._start(orchestrator)
        except OrchestraError as error:
            self._give_up(error)

    async def _start(self, orchestrator: Orchestrator) -> None:
        goal = self._visit.goal
        command: Command | None = SetGoal(goal, self._visit.team) if goal is not None else None
        if self._visit.resume:
            command = ResumeSession(_alive(orchestrator))
        if command is not None:
            self._stage.note("Starting the lead…")
            granted = await orchestrator.perform(command)
            if isinstance(granted, Refused):
                raise OrchestraError(granted.reason)

    async def _look_around(self, orchestrator: Orchestrator) -> None:
        """Find out what a person who writes a goal can choose from."""
        session = orchestrator.state
        self._tell(Offer(session, self._agents))
        try:
            verify, files, earlier = await asyncio.gather(
                known_commands(orchestrator), tracked_files(orchestrator), earlier_goals(orchestrator)
            )
        except OrchestraError as error:
            self.notify(str(error), severity="warning")
            return
        self._tell(Offer(session, self._agents, verify, files, earlier))

    def _tell(self, offer: Offer) -> None:
        self._offer = offer
        if isinstance(self.screen, GoalScreen):
            self.screen.tell(offer)
        elif isinstance(self.screen, NoteScreen):
            self.screen.know(offer.session.project, offer.files, ())

    def _give_up(self, error: OrchestraError) -> None:
        """Say why there is no session, and end with the next key."""
        if not self._leaving:
            self.trouble = error
            if isinstance(self.screen, (GoalScreen, Picker)):
                self.pop_screen()
            if self._visit.lobby is not None and self._visit.goal is None and not self._visit.resume:
                self._show_around(self._visit.lobby, str(error))
                return
            self.push_screen(TroublePanel(str(error)), lambda _: self.exit(Parting.BROKEN))

    # -- the session

    def _hear(self, recorded: Recorded, session: Session) -> None:
        match recorded.event:
            case MessageDelivered(message_id) | MessageRefused(message_id):
                if (message := session.messages.get(message_id)) and message.by == "person":
                    self._toast(receipt(session, message), attention=message.receipt is Receipt.REFUSED)
            case MessageQueued(by="person") as queued if queued.when is When.AFTER_TURN:
                self._toast(receipt(session, session.messages[queued.message_id]))
            case _:
                pass
        if not self._looking:
            self._looking = True
            self.call_later(self.set_timer, SETTLES, self._look_for_notices)
        if session.over and not self._summed_up:
            self._summed_up = True
            self.call_later(self._sum_up_when_free)

    def _look_for_notices(self) -> None:
        """Tell the world outside what newly needs a person; short-lived states have passed by now."""
        self._looking = False
        if not self.screen_stack:
            return  # it is being left
        stage, screen = self._stage, self.screen
        who = stage.situation.focus if screen is stage else ""
        gaze = Gaze(who, self.app_focus, self._focus_is_known, everything=isinstance(screen, InboxScreen))
        self._herald.look(stage.session, gaze)

    def _write_out(self, sequence: str) -> None:
        if self._driver is not None:
            self._driver.write(sequence)

    def on_app_blur(self) -> None:
        """Learn that the terminal tells of its focus."""
        self._focus_is_known = True

    def _toast(self, words: str, *, attention: bool = False) -> None:
        self.call_later(self.notify, words, severity="warning" if attention else "information")

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
            "diff": self._show_diff,
            "message": self._ask_message,
            "inbox": self._show_inbox,
            "summary": self._sum_up,
            "leave": self._ask_leave,
            "palette": self._show_palette,
            "theme": self._choose_theme,
            "sessions": self._show_sessions,
            "explain": self._explain,
            "detach": lambda: self._leave(Parting.LEFT),
        }
        showing[message.what]()

    def _help(self) -> None:
        self.push_screen(ScrollbackHelp() if self._stage.looks_back else HelpScreen(self._stage.keymap))

    def _show_palette(self) -> None:
        offered = palette.offered(self._stage.keymap, self._stage.situation, self._visit.themes or colors.load())
        self.push_screen(Picker("What to do", offered), self._after_palette)

    async def _after_palette(self, answer: str | None) -> None:
        what, _, name = (answer or "").partition(" ")
        if f"{what} " == palette.ACT:
            await self._stage.do_named(name)
        elif f"{what} " == palette.ENTER:
            self._stage.action_enter(int(name))
        elif f"{what} " == palette.THEME:
            self.theme = name

    def _choose_theme(self) -> None:
        """Show each theme while it is marked; what was chosen stays, and is remembered only on demand."""
        before = self.theme
        options = palette.theme_options(self._visit.themes or colors.load())

        def look(answer: str) -> None:
            self.theme = answer.removeprefix(palette.THEME)

        def decide(answer: str | None) -> None:
            name = (answer or "").removeprefix(KEEP).removeprefix(palette.THEME)
            self.theme = name or before
            if (answer or "").startswith(KEEP):
                self._keep_theme(name)

        others = [("ctrl+s", "choose, and keep it for later", KEEP)] if self._visit.config else []
        picker = Picker("Themes", options, marked=f"{palette.THEME}{before}", others=others, look=look)
        self.push_screen(picker, decide)

    def _keep_theme(self, name: str) -> None:
        if self._visit.config is not None:
            try:
                settings.keep(self._visit.config, "theme", name)
            except OrchestraError as error:
                self.notify(str(error), severity="warning")
            else:
                self.notify(f"{name} is in {self._visit.config / settings.FILE} now.")

    @on(Stage.RetryAsked)
    def _retry(self, message: Stage.RetryAsked) -> None:
        worker = self._stage.session.workers[message.worker_id]
        tasks.start(self._spawn_again(worker), name=f"retry {worker.id}")

    async def _spawn_again(self, worker: Worker) -> None:
        before = set(self._stage.session.workers)
        await self._wish(again(worker))
        if new := set(self._stage.session.workers) - before:
            self.notify(f"{', '.join(sorted(new))} has the task of {worker.id} now.")

    def _show_log(self) -> None:
        if self._orchestrator is None:
            self.notify("Nothing has happened yet.")
        else:
            self.push_screen(LogScreen(LiveArchive(self._orchestrator), self._stage.situation.focus))

    def _explain(self) -> None:
        if self._orchestrator is not None:
            self.push_screen(ExplainPanel(self._orchestrator, self._stage.situation.focus))

    def _show_inbox(self) -> None:
        if self._orchestrator is not None:
            inbox = InboxScreen(self._orchestrator, self._drafts, self._stage.situation.focus)
            self.push_screen(inbox, self._go_to)

    def _go_to(self, who: str | None) -> None:
        if who:
            self._stage.go_to(who)

    def _show_diff(self) -> None:
        if self._orchestrator is not None:
            focus = self._stage.situation.focus
            side = focus if focus in self._stage.session.workers else changes.INTEGRATED
            self.push_screen(DiffScreen(self._orchestrator, self._perform, self._remarks, side))

    def _ask_goal(self) -> None:
        session = self._stage.session
        if session.over:
            offer = replace(self._offer, session=session) if self._offer else None
            self.push_screen(GoalScreen(self._drafts, self._draft_name, self._go_next, offer, next_one=True))
        elif session.goal:
            self._write_to(looks.LEAD)
        elif self._visit.goal is not None:
            self.notify("The session is being opened; a moment.")
        else:
            self.push_screen(GoalScreen(self._drafts, self._draft_name, self._send_goal, self._offer))

    @property
    def _draft_name(self) -> str:
        return f"goal {self._visit.folder}"

    async def _go_next(self, goal: str, team: Team | None) -> str:
        """Put this session away, and begin another one with the next goal."""
        self.next_goal = (goal, team)
        self.call_later(self._leave, Parting.NEXT)
        return ""

    def _ask_message(self) -> None:
        self._write_to(self._stage.situation.focus)

    def _write_to(self, who: str) -> None:
        if self._orchestrator is not None:
            screen = NoteScreen(self._drafts, self._orchestrator, who)
            self.push_screen(screen)
            if self._offer is not None:
                screen.know(self._offer.session.project, self._offer.files, ())

    async def _send_goal(self, text: str, team: Team | None) -> str:
        try:
            orchestrator = await self._house.open()
        except OrchestraError:
            return ""  # the trouble panel says it
        setting = tasks.start(self._perform(SetGoal(text, team)), name="set the goal")
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

    @on(Stage.EndAsked)
    def _end_worker(self, message: Stage.EndAsked) -> None:
        tasks.start(self._end(message.worker_id), name=f"end {message.worker_id}")

    async def _end(self, worker_id: str) -> None:
        """End a worker without a question, since nothing is lost by it, and say how to take that back."""
        live = self._stage.session.workers[worker_id].live
        if refusal := await self._perform(KillWorker(worker_id, BY_PERSON, NOTHING)):
            self.notify(refusal, severity="warning")
        elif live:
            undo = self._stage.keymap.keys_of("retry")
            self.notify(f"{worker_id} is ended, its work is kept. {undo} gives its task to a new one.", timeout=8)

    def _sum_up_when_free(self, *, told: bool = False) -> None:
        """Show the summary once nobody types, here or in another screen: no key meant for something else may choose."""
        if self._leaving or self._summary_seen:
            return
        if self.screen is self._stage and monotonic() - self._last_key > QUIET:
            self._sum_up()
            return
        if not told:
            self.notify("The session has reached its end. The summary comes once you are back and do not type.")
        self.set_timer(QUIET / 4, lambda: self._sum_up_when_free(told=True))

    def _sum_up(self) -> None:
        self._summary_seen = True
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
        elif answer == "next":
            self._ask_goal()

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
        elif answer == "stop":
            self._begin_task(self._stop(), "stop for good")
        else:
            self.elsewhere = None  # one stays

    async def _stop(self) -> None:
        """Give the goal up, and leave."""
        self._summed_up = True
        await self._wish(MarkGoalFailed("stopped by the person at the screen"))
        self._leave(Parting.ENDED)

    def _leave(self, parting: Parting) -> None:
        if not self._leaving:
            self._leaving = True
            self.push_screen(ClosingPanel(_CLOSING.get(parting, "Putting everything away…")))
            self._begin_task(self._put_away(parting), "put the session away")

    async def _put_away(self, parting: Parting) -> None:
        try:
            await self._drafts.settle()
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

    # -- the desktop outside

    def copy_to_clipboard(self, text: str) -> None:
        """Copy through the terminal outside (OSC 52), and into the system's clipboard beside it."""
        super().copy_to_clipboard(text)
        tasks.start(self._visit.desktop.copy(text), name="copy to the desktop")

    @on(Terminal.LinkClicked)
    def _open_link(self, message: Terminal.LinkClicked) -> None:
        self._begin_task(self._open_address(message.address), "open a link")

    async def _open_address(self, address: str) -> None:
        if not await self._visit.desktop.open(address):
            self.copy_to_clipboard(address)
            self.notify(f"Nothing opens it from here, so it was copied: {address}", markup=False)

    # -- Textual's own

    async def on_event(self, event: events.Event) -> None:
        """Run the keys of the stage's table before anything else sees them."""
        if isinstance(event, events.Key):
            self._last_key = monotonic()
        match event:
            case events.Key(is_forwarded=False) if self.screen is self._stage:
                if await self._stage.take_key(event):
                    return
            case events.Paste() if self.screen is self._stage:
                if self._stage.take_paste(event):
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

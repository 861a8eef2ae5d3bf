"""The application: draws the stage first, opens the house behind the first frame, and leaves in order."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events, on
from textual.app import App
from textual.driver import Driver
from textual.notifications import SeverityLevel

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.phrases import span
from agentorchestr_tui.tui import colors
from agentorchestr_tui.tui.asking import ClosingPanel
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.glass import Glass, terminal_is_there
from agentorchestr_tui.tui.house import Elsewhere, House, Parting, Visit
from agentorchestr_tui.tui.porter import Porter
from agentorchestr_tui.tui.stage import Stage
from agentorchestr_tui.tui.turns import Effect, Turns
from agentorchestr_tui.widgets.status_line import StatusLine
from agentorchestr_tui.widgets.terminal import Terminal

if TYPE_CHECKING:
    from agentorchestr_tui.core.words import Team
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
    from agentorchestr_tui.tui.attendant import Attendant
    from agentorchestr_tui.tui.overlays import Overlays
    from agentorchestr_tui.tui.wishes import Wishes

_YOUNG = 10_000  # objects that await a first look by the garbage collector: one picture of 32 panes makes thousands
TELL = 0.5  # seconds between two looks at how far opening the session is
WATCH = 1.0  # seconds between two looks whether the terminal is still there
_CLOSING = {
    Parting.LEFT: "The agents go on without you…",
    Parting.PAUSED: "Ending the agents and keeping their work…",
}
_WORD_KEYS = {"alt+b": "ctrl+left", "alt+f": "ctrl+right"}  # as a shell has them; Textual's fields know the others
_log = logging.getLogger(__name__)


class Inner(NamedTuple):
    """What a session needs of the screen beyond the stage; it is loaded behind the first frame."""

    overlays: Overlays
    wishes: Wishes
    attendant: Attendant


class OrchestraApp(App[Parting], inherit_bindings=False):
    """One session on the full screen; returns how it was left."""

    TITLE = "agentorchestr"
    ENABLE_COMMAND_PALETTE = False
    NOTIFICATION_TIMEOUT = 3.0  # seconds
    ESCAPE_TO_MINIMIZE: ClassVar[bool] = False
    CSS = """
    ToastRack { scrollbar-size: 0 0; }
    Toast { width: 100%; max-width: 74; margin: 0; background: $panel; color: $foreground; padding: 0 1; }
    Toast:ansi { border: round $success; }
    Toast:ansi.-warning, Toast:ansi.-error { border: round $warning; }
    Input:ansi > .input--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
    """

    def __init__(self, house: House, visit: Visit) -> None:
        super().__init__(driver_class=Glass)
        self.house = house
        self.visit = visit
        self.stage = Stage(visit.keymap, keeps=visit.keeps)
        self.drafts = Drafts(visit.drafts)
        self.orchestrator: Orchestrator | None = None
        self.trouble: OrchestraError | None = None
        self.crash: Exception | None = None
        self.merged = ""  # how taking the result went, if it was asked for
        self.next_goal: tuple[str, Team | None] | None = None  # for the session after this one
        self.elsewhere: Elsewhere | None = None  # where to go after this
        self.focus_is_known = False  # whether the terminal tells of its focus
        self.last_key = 0.0  # when one was pressed, by the monotonic clock
        self.leaving = False
        self._turns = Turns(self, self._take)
        self._leader_pressed = False  # over another screen than the stage
        self._porter = Porter(self, visit.lobby) if visit.lobby else None
        self._putting_away: asyncio.Task[None] | None = None
        self._inner: Inner | None = None
        self._loading: asyncio.Task[None] | None = None
        self.plain_signs = visit.plain_signs
        for theme in (visit.themes or colors.load()).values():
            self.register_theme(theme)
        self.theme = visit.theme or colors.usual(self.console.color_system)

    # -- opening

    def get_default_screen(self) -> Stage:
        """Begin on the stage."""
        return self.stage

    def on_mount(self) -> None:
        """Draw first, and open the session after the first frame."""
        if not self.is_headless:
            self.set_interval(WATCH, self._watch_terminal)
        self.call_after_refresh(self._begin)

    @property
    def asks(self) -> bool:
        """Whether the goal is still to be asked for."""
        return self.visit.goal is None and not self.visit.resume

    async def _begin(self) -> None:
        asks = self.asks
        if asks:
            self.stage.asks_for_goal = True
            self.stage.note(f"{self.stage.keymap.keys_of('goal', short=True)} sets the goal")
        if asks and self._porter is not None:
            self.begin_task(self._welcome(self._porter), "welcome")
        else:
            self.open_house()
        if asks and self._porter is None:
            self.begin_task(self.ask_goal(), "ask for the goal")

    async def _welcome(self, porter: Porter) -> None:
        await porter.welcome()
        await self.inner()  # before it is needed

    async def inner(self) -> Inner:
        """Return what lies behind the stage, once it is loaded."""
        if self._loading is None:
            self._loading = tasks.start(self._load(), name="load what lies behind the stage")
        await asyncio.shield(self._loading)
        assert self._inner is not None
        return self._inner

    async def _load(self) -> None:
        self._inner = (await asyncio.to_thread(_import_inner))(self)
        if not gc.isenabled():  # the launcher's wish; what was loaded stays, and need never be looked through again
            gc.freeze()
            gc.set_threshold(_YOUNG)
            gc.enable()

    def open_house(self) -> None:
        """Open the session, behind whatever is shown."""
        self.begin_task(self._open(), "open the session")

    async def _open(self) -> None:
        began = monotonic()
        telling = self.set_interval(TELL, lambda: self._tell_opening(monotonic() - began))
        try:
            try:
                orchestrator = await self.house.open()
            finally:
                telling.stop()
            inner = await self.inner()
            if self.leaving:
                return
            self.orchestrator = orchestrator
            orchestrator.listen(inner.attendant.hear)
            self.stage.attach(orchestrator)
            tasks.start(inner.overlays.look_around(orchestrator), name="look around in the project")
            await inner.wishes.begin(orchestrator)
        except OrchestraError as error:
            self.give_up(error)

    def _tell_opening(self, seconds: float) -> None:
        """Say how far opening the session is, and the key that ends it."""
        if not self.asks:
            at, way_out = self.house.at or "opens the session", self.stage.keymap.keys_of("leave")
            self.stage.note(f"{at[0].upper()}{at[1:]}… {span(seconds)}. {way_out} gives it up; nothing is changed.")

    def give_up(self, error: OrchestraError) -> None:
        """Say why there is no session."""
        if not self.leaving:
            self.trouble = error
            self.begin_task(self._say_trouble(str(error)), "say what is wrong")

    async def _say_trouble(self, sentence: str) -> None:
        (await self.inner()).overlays.give_up(sentence, self._porter)

    # -- what is asked for on the stage

    @on(Stage.Asked)
    async def _show(self, message: Stage.Asked) -> None:
        await self.show(message.what)

    async def show(self, what: str) -> None:
        """Put another screen over the stage, by the name that the table of keys has for it."""
        (await self.inner()).overlays.show(what)

    async def ask_goal(self) -> None:
        """Ask for the goal."""
        await self.show("goal")

    def show_sessions(self) -> None:
        """Show the other sessions there are."""
        if self._porter is not None:
            self._porter.show_sessions()
        else:
            self.notify("The rehearsal has no other sessions.", severity="warning")

    @on(Stage.EndAsked)
    async def _end_worker(self, message: Stage.EndAsked) -> None:
        wishes = (await self.inner()).wishes
        tasks.start(wishes.end(message.worker_id), name=f"end {message.worker_id}")

    @on(Stage.RetryAsked)
    async def _retry(self, message: Stage.RetryAsked) -> None:
        wishes = (await self.inner()).wishes
        worker = self.stage.session.workers[message.worker_id]
        tasks.start(wishes.retry(worker), name=f"retry {worker.id}")

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Say something in passing, behind a sign for how it is."""
        sign = "✓" if severity == "information" else "⚠"
        super().notify(f"{sign} {message}", title=title, severity=severity, timeout=timeout, markup=markup)

    def warn(self, error: OrchestraError) -> None:
        """Say what went wrong, in passing."""
        self.notify(str(error), severity="warning")

    # -- the terminal around

    def write_out(self, sequence: str) -> None:
        """Tell the terminal something."""
        if self._driver is not None:
            self._driver.write(sequence)

    def on_app_blur(self) -> None:
        """Learn that the terminal tells of its focus."""
        self.focus_is_known = True

    @on(Driver.SignalResume)
    def _draw_anew(self) -> None:
        """Draw all of it: while we slept, the terminal was somebody else's."""
        self.refresh(layout=True)

    def _watch_terminal(self) -> None:
        if not terminal_is_there():
            self.depart(Parting.CUT_OFF)

    # -- leaving

    def leave(self, parting: Parting) -> None:
        """Put the session away, and end."""
        if not self.leaving:
            self.leaving = True
            still = tuple if parting is Parting.LEFT else self._alive
            returns = parting is Parting.PAUSED and self.visit.keeps and self.elsewhere is None
            panel = ClosingPanel(
                _CLOSING.get(parting, "Putting everything away…"), still, self.house.going, returns=returns
            )
            self.push_screen(panel)
            self._putting_away = self.begin_task(self._put_away(parting), "put the session away")

    @on(ClosingPanel.StayAsked)
    async def _stay(self, message: ClosingPanel.StayAsked) -> None:
        """Go back to the session, if nothing of it was ended yet."""
        if self._putting_away is None or self.house.going.begun:
            return
        self._putting_away.cancel()
        if await self.house.stay():
            self.leaving, self.next_goal, self.elsewhere = False, None, None
            message.panel.dismiss()

    @on(ClosingPanel.ReturnAsked)
    def _return(self) -> None:
        """Come back to the session as soon as it is put away."""
        self.elsewhere = Elsewhere(resume=self.stage.session.id)

    def _alive(self) -> tuple[str, ...]:
        """Return whose processes have not ended."""
        panes = self.orchestrator.ground.panes.panes if self.orchestrator else {}
        return tuple(name for name, pane in panes.items() if pane.exit is None)

    async def _put_away(self, parting: Parting) -> None:
        try:
            await self.drafts.settle()
            await self.house.end(parting)
        except OrchestraError as error:
            self.trouble = error
        self.exit(parting)

    def depart(self, parting: Parting) -> None:
        """Leave at once: a signal came, or the terminal went away; the roof ends the session."""
        self.leaving, self.next_goal, self.elsewhere = True, None, None
        self.exit(parting)

    def begin_task(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Start work without which the screen is of no use: its failure is ours."""
        task = tasks.start(work, name=name)
        task.add_done_callback(self._settle)
        return task

    def _settle(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception) and self.is_running:
            self._handle_exception(error)

    # -- the desktop outside

    def copy_to_clipboard(self, text: str) -> None:
        """Copy through the terminal outside (OSC 52), and into the system's clipboard beside it."""
        super().copy_to_clipboard(text)
        tasks.start(self.visit.desktop.copy(text), name="copy to the desktop")

    @on(Terminal.LinkClicked)
    def _open_link(self, message: Terminal.LinkClicked) -> None:
        self.begin_task(self._open_address(message.address), "open a link")

    async def _open_address(self, address: str) -> None:
        if not await self.visit.desktop.open(address):
            self.copy_to_clipboard(address)
            self.notify(f"Nothing opens it from here, so it was copied: {address}", markup=False)

    # -- Textual's own

    async def on_event(self, event: events.Event) -> None:
        """Let what a person does take effect in its turn."""
        if _is_done_by_person(event):
            if isinstance(event, events.Key):
                self.last_key = monotonic()
            await self._turns.take(event)
        else:
            await super().on_event(event)

    async def press_key(self, key: str, character: str | None = None) -> None:
        """Do what a key does, before any that was typed meanwhile."""
        await self._turns.take_now(events.Key(key, character))

    @on(StatusLine.Pressed)
    async def _press(self, message: StatusLine.Pressed) -> None:
        await self.press_key(message.key, message.character)

    async def _take(self, event: events.Event) -> Effect:
        """Run the keys of the stage's table before anything else sees them."""
        on_stage, types = self.screen is self.stage, self._types_text()
        match event:
            case events.Key(key="ctrl+c") if on_stage and self.stage.is_empty:
                self.leave(Parting.INTERRUPTED)  # there is no agent yet that it could be meant for
                return Effect.ANYTHING
            case events.Key() if on_stage:
                if await self.stage.take_key(event):
                    return Effect.NOTHING if self.stage.looks_back else Effect.ANYTHING
            case events.Paste() if on_stage:
                if self.stage.take_paste(event):
                    return Effect.NOTHING
            case events.Key(key="ctrl+c") if not types:
                event = events.Key("escape", None)  # a hand that knows no other way out
            case events.Key(key="alt+b" | "alt+f") if types:
                event = events.Key(_WORD_KEYS[event.key], None)
            case events.Key():
                if await self._take_leader(event.key):
                    return Effect.ANYTHING
            case _:
                pass
        await super().on_event(event)
        match event:
            case events.Key() | events.Paste() if on_stage:
                return Effect.NOTHING
            case events.Paste():
                return Effect.TEXT
            case events.Key() if types and event.is_printable:
                return Effect.TEXT
            case events.Key() | events.MouseUp():
                return Effect.ANYTHING
            case _:
                return Effect.NOTHING

    def _types_text(self) -> bool:
        """Say whether the focus is where text is written, and ctrl+c copies."""
        from textual.widgets import Input, TextArea  # behind the first frame

        return isinstance(self.focused, (Input, TextArea))

    async def _take_leader(self, key: str) -> bool:
        """Keep the leader and the key after it from a screen over the stage, where that key may mean another thing."""
        keymap = self.stage.keymap
        if not self._leader_pressed:
            self._leader_pressed = key == keymap.leader
            return self._leader_pressed
        self._leader_pressed = False
        if act := keymap.after.get(key):
            if (await self.inner()).overlays.step_back():
                await self.stage.do(act)
            else:
                self.notify(f"{keymap.written_leader} is for the stage: leave this first.", severity="warning")
        return True

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


def _is_done_by_person(event: events.Event) -> bool:
    """Say whether an event comes from keyboard or mouse, and not on from a widget that had no use for it."""
    return isinstance(event, (events.InputEvent, events.Paste)) and not event.is_forwarded


def _import_inner() -> Callable[[OrchestraApp], Inner]:
    """Import what lies behind the stage; called in a thread while the first frame is shown."""
    from agentorchestr_tui.tui.attendant import Attendant
    from agentorchestr_tui.tui.overlays import Overlays
    from agentorchestr_tui.tui.wishes import Wishes

    def furnish(app: OrchestraApp) -> Inner:
        wishes, attendant = Wishes(app), Attendant(app)
        return Inner(Overlays(app, wishes, attendant), wishes, attendant)

    return furnish

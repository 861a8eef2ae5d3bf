"""What is put over the stage: every other screen of a session, by the name that the table of keys has for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import time
from typing import TYPE_CHECKING

from agentorchestr_tui import settings
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.words import AgentChoice
from agentorchestr_tui.orchestrator.archive import Archive, LiveArchive
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.project import earlier_goals, known_commands, tracked_files
from agentorchestr_tui.orchestrator.taking import result_stat
from agentorchestr_tui.tui import captions, changes, colors, looks, palette
from agentorchestr_tui.tui.asking import LeavePanel, TroublePanel
from agentorchestr_tui.tui.attendant import Attendant
from agentorchestr_tui.tui.diff import DiffScreen, Remarks
from agentorchestr_tui.tui.explaining import ExplainPanel
from agentorchestr_tui.tui.goal import GoalScreen, Offer
from agentorchestr_tui.tui.help import HelpScreen
from agentorchestr_tui.tui.house import Parting
from agentorchestr_tui.tui.inbox import InboxScreen
from agentorchestr_tui.tui.log import LogScreen
from agentorchestr_tui.tui.log_help import ScrollbackHelp
from agentorchestr_tui.tui.note import NoteScreen
from agentorchestr_tui.tui.picker import KEEP, Picker
from agentorchestr_tui.tui.plan import PlanScreen
from agentorchestr_tui.tui.summary import SummaryPanel
from agentorchestr_tui.tui.wishes import Wishes

if TYPE_CHECKING:
    from agentorchestr_tui.tui.app import OrchestraApp
    from agentorchestr_tui.tui.porter import Porter

_PASSING = (DiffScreen, ExplainPanel, HelpScreen, InboxScreen, LogScreen, Picker, SummaryPanel)
"""Screens that can be left at any time, by whatever leads elsewhere."""


class Overlays:
    """The screens over the stage of one application."""

    def __init__(self, app: OrchestraApp, wishes: Wishes, attendant: Attendant) -> None:
        self._app = app
        self._wishes = wishes
        self._attendant = attendant
        self._remarks = Remarks()
        self._visited: LogScreen | None = None  # the log of another session
        self._offer: Offer | None = None
        self._agents: tuple[AgentChoice, ...] = ()
        self._showing: dict[str, Callable[[], object]] = {
            "goal": self.ask_goal,
            "help": self._help,
            "log": self._show_log,
            "diff": self._show_diff,
            "plan": self._show_plan,
            "message": lambda: self._write_to(app.stage.situation.focus),
            "inbox": self._show_inbox,
            "summary": self._sum_up,
            "leave": self._ask_leave,
            "palette": self._show_palette,
            "theme": self._choose_theme,
            "sessions": app.show_sessions,
            "explain": self._explain,
            "cancel_verify": lambda: self._app.begin_task(self._wishes.cancel(), "cancel what runs"),
            "detach": lambda: app.leave(Parting.LEFT),
        }

    def show(self, what: str) -> None:
        """Show what was asked for."""
        self._showing[what]()

    def look_into(self, archive: Archive, then: Callable[[], None]) -> None:
        """Show the log of a session that does not run here."""
        self._visited = LogScreen(archive, looks.LEAD)
        self._app.push_screen(self._visited, lambda _: then())

    def step_back(self) -> bool:
        """Leave all that is over the stage, if nothing is lost by it; says whether the stage is there now."""
        app = self._app
        over = app.screen_stack[1:]
        if not all(isinstance(screen, _PASSING) and screen is not self._visited for screen in over):
            return False
        for screen in reversed(over):
            screen.dismiss(None)
        return True

    def give_up(self, sentence: str, porter: Porter | None) -> None:
        """Say why there is no session: on the first page to who came without a goal, else with ways on."""
        app = self._app
        if isinstance(app.screen, (GoalScreen, Picker)):
            app.pop_screen()
        if porter is not None and app.asks:
            porter.show_around(sentence)
            return

        def decide(answer: str | None) -> None:
            if porter is None or answer not in ("around", "again", "demo"):
                app.exit(Parting.BROKEN)
            elif answer == "around":
                porter.show_around(sentence)
            else:
                porter.go_on(rehearsal=answer == "demo")

        again = app.visit.goal is not None
        app.push_screen(TroublePanel(sentence, lobby=porter is not None, again=again), decide)

    # -- the goal, and notes

    async def look_around(self, orchestrator: Orchestrator) -> None:
        """Find out what a person who writes a goal can choose from."""
        session = orchestrator.state
        self._agents = self._agents or session.agents
        self._tell(Offer(session, self._agents))
        try:
            verify, files, earlier = await asyncio.gather(
                known_commands(orchestrator), tracked_files(orchestrator), earlier_goals(orchestrator)
            )
        except OrchestraError as error:
            self._app.warn(error)
            return
        self._tell(Offer(session, self._agents, verify, files, earlier))

    def _tell(self, offer: Offer) -> None:
        self._offer = offer
        screen = self._app.screen
        if isinstance(screen, GoalScreen):
            screen.tell(offer)
        elif isinstance(screen, NoteScreen):
            screen.know(offer.session.project, offer.files, ())

    def ask_goal(self) -> None:
        """Ask for the goal, or the next one; while the lead works, for a note to it."""
        app, session = self._app, self._app.stage.session
        draft = f"goal {app.visit.folder}"
        if session.over:
            offer = replace(self._offer, session=session) if self._offer else None
            app.push_screen(GoalScreen(app.drafts, draft, self._wishes.set_next_goal, offer, next_one=True))
        elif session.goal:
            self._write_to(looks.LEAD)
        elif app.visit.goal is not None:
            app.notify("The session is being opened; a moment.", severity="warning")
        else:
            app.push_screen(GoalScreen(app.drafts, draft, self._wishes.set_goal, self._offer))

    def _write_to(self, who: str) -> None:
        if self._app.orchestrator is not None:
            screen = NoteScreen(self._app.drafts, self._app.orchestrator, who)
            self._app.push_screen(screen)
            if self._offer is not None:
                screen.know(self._offer.session.project, self._offer.files, ())

    # -- looking

    def _help(self) -> None:
        stage = self._app.stage
        self._app.push_screen(ScrollbackHelp() if stage.looks_back else HelpScreen(stage.keymap))

    def _show_log(self) -> None:
        if self._app.orchestrator is None:
            self._app.notify("Nothing has happened yet.", severity="warning")
        else:
            self._app.push_screen(LogScreen(LiveArchive(self._app.orchestrator), self._app.stage.situation.focus))

    def _explain(self) -> None:
        if self._app.orchestrator is not None:
            self._app.push_screen(ExplainPanel(self._app.orchestrator, self._app.stage.situation.focus))

    def _show_inbox(self) -> None:
        if self._app.orchestrator is not None:
            inbox = InboxScreen(self._app.orchestrator, self._app.drafts, self._app.stage.situation.focus)
            self._app.push_screen(inbox, self._go_to)

    def _show_plan(self) -> None:
        if self._app.orchestrator is not None:
            self._app.push_screen(PlanScreen(self._app.orchestrator, self._app.stage.situation.focus), self._go_to)

    def _go_to(self, who: str | None) -> None:
        if who:
            self._app.stage.go_to(who)

    def _show_diff(self) -> None:
        if self._app.orchestrator is not None:
            side = changes.first_side(self._app.stage.session, self._app.stage.situation.focus)
            self._app.push_screen(DiffScreen(self._app.orchestrator, self._wishes.perform, self._remarks, side))

    # -- the palette

    def _show_palette(self) -> None:
        stage = self._app.stage
        offered = palette.offered(stage.keymap, stage.situation, self._app.visit.themes or colors.load())
        self._app.push_screen(Picker("What to do", offered), self._after_palette)

    async def _after_palette(self, answer: str | None) -> None:
        what, _, name = (answer or "").partition(" ")
        if f"{what} " == palette.ACT:
            await self._app.stage.do_named(name)
        elif f"{what} " == palette.ENTER:
            self._app.stage.action_enter(int(name))
        elif f"{what} " == palette.THEME:
            self._app.theme = name
        elif f"{what} " == palette.BACK:
            await self._app.press_key(name)

    def _choose_theme(self) -> None:
        """Show each theme while it is marked; what was chosen stays, and is remembered only on demand."""
        app = self._app
        before = app.theme
        options = palette.theme_options(app.visit.themes or colors.load(), before)

        def look(answer: str) -> None:
            app.theme = answer.removeprefix(palette.THEME)

        def decide(answer: str | None) -> None:
            name = (answer or "").removeprefix(KEEP).removeprefix(palette.THEME)
            app.theme = name or before
            if (answer or "").startswith(KEEP):
                self._keep_theme(name)

        others = [("ctrl+s", "choose, and keep it for later", KEEP)] if app.visit.config else []
        picker = Picker("Themes", options, marked=f"{palette.THEME}{before}", others=others, look=look)
        app.push_screen(picker, decide)

    def _keep_theme(self, name: str) -> None:
        config = self._app.visit.config
        if config is not None:
            try:
                settings.keep(config, "theme", name)
            except OrchestraError as error:
                self._app.warn(error)
            else:
                self._app.notify(f"{name} is in {config / settings.FILE} now.")

    # -- ends

    def _sum_up(self) -> None:
        app = self._app
        unbidden, self._attendant.unbidden = self._attendant.unbidden, False
        self._attendant.summary_seen = True
        orchestrator = app.orchestrator
        if orchestrator is not None and not app.leaving:
            panel = SummaryPanel(
                orchestrator.state,
                lambda: result_stat(orchestrator),
                self._wishes.merge,
                cancel=self._wishes.cancel_merge,
                how_far=lambda: captions.integration(orchestrator.state, time()),
                unbidden=unbidden,
            )
            app.push_screen(panel, self._after_summary)

    def _after_summary(self, answer: str | None) -> None:
        if answer == "quit":
            self._app.leave(Parting.ENDED)
        elif answer == "next":
            self.ask_goal()

    def _ask_leave(self) -> None:
        session = self._app.stage.session
        if session.over:
            self._app.leave(Parting.ENDED)
        elif not session.goal:
            self._app.leave(Parting.UNUSED)
        else:
            self._app.push_screen(LeavePanel(session, keeps=self._app.visit.keeps), self._after_leave)

    def _after_leave(self, answer: str | None) -> None:
        if answer == "pause":
            self._app.leave(Parting.PAUSED)
        elif answer == "leave":
            self._app.leave(Parting.LEFT)
        elif answer == "stop":
            self._attendant.told_of_end = True
            self._app.begin_task(self._wishes.stop(), "stop for good")
        else:
            self._app.elsewhere = None  # one stays

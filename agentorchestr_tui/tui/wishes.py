"""What a person wishes of the session from the stage: a goal, an end, another try; refusals are told."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import (
    CancelIntegration,
    CancelMerge,
    CancelVerify,
    Command,
    KillWorker,
    MarkGoalFailed,
    ResumeSession,
    SetGoal,
)
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import Cancelled, OrchestraError
from agentorchestr_tui.core.state import Worker
from agentorchestr_tui.core.words import NOTHING, Team
from agentorchestr_tui.orchestrator.merging import CANCELLED, called_off
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.taking import merge_result
from agentorchestr_tui.tui.house import Parting
from agentorchestr_tui.tui.retrying import again

if TYPE_CHECKING:
    from agentorchestr_tui.tui.app import OrchestraApp

INTEGRATION_CANCELLED = "The integration is cancelled: what was merged before stays, nothing is half merged."
BY_PERSON = "ended from the screen"


class Wishes:
    """The wishes of the person before one application."""

    def __init__(self, app: OrchestraApp) -> None:
        self._app = app

    async def perform(self, command: Command) -> str:
        """Wish something; returns why it was not granted, or nothing."""
        if self._app.orchestrator is None:
            return "The session is not open yet."
        try:
            granted = await self._app.orchestrator.perform(command)
        except Cancelled:
            return ""  # by this very person, who is told so there
        except OrchestraError as error:
            return str(error)
        return granted.reason if isinstance(granted, Refused) else ""

    async def begin(self, orchestrator: Orchestrator) -> None:
        """Begin, or go on, as the visit says. Raises: OrchestraError."""
        visit = self._app.visit
        command: Command | None = SetGoal(visit.goal, visit.team) if visit.goal is not None else None
        if visit.resume:
            command = ResumeSession(_alive(orchestrator))
        if command is not None:
            self._app.stage.note("Starting the lead…")
            granted = await orchestrator.perform(command)
            if isinstance(granted, Refused):
                raise OrchestraError(granted.reason)

    async def set_goal(self, text: str, team: Team | None) -> str:
        """Set the goal of the session, which may be being opened still; returns why not, or nothing."""
        try:
            orchestrator = await self._app.house.open()
        except OrchestraError:
            return ""  # the trouble panel says it
        setting = tasks.start(self.perform(SetGoal(text, team)), name="set the goal")
        told = tasks.start(orchestrator.until(lambda session: bool(session.goal)), name="until the goal is set")
        await asyncio.wait((setting, told), return_when=asyncio.FIRST_COMPLETED)
        if not orchestrator.state.goal:
            return await setting
        self._app.stage.note("Starting the lead…")
        setting.add_done_callback(lambda _: self._lead_began(setting.result()))
        return ""

    def _lead_began(self, trouble: str) -> None:
        if trouble:
            self._app.give_up(OrchestraError(trouble))

    async def set_next_goal(self, goal: str, team: Team | None) -> str:
        """Put this session away, and begin another one with the next goal."""
        self._app.next_goal = (goal, team)
        self._app.call_later(self._app.leave, Parting.NEXT)
        return ""

    async def end(self, worker_id: str) -> None:
        """End a worker without a question, since nothing is lost by it, and say how to take that back."""
        live = self._app.stage.session.workers[worker_id].live
        if refusal := await self.perform(KillWorker(worker_id, BY_PERSON, NOTHING)):
            self._app.notify(refusal, severity="warning")
        elif live:
            undo = self._app.stage.keymap.keys_of("retry")
            self._app.notify(f"{worker_id} is ended, its work is kept. {undo} gives its task to a new one.", timeout=8)

    async def cancel(self) -> None:
        """Cancel the verify that runs, else the merge, or else the integration; say so once no process is left."""
        session = self._app.stage.session
        if verify_id := session.verifying:
            refusal = await self.perform(CancelVerify())
            said = refusal or f"Verify {verify_id} is cancelled and its processes are ended. The lead is told."
        elif session.merging:
            refusal, said = "", await self.cancel_merge()
        else:
            refusal = await self.perform(CancelIntegration())
            said = refusal or f"{INTEGRATION_CANCELLED} The lead is told."
        self._app.notify(said, severity="warning" if refusal else "information")

    async def cancel_merge(self) -> str:
        """Have the merge into the person's branch ended; returns what became of it, once that is settled."""
        before = self._app.stage.session.merged
        return await self.perform(CancelMerge()) or called_off(self._app.stage.session, before)

    async def retry(self, worker: Worker) -> None:
        """Give a worker's task to a new one."""
        before = set(self._app.stage.session.workers)
        if refusal := await self.perform(again(worker)):
            self._app.notify(refusal, severity="warning")
        if new := set(self._app.stage.session.workers) - before:
            self._app.notify(f"{', '.join(sorted(new))} has the task of {worker.id} now.")

    async def stop(self) -> None:
        """Give the goal up, and leave."""
        if refusal := await self.perform(MarkGoalFailed("stopped from the screen")):
            self._app.notify(refusal, severity="warning")
        self._app.leave(Parting.ENDED)

    async def merge(self) -> str:
        """Take the result into the person's branch; returns how that went."""
        if self._app.orchestrator is None:
            return ""
        said = await merge_result(self._app.orchestrator)
        self._app.merged = "" if said == CANCELLED else said
        return said


def _alive(orchestrator: Orchestrator) -> tuple[str, ...]:
    return tuple(name for name, pane in orchestrator.ground.panes.panes.items() if pane.exit is None)

"""What each granted event does to the world, and which facts a command needs before it is decided."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import partial

from agentorchestr_tui import tasks
from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.errors import LaunchError, OrchestraError
from agentorchestr_tui.core.words import NOTHING, ON_SCREEN, NeedKind, Outcome, Source
from agentorchestr_tui.core.work import ready
from agentorchestr_tui.hooks import Moment
from agentorchestr_tui.orchestrator import conversing
from agentorchestr_tui.orchestrator.integrating import Integrator, integrate_all
from agentorchestr_tui.orchestrator.launching import LEAD, Launched, Launcher
from agentorchestr_tui.orchestrator.measuring import Measurer
from agentorchestr_tui.orchestrator.merging import Merger
from agentorchestr_tui.orchestrator.moments import Moments, worker_facts
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.project import chosen_commands, known_commands
from agentorchestr_tui.orchestrator.reviews import findings_of
from agentorchestr_tui.orchestrator.team import Team
from agentorchestr_tui.orchestrator.watching import Watcher
from agentorchestr_tui.orchestrator.work import evidence, keep_work, without
from agentorchestr_tui.panes.pane import Pane

HOOKS_RAN = "its hooks ran"

_log = logging.getLogger(__name__)


class SessionHands:
    """The hands of one session."""

    def __init__(self, launcher: Launcher) -> None:
        self.launcher = launcher
        self.conversations = conversing.Conversations()
        self.integrator = Integrator()
        self.merger = Merger()
        self.watcher = Watcher()
        self.team = Team()
        self.moments = Moments()
        self.measurer = Measurer()

    # -- facts before a decision --------------------------------------------------------------------------------------

    async def complete(self, orchestrator: Orchestrator, command: c.Command) -> c.Command:
        """Fill in what only the world knows."""
        match command:
            case c.SpawnWorker(nonce=""):
                fresh = orchestrator.ground.fresh_id
                return replace(command, nonce=fresh().replace("-", "")[:16], conversation=fresh())
            case c.ReportOutcome():
                await self.watcher.read_shell(command.worker_id)
                await self.measurer.turn_over(orchestrator, command.worker_id)
                seen = await evidence(orchestrator, command.worker_id)
                return replace(command, evidence=seen, findings=findings_of(orchestrator, command))
            case c.KillWorker():
                await self.watcher.read_shell(command.worker_id)
                return replace(command, evidence=await evidence(orchestrator, command.worker_id))
            case c.Verify(commands=()):
                await integrate_all(orchestrator)
                tree = None if chosen_commands(orchestrator) else await self.integrator.look(orchestrator)
                return replace(command, commands=await known_commands(orchestrator, tree))
            case c.MarkGoalDone():
                return await self._whole(orchestrator, command)
            case c.UndoIntegration(commit="") if command.worker_id in orchestrator.state.workers:
                await self.integrator.check_branch(orchestrator)
                return replace(command, commit=await without(orchestrator, command.worker_id))
            case c.MeasureWork():
                await self.measurer.look(orchestrator)
                return command
            case c.ResumeSession(returning=()):
                await conversing.ask(orchestrator, command.alive)
                await _measure_all(orchestrator)
                return replace(command, returning=conversing.returning(orchestrator))
            case _:
                return command

    async def _whole(self, orchestrator: Orchestrator, command: c.MarkGoalDone) -> c.Command:
        session = orchestrator.state
        await self.integrator.check_branch(orchestrator)
        ahead = [worker.id for worker in session.workers.values() if ready(session, worker)]
        behind = [worker_id for worker_id in ahead if not await self._is_integrated(orchestrator, worker_id)]
        whole = await orchestrator.ground.worktrees.between(session.base_commit, session.tip)
        return replace(command, ahead=tuple(behind), evidence=whole)

    async def _is_integrated(self, orchestrator: Orchestrator, worker_id: str) -> bool:
        found = await evidence(orchestrator, worker_id)
        worker = orchestrator.state.workers[worker_id]
        if found.uncommitted:
            return False
        if found.commits == 0 or found.commit == worker.integrated:
            return True
        return await orchestrator.ground.worktrees.contains(found.commit, orchestrator.state.tip)

    # -- effects ------------------------------------------------------------------------------------------------------

    async def act(self, orchestrator: Orchestrator, event: e.Event) -> None:
        """Carry out one event. Raises: OrchestraError when the lead cannot be started."""
        match event:
            case e.GoalSet():
                await self._begin(orchestrator)
            case e.StatusChanged():
                self._look_at_version(orchestrator, event.who)
                await self.conversations.look(orchestrator, event.who)
                await self.launcher.look_at_login(orchestrator, event)
            case e.SessionResumed():
                await self._resume(orchestrator, event)
            case e.WorkerSpawned():
                await self._start_worker(orchestrator, event.worker_id)
            case e.NeedAnswered():
                await self._answer(orchestrator, event)
            case e.LimitMet():
                await self.watcher.parking.met(orchestrator, event)
            case e.LimitLifted():
                await self.watcher.parking.lifted(orchestrator, event)
            case e.OutcomeReached(outcome=Outcome.KILLED):
                await self._end_worker(orchestrator, event.worker_id)
            case e.LeadSucceeded():
                await self._succeed(orchestrator)
            case e.LeadExited():
                await self._take_leave(orchestrator, LEAD)
            case e.WorkerExited():
                await self._take_leave(orchestrator, event.worker_id)
            case e.IntegrationStarted():
                await self.integrator.integrate(orchestrator, event)
            case e.BranchIntegrated():
                await self.integrator.move_branch(orchestrator, event)
            case e.IntegrationUndone():
                await self.integrator.move_back(orchestrator, event)
            case e.MergeStarted():
                await self.merger.merge(orchestrator)
            case e.MergeCancelled():
                await self.merger.cancel()
            case e.VerifyStarted():
                await self._verify(orchestrator, event)
            case e.VerifyCancelled():
                await self.integrator.cancel()
            case e.IntegrationCancelled():
                await self.integrator.cancel_integration(event.integration_id)
            case _:
                pass

    @staticmethod
    def _look_at_version(orchestrator: Orchestrator, who: str) -> None:
        """Ask which version of its agent it is, once it shows itself: for the day when its screen fits no rule."""
        if agent := orchestrator.ground.agents.get(orchestrator.state.agent_of(who)):
            tasks.start(orchestrator.ground.versions.of(agent), name=f"version for {who}")

    async def _take_leave(self, orchestrator: Orchestrator, who: str) -> None:
        session = orchestrator.state
        holder = session.lead if who == LEAD else session.workers[who]
        if holder is not None and holder.running:  # a resume told of the end after it had started it again
            return
        await conversing.listen_to_farewell(orchestrator, who)
        await self.launcher.forget(who)

    async def _begin(self, orchestrator: Orchestrator) -> None:
        hooks = self.moments.before(orchestrator, Moment.PRE_SESSION)
        try:
            why = await self.launcher.preludes.do(LEAD, HOOKS_RAN, hooks)
        except LaunchError:
            return  # the session closes; whoever resumes it has them run again
        if why:
            await orchestrator.perform(c.MarkGoalFailed(why))
        else:
            await self._start_lead(orchestrator)

    async def _verify(self, orchestrator: Orchestrator, event: e.VerifyStarted) -> None:
        facts = {"commit": event.commit, "commands": list(event.commands)}
        hooks = partial(self.moments.before, orchestrator, Moment.PRE_EVAL, **facts)
        await self.integrator.verify(orchestrator, event, hooks)

    async def _start_lead(self, orchestrator: Orchestrator, *, again: bool = False) -> None:
        session = orchestrator.state
        launched = await self.launcher.lead(orchestrator, again=again)
        pane = launched.pane
        note = c.NoteLeadStarted(
            session.lead_agent, pane.name, pane.pid, launched.conversation, resumed=launched.resumed
        )
        await orchestrator.perform(note)
        self._watch(orchestrator, LEAD, session.lead_agent, launched)
        self.launcher.prepare(orchestrator.state)

    async def _succeed(self, orchestrator: Orchestrator) -> None:
        """End the lead that hands over, if it runs still, and start a fresh one; without one the session pauses."""
        await self.watcher.drop(LEAD)
        pane = orchestrator.pane(LEAD)
        if pane is not None:
            await pane.end()
        try:
            await self._start_lead(orchestrator)
        except OrchestraError as error:
            await orchestrator.perform(c.PauseSession(f"no lead could take over: {error}"))

    async def _start_worker(self, orchestrator: Orchestrator, worker_id: str) -> None:
        worker = orchestrator.state.workers[worker_id]
        hooks = self.moments.before(orchestrator, Moment.PRE_TASK, **worker_facts(worker))
        try:
            if why := await self.launcher.preludes.do(worker_id, HOOKS_RAN, hooks):
                await orchestrator.perform(failed_to_start(worker_id, why))
                return
            launched = await self.launcher.worker(orchestrator, worker)
        except OrchestraError as error:
            await orchestrator.perform(failed_to_start(worker_id, str(error)))
            return
        pane, worktree = launched.pane, launched.worktree
        note = c.NoteWorkerStarted(
            worker_id=worker_id,
            pane=pane.name,
            pid=pane.pid,
            worktree=str(worktree.path),
            base=worktree.base,
            conversation=launched.conversation,
            resumed=launched.resumed,
        )
        await orchestrator.perform(note)
        self._watch(orchestrator, worker_id, worker.agent, launched)
        self.launcher.prepare(orchestrator.state)
        if not orchestrator.state.workers[worker_id].live:
            await pane.end()  # it was killed while it was being started

    def _watch(self, orchestrator: Orchestrator, who: str, agent: str, launched: Launched) -> None:
        self._measure(who, launched.pane)
        card, pane, first = orchestrator.ground.card(agent), launched.pane, launched.first
        if launched.started.reported:  # it told something while its start was waited for
            self.watcher.watch_again(orchestrator, who, card, pane, launched.started.reported, first)
        else:
            self.watcher.watch(orchestrator, who, card, pane, first)

    async def _resume(self, orchestrator: Orchestrator, event: e.SessionResumed) -> None:
        for who in event.alive:
            self._watch_again(orchestrator, who)
        await self.watcher.parking.again(orchestrator)
        lead = orchestrator.state.lead
        starts = [self._start_worker(orchestrator, worker_id) for worker_id in event.returning]
        if lead is None:
            starts.append(self._begin(orchestrator))
        elif not lead.running:
            starts.append(self._start_lead(orchestrator, again=True))
        await asyncio.gather(*starts)

    def _measure(self, who: str, pane: Pane) -> None:
        if who != LEAD:
            self.measurer.watch(who, pane)

    def _watch_again(self, orchestrator: Orchestrator, who: str) -> None:
        session, pane = orchestrator.state, orchestrator.pane(who)
        holder = session.lead if who == LEAD else session.workers.get(who)
        if pane is not None and holder is not None:
            self._measure(who, pane)
            self.watcher.watch_again(orchestrator, who, orchestrator.ground.card(holder.agent), pane, holder.seen)

    async def _answer(self, orchestrator: Orchestrator, event: e.NeedAnswered) -> None:
        need = orchestrator.state.needs.get(event.need_id)
        if need is None:
            return
        if need.kind in ON_SCREEN:
            await self.watcher.answer(need.who, event)
        elif need.kind is NeedKind.LIMITED:
            await self.watcher.parking.answered(orchestrator, need.id, event.choice)
        else:
            await orchestrator.perform(c.NoteNeedGone(need.id, event.choice or event.text))

    async def _end_worker(self, orchestrator: Orchestrator, worker_id: str) -> None:
        await self.launcher.preludes.give_up(worker_id)
        pane = orchestrator.pane(worker_id)
        if pane is not None:
            await pane.end()
        await keep_work(orchestrator, orchestrator.state.workers[worker_id], "killed")


async def _measure_all(orchestrator: Orchestrator) -> None:
    """Look at what everybody left in their worktrees before it is said of those who are gone."""
    for worker in orchestrator.state.live_workers:
        try:
            await orchestrator.perform(c.NoteWork(worker.id, await evidence(orchestrator, worker.id)))
        except OrchestraError as error:
            _log.info("measuring %s on resume: %s", worker.id, error)


def failed_to_start(worker_id: str, sentence: str) -> c.ReportOutcome:
    """Say that a worker never ran."""
    return c.ReportOutcome(worker_id, Outcome.FAILED, sentence, Source.EXIT, confirmed=True, evidence=NOTHING)

"""The moments of a session at which the user's hooks run, and what they are told."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.agents.environment import inherited
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.commands import NoteHook
from agentorchestr_tui.core.state import Session, Verification, Worker
from agentorchestr_tui.core.words import Outcome
from agentorchestr_tui.hooks import LIMIT, Moment, Ran, run_hook

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

Facts = dict[str, object]
_BAD = (Outcome.FAILED, Outcome.LOST)


class Moments:
    """Runs a session's hooks: those of a `pre_` moment before it, all others beside the session."""

    def __init__(self) -> None:
        self._running: dict[asyncio.Task[list[Ran]], Moment] = {}

    def attach(self, orchestrator: Orchestrator) -> None:
        """Listen from now on."""
        orchestrator.listen(lambda recorded, session: self._heard(orchestrator, recorded.event, session))

    async def before(self, orchestrator: Orchestrator, moment: Moment, **facts: object) -> str:
        """Run the hooks of a `pre_` moment; return why what follows must not be, or nothing."""
        return next((ran.sentence for ran in await self._run(orchestrator, moment, facts) if ran.code != 0), "")

    def begin(self, orchestrator: Orchestrator, moment: Moment, **facts: object) -> None:
        """Begin to run the hooks of another moment, beside all else; their failures are logged."""
        task = tasks.start(self._run(orchestrator, moment, facts), name=f"hooks {moment}")
        self._running[task] = moment
        task.add_done_callback(self._running.pop)

    def bound(self, orchestrator: Orchestrator) -> float:
        """Return the seconds after which no hook runs any more, whatever they do; 0 when none does."""
        hooks = [hook.moment for hook in orchestrator.ground.hooks]
        return LIMIT * max(map(hooks.count, self._running.values()), default=0)

    async def settle(self) -> None:
        """Return when no hook runs any more."""
        while self._running:
            await asyncio.wait(self._running)

    async def stop(self) -> None:
        """End the hooks that run, with all that they started."""
        await tasks.end(tuple(self._running))

    def _heard(self, orchestrator: Orchestrator, event: e.Event, session: Session) -> None:
        for moment, facts in _moments(event, session):
            self.begin(orchestrator, moment, **facts)

    async def _run(self, orchestrator: Orchestrator, moment: Moment, facts: Facts) -> list[Ran]:
        """Run one after the other, the user's first, each told the session as it stands."""
        ran: list[Ran] = []
        ground = orchestrator.ground
        for hook in ground.hooks:
            if hook.moment is moment:
                context = {"moment": moment, **_session(orchestrator.state), **facts}
                folder = Path(orchestrator.state.project)
                ran.append(await run_hook(hook, context, folder, inherited(ground.environment)))
                await orchestrator.perform(_note(ran[-1]))
                if ran[-1].code != 0 and moment.startswith("pre_"):
                    break
        return ran


def worker_facts(worker: Worker) -> Facts:
    """Return what a hook is told of a worker."""
    return {
        "worker": {
            "id": worker.id,
            "perspective": worker.perspective,
            "agent": worker.agent,
            "task": worker.task,
            "branch": worker.branch,
            "worktree": worker.worktree,
            "outcome": worker.outcome,
            "summary": worker.summary,
            "evidence": asdict(worker.evidence),
        }
    }


def _moments(event: e.Event, session: Session) -> list[tuple[Moment, Facts]]:
    """Say which moments an event is."""
    match event:
        case e.OutcomeReached():
            facts = worker_facts(session.workers[event.worker_id])
            failed = [(Moment.ON_FAILURE, {"reason": event.summary, **facts})] if event.outcome in _BAD else []
            return [(Moment.POST_TASK, facts), *failed]
        case e.VerifyFinished():
            return [(Moment.POST_EVAL, _check(session.verifications[-1]))]
        case e.GoalFailed():
            return [(Moment.ON_FAILURE, {"reason": event.reason})]
        case e.SessionPaused():
            return [(Moment.ON_PAUSE, {"reason": event.reason})]
        case e.SessionResumed():
            return [(Moment.ON_RESUME, {"alive": list(event.alive)})]
        case _:
            return []


def _session(session: Session) -> Facts:
    return {
        "session": session.id,
        "project": session.project,
        "goal": session.goal,
        "phase": session.phase,
        "base_commit": session.base_commit,
        "integration": session.integration,
        "summary": session.why,
    }


def _check(check: Verification) -> Facts:
    commands = [{"command": run.command, "exit_code": run.exit_code} for run in check.commands]
    return {"passed": check.passed, "commit": check.commit, "commands": commands, "note": check.note}


def _note(ran: Ran) -> NoteHook:
    hook = ran.hook
    return NoteHook(hook.moment, hook.scope, hook.command, ran.code, round(ran.seconds, 3), ran.output)

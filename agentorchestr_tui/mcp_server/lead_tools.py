"""The lead's tools: each is one command, or one look; docstrings are what the model reads."""

from __future__ import annotations

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from agentorchestr_tui.core.commands import (
    AnswerNeed,
    Integrate,
    KillWorker,
    MarkGoalDone,
    MarkGoalFailed,
    ReportProgress,
    SendToWorker,
    SpawnWorker,
    Verify,
)
from agentorchestr_tui.core.decide import Refused, twin
from agentorchestr_tui.core.events import MessageQueued, WorkerSpawned
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import NOTHING, NeedKind, Outcome, Receipt
from agentorchestr_tui.mcp_server import shapes
from agentorchestr_tui.mcp_server.waiting import LONGEST, patiently
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

OUTPUT_CHARACTERS = 8_000  # about 2,000 tokens
DELIVERED_WITHIN = 20.0  # seconds until a message that still waits is told as queued


class LeadTools:
    """The tools that a lead's token opens."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator

    async def spawn_worker(
        self,
        task: str,
        perspective: str = "implementer",
        file_scope: list[str] | None = None,
        pass_criteria: str = "",
        extra_context: str = "",
        agent_hint: str | None = None,
    ) -> shapes.SpawnedShape:
        """Start a worker on a task, in its own git worktree and branch. It sees only what you write here: say what to
        do, where, and how one sees that it is done. perspective: see list_perspectives. file_scope: the files it may
        change. agent_hint: the agent CLI to use. Next: wait_for_worker with the worker_id.
        """
        wish = SpawnWorker(task, perspective, tuple(file_scope or ()), pass_criteria, extra_context, agent_hint or None)
        granted = await self._orchestrator.perform(wish)
        if isinstance(granted, Refused):
            raise ToolError(granted.reason)
        new = [each.event.worker_id for each in granted if isinstance(each.event, WorkerSpawned)]
        asked_before = twin(self._session, wish)
        worker_id = new[0] if new else asked_before.id if asked_before else ""
        if not worker_id:
            raise ToolError("The same worker ended just now; look at list_workers, and spawn it again if need be.")
        await self._orchestrator.until(lambda session: _launched(session.workers[worker_id]), LONGEST)
        started = self._session.workers[worker_id]
        if not started.pane:
            raise ToolError(f"{started.id} could not be started: {started.summary}")
        return shapes.spawned(started)

    async def wait_for_worker(self, worker_id: str, timeout_s: float = 300, *, context: Context) -> shapes.WaitedShape:
        """Wait until a worker has ended its task, and return how: state done, blocked, failed, killed or lost, with a
        summary and the evidence in its worktree. state "running" means that the time was up: call again at once. Do
        not poll in another way and do not sleep.
        """
        self._worker(worker_id)
        over = self._orchestrator.until(lambda session: not session.workers[worker_id].live)
        await patiently(over, timeout_s, context, f"{worker_id} is at work")
        return shapes.waited(self._worker(worker_id), self._cursor(worker_id))

    async def wait_for_any(
        self, worker_ids: list[str] | None = None, timeout_s: float = 300, *, context: Context
    ) -> shapes.WaitedShape:
        """Wait until the first of these workers (none named: of all that are at work) has ended its task. Returns that
        one, as wait_for_worker does; state "running" means: call again.
        """
        ids = worker_ids or [worker.id for worker in self._session.live_workers]
        if not ids:
            raise ToolError("No worker is at work. Spawn one, or go on to integrate and verify.")
        for worker_id in ids:
            self._worker(worker_id)
        over = self._orchestrator.until(lambda session: any(not session.workers[each].live for each in ids))
        await patiently(over, timeout_s, context, "workers are at work")
        first = next((each for each in ids if not self._worker(each).live), ids[0])
        return shapes.waited(self._worker(first), self._cursor(first))

    async def read_worker_output(self, worker_id: str, tail_lines: int = 80) -> shapes.OutputShape:
        """Read the last lines of a worker's terminal as clean text, 2,000 tokens at most. Its summary and evidence come
        with wait_for_worker; read the terminal only when you need to know why.
        """
        self._worker(worker_id)
        pane = self._orchestrator.pane(worker_id)
        if pane is None:
            raise ToolError(f"{worker_id} has no terminal (any more); wait_for_worker has its summary.")
        lines = [line.text for line in pane.emulator.transcript()][-max(1, tail_lines) :]
        text = "\n".join(lines).strip("\n")
        return shapes.OutputShape(worker_id=worker_id, output=text[-OUTPUT_CHARACTERS:], cursor=self._cursor(worker_id))

    async def send_to_worker(self, worker_id: str, message: str) -> shapes.SentShape:
        """Send a message into a worker's conversation, for instance what to mend. After it, wait_for_worker waits for
        the worker's new answer. receipt: accepted, queued, or refused with the reason.
        """
        self._worker(worker_id)
        granted = await self._orchestrator.perform(SendToWorker(worker_id, message))
        if isinstance(granted, Refused):
            return shapes.SentShape(worker_id=worker_id, sent=False, receipt=Receipt.REFUSED, reason=granted.reason)
        taken = next(each.event.message_id for each in granted if isinstance(each.event, MessageQueued))
        await self._orchestrator.until(lambda now: now.messages[taken].receipt is not Receipt.QUEUED, DELIVERED_WITHIN)
        sent = self._session.messages[taken]
        went = sent.receipt is not Receipt.REFUSED
        return shapes.SentShape(worker_id=worker_id, sent=went, receipt=sent.receipt, reason=sent.reason)

    async def answer_worker(self, worker_id: str, choice: str) -> shapes.AnsweredShape:
        """Answer the permission prompt that a worker waits at: choice is once, always or deny, as far as the prompt
        offers it. Deny what the task does not need.
        """
        self._worker(worker_id)
        open_needs = [need for need in self._session.needs_of(worker_id) if need.kind is NeedKind.PERMISSION]
        if not open_needs:
            raise ToolError(f"{worker_id} waits at no permission prompt.")
        need_id = open_needs[0].id
        _accept(await self._orchestrator.perform(AnswerNeed(need_id, choice, by="lead")))
        await self._orchestrator.until(lambda now: need_id not in now.needs or not now.needs[need_id].answer, LONGEST)
        gone = need_id not in self._session.needs
        reason = "" if gone else "The prompt is still there; look at read_worker_output."
        return shapes.AnsweredShape(worker_id=worker_id, answered=gone, choice=choice, reason=reason)

    async def list_workers(self) -> list[shapes.WorkerShape]:
        """List all workers of this session with state and status. To wait for one, call wait_for_worker instead."""
        return [shapes.row(worker) for worker in self._session.workers.values()]

    async def kill_worker(self, worker_id: str) -> shapes.KilledShape:
        """End a worker now. Its work so far is kept on its branch, but never integrated by itself."""
        self._worker(worker_id)
        _accept(await self._orchestrator.perform(KillWorker(worker_id, "ended by the lead", NOTHING)))
        return shapes.KilledShape(worker_id=worker_id, killed=True)

    async def worker_diff(self, worker_id: str, stat_only: bool = True) -> shapes.DiffShape:
        """Show what a worker changed against the commit it began at: a list of files with counts, or the whole diff."""
        worker = self._worker(worker_id)
        if not worker.worktree:
            raise ToolError(f"{worker_id} has no worktree yet.")
        return shapes.DiffShape(worker_id=worker_id, diff=await self._orchestrator.diff(worker, stat_only=stat_only))

    async def integrate(self, worker_ids: list[str] | None = None) -> shapes.IntegratedShape:
        """Merge the branches of finished workers (none named: of all that are done) into the integration branch.
        Nothing is ever half-merged: a branch that conflicts is left out, and its files come back under conflicts; send
        them to a worker to mend. Next: verify.
        """
        _accept(await self._orchestrator.perform(Integrate(tuple(worker_ids or ()))))
        session = self._session
        clashes = [(worker.id, each) for worker in session.workers.values() for each in worker.conflicts]
        return shapes.integrated(session, clashes)

    async def verify(
        self,
        file_scope: list[str] | None = None,
        success_criteria: str = "all tests pass, no lint errors",
        agent_hint: str | None = None,
        *,
        context: Context,
    ) -> shapes.VerifiedShape:
        """Merge what is finished, then run the project's own commands on the integrated tree, afresh each time. passed
        is true only when all of them exit with 0 and nothing conflicts. state "running" means: call again.
        """
        seen = len(self._session.verifications)
        if self._session.verifying:
            finished = self._orchestrator.until(lambda session: len(session.verifications) > seen)
            await patiently(finished, LONGEST, context, "the checks run")
        else:
            granted = await patiently(self._orchestrator.perform(Verify()), LONGEST, context, "the checks run")
            if granted is not None:
                _accept(granted)
        checks = self._session.verifications
        return shapes.verified(checks[-1]) if len(checks) > seen else shapes.verifying(self._session.tip)

    async def report_progress(self, message: str) -> shapes.AcknowledgedShape:
        """Tell the person who watches, in one sentence, how far it is."""
        _accept(await self._orchestrator.perform(ReportProgress(message)))
        return self._acknowledged()

    async def mark_goal_done(self, summary: str) -> shapes.AcknowledgedShape:
        """Finish the session: the goal is reached. Refused while a worker is at work, while finished work is not
        integrated, or while no verify has passed on the present integrated tree.
        """
        _accept(await self._orchestrator.perform(MarkGoalDone(summary)))
        return self._acknowledged()

    async def mark_goal_failed(self, reason: str) -> shapes.AcknowledgedShape:
        """Give the goal up, honestly, with the reason. All work is kept on its branches."""
        _accept(await self._orchestrator.perform(MarkGoalFailed(reason)))
        return self._acknowledged()

    async def list_perspectives(self) -> list[shapes.PerspectiveShape]:
        """List the roles that a worker can be given. What a read-only role changes is never integrated."""
        return [
            shapes.PerspectiveShape(name=each.name, summary=each.summary, read_only=each.read_only)
            for each in self._session.perspectives
        ]

    @property
    def _session(self) -> Session:
        return self._orchestrator.state

    def _worker(self, worker_id: str) -> Worker:
        worker = self._session.workers.get(worker_id)
        if worker is None:
            known = ", ".join(self._session.workers) or "none yet"
            raise ToolError(f"There is no worker {worker_id!r}. There are: {known}.")
        return worker

    def _cursor(self, worker_id: str) -> int:
        pane = self._orchestrator.pane(worker_id)
        lines = pane.emulator.transcript() if pane else []
        return lines[-1].number + 1 if lines else 0

    def _acknowledged(self) -> shapes.AcknowledgedShape:
        return shapes.AcknowledgedShape(acknowledged=True, state=self._session.phase)


def _launched(worker: Worker) -> bool:
    return bool(worker.pane) or worker.outcome in (Outcome.FAILED, Outcome.KILLED, Outcome.LOST)


def _accept(granted: object) -> None:
    if isinstance(granted, Refused):
        raise ToolError(granted.reason)

"""The lead's tools for workers and the tree: each is one command, or one look; docstrings are what the model reads."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from agentorchestr_tui import tasks
from agentorchestr_tui.core.commands import (
    AnswerNeed,
    AnswerQuestion,
    Integrate,
    KillWorker,
    MarkGoalDone,
    MarkGoalFailed,
    MeasureWork,
    ReportProgress,
    SendToWorker,
    SpawnWorker,
    Verify,
)
from agentorchestr_tui.core.decide import Refused, twin
from agentorchestr_tui.core.events import MessageQueued, WorkerSpawned
from agentorchestr_tui.core.phrases import integrating, verifying
from agentorchestr_tui.core.state import Worker
from agentorchestr_tui.core.words import NOTHING, NeedKind, Outcome, Receipt, shortened
from agentorchestr_tui.mcp_server import bounds, shapes, tree_shapes
from agentorchestr_tui.mcp_server.desk import Desk
from agentorchestr_tui.mcp_server.waiting import LONGEST, patiently
from agentorchestr_tui.orchestrator.integrating import VERIFY
from agentorchestr_tui.orchestrator.orchestrator import Granted
from agentorchestr_tui.panes.pane import Pane

DELIVERED_WITHIN = 20.0  # seconds until a message that still waits is told as queued
CANCELLED = (
    "The person cancelled this verify before its end: it neither passed nor failed, and proves nothing. "
    "Go on with what else there is to do; call verify again when its word is needed."
)


class LeadTools:
    """The tools that a lead's token opens."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._orchestrator = desk.orchestrator
        self._merging: asyncio.Task[Granted] | None = None  # the integration whose end the lead was not told yet
        self._awaited = ""  # the verify whose end the lead was not told yet

    async def spawn_worker(
        self,
        task: str,
        perspective: str = "implementer",
        file_scope: list[str] | None = None,
        pass_criteria: str = "",
        extra_context: str = "",
        agent_hint: str | None = None,
        resolves: list[str] | None = None,
    ) -> shapes.SpawnedShape:
        """Start a worker on a task, in its own git worktree and branch. It sees only what you write here: say what to
        do, where, and how one sees that it is done. perspective: see list_perspectives. file_scope: the files it may
        change. agent_hint: the agent CLI to use. resolves: workers whose conflict it is to settle; its worktree then
        holds both sides. Next: wait_for_worker with the worker_id.
        """
        wish = SpawnWorker(
            task, perspective, tuple(file_scope or ()), pass_criteria, extra_context, agent_hint or None,
            resolves=tuple(resolves or ()),
        )  # fmt: skip
        granted = await self._desk.perform(wish)
        new = [each.event.worker_id for each in granted if isinstance(each.event, WorkerSpawned)]
        asked_before = twin(self._desk.session, wish)
        worker_id = new[0] if new else asked_before.id if asked_before else ""
        if not worker_id:
            raise ToolError("The same worker ended just now; look at list_workers, and spawn it again if need be.")
        await self._orchestrator.until(lambda session: _launched(session.workers[worker_id]), LONGEST)
        started = self._desk.worker(worker_id)
        if not started.pane:
            raise ToolError(f"{started.id} could not be started: {started.summary}")
        return shapes.spawned(started)

    async def wait_for_worker(self, worker_id: str, timeout_s: float = 300, *, context: Context) -> shapes.WaitedShape:
        """Wait until a worker has ended its task, and return how: state done, blocked, failed, killed or lost, with a
        summary and the evidence in its worktree (ran: the last shell lines that its screen showed). state "running":
        the time was up, or there is `news` for you (a question, a conflict); see to it and call again. Do not poll in
        another way and do not sleep.
        """
        self._desk.worker(worker_id)
        news = await self._desk.until(
            lambda session: not session.workers[worker_id].live,
            timeout_s,
            context,
            lambda: f"{worker_id} is {self._desk.session.workers[worker_id].status}",
        )
        return self._waited(worker_id, news)

    async def wait_for_any(
        self, worker_ids: list[str] | None = None, timeout_s: float = 300, *, context: Context
    ) -> shapes.WaitedShape:
        """Wait until the first of these workers (none named: of all whose end you were not told yet) has ended its
        task. Returns that one, as wait_for_worker does; state "running" means: read `news` if there is any, and call
        again.
        """
        ids = worker_ids or self._desk.untold()
        if not ids:
            raise ToolError("No worker is at work, and you know how all ended. Spawn one, or integrate and verify.")
        for worker_id in ids:
            self._desk.worker(worker_id)
        news = await self._desk.until(
            lambda session: any(not session.workers[each].live for each in ids),
            timeout_s,
            context,
            lambda: f"{len(self._desk.session.live_workers)} at work",
        )
        first = next((each for each in ids if not self._desk.worker(each).live), ids[0])
        return self._waited(first, news)

    async def read_worker_output(
        self, worker_id: str, tail_lines: int = 80, since: int | None = None
    ) -> shapes.OutputShape:
        """Read the last lines of a worker's terminal as clean text, 2,000 tokens at most; with `since` what stands from
        that line on (the cursor of an earlier read: only what is new). Its summary and evidence come with
        wait_for_worker; read the terminal only when you need to know why. A verify names its own as `more`.
        """
        if worker_id.startswith(VERIFY) and (check := self._orchestrator.check_pane(worker_id)):
            return self._read(worker_id, check, since, tail_lines)
        worker = self._desk.worker(worker_id)
        pane = self._orchestrator.pane(worker_id)
        if worker.compacted and since is None:
            return shapes.gist(worker, self._cursor(worker_id))
        if pane is None:
            raise ToolError(f"{worker_id} has no terminal (any more); wait_for_worker has its summary.")
        return self._read(worker_id, pane, since, tail_lines, worker.cleared)

    def _read(self, name: str, pane: Pane, since: int | None, tail_lines: int, first: int = 0) -> shapes.OutputShape:
        start, cursor = max(first, since or 0), pane.emulator.settled
        if since is None:
            told = pane.emulator.transcript(limit=max(1, min(tail_lines, bounds.MOST)))
            text = bounds.tail("\n".join(line.text for line in told if line.number >= start).strip("\n"))
        else:
            told = pane.emulator.transcript(start=start, limit=bounds.MOST)
            told = told[: max(1, bounds.fitting((bounds.weight(line.text) + 2 for line in told), bounds.MOST))]
            text = bounds.head("\n".join(line.text for line in told).strip("\n"), bounds.MOST)
            cursor = min(cursor, told[-1].number + 1) if told else cursor
        shape = shapes.OutputShape(worker_id=name, output=text, cursor=cursor)
        if hint := self._desk.unchanged(f"output of {name}", text, "wait_for_worker"):
            shape["hint"] = hint
        return shape

    async def send_to_worker(self, worker_id: str, message: str) -> shapes.SentShape:
        """Send a message into a worker's conversation, for instance what to mend, or the answer to its question. After
        it, wait_for_worker waits for the worker's new answer. receipt: accepted, or queued or refused with the reason.
        """
        self._desk.worker(worker_id)
        asked = next((each for each in self._desk.session.questions.values() if each.worker_id == worker_id), None)
        if asked is not None:
            await self._desk.perform(AnswerQuestion(asked.id, message))
            return shapes.sent(worker_id, Receipt.ACCEPTED, f"It answers the question: {shortened(asked.text, 200)}")
        granted = await self._orchestrator.perform(SendToWorker(worker_id, message))
        if isinstance(granted, Refused):
            return shapes.sent(worker_id, Receipt.REFUSED, granted.reason)
        taken = next(each.event.message_id for each in granted if isinstance(each.event, MessageQueued))
        await self._orchestrator.until(lambda now: now.messages[taken].receipt is not Receipt.QUEUED, DELIVERED_WITHIN)
        message_now = self._desk.session.messages[taken]
        reason = message_now.reason or self._orchestrator.why_waits(message_now)
        return shapes.sent(worker_id, message_now.receipt, reason)

    async def answer_worker(self, worker_id: str, choice: str) -> shapes.AnsweredShape:
        """Answer the permission prompt that a worker waits at: choice is once, always or deny, as far as the prompt
        offers it. Deny what the task does not need.
        """
        self._desk.worker(worker_id)
        open_needs = [need for need in self._desk.session.needs_of(worker_id) if need.kind is NeedKind.PERMISSION]
        if not open_needs:
            raise ToolError(f"{worker_id} waits at no permission prompt (any more): go on with wait_for_worker.")
        need_id = open_needs[0].id
        await self._desk.perform(AnswerNeed(need_id, choice, by="lead"))
        await self._orchestrator.until(lambda now: need_id not in now.needs or not now.needs[need_id].answer, LONGEST)
        gone = need_id not in self._desk.session.needs
        reason = "" if gone else "The prompt is still there; look at read_worker_output."
        return shapes.AnsweredShape(worker_id=worker_id, answered=gone, choice=choice, reason=reason)

    async def list_workers(self, cursor: str | None = None) -> list[shapes.WorkerShape]:
        """List the workers of this session with state and status; where not all are shown, the first row's hint names
        the cursor for the rest. To wait for one, call wait_for_worker instead.
        """
        if cursor is not None:
            self._desk.worker(cursor)
            return shapes.roster(self._desk.session, cursor)
        rows = shapes.roster(self._desk.session)
        if rows and (hint := self._desk.unchanged("workers", rows, "wait_for_any")):
            rows[0]["hint"] = " ".join(filter(None, (hint, rows[0].get("hint", ""))))
        return rows

    async def kill_worker(self, worker_id: str) -> shapes.KilledShape:
        """End a worker now. Its work so far is kept on its branch, but never integrated by itself."""
        self._desk.worker(worker_id)
        await self._desk.perform(KillWorker(worker_id, "ended by the lead", NOTHING))
        self._desk.told(self._desk.worker(worker_id))
        return shapes.KilledShape(worker_id=worker_id, killed=True)

    async def worker_diff(self, worker_id: str, stat_only: bool = True, since: int = 0) -> shapes.DiffShape:
        """Show what a worker changed against the commit it began at: a list of files with counts, or with
        stat_only=false the diff itself, 2,000 tokens at a time. cursor above 0: there is more, call again with since.
        """
        worker = self._desk.worker(worker_id)
        if not worker.worktree:
            raise ToolError(f"{worker_id} has no worktree yet: wait_for_worker first.")
        text = await self._orchestrator.diff(worker, stat_only=stat_only)
        part, cursor = bounds.page(text, max(0, since))
        return shapes.DiffShape(worker_id=worker_id, diff=part, cursor=cursor)

    async def check_overlap(self) -> list[tree_shapes.OverlapShape]:
        """Show files and line ranges that two live workers both change, as they stand: what would conflict. Empty: none
        do. Tell one of the two with send_to_worker to leave those lines to the other.
        """
        await self._desk.perform(MeasureWork())
        return tree_shapes.overlaps(self._desk.session.overlaps)

    async def integrate(self, worker_ids: list[str] | None = None, *, context: Context) -> tree_shapes.IntegratedShape:
        """Merge the branches of finished workers (none named: of all that are done) into the integration branch.
        Nothing is ever half-merged: a branch that conflicts is left out, and its files come back under conflicts: have
        them settled by spawn_worker with resolves=[that worker], then integrate again. state "running" means: call
        again. Next: verify.
        """
        merged = await patiently(self._merge(worker_ids or ()), LONGEST, context, self._merging_now)
        session = self._desk.session
        clashes = [(worker.id, each) for worker in session.workers.values() for each in worker.conflicts]
        return tree_shapes.integrated(session, clashes, running=merged is None)

    async def _merge(self, worker_ids: Iterable[str]) -> bool:
        """Wait for the integration asked for before, if its end was not told, and for this one. Raises: ToolError."""
        if self._merging is not None:
            await self._merged(self._merging)
        self._merging = tasks.start(self._desk.perform(Integrate(tuple(worker_ids))), name="integrate for the lead")
        return await self._merged(self._merging)

    async def _merged(self, merging: asyncio.Task[Granted]) -> bool:
        try:
            await asyncio.shield(merging)
        finally:
            if merging.done():
                self._merging = None
        return True

    def _merging_now(self) -> str:
        return integrating(self._desk.session) or "the branches are merged"

    async def verify(
        self,
        file_scope: list[str] | None = None,
        success_criteria: str = "all tests pass, no lint errors",
        agent_hint: str | None = None,
        *,
        context: Context,
    ) -> tree_shapes.VerifiedShape:
        """Merge what is finished, then run the project's own commands on the integrated tree, afresh each time. passed
        is true only when all of them exit with 0 and nothing conflicts. state "running" means: call again. Want more
        than the commands? Name an agent_hint: once they pass, a verifier worker on that agent looks at the tree by
        success_criteria and file_scope; wait_for_worker with the verifier_id.
        """
        self._hear_cancelled()
        seen = len(self._desk.session.verifications)
        self._awaited = self._desk.session.verifying
        if self._awaited:
            finished = self._orchestrator.until(lambda session: session.verifying != self._awaited)
            await patiently(finished, LONGEST, context, self._checking_now)
        else:
            granted = await patiently(self._orchestrator.perform(Verify()), LONGEST, context, self._checking_now)
            if isinstance(granted, Refused):
                raise ToolError(granted.reason)
            self._awaited = self._desk.session.verifying if granted is None else f"v{self._desk.session.verify_runs}"
        self._hear_cancelled()
        checks = self._desk.session.verifications
        if len(checks) == seen:
            return tree_shapes.verifying(self._desk.session.tip)
        shape = tree_shapes.verified(checks[-1])
        if agent_hint and shape["passed"]:
            task = f"Verify this tree. It is right when this holds: {success_criteria}"
            verifier = await self.spawn_worker(task, "verifier", file_scope, success_criteria, "", agent_hint)
            shape["verifier_id"] = verifier["worker_id"]
        return shape

    def _checking_now(self) -> str:
        session = self._desk.session
        return verifying(session) or integrating(session) or "the checks run"

    def _hear_cancelled(self) -> None:
        """Tell once that the verify that was waited for was cancelled. Raises: ToolError."""
        awaited, session = self._awaited, self._desk.session
        if awaited in session.verifies_cancelled:
            self._awaited = ""
            raise ToolError(CANCELLED)

    async def report_progress(self, message: str) -> shapes.AcknowledgedShape:
        """Tell the person who watches, in one sentence, how far it is."""
        await self._desk.perform(ReportProgress(message))
        return self._acknowledged()

    async def mark_goal_done(self, summary: str) -> shapes.AcknowledgedShape:
        """Finish the session: the goal is reached. Refused while a worker is at work, while tasks of the plan are open,
        while finished work is not integrated, or while no verify has passed on the present integrated tree.
        """
        await self._desk.perform(MarkGoalDone(summary))
        return self._acknowledged()

    async def mark_goal_failed(self, reason: str) -> shapes.AcknowledgedShape:
        """Give the goal up, honestly, with the reason. All work is kept on its branches."""
        await self._desk.perform(MarkGoalFailed(reason))
        return self._acknowledged()

    async def list_perspectives(self) -> list[shapes.PerspectiveShape]:
        """List the roles that a worker can be given. What a read-only role changes is never integrated."""
        return [
            shapes.PerspectiveShape(name=each.name, summary=each.summary, read_only=each.read_only)
            for each in self._desk.session.perspectives
        ]

    def _waited(self, worker_id: str, news: list[str]) -> shapes.WaitedShape:
        worker = self._desk.worker(worker_id)
        self._desk.told(worker)
        return shapes.waited(worker, self._cursor(worker_id), news)

    def _cursor(self, worker_id: str) -> int:
        pane = self._orchestrator.pane(worker_id)
        return pane.emulator.settled if pane else 0

    def _acknowledged(self) -> shapes.AcknowledgedShape:
        return shapes.AcknowledgedShape(acknowledged=True, state=self._desk.session.phase)


def _launched(worker: Worker) -> bool:
    return bool(worker.pane) or worker.outcome in (Outcome.FAILED, Outcome.KILLED, Outcome.LOST)

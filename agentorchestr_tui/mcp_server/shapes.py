"""What the tools return: structured results with the original's keys, and ours beside them."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict  # pydantic wants this one below Python 3.12

from agentorchestr_tui.core.state import Session, Verification, Worker
from agentorchestr_tui.core.words import CommandRun, Conflict, Evidence


class EvidenceShape(TypedDict):
    """What stands in a worker's worktree beside its base."""

    commits: int
    files: list[str]
    insertions: int
    deletions: int
    uncommitted: int


class SpawnedShape(TypedDict):
    """A worker that runs."""

    worker_id: str
    perspective: str
    agent: str
    worktree: str
    branch: str
    pane: str


class WaitedShape(TypedDict):
    """How a worker's turn ended; state `running` means: call again."""

    worker_id: str
    state: str
    summary: str
    confirmed: bool
    evidence: EvidenceShape
    cursor: int
    status: str
    hint: NotRequired[str]


class OutputShape(TypedDict):
    """Clean text from a worker's terminal; `cursor` is the number of the next line."""

    worker_id: str
    output: str
    cursor: int


class SentShape(TypedDict):
    """A receipt."""

    worker_id: str
    sent: bool
    receipt: str
    reason: str


class AnsweredShape(TypedDict):
    """How answering a prompt went: `answered` once the prompt was seen to be gone."""

    worker_id: str
    answered: bool
    choice: str
    reason: str


class WorkerShape(TypedDict):
    """One line of the roster."""

    worker_id: str
    perspective: str
    agent: str
    state: str
    status: str
    summary: str
    task: str


class KilledShape(TypedDict):
    """A worker that was ended."""

    worker_id: str
    killed: bool


class DiffShape(TypedDict):
    """A worker's changes against the commit it began at."""

    worker_id: str
    diff: str


class ConflictShape(TypedDict):
    """One file that does not merge."""

    worker_id: str
    path: str
    text: str


class IntegratedShape(TypedDict):
    """What is in the integration branch now, and what did not merge."""

    integrated: list[str]
    conflicts: list[ConflictShape]
    commit: str
    branch: str


class CommandShape(TypedDict):
    """One verify command as it ran."""

    command: str
    exit_code: int
    seconds: float
    output: str


class VerifiedShape(TypedDict):
    """What the project's commands said of the integrated tree; state `running` means: call verify again."""

    state: str
    passed: bool
    commands: list[CommandShape]
    verifier_id: str | None
    commit: str
    note: str


class AcknowledgedShape(TypedDict):
    """The session took note."""

    acknowledged: bool
    state: str


class PerspectiveShape(TypedDict):
    """A role that a worker can be given."""

    name: str
    summary: str
    read_only: bool


def evidence(of: Evidence) -> EvidenceShape:
    """Show evidence."""
    return EvidenceShape(
        commits=of.commits,
        files=list(of.files),
        insertions=of.insertions,
        deletions=of.deletions,
        uncommitted=of.uncommitted,
    )


def spawned(worker: Worker) -> SpawnedShape:
    """Show a worker that has just started."""
    return SpawnedShape(
        worker_id=worker.id,
        perspective=worker.perspective,
        agent=worker.agent,
        worktree=worker.worktree,
        branch=worker.branch,
        pane=worker.pane,
    )


def waited(worker: Worker, cursor: int) -> WaitedShape:
    """Show where a worker's turn stands."""
    shape = WaitedShape(
        worker_id=worker.id,
        state=state(worker),
        summary=worker.summary,
        confirmed=worker.confirmed,
        evidence=evidence(worker.evidence),
        cursor=cursor,
        status=worker.status,
    )
    if worker.live:
        shape["hint"] = "It is still at work. Call wait_for_worker again; nothing else is needed."
    elif worker.outcome == "done" and worker.evidence.empty and worker.perspective == "implementer":
        shape["hint"] = "It says done, but changed nothing. Read its output before you rely on it."
    return shape


def row(worker: Worker) -> WorkerShape:
    """Show a worker in the roster."""
    return WorkerShape(
        worker_id=worker.id,
        perspective=worker.perspective,
        agent=worker.agent,
        state=state(worker),
        status=worker.status,
        summary=worker.summary,
        task=worker.task,
    )


def state(worker: Worker) -> str:
    """Name a worker's outcome, or `running`."""
    return worker.outcome or "running"


def integrated(session: Session, clashes: list[tuple[str, Conflict]]) -> IntegratedShape:
    """Show the integration branch."""
    return IntegratedShape(
        integrated=[worker.id for worker in session.workers.values() if worker.integrated],
        conflicts=[ConflictShape(worker_id=who, path=each.path, text=each.text) for who, each in clashes],
        commit=session.tip,
        branch=f"agentorchestr/{session.id}/integration" if session.integration else "",
    )


def verified(check: Verification) -> VerifiedShape:
    """Show a finished verification."""
    return VerifiedShape(
        state="done",
        passed=check.passed,
        commands=[_command(run) for run in check.commands],
        verifier_id=None,
        commit=check.commit,
        note=check.note,
    )


def verifying(commit: str) -> VerifiedShape:
    """Show a verification that still runs."""
    note = "The checks still run. Call verify again to wait for them."
    return VerifiedShape(state="running", passed=False, commands=[], verifier_id=None, commit=commit, note=note)


def _command(run: CommandRun) -> CommandShape:
    return CommandShape(
        command=run.command, exit_code=run.exit_code, seconds=round(run.seconds, 2), output=run.output[-4000:]
    )

"""Reviews of workers' changes: fresh reviewers who get the real diffs, and what they found as a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import AskReview, ReportOutcome, SpawnWorker
from agentorchestr_tui.core.decide import Refused, twin
from agentorchestr_tui.core.events import ReviewAsked, WorkerSpawned
from agentorchestr_tui.core.state import Review, Session, Worker
from agentorchestr_tui.core.words import Finding, Source, shortened
from agentorchestr_tui.orchestrator.findings import parse

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

SUBJECT = 60_000  # characters of the diff that is reviewed
BESIDE = 20_000  # characters of the other diff
LINES = 200  # of a terminal in which findings are looked for
_TASK = """\
Review the change of {worker_id}, for {focus}. Its task was: {task}

The whole diff stands above; the branch is {branch} (git show {branch}:PATH reads a file of it). Look for what is wrong,
missing, or does not fit what stands beside it. Change nothing. Report each finding with path, line, severity (high,
medium or low) and one or two sentences on what is wrong and how to mend it: in the `findings` of report_done, or, where
you have no such tool, as lines `path:line: severity: text`. No findings is an answer too."""


async def ask_review(orchestrator: Orchestrator, about: tuple[str, ...], focus: str) -> str | Refused:
    """Start a reviewer for each change, and return the review's id. Raises: GitError."""
    session = orchestrator.state
    subjects = [session.workers[each] for each in about]
    if refusal := _unfit(session, subjects):
        return refusal
    diffs = {each.id: await orchestrator.diff(each, stat_only=False) for each in subjects}
    if empty := [each for each, diff in diffs.items() if not diff.strip()]:
        return Refused(f"{', '.join(empty)} changed nothing, so there is nothing to review.")
    wishes = [_wish(session, each, subjects, diffs, focus) for each in subjects]
    reviewers: list[str] = []
    for wish in wishes:
        granted = await orchestrator.perform(wish)
        if isinstance(granted, Refused):
            return granted
        new = [each.event.worker_id for each in granted if isinstance(each.event, WorkerSpawned)]
        same = twin(orchestrator.state, wish)
        reviewers += new or ([same.id] if same else [])
    asked = await orchestrator.perform(AskReview(about, tuple(reviewers), focus))
    if isinstance(asked, Refused):
        return asked
    return next(each.event.review_id for each in asked if isinstance(each.event, ReviewAsked))


def letter(session: Session, review: Review, about: str | None) -> str:
    """Return a review's findings as a message: those about one worker's change, or all; empty when there are none."""
    reviewers = [session.workers[each] for each in review.reviewers]
    found = [each for worker in reviewers if about in (None, worker.reviews) for each in worker.findings]
    if not found:
        return ""
    lines = "\n".join(f"{number}. {_line(each)}" for number, each in enumerate(found, 1))
    asked = f"A review for {review.focus} found this. Mend what is right, say why where it is not, and report anew."
    return f"{asked}\n{lines}"


def findings_of(orchestrator: Orchestrator, wish: ReportOutcome) -> tuple[Finding, ...]:
    """Return what a reviewer found: as it said, or else read from its report, or from its terminal without one."""
    worker = orchestrator.state.workers.get(wish.worker_id)
    if wish.findings or worker is None or not orchestrator.state.read_only(worker):
        return wish.findings
    pane = orchestrator.pane(worker.id)
    silent = wish.source is not Source.REPORT and pane is not None
    said = [line.text for line in pane.emulator.transcript(limit=LINES)] if silent and pane else []
    return parse(wish.summary) or parse("\n".join(said))


def _unfit(session: Session, subjects: list[Worker]) -> Refused | None:
    if unready := [each.id for each in subjects if not each.worktree]:
        return Refused(f"{', '.join(unready)} has no worktree yet; wait for it first.")
    if session.perspective("reviewer") is None:
        return Refused("This session has no perspective called reviewer; see list_perspectives.")
    free = session.seats - len(session.live_workers)
    if free < len(subjects):
        return Refused(
            f"A review needs {len(subjects)} free seats and {free} are: wait_for_any, or kill_worker, first."
        )
    return None


def _wish(session: Session, of: Worker, subjects: list[Worker], diffs: dict[str, str], focus: str) -> SpawnWorker:
    others = [each for each in subjects if each.id != of.id]
    parts = [f"The change of {of.id} against where it began:\n{_cut(diffs[of.id], SUBJECT)}"]
    parts += [
        f"Beside it, only to see whether the two fit, the change of {each.id} (task: {shortened(each.task, 300)}):\n"
        f"{_cut(diffs[each.id], BESIDE)}"
        for each in others
    ]
    hint = next((each.agent for each in others if each.agent != of.agent), None)
    task = _TASK.format(worker_id=of.id, focus=focus, task=shortened(of.task, 1000), branch=of.branch)
    return SpawnWorker(
        task=task, perspective="reviewer", extra_context="\n\n".join(parts), agent_hint=hint, reviews=of.id
    )


def _cut(diff: str, most: int) -> str:
    if len(diff) <= most:
        return diff
    return f"{diff[:most]}\n(the diff goes on for {len(diff) - most} more characters; read the rest with git)"


def _line(finding: Finding) -> str:
    severity = f"[{finding.severity}] " if finding.severity else ""
    return f"{finding.place or 'in general'}: {severity}{finding.text}"

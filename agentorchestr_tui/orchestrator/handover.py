"""What one lead leaves to the next: the plan, the workers, open threads, and how far the tree is, in few words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui.core.leading import plan_states, workers_of
from agentorchestr_tui.core.phrases import change
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import NeedKind, shortened
from agentorchestr_tui.core.work import ready

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

PROGRESS_LOG = "progress.md"
PROGRESS = 5  # of the last lead's own words on how far it was
WIDTH = 300  # characters of a task or a summary at most
ALL = 6_000  # characters of all workers' tasks and summaries
LEAST = 60  # characters of one task or summary
IN_FULL = 40  # workers told of in full; of older ones that are integrated or kept aside only the ids


def standing(session: Session) -> str:
    """Return what stands, a line each: goal apart, which every prompt has."""
    parts = (
        _workers(session), _plan(session), _questions(session), _needs(session), _waits(session), _findings(session),
        _tree(session), _said(session),
    )  # fmt: skip
    return "\n".join(line for part in parts for line in part)


def _workers(session: Session) -> Iterator[str]:
    workers = list(session.workers.values())
    closed = [each for each in workers[:-IN_FULL] if not each.live and (each.integrated or session.read_only(each))]
    if closed:
        yield f"- ended, and integrated or only read: {', '.join(each.id for each in closed)}"
    told = [each for each in workers if each not in closed]
    width = max(LEAST, min(WIDTH, ALL // max(1, 2 * len(told))))
    for worker in told:
        yield f"- {worker.id} {worker.perspective}: {_stands(session, worker, width)}"
    done = [each for each in workers if ready(session, each) and not each.integrated]
    if unmerged := [each.id for each in done if not each.evidence.empty]:
        yield f"- done but not integrated yet: {', '.join(unmerged)}. Next: integrate, then verify."


def _stands(session: Session, worker: Worker, width: int) -> str:
    where = "integrated" if worker.integrated and not worker.live else f"branch {worker.branch}"
    if session.read_only(worker):
        where = "kept aside"
    clash = f" It conflicts in {', '.join(each.path for each in worker.conflicts)}." if worker.conflicts else ""
    said = f" Summary: {shortened(worker.summary, width)}" if worker.summary else ""
    how = f"{worker.outcome or 'at work'}, {where} ({change(worker.evidence)})."
    return f"{how}{clash} Task: {shortened(worker.task, width)}{said}"


def _plan(session: Session) -> Iterator[str]:
    states = plan_states(session)
    for task in session.plan:
        given = ", ".join(worker.id for worker in workers_of(session, task.id))
        after = f" after {', '.join(task.depends_on)}" if task.depends_on else ""
        name = task.title or shortened(task.task, 80)
        yield f"- plan {task.id} {name}: {states[task.id]}{after}{given and f' ({given})'}"


def _questions(session: Session) -> Iterator[str]:
    for question in session.questions.values():
        yield f"- open question of {question.worker_id}: {shortened(question.text, WIDTH)} Answer with send_to_worker."


def _needs(session: Session) -> Iterator[str]:
    for need in session.needs.values():
        if need.who in session.workers:
            how = " Answer with answer_worker." if need.kind is NeedKind.PERMISSION else ""
            yield f"- {need.who} needs somebody ({need.kind}): {shortened(need.text, WIDTH)}{how}"


def _waits(session: Session) -> Iterator[str]:
    if at_work := [worker.id for worker in session.live_workers]:
        yield f"- at work now: {', '.join(at_work)}. wait_for_any returns when the first has ended."
    if session.verifying:
        yield f"- verify {session.verifying} runs now: call verify to wait for it."


def _findings(session: Session) -> Iterator[str]:
    for review in session.reviews:
        found = sum(len(session.workers[each].findings) for each in review.reviewers)
        yield f"- review {review.id} of {', '.join(review.about)}: {found} findings; wait_for_review gives them."


def _tree(session: Session) -> Iterator[str]:
    if session.integration:
        yield f"- integrated tree: {session.integration[:10]}"
    if session.verifies_cancelled:
        yield f"- cancelled by the person before an end: verify {', '.join(session.verifies_cancelled)}"
    if session.verifications:
        last = session.verifications[-1]
        now = "" if last.commit == session.tip else ", on an earlier tree"
        yield f"- last verify: {'passed' if last.passed else 'failed'}{now}{last.note and f' ({last.note})'}"


def _said(session: Session) -> Iterator[str]:
    for words in session.progress[-PROGRESS:]:
        yield f"- said earlier: {shortened(words, WIDTH)}"


async def write_progress_log(orchestrator: Orchestrator) -> Path:
    """Write what stands to a file in the session's private folder, for the lead to look up; return it."""
    session, path = orchestrator.state, orchestrator.ground.access.file.with_name(PROGRESS_LOG)
    text = f"Goal: {session.goal}\n\n{standing(session)}\n"
    await asyncio.to_thread(path.write_text, text, encoding="utf-8")
    return path

"""What the tools return: structured results with the original's keys, and ours beside them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import NotRequired  # pydantic wants this one below Python 3.12

from typing_extensions import TypedDict

from agentorchestr_tui.core.phrases import change
from agentorchestr_tui.core.state import Review, Session, Worker
from agentorchestr_tui.core.words import (
    Finding,
    Receipt,
    shortened,
)
from agentorchestr_tui.mcp_server import bounds

SUMMARY = 3_000  # characters of a worker's summary
MOST_LINES = 8  # shell lines of one result
LINE_WIDTH = 120  # characters of one shell line
FILES = 1_200  # characters of a result's file names
FINDINGS = 2_500  # characters of the findings beside a summary
REVIEWED = 5_000  # characters of a review's findings
FINDING_WIDTH = 400  # characters of one finding
AROUND = 80  # characters of a finding's keys
ROW = 40  # characters of its task and of its summary that a worker in a list is shown with at least
IN_ROW = 400  # characters of its task and of its summary that it is shown with at most
LAST = 3  # workers of a list that are shown where all were compacted
AMISS = 2_200  # characters of file names and shell lines beside a summary


class EvidenceShape(TypedDict):
    """What stands in a worker's worktree beside its base."""

    commits: int
    files: list[str]
    insertions: int
    deletions: int
    uncommitted: int
    ran: NotRequired[list[str]]


class FindingShape(TypedDict):
    """What a reviewer (`by`) found in the change of a worker (`about`), and where; line 0 is the whole file."""

    path: str
    line: int
    severity: str
    text: str
    by: str
    about: str


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
    findings: NotRequired[list[FindingShape]]
    news: NotRequired[list[str]]
    hint: NotRequired[str]


class OutputShape(TypedDict):
    """Clean text from a worker's terminal; `cursor` is the number of the next line, for `since`."""

    worker_id: str
    output: str
    cursor: int
    hint: NotRequired[str]


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
    hint: NotRequired[str]


class KilledShape(TypedDict):
    """A worker that was ended."""

    worker_id: str
    killed: bool


class DiffShape(TypedDict):
    """A worker's changes against the commit it began at; `cursor` above 0 is where the next part begins."""

    worker_id: str
    diff: str
    cursor: int


class AcknowledgedShape(TypedDict):
    """The session took note."""

    acknowledged: bool
    state: str


class ReviewerShape(TypedDict):
    """One reviewer, and whose change it looks at."""

    worker_id: str
    about: str
    state: str
    summary: str


class ReviewShape(TypedDict):
    """A review; state `running` means: call wait_for_review again."""

    review_id: str
    state: str
    reviewers: list[ReviewerShape]
    findings: list[FindingShape]
    news: NotRequired[list[str]]
    hint: NotRequired[str]


class AnswerShape(TypedDict):
    """What became of a question; state `waiting` means: nobody has answered yet."""

    state: str
    answer: str


class CompactedShape(TypedDict):
    """Which workers are told of in short from now on, and how long the roster was and is."""

    compacted: list[str]
    roster_characters_before: int
    roster_characters_after: int


class ClearedShape(TypedDict):
    """Whose earlier output later reads leave out, and the file that has what stands."""

    cleared: list[str]
    progress_log: str


class PerspectiveShape(TypedDict):
    """A role that a worker can be given."""

    name: str
    summary: str
    read_only: bool


def evidence(worker: Worker) -> EvidenceShape:
    """Show evidence; `ran` are the last shell lines that its screen showed."""
    of = worker.evidence
    shape = EvidenceShape(
        commits=of.commits,
        files=_some(of.files, bounds.GIST if worker.compacted else FILES),
        insertions=of.insertions,
        deletions=of.deletions,
        uncommitted=of.uncommitted,
    )
    if worker.shell and not worker.compacted:
        shape["ran"] = [shortened(line, LINE_WIDTH) for line in worker.shell[-MOST_LINES:]]
    return shape


def _some(files: Sequence[str], most: int) -> list[str]:
    number = bounds.fitting((bounds.weight(path) + 3 for path in files), most)
    more = len(files) - number
    return [*files[:number], *([f"and {more} more: worker_diff lists them"] if more > 0 else [])]


def _findings(found: Sequence[tuple[Worker, Finding]], most: int) -> list[FindingShape]:
    shown = [finding(*each) for each in found]
    return shown[: bounds.fitting((bounds.weight(each["text"] + each["path"]) + AROUND for each in shown), most)]


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


def waited(worker: Worker, cursor: int, news: list[str]) -> WaitedShape:
    """Show where a worker's turn stands."""
    room = bounds.MOST - AMISS - sum(bounds.weight(each) for each in news)
    told = bounds.head(_gist(worker, worker.summary), min(SUMMARY, room // 2 if worker.findings else room))
    shape = WaitedShape(
        worker_id=worker.id,
        state=state(worker),
        summary=told,
        confirmed=worker.confirmed,
        evidence=evidence(worker),
        cursor=cursor,
        status=worker.status,
    )
    if news:
        shape["news"] = news
    if worker.findings and not worker.compacted:
        most = min(FINDINGS, room - bounds.weight(told))
        shape["findings"] = _findings([(worker, each) for each in worker.findings], most)
    if worker.live:
        shape["hint"] = "See to the news, then call again." if news else _STILL_AT_WORK
    elif worker.outcome == "done" and worker.evidence.empty and worker.perspective == "implementer":
        shape["hint"] = _empty_handed(worker)
    elif worker.outcome == "done" and worker.evidence.uncommitted and worker.perspective == "implementer":
        left = worker.evidence.uncommitted
        shape["hint"] = (
            f"{left} file{'s are' if left > 1 else ' is'} not committed: integrate takes them as they are, without the "
            "project's commit hooks. If one of those refused the commit, read_worker_output tells why."
        )
    return shape


def _empty_handed(worker: Worker) -> str:
    if not worker.escaped:
        return "It says done, but changed nothing. Read its output before you rely on it."
    elsewhere = shortened(", ".join(worker.escaped), 300)
    return (
        f"It says done, but its branch holds no change. Outside its worktree this changed meanwhile: {elsewhere}. "
        "If that is its work, tell it by send_to_worker to bring it onto its branch."
    )


_STILL_AT_WORK = "It is still at work. Call wait_for_worker again; nothing else is needed."


def gist(worker: Worker, cursor: int) -> OutputShape:
    """Show a worker whose output was compacted."""
    words = f"{state(worker)}: {_gist(worker, worker.summary)} ({change(worker.evidence)})"
    hint = "compact_session shortened this; since=0 reads its terminal."
    return OutputShape(worker_id=worker.id, output=words, cursor=cursor, hint=hint)


def sent(worker_id: str, receipt: Receipt, reason: str) -> SentShape:
    """Show a receipt."""
    return SentShape(worker_id=worker_id, sent=receipt is not Receipt.REFUSED, receipt=receipt, reason=reason)


def finding(by: Worker, of: Finding) -> FindingShape:
    """Show what a reviewer found."""
    text = shortened(of.text, FINDING_WIDTH)
    return FindingShape(path=of.path, line=of.line, severity=of.severity, text=text, by=by.id, about=by.reviews)


def roster(session: Session, cursor: str | None = None) -> list[WorkerShape]:
    """Show workers within what a result may hold: the newest, or those that follow on a worker (`cursor`).

    Ended workers that were compacted come last, and only on being asked for while there are others.
    """
    newest_first = list(session.workers.values())[::-1]
    order = sorted(newest_first, key=_aside)
    order = order if cursor is None else order[[worker.id for worker in order].index(cursor) + 1 :]
    fresh = [worker for worker in order if not _aside(worker)] if cursor is None else order
    fresh = fresh or order[:LAST]
    rows = [_row(worker, ROW, ROW) for worker in fresh]
    number = bounds.fitting((len(json.dumps(row, ensure_ascii=False)) for row in rows), bounds.MOST)
    workers, left = fresh[:number][::-1], order[number:]
    room = bounds.MOST - sum(len(json.dumps(_row(worker, 0, 0))) for worker in workers)
    tasks = bounds.shared([_most(_gist(worker, worker.task)) for worker in workers], room // 2)
    summaries = bounds.shared([_most(_gist(worker, worker.summary)) for worker in workers], room // 2)
    shown = [_row(*each) for each in zip(workers, tasks, summaries, strict=True)]
    if left and shown:
        shown[0]["hint"] = _more(left, order[number - 1].id)
    return shown


def _most(text: str) -> int:
    return min(bounds.weight(text), IN_ROW)


def _aside(worker: Worker) -> bool:
    return worker.compacted and not worker.live


def _more(left: Sequence[Worker], last: str) -> str:
    counted = Counter(state(worker) for worker in left)
    how = ", ".join(f"{number} {each}" for each, number in counted.items())
    return f"{len(left)} more are not shown ({how}): list_workers(cursor={last!r}) lists them."


def size(session: Session) -> int:
    """Return how many characters the roster takes."""
    return len(json.dumps(roster(session)))


def _row(worker: Worker, task: int, summary: int) -> WorkerShape:
    return WorkerShape(
        worker_id=worker.id,
        perspective=worker.perspective,
        agent=worker.agent,
        state=state(worker),
        status=worker.status,
        summary=bounds.head(_gist(worker, worker.summary), summary) if summary else "",
        task=bounds.head(_gist(worker, worker.task), task) if task else "",
    )


def _gist(worker: Worker, text: str) -> str:
    return shortened(text, bounds.GIST) if worker.compacted else text


def state(worker: Worker) -> str:
    """Name a worker's outcome, or `running`."""
    return worker.outcome or "running"


def review(session: Session, of: Review, news: list[str] | None = None) -> ReviewShape:
    """Show a review: running until all its reviewers have ended."""
    reviewers = [session.workers[each] for each in of.reviewers]
    found = [(worker, each) for worker in reviewers for each in worker.findings]
    shape = ReviewShape(
        review_id=of.id,
        state="running" if any(worker.live for worker in reviewers) else "done",
        reviewers=[
            ReviewerShape(
                worker_id=worker.id,
                about=worker.reviews,
                state=state(worker),
                summary=shortened(worker.summary, 600),
            )
            for worker in reviewers
        ],
        findings=_findings(found, REVIEWED),
    )
    if more := len(found) - len(shape["findings"]):
        shape["hint"] = f"{more} more are not shown; send_findings sends them all."
    if news:
        shape["news"] = news
    return shape

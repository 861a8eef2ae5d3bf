"""What there is to tell of one agent or check: its events as rows, marks for its time line, its evidence, its diff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.apply import apply
from agentorchestr_tui.core.events import Recorded
from agentorchestr_tui.core.phrases import change, heard
from agentorchestr_tui.core.sentences import sentence
from agentorchestr_tui.core.state import Session, Verification, Worker
from agentorchestr_tui.core.words import ChangedLine, FileChange, Outcome, Status
from agentorchestr_tui.times import clock, day, until
from agentorchestr_tui.tui.details import detail, seen_so, stands
from agentorchestr_tui.widgets.time_line import TimeMark

LEAD, SESSION = "lead", ""
VERIFY = "verify-"  # before a verification's number, as in the names of its panes
ROW_HANG = FACT_HANG = 10  # cells before the words of a row
_NAMES = ("who", "worker_id", "to", "worker_ids", "worker", "about")
_OF_LEAD = (
    e.GoalSet, e.LeadStarted, e.LeadExited, e.LeadNudged, e.LeadTold, e.LeadSucceeded, e.ProgressReported, e.PlanSet,
    e.GoalDone, e.GoalFailed, e.WorkerSpawned, e.VerifyStarted, e.VerifyCancelled, e.IntegrationStarted,
    e.IntegrationCancelled, e.MergeStarted, e.MergeCancelled,
)  # fmt: skip
_TONES = {
    Outcome.DONE: "good", Outcome.BLOCKED: "attention", Outcome.FAILED: "bad", Outcome.KILLED: "bad",
    Outcome.LOST: "bad",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """An event with its sentence, as it was when it happened."""

    recorded: Recorded
    said: str  # empty where it is no news in itself
    detail: str  # what there is to say then
    of: frozenset[str]  # whom it is about

    @property
    def words(self) -> str:
        """The sentence, in one line."""
        return " ".join((self.said or self.detail).split())


class Story:
    """A session's events as they are told, one after the other."""

    def __init__(self) -> None:
        self._session = Session()

    def tell(self, recorded: Recorded) -> Told | None:
        """Take the next event; one that was told before is nothing."""
        if recorded.seq <= self._session.seq:
            return None
        before = self._session
        self._session = apply(before, recorded)
        said = sentence(recorded.event, self._session, until) or ""
        step = "" if said else detail(recorded.event, before, self._session)
        return Told(recorded, said, step, frozenset(_of(recorded.event, before)))


def _of(event: e.Event, session: Session) -> Iterator[str]:
    """Give those whom an event is about."""
    for name in _NAMES:
        value = getattr(event, name, ())
        yield from (value,) if isinstance(value, str) else (each for each in value if isinstance(each, str))
    if isinstance(event, _OF_LEAD):
        yield LEAD
    if verify := getattr(event, "verify_id", ""):
        yield f"{VERIFY}{verify}"
    if message := session.messages.get(getattr(event, "message_id", "")):
        yield message.to
    if need := session.needs.get(getattr(event, "need_id", "")):
        yield need.who


def about(told: Iterable[Told], who: str) -> list[Told]:
    """Choose what is about one; everything for the session."""
    return [each for each in told if who == SESSION or who in each.of]


# -- events -----------------------------------------------------------------------------------------------------------


def row(told: Told) -> str:
    """Write an event in a line: its time, and what happened."""
    return f"{clock(told.recorded.at)}  {told.words}"


def rows(told: Iterable[Told], today: str) -> Iterator[tuple[str, str, str]]:
    """Write events as lines, each with its tone and its day; a day other than the one before has a line of its own."""
    for each in told:
        if (its := day(each.recorded.at)) != today:
            today = its
            yield f"─── {its} ───", "muted", its
        yield row(each), tone(each), its


def tone(told: Told) -> str:
    """Choose the tone of an event's row."""
    match told.recorded.event:
        case e.OutcomeReached() as event:
            return _TONES[event.outcome]
        case e.VerifyFinished() as event:
            return "good" if event.passed else "bad"
        case e.GoalDone():
            return "good"
        case e.GoalFailed() | e.IntegrationConflicted() | e.EscapeSeen():
            return "bad"
        case e.NeedArose() | e.LimitMet() | e.MessageRefused() | e.WorkerStalled() | e.VerifyCancelled():
            return "attention"
        case e.IntegrationCancelled() | e.MergeCancelled():
            return "attention"
        case e.StatusChanged(status=Status.NEEDS_INPUT):
            return "attention"
        case _:
            return "" if told.said else "muted"


# -- marks ------------------------------------------------------------------------------------------------------------


def marks(told: Iterable[Told], began: float) -> list[TimeMark]:
    """Mark prompts, tool calls, commits and changes of status on a recording that began then."""
    found = [mark for each in told if (mark := _mark(each, each.recorded.at - began)) is not None]
    return sorted(mark for mark in found if mark.at >= 0)


def _mark(told: Told, at: float) -> TimeMark | None:
    event, words = told.recorded.event, told.said
    match event:
        case e.LeadStarted() | e.WorkerStarted() | e.MessageDelivered() | e.MessageSent() | e.LeadTold():
            return TimeMark(at, "❯", "strong", told.words, 3)
        case e.NeedArose() | e.LimitMet():
            return TimeMark(at, "◆", "attention", words, 5)
        case e.OutcomeReached():
            return TimeMark(at, "✓" if event.outcome is Outcome.DONE else "✗", _TONES[event.outcome], words, 6)
        case e.WorkMeasured() if event.evidence.commits:
            return TimeMark(at, "+", "good", change(event.evidence), 4)
        case e.StatusChanged():
            return TimeMark(at, "·", "muted", told.words, 1)
        case _:
            return TimeMark(at, "•", "strong", words, 2) if words else None


# -- evidence ---------------------------------------------------------------------------------------------------------


def evidence(session: Session, who: str) -> list[str]:
    """Say how it ended, and what stands behind that."""
    if who in session.workers:
        return list(_of_worker(session, session.workers[who]))
    checks = [each for each in session.verifications if who in (SESSION, LEAD, f"{VERIFY}{each.id}")]
    head = list(_of_session(session)) if not who.startswith(VERIFY) else []
    if not checks and who.startswith(VERIFY):
        cancelled = who.removeprefix(VERIFY) in session.verifies_cancelled
        return ["It was cancelled, so it neither passed nor failed." if cancelled else "It has not finished yet."]
    return [*head, *(line for check in checks for line in _of_check(check))]


def _of_session(session: Session) -> Iterator[str]:
    yield f"goal      {' '.join(session.goal.split())}"
    yield f"outcome   {session.phase}{f': {session.why}' if session.why else ''}"
    yield f"change    {change(session.evidence)}"
    if session.integration:
        yield f"branch    agentorchestr/{session.id}/integration at {session.integration}"
    if session.lead:
        yield f"lead      {session.lead.agent}, {session.lead.ended or 'runs'}"
    yield ""


def _of_worker(session: Session, worker: Worker) -> Iterator[str]:
    sure = "" if worker.confirmed or not worker.outcome else " (unconfirmed)"
    yield f"outcome   {worker.outcome or 'at work'}{sure}{f', {heard(worker.source)}' if worker.source else ''}"
    yield f"says      {worker.summary or 'nothing yet'}"
    found = worker.evidence
    yield f"change    {change(found)}"
    yield from _notes(session, worker)
    yield f"commit    {found.commit or 'none'}"
    yield f"branch    {worker.branch} from {worker.base[:10]}"
    yield f"process   {f'pid {worker.pid}' if worker.pid else 'none'}, {worker.ended or 'runs'}"
    yield f"status    {stands(worker.status).removeprefix('is ')}{seen_so(worker.status, worker.seen)}"
    yield f"task      {' '.join(worker.task.split())}"
    if worker.integrated:
        yield f"merged    into the integration branch as {worker.integrated}"
    for ref in worker.kept:
        yield f"kept      {ref}"
        yield f"{'':{FACT_HANG}}agentorchestr --rescue {ref} brings it back"
    for path in found.files:
        yield f"file      {path}"
    if worker.shell:
        yield "ran       as its screen showed it, or its hooks told it:"
    for line in worker.shell:
        yield f"          $ {line}"
    for conflict in worker.conflicts:
        yield f"conflict  {conflict.path}"
        yield from (f"{'':{FACT_HANG}}{line}" for line in conflict.text.splitlines())


def _notes(session: Session, worker: Worker) -> Iterator[str]:
    """Say what is amiss with a worker's change."""
    if worker.outcome is Outcome.DONE and worker.evidence.empty and not session.read_only(worker):
        yield "note      it says done, but changed nothing"
    if session.read_only(worker) and not worker.evidence.empty:
        yield f"note      a {worker.perspective} only reads: this change is kept aside and never integrated"
    if worker.withheld:
        yield "note      taken out of the integration by hand"
    for path in worker.escaped:
        of, _, name = path.partition(": ")
        where = f"{name} in the worktree of {of}" if of in session.workers else f"{path} in your checkout"
        yield f"outside   {where} changed while it worked"
    for each in session.overlaps:
        if worker.id in (each.worker_a, each.worker_b):
            other = each.worker_b if worker.id == each.worker_a else each.worker_a
            yield f"overlap   with {other} in {each.path}"
    for found in worker.findings:
        yield f"found     {found.place or 'in general'}: {found.severity and f'[{found.severity}] '}{found.text}"


def _of_check(check: Verification) -> Iterator[str]:
    yield f"verify    {check.id} {'passed' if check.passed else 'failed'} on {check.commit}"
    if check.note:
        yield f"note      {check.note}"
    for run in check.commands:
        yield f"command   {run.command}: exit code {run.exit_code} after {run.seconds:.1f} s"
        yield from (f"{'':{FACT_HANG}}{line}" for line in run.output.splitlines())
    yield ""


# -- diff -------------------------------------------------------------------------------------------------------------


def diff(changes: Sequence[FileChange]) -> tuple[list[str], list[str]]:
    """Write a change as lines, each with its tone."""
    lines: list[tuple[str, str]] = []
    for each in changes:
        renamed = f" (from {each.before})" if each.before else ""
        lines.append((f"{each.status} {each.path}{renamed}", "strong"))
        lines += [(each.note, "muted")] if each.note else []
        for hunk in each.hunks:
            lines.append((f"@@ {hunk.heading}".rstrip(), "muted"))
            lines += [_changed(line) for line in hunk.lines]
        lines.append(("", ""))
    return [line for line, _ in lines], [each for _, each in lines]


def _changed(line: ChangedLine) -> tuple[str, str]:
    if line.old is None:
        return f"+{line.text}", "good"
    return (f"-{line.text}", "bad") if line.new is None else (f" {line.text}", "")

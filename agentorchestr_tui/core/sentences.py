"""Events as sentences for people; what says nothing to a person is None."""

from __future__ import annotations

from collections.abc import Callable

from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.limits import until
from agentorchestr_tui.core.phrases import WIDTH, change, count, name, overlap, team
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import NeedKind, Outcome, Phase, shortened

Ends = Callable[[float | None, float], str]
_ENDED = {
    Outcome.DONE: "is done",
    Outcome.BLOCKED: "is blocked",
    Outcome.FAILED: "failed",
    Outcome.KILLED: "was ended",
    Outcome.LOST: "is lost",
}


def sentence(event: e.Event, session: Session, ends: Ends = until) -> str | None:
    """Say what happened; `session` is the state after it, `ends` says when a limit is over that was met at a time."""
    return (
        _of_session(event, session)
        or _of_worker(event, session)
        or _of_tree(event, session)
        or _of_lead(event, session)
        or _of_message(event, session)
        or _of_need(event, session, ends)
    )


def _of_session(event: e.Event, session: Session) -> str | None:
    match event:
        case e.SessionCreated():
            return f"session {event.session_id} in {event.project} at {event.base_commit[:10]}"
        case e.GoalSet():
            return f"goal: {shortened(event.goal, WIDTH)}"
        case e.TeamChosen():
            return team(event.agents, event.lead, event.seats, event.verify or ("as the project says",))
        case e.LeadStarted():
            return f"{event.agent} leads{' on, in its own conversation' if event.resumed else ''}"
        case e.LeadExited() if session.phase is Phase.RUNNING:
            return f"the lead {event.how}"
        case e.LeadNudged():
            return "the lead had stopped and was reminded of the goal"
        case e.LeadTold():
            return f"to the lead: {shortened(event.text, WIDTH)}"
        case e.ProgressReported():
            return f"lead: {shortened(event.message, WIDTH)}"
        case e.Noticed():
            return event.text
        case e.GoalDone():
            return f"goal done: {shortened(event.summary, WIDTH)} ({change(event.evidence)})"
        case e.GoalFailed():
            return f"goal failed: {shortened(event.reason, WIDTH)}"
        case e.SessionPaused():
            return f"paused: {event.reason}"
        case e.SessionResumed():
            return f"session {session.id} goes on"
        case _:
            return None


def _of_worker(event: e.Event, session: Session) -> str | None:
    match event:
        case e.WorkerSpawned():
            who = name(session, event.worker_id)
            return f"{who} ({event.agent}) gets a task: {shortened(event.task, WIDTH)}"
        case e.WorkerStarted():
            return f"{name(session, event.worker_id)} {'goes on with what it knew' if event.resumed else 'starts'}"
        case e.WorkerExited() if session.phase is Phase.RUNNING:
            return f"{name(session, event.worker_id)} {event.how}"
        case e.MessageSent():
            return f"to {name(session, event.worker_id)}: {shortened(event.text, WIDTH)}"
        case e.OutcomeReached():
            return _ended(session.workers[event.worker_id], event)
        case e.WorkKept():
            return f"the work of {name(session, event.worker_id)} is kept as {event.ref}"
        case _:
            return None


def _of_tree(event: e.Event, session: Session) -> str | None:
    match event:
        case e.BranchIntegrated():
            return f"{name(session, event.worker_id)} is integrated"
        case e.IntegrationConflicted():
            files = ", ".join(conflict.path for conflict in event.conflicts)
            return f"{name(session, event.worker_id)} conflicts in {files}"
        case e.IntegrationCancelled():
            return f"integration {event.integration_id} was cancelled by you: what was merged before stays"
        case e.IntegrationUndone():
            return f"{name(session, event.worker_id)} is out of the integration again"
        case e.OverlapsFound() if event.overlaps:
            return f"overlap: {'; '.join(overlap(each) for each in event.overlaps)}"
        case e.EscapeSeen():
            who = name(session, event.worker_id)
            files = shortened(", ".join(event.paths), WIDTH)
            place = f"into the worktree of {event.of}" if event.of else "outside its worktree"
            told = f"{who} wrote {place}" if event.sure else f"changed while {who} worked ({place})"
            return f"{told}: {files}"
        case e.ShellSeen():
            return f"{name(session, event.worker_id)} ran {shortened('; '.join(event.lines), WIDTH)}"
        case e.WorktreeReadied():
            ran = [
                f"{run.command} ({'ok' if not run.exit_code else f'code {run.exit_code}'})" for run in event.commands
            ]
            return f"the worktree of {event.name} is made ready: {shortened(', '.join([*event.copied, *ran]), WIDTH)}"
        case e.WorkAccepted():
            return f"the change of {name(session, event.worker_id)} is accepted"
        case e.WorkSentBack():
            comments = count(len(event.comments), "comment")
            return f"{name(session, event.worker_id)} gets its change back with {comments}"
        case e.MergeCancelled():
            return "the merge into your branch was cancelled by you"
        case e.ResultMerged():
            return f"the result is merged into {event.branch or 'HEAD'} as {event.commit[:10]}"
        case e.VerifyStarted():
            return f"verify: {'; '.join(event.commands) or 'no commands known'}"
        case e.VerifyFinished():
            return _verified(event)
        case e.VerifyCancelled():
            return f"verify {event.verify_id} was cancelled by you: it neither passed nor failed"
        case _:
            return None


def _of_lead(event: e.Event, session: Session) -> str | None:
    match event:
        case e.PlanSet():
            return f"plan: {count(len(event.tasks), 'task')}: {shortened(_titles(event), WIDTH)}"
        case e.LeadAsked():
            return f"{name(session, event.worker_id)} asks the lead: {shortened(event.question, WIDTH)}"
        case e.QuestionAnswered():
            return f"{'the lead answers' if event.by == 'lead' else 'you answer'}: {shortened(event.answer, WIDTH)}"
        case e.ReviewAsked():
            pairs = zip(event.reviewers, event.about, strict=True)
            return f"review for {event.focus}: {', '.join(f'{who} looks at {what}' for who, what in pairs)}"
        case e.FindingsReported():
            return f"{name(session, event.worker_id)} has {count(len(event.findings), 'finding')}"
        case e.HookRan():
            how = "was ended after its time" if event.code is None else f"exited with {event.code}"
            return f"{event.scope} hook {event.moment} {how}: {shortened(event.command, WIDTH)}"
        case e.LeadSucceeded():
            return f"a fresh lead takes over: {shortened(event.reason, WIDTH)}"
        case e.WorkerStalled():
            return f"{name(session, event.worker_id)} has shown nothing for {event.seconds / 60:.0f} min"
        case e.SessionCompacted():
            return f"what is told of {', '.join(event.worker_ids)} was shortened for the lead"
        case _:
            return None


def _titles(event: e.PlanSet) -> str:
    return "; ".join(task.title or task.id for task in event.tasks)


def _of_message(event: e.Event, session: Session) -> str | None:
    match event:
        case e.MessageQueued(by="house"):
            return None if event.to == "lead" else f"{name(session, event.to)} had stopped and was reminded of its task"
        case e.MessageQueued():
            return f"to {_whom(session, event.to)}: {shortened(event.text, WIDTH)}"
        case e.MessageRefused():
            message = session.messages.get(event.message_id)
            whom = f" to {_whom(session, message.to)}" if message else ""
            return f"a message{whom} was not delivered: {event.reason}"
        case _:
            return None


def _of_need(event: e.Event, session: Session, ends: Ends) -> str | None:
    match event:
        case e.NeedArose():
            whom = _whom(session, event.who) if event.who else "the session"
            choices = ", ".join(choice.name for choice in event.choices)
            asks = f" ({choices})" if choices else ""
            said = "" if event.kind is NeedKind.LIMITED else f"{whom} {_NEEDS[event.kind]}: "  # its text says both
            return f"{said}{shortened(event.text, WIDTH)}{asks}"
        case e.NeedAnswered():
            need = session.needs.get(event.need_id)
            whom = f"{_whom(session, need.who)} is answered" if need and need.who else "answered"
            return f"{whom}: {event.choice or shortened(event.text, WIDTH)}"
        case e.AnswerFailed():
            return f"the answer did not work: {event.why}"
        case e.LimitMet():
            stands = session.limits.get(event.account)
            over = ends(event.until, stands.since if stands else event.until or 0.0)
            return f"{event.agent} has met a limit {over}: {shortened(event.text, WIDTH)}"
        case e.LimitLifted():
            going = (
                f"; {', '.join(event.parked)} {'goes' if len(event.parked) == 1 else 'go'} on" if event.parked else ""
            )
            return f"the limit of {event.account} is over{going}"
        case _:
            return None


_NEEDS = {
    NeedKind.PERMISSION: "asks for permission",
    NeedKind.DIALOG: "asks as it starts",
    NeedKind.LOGIN: "needs a login",
    NeedKind.QUESTION: "asks",
    NeedKind.BLOCKED: "is blocked",
    NeedKind.DRIFT: "shows a screen that is not known",
    NeedKind.ESCAPE: "changed something outside its worktree",
    NeedKind.STALLED: "makes no headway",
    NeedKind.CONFLICT: "conflicts",
    NeedKind.DAEMON: "left a process behind",
}


def _whom(session: Session, who: str) -> str:
    return "the lead" if who == "lead" else name(session, who)


def _ended(worker: Worker, event: e.OutcomeReached) -> str:
    sure = "" if event.confirmed else " (unconfirmed)"
    said = f": {shortened(event.summary, WIDTH)}" if event.summary else ""
    return f"{worker.id} {worker.perspective} {_ENDED[event.outcome]}{sure}{said} ({change(event.evidence)})"


def _verified(event: e.VerifyFinished) -> str:
    bad = [run for run in event.commands if run.exit_code != 0]
    words = "verify passed" if event.passed else "verify failed"
    detail = "; ".join(f"{run.command} exited with {run.exit_code}" for run in bad)
    return f"{words}: {detail or event.note}" if detail or event.note else words

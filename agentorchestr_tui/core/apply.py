"""How each event changes a session; the only maker of new states."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from types import MappingProxyType
from typing import TypeVar

from agentorchestr_tui.core import events as e
from agentorchestr_tui.core import limits, messages, needs, work
from agentorchestr_tui.core.state import Lead, Question, Review, Session, Verification, Worker
from agentorchestr_tui.core.words import Phase, Status

KEPT_LINES = 200  # progress lines and notices a state carries; the log has them all

_Change = Callable[[Session, "e.Event", float], Session]
_changes: dict[type[e.Event], _Change] = {}
_E = TypeVar("_E", bound=e.Event)


def apply(session: Session, recorded: e.Recorded) -> Session:
    """Return the session after one event."""
    change = _changes.get(type(recorded.event))
    if change is None:
        raise TypeError(f"no change for {type(recorded.event).__name__}")
    after = change(session, recorded.event, recorded.at)
    return replace(after, seq=recorded.seq, updated=recorded.at)


def replay(log: Iterable[e.Recorded], before: Session | None = None) -> Session:
    """Return the session that a whole log tells of, or the next part of it after what stood `before`."""
    return reduce(apply, log, before or Session())


def _on(kind: type[_E]) -> Callable[[Callable[[Session, _E, float], Session]], Callable[[Session, _E, float], Session]]:
    def register(function: Callable[[Session, _E, float], Session]) -> Callable[[Session, _E, float], Session]:
        _changes[kind] = function  # type: ignore[assignment]  # looked up by the exact type it takes
        return function

    return register


def _worker(session: Session, worker: Worker) -> Session:
    return replace(session, workers=MappingProxyType({**session.workers, worker.id: worker}))


# -- the session ------------------------------------------------------------------------------------------------------


@_on(e.SessionCreated)
def _created(_session: Session, event: e.SessionCreated, at: float) -> Session:
    return Session(
        id=event.session_id,
        project=event.project,
        base_commit=event.base_commit,
        base_branch=event.base_branch,
        agents=event.agents,
        lead_agent=event.lead_agent,
        perspectives=event.perspectives,
        seats=event.seats,
        permissions=event.permissions,
        created=at,
    )


@_on(e.GoalSet)
def _goal_set(session: Session, event: e.GoalSet, _at: float) -> Session:
    return replace(session, goal=event.goal, phase=Phase.RUNNING)


@_on(e.TeamChosen)
def _team_chosen(session: Session, event: e.TeamChosen, _at: float) -> Session:
    agents = tuple(agent for agent in session.agents if agent.name in event.agents)
    return replace(session, agents=agents, lead_agent=event.lead, seats=event.seats, verify=event.verify)


@_on(e.ProgressReported)
def _progress(session: Session, event: e.ProgressReported, _at: float) -> Session:
    return replace(session, progress=(*session.progress, event.message)[-KEPT_LINES:])


@_on(e.Noticed)
def _noticed(session: Session, event: e.Noticed, _at: float) -> Session:
    return replace(session, notices=(*session.notices, event.text)[-KEPT_LINES:])


@_on(e.GoalDone)
def _done(session: Session, event: e.GoalDone, _at: float) -> Session:
    return replace(session, phase=Phase.DONE, why=event.summary, evidence=event.evidence)


@_on(e.GoalFailed)
def _failed(session: Session, event: e.GoalFailed, _at: float) -> Session:
    return replace(session, phase=Phase.FAILED, why=event.reason)


@_on(e.SessionPaused)
def _paused(session: Session, event: e.SessionPaused, _at: float) -> Session:
    return replace(session, phase=Phase.PAUSED, why=event.reason)


@_on(e.SessionResumed)
def _resumed(session: Session, _event: e.SessionResumed, _at: float) -> Session:
    return replace(session, phase=Phase.RUNNING, why="", closed=False, verifying="", integrating=(), merging=None)


@_on(e.SessionClosed)
def _closed(session: Session, _event: e.SessionClosed, _at: float) -> Session:
    return replace(session, closed=True)


# -- the lead ---------------------------------------------------------------------------------------------------------


@_on(e.LeadStarted)
def _lead_started(session: Session, event: e.LeadStarted, at: float) -> Session:
    lead = Lead(event.agent, event.pane, event.pid, event.conversation, started=at, since=at)
    return replace(session, lead=lead)


@_on(e.LeadExited)
def _lead_exited(session: Session, event: e.LeadExited, at: float) -> Session:
    if session.lead is None:
        return session
    return replace(session, lead=replace(session.lead, ended=event.how, status=Status.EXITED, since=at))


@_on(e.LeadNudged)
def _nudged(session: Session, _event: e.LeadNudged, _at: float) -> Session:
    if session.lead is None:
        return session
    return replace(session, lead=replace(session.lead, nudges=session.lead.nudges + 1))


@_on(e.LeadTold)
def _told(session: Session, _event: e.LeadTold, _at: float) -> Session:
    return session


# -- the workers ------------------------------------------------------------------------------------------------------


@_on(e.WorkerSpawned)
def _spawned(session: Session, event: e.WorkerSpawned, at: float) -> Session:
    worker = Worker(
        id=event.worker_id,
        perspective=event.perspective,
        agent=event.agent,
        task=event.task,
        file_scope=event.file_scope,
        pass_criteria=event.pass_criteria,
        extra_context=event.extra_context,
        agent_hint=event.agent_hint,
        nonce=event.nonce,
        conversation=event.conversation,
        branch=event.branch,
        spawned=at,
        since=at,
        plan_task=event.plan_task,
        reviews=event.reviews,
        resolves=event.resolves,
    )
    return _worker(session, worker)


@_on(e.WorkerStarted)
def _started(session: Session, event: e.WorkerStarted, at: float) -> Session:
    worker = session.workers[event.worker_id]
    started = replace(
        worker,
        pane=event.pane,
        pid=event.pid,
        worktree=event.worktree,
        base=event.base,
        conversation=worker.conversation if event.conversation is None else event.conversation,
        ended="",
    )
    again = bool(worker.ended)
    return _worker(session, replace(started, status=Status.STARTING, rule="", seen="", since=at) if again else started)


@_on(e.WorkerExited)
def _exited(session: Session, event: e.WorkerExited, at: float) -> Session:
    worker = session.workers[event.worker_id]
    return _worker(session, replace(worker, ended=event.how, status=Status.EXITED, since=at))


@_on(e.ConversationKnown)
def _conversation(session: Session, event: e.ConversationKnown, _at: float) -> Session:
    if event.who != "lead":
        return _worker(session, replace(session.workers[event.who], conversation=event.conversation))
    lead = session.lead and replace(session.lead, conversation=event.conversation)
    return replace(session, lead=lead)


@_on(e.StatusChanged)
def _status(session: Session, event: e.StatusChanged, at: float) -> Session:
    if event.who == "lead":
        if session.lead is None:
            return session
        lead = replace(session.lead, status=event.status, rule=event.rule, seen=event.seen, since=at)
        return replace(session, lead=lead)
    worker = session.workers[event.who]
    return _worker(session, replace(worker, status=event.status, rule=event.rule, seen=event.seen, since=at))


@_on(e.MessageSent)
def _sent(session: Session, event: e.MessageSent, at: float) -> Session:

    return messages.new_turn(session, event.worker_id, at) if event.new_turn else session


@_on(e.OutcomeReached)
def _outcome(session: Session, event: e.OutcomeReached, at: float) -> Session:
    worker = session.workers[event.worker_id]
    ended = replace(
        worker,
        outcome=event.outcome,
        summary=event.summary,
        source=event.source,
        confirmed=event.confirmed,
        evidence=event.evidence,
        finished=at,
        stalled=0.0,
    )
    unasked = {each.id: each for each in session.questions.values() if each.worker_id != event.worker_id}
    return _worker(replace(session, questions=MappingProxyType(unasked)), ended)


@_on(e.WorkKept)
def _kept(session: Session, event: e.WorkKept, _at: float) -> Session:
    worker = session.workers[event.worker_id]
    return _worker(session, replace(worker, kept=(*worker.kept, event.ref)))


# -- integration and verification -------------------------------------------------------------------------------------


@_on(e.VerifyStarted)
def _verifying(session: Session, event: e.VerifyStarted, at: float) -> Session:
    begun = replace(session, verify_runs=session.verify_runs + 1, verifying=event.verify_id, verifying_since=at)
    return replace(begun, verify_commands=event.commands, verify_at=0, verify_again=False)


@_on(e.BranchIntegrated)
def _integrated(session: Session, event: e.BranchIntegrated, _at: float) -> Session:
    worker = replace(session.workers[event.worker_id], integrated=event.branch_commit, conflicts=(), withheld=False)
    moved = event.integration_commit != session.base_commit
    return _worker(replace(session, integration=event.integration_commit) if moved else session, worker)


@_on(e.IntegrationConflicted)
def _conflicted(session: Session, event: e.IntegrationConflicted, _at: float) -> Session:
    return _worker(session, replace(session.workers[event.worker_id], conflicts=event.conflicts))


@_on(e.VerifyFinished)
def _verified(session: Session, event: e.VerifyFinished, at: float) -> Session:
    check = Verification(event.verify_id, event.commit, event.passed, event.commands, event.note, at)
    return replace(session, verifications=(*session.verifications, check), verifying="")


# -- what a lead plans, asks for and costs ----------------------------------------------------------------------------


@_on(e.PlanSet)
def _planned(session: Session, event: e.PlanSet, _at: float) -> Session:
    return replace(session, plan=event.tasks)


@_on(e.LeadAsked)
def _asked(session: Session, event: e.LeadAsked, at: float) -> Session:
    question = Question(event.question_id, event.worker_id, event.question, at)
    questions = MappingProxyType({**session.questions, question.id: question})
    return replace(session, questions=questions, asked=session.asked + 1)


@_on(e.QuestionAnswered)
def _answered(session: Session, event: e.QuestionAnswered, _at: float) -> Session:
    left = {each.id: each for each in session.questions.values() if each.id != event.question_id}
    return replace(session, questions=MappingProxyType(left))


@_on(e.ReviewAsked)
def _review(session: Session, event: e.ReviewAsked, _at: float) -> Session:
    review = Review(event.review_id, event.about, event.reviewers, event.focus)
    return replace(session, reviews=(*session.reviews, review))


@_on(e.FindingsReported)
def _found(session: Session, event: e.FindingsReported, _at: float) -> Session:
    return _worker(session, replace(session.workers[event.worker_id], findings=event.findings))


@_on(e.HookRan)
def _hooked(session: Session, _event: e.HookRan, _at: float) -> Session:
    return session


@_on(e.LeadSucceeded)
def _succeeded(session: Session, event: e.LeadSucceeded, _at: float) -> Session:
    return replace(session, lead=None, successions=event.number, handover=event.reason)


@_on(e.ContextSeen)
def _context(session: Session, event: e.ContextSeen, _at: float) -> Session:
    if event.who == "lead":
        return replace(session, lead=replace(session.lead, context=event.use)) if session.lead else session
    return _worker(session, replace(session.workers[event.who], context=event.use))


@_on(e.WorkerStalled)
def _stalled(session: Session, event: e.WorkerStalled, _at: float) -> Session:
    return _worker(session, replace(session.workers[event.worker_id], stalled=event.seconds))


@_on(e.WorkerStirred)
def _stirred(session: Session, event: e.WorkerStirred, _at: float) -> Session:
    return _worker(session, replace(session.workers[event.worker_id], stalled=0.0))


@_on(e.SessionCompacted)
def _compacted(session: Session, event: e.SessionCompacted, _at: float) -> Session:
    workers = {worker_id: replace(session.workers[worker_id], compacted=True) for worker_id in event.worker_ids}
    return replace(session, workers=MappingProxyType({**session.workers, **workers}))


@_on(e.ResultsCleared)
def _cleared(session: Session, event: e.ResultsCleared, _at: float) -> Session:
    workers = {worker_id: replace(session.workers[worker_id], cleared=line) for worker_id, line in event.lines}
    return replace(session, workers=MappingProxyType({**session.workers, **workers}))


# -- what has modules of its own --------------------------------------------------------------------------------------

_on(e.MessageQueued)(messages.was_queued)
_on(e.MessageTyping)(messages.was_typing)
_on(e.MessageDelivered)(messages.was_delivered)
_on(e.MessageRefused)(messages.was_refused)
_on(e.NeedArose)(needs.arose)
_on(e.NeedAnswered)(needs.answered)
_on(e.AnswerFailed)(needs.unanswered)
_on(e.NeedSettled)(needs.settled)
_on(e.LimitMet)(limits.was_met)
_on(e.LimitLifted)(limits.was_lifted)
_on(e.WorkMeasured)(work.was_measured)
_on(e.OverlapsFound)(work.were_found)
_on(e.ShellSeen)(work.was_run)
_on(e.EscapeSeen)(work.was_seen_outside)
_on(e.WorktreeReadied)(work.was_readied)
_on(e.WorkAccepted)(work.was_accepted)
_on(e.WorkSentBack)(work.was_sent_back)
_on(e.VerifyCancelled)(work.was_cancelled)
_on(e.CommandBegan)(work.command_began)
_on(e.IntegrationStarted)(work.integration_began)
_on(e.BranchTried)(work.was_tried)
_on(e.IntegrationEnded)(work.integration_ended)
_on(e.IntegrationCancelled)(work.integration_was_cancelled)
_on(e.IntegrationUndone)(work.was_undone)
_on(e.MergeStarted)(work.merge_began)
_on(e.MergeReached)(work.merge_reached)
_on(e.MergeCancelled)(work.merge_was_cancelled)
_on(e.MergeEnded)(work.merge_came_to_its_end)
_on(e.ResultMerged)(work.was_merged)

"""The rules: what may happen next. a command is granted as events, or refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core import leading, limits, messages, needs, work
from agentorchestr_tui.core.granting import Refused, Verdict, rules
from agentorchestr_tui.core.granting import of as _of
from agentorchestr_tui.core.granting import rule as _rule
from agentorchestr_tui.core.granting import unknown as _unknown
from agentorchestr_tui.core.granting import while_running as _while_running
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import AgentChoice, Outcome, Phase, Source, Status, Team
from agentorchestr_tui.core.work import ready

__all__ = ["NUDGES", "Refused", "Verdict", "decide", "ready", "twin"]

GOAL_BYTES = 4 * 1024 * 1024  # bytes; past any sensible prompt, and still one SQLite row
SEATS = 64  # workers at a time, past which no machine and no person follows
PROGRESS = 2_000  # characters of one word on how far it is
SUMMARY = 20_000  # characters of how a goal ended
NUDGES = 2  # reminders before a silent lead is given up


def decide(session: Session, command: c.Command) -> Verdict:
    """Grant a command as events, or refuse it; the session is not changed."""
    rule = rules.get(type(command))
    if rule is None:
        raise TypeError(f"no rule for {type(command).__name__}")
    return rule(session, command)


# -- the session ------------------------------------------------------------------------------------------------------


@_rule(c.CreateSession)
def _create(session: Session, wish: c.CreateSession) -> Verdict:
    if session.id:
        return Refused(f"Session {session.id} exists already.")
    if wish.seats < 1:
        return Refused("A session needs at least one seat for a worker: say --max-workers 1 or more.")
    lead = _choose_lead(wish.agents, wish.lead_agent)
    if isinstance(lead, Refused):
        return lead
    event = e.SessionCreated(
        session_id=wish.session_id,
        project=wish.project,
        base_commit=wish.base_commit,
        base_branch=wish.base_branch,
        agents=wish.agents,
        lead_agent=lead.name,
        perspectives=wish.perspectives,
        seats=wish.seats,
        permissions=wish.permissions,
    )
    return (event,)


def _choose_lead(agents: tuple[AgentChoice, ...], wanted: str) -> AgentChoice | Refused:
    if not agents:
        return Refused("No agent is installed. See what to install with: agentorchestr --detect")
    if wanted:
        chosen = next((agent for agent in agents if agent.name == wanted), None)
        if chosen is None:
            return Refused(f"The lead must be one of this session's agents: {_names(agents)}.")
        if not chosen.mcp:
            return Refused(f"{wanted} cannot lead because it does not speak MCP; it can work for another lead.")
        return chosen
    able = [agent for agent in agents if agent.mcp and agent.lead_rank > 0]
    if not able:
        return Refused(f"None of {_names(agents)} can lead: a lead must speak MCP. See: agentorchestr --detect")
    return max(able, key=lambda agent: agent.lead_rank)


@_rule(c.SetGoal)
def _set_goal(session: Session, wish: c.SetGoal) -> Verdict:
    if not session.id:
        return Refused("There is no session yet.")
    if not wish.goal.strip():
        return Refused("The goal is empty. Say what the team is to do.")
    if len(wish.goal.encode()) > GOAL_BYTES:
        return Refused(f"The goal is larger than {GOAL_BYTES // 1024**2} MiB. Put it into a file of the project.")
    if session.goal:
        return Refused("This session has its goal already; send the lead a message, or start another session.")
    team = _choose_team(session, wish.team) if wish.team else ()
    return team if isinstance(team, Refused) else (*team, e.GoalSet(wish.goal))


def _choose_team(session: Session, team: Team) -> Verdict:
    there = [agent.name for agent in session.agents]
    if missing := [name for name in team.agents if name not in there]:
        return Refused(f"{missing[0]} is not among the agents of this session: {', '.join(there)}.")
    if not 1 <= team.seats <= SEATS:
        return Refused(f"A session has 1 to {SEATS} seats for workers, not {team.seats}.")
    lead = _choose_lead(tuple(agent for agent in session.agents if agent.name in team.agents), team.lead)
    if isinstance(lead, Refused):
        return lead
    commands = tuple(command.strip() for command in team.verify if command.strip())
    return (e.TeamChosen(team.agents, lead.name, team.seats, commands),)


@_rule(c.ReportProgress)
def _progress(session: Session, wish: c.ReportProgress) -> Verdict:
    if not wish.message.strip():
        return Refused("The message is empty; say in a sentence how far it is.")
    if len(wish.message) > PROGRESS:
        return Refused(f"The message is longer than {PROGRESS:,} characters; say in a sentence how far it is.")
    return _while_running(session) or (e.ProgressReported(wish.message.strip()),)


@_rule(c.Notice)
def _notice(session: Session, wish: c.Notice) -> Verdict:
    return (e.Noticed(wish.text),) if session.id else Refused("There is no session yet.")


@_rule(c.MarkGoalDone)
def _goal_done(session: Session, wish: c.MarkGoalDone) -> Verdict:
    if refusal := _while_running(session):
        return refusal
    if not wish.summary.strip():
        return Refused("The summary is empty; say in a few sentences what was done.")
    if len(wish.summary) > SUMMARY:
        return Refused(f"The summary is longer than {SUMMARY:,} characters; say in a few sentences what was done.")
    if busy := session.live_workers:
        return Refused(f"{_ids(busy)} still at work: wait_for_worker, or kill_worker, first.")
    if left := leading.untried(session):
        return Refused(f"Nobody was given {', '.join(left)} of the plan: wait_for_plan, or drop them with plan_tasks.")
    if wish.ahead:
        ids = ", ".join(wish.ahead)
        return Refused(f"The work of {ids} is not in the integration branch: call integrate, then verify, first.")
    if session.integration and session.integration != session.base_commit:
        if (check := session.verified(session.integration)) is None:
            return Refused("No verify has looked at the present integrated tree: call verify first.")
        if not check.passed:
            return Refused("The last verify of the present integrated tree failed: have it fixed, then verify again.")
    elif _promised_work(session) and not any(w.outcome is Outcome.DONE for w in session.workers.values()):
        return Refused("No worker has finished its task, and nothing was changed: mark_goal_failed says so honestly.")
    return (e.GoalDone(wish.summary.strip(), session.integration, wish.evidence),)


def _promised_work(session: Session) -> bool:
    return any(not session.read_only(worker) for worker in session.workers.values())


@_rule(c.MarkGoalFailed)
def _goal_failed(session: Session, wish: c.MarkGoalFailed) -> Verdict:
    if not wish.reason.strip():
        return Refused("The reason is empty; say in a sentence why the goal is given up.")
    if len(wish.reason) > SUMMARY:
        return Refused(f"The reason is longer than {SUMMARY:,} characters; say in a few sentences why.")
    return _while_running(session) or (e.GoalFailed(wish.reason.strip()),)


@_rule(c.PauseSession)
def _pause(session: Session, wish: c.PauseSession) -> Verdict:
    if session.phase is not Phase.RUNNING:
        return Refused("Only a running session can be paused.")
    return (e.SessionPaused(wish.reason),)


@_rule(c.ResumeSession)
def _resume(session: Session, wish: c.ResumeSession) -> Verdict:
    if session.over:
        return Refused(f"Session {session.id} has ended ({session.phase}); start a new one.")
    if not session.resumable:
        return Refused("There is nothing to resume: this session never had a goal.")
    lost = tuple(
        e.OutcomeReached(worker.id, Outcome.LOST, "its process was gone on resume", Source.EXIT, True, worker.evidence)
        for worker in session.live_workers
        if worker.id not in (*wish.alive, *wish.returning)
    )
    gone = tuple(
        e.WorkerExited(worker.id, None, "its process was gone on resume")
        for worker in session.workers.values()
        if worker.running and worker.id not in wish.alive
    )
    lead = session.lead
    left = (e.LeadExited(None, "its process was gone on resume"),) if lead and lead.running and not _leads(wish) else ()
    returning = tuple(
        worker.id for worker in session.live_workers if worker.id in set(wish.returning) - set(wish.alive)
    )
    return (e.SessionResumed(wish.alive, returning), *left, *gone, *lost, *_unfinished(session, wish))


def _unfinished(session: Session, wish: c.ResumeSession) -> tuple[e.Event, ...]:
    """Settle what cannot go on: needs and messages of those who are gone, and what was half-way into a terminal."""
    gone = [worker.id for worker in session.workers.values() if worker.running and worker.id not in wish.alive]
    asked = [
        each for who in (*gone, *([] if _leads(wish) else ["lead"])) for each in needs.settled_by_exit(session, who)
    ]
    lost = [who for who in gone if who not in wish.returning]
    told = [each for who in lost for each in messages.refused_by_exit(session, who, "its process was gone on resume")]
    return (*asked, *told, *messages.refused_by_resume(session, lost))


def _leads(wish: c.ResumeSession) -> bool:
    return "lead" in wish.alive


@_rule(c.CloseSession)
def _close(session: Session, _wish: c.CloseSession) -> Verdict:
    return () if session.closed or not session.id else (e.SessionClosed(),)


# -- the lead ---------------------------------------------------------------------------------------------------------


@_rule(c.NoteLeadStarted)
def _lead_started(session: Session, wish: c.NoteLeadStarted) -> Verdict:
    if session.lead and session.lead.running:
        return Refused("The lead runs already.")
    return (e.LeadStarted(wish.agent, wish.pane, wish.pid, wish.conversation, wish.resumed),)


@_rule(c.NoteLeadExited)
def _lead_exited(session: Session, wish: c.NoteLeadExited) -> Verdict:
    if not (session.lead and session.lead.running):
        return ()
    left = (e.LeadExited(wish.code, wish.how), *needs.settled_by_exit(session, "lead"))
    inherits = leading.inherits(session, wish)
    return (*left, leading.successor(session, f"the lead {wish.how}")) if inherits else left


@_rule(c.NudgeLead)
def _nudge(session: Session, wish: c.NudgeLead) -> Verdict:
    if refusal := _while_running(session):
        return refusal
    if not (session.lead and session.lead.running):
        return Refused("The lead does not run.")
    if session.lead.nudges >= NUDGES:
        return (e.GoalFailed("The lead stopped without finishing the goal, and did not answer when it was reminded."),)
    return (e.LeadNudged(wish.text), messages.reminder(session, wish.text))


# -- the workers ------------------------------------------------------------------------------------------------------


@_rule(c.SpawnWorker)
def _spawn(session: Session, wish: c.SpawnWorker) -> Verdict:
    if refusal := _while_running(session):
        return refusal
    if not wish.task.strip():
        return Refused("The task is empty; say what the worker is to do and when it is done.")
    if session.perspective(wish.perspective) is None:
        return Refused(_unknown("perspective", wish.perspective, (each.name for each in session.perspectives)))
    if twin(session, wish):
        return ()  # asked twice: one worker
    if len(session.live_workers) >= session.seats:
        return Refused(f"All {session.seats} seats are taken; wait for a worker, or kill one, first.")
    if refusal := work.unresolvable(session, wish):
        return refusal
    if wish.plan_task and (refusal := leading.unstartable(session, wish.plan_task)):
        return refusal
    agent = _choose_worker(session, wish.agent_hint)
    if isinstance(agent, Refused):
        return agent
    if why := limits.held_back(session, agent):
        return Refused(f"{why}; name another agent_hint, or wait.")
    worker_id = f"w{len(session.workers) + 1:02d}"
    event = e.WorkerSpawned(
        worker_id=worker_id,
        perspective=wish.perspective,
        agent=agent,
        task=wish.task,
        file_scope=wish.file_scope,
        pass_criteria=wish.pass_criteria,
        extra_context=wish.extra_context,
        agent_hint=wish.agent_hint,
        nonce=wish.nonce,
        conversation=wish.conversation,
        branch=f"agentorchestr/{session.id}/{wish.perspective}-{worker_id}",
        plan_task=wish.plan_task,
        reviews=wish.reviews,
        resolves=wish.resolves,
    )
    return (event,)


def twin(session: Session, wish: c.SpawnWorker) -> Worker | None:
    """Find the live worker that was spawned by the same wish."""
    return next((worker for worker in session.live_workers if _asked(worker) == _asked(wish)), None)


def _asked(of: Worker | c.SpawnWorker) -> tuple[object, ...]:
    told = (of.task, of.perspective, of.file_scope, of.pass_criteria, of.extra_context, of.agent_hint)
    return (*told, of.plan_task, of.reviews, of.resolves)


def _choose_worker(session: Session, hint: str | None) -> str | Refused:
    if hint:
        if any(agent.name == hint for agent in session.agents):
            return hint
        return Refused(_unknown("agent", hint, (agent.name for agent in session.agents)))
    able = [agent for agent in session.agents if agent.implement_rank > 0]
    if not able:
        return Refused("None of this session's agents can work; add one with --agents.")
    free = [agent for agent in able if session.limit_of(agent.name) is None] or able
    others = [agent for agent in free if agent.name != session.lead_agent] or free
    busy = {agent.name: sum(w.agent == agent.name for w in session.live_workers) for agent in others}
    return min(others, key=lambda agent: (busy[agent.name], -agent.implement_rank)).name


@_rule(c.NoteWorkerStarted)
def _worker_started(session: Session, wish: c.NoteWorkerStarted) -> Verdict:
    if refusal := _of(session, wish.worker_id):
        return refusal
    event = e.WorkerStarted(
        worker_id=wish.worker_id,
        pane=wish.pane,
        pid=wish.pid,
        worktree=wish.worktree,
        base=wish.base,
        conversation=wish.conversation,
        resumed=wish.resumed,
    )
    return (event,)


@_rule(c.NoteWorkerExited)
def _worker_exited(session: Session, wish: c.NoteWorkerExited) -> Verdict:
    if refusal := _of(session, wish.worker_id):
        return refusal
    if not session.workers[wish.worker_id].running:
        return ()
    return (e.WorkerExited(wish.worker_id, wish.code, wish.how), *_left_over(session, wish.worker_id, wish.how))


def _left_over(session: Session, worker_id: str, how: str) -> tuple[e.Event, ...]:
    """Settle what nobody can do any more for a worker whose process has ended."""
    return (*needs.settled_by_exit(session, worker_id), *messages.refused_by_exit(session, worker_id, how))


@_rule(c.NoteConversation)
def _conversation(session: Session, wish: c.NoteConversation) -> Verdict:
    holder = session.lead if wish.who == "lead" else session.workers.get(wish.who)
    if holder is None:
        return Refused(f"There is no {wish.who}.")
    if not wish.conversation or holder.conversation == wish.conversation:
        return ()
    return (e.ConversationKnown(wish.who, wish.conversation),)


@_rule(c.NoteStatus)
def _status(session: Session, wish: c.NoteStatus) -> Verdict:
    holder = session.lead if wish.who == "lead" else session.workers.get(wish.who)
    if holder is None:
        return Refused(f"There is no {wish.who}.")
    if holder.status is wish.status or holder.status is Status.EXITED:
        return ()
    return (e.StatusChanged(wish.who, wish.status, wish.rule, wish.seen),)


_OWN_WORDS = frozenset({Source.REPORT, Source.FLAG, Source.LINE})


@_rule(c.ReportOutcome)
def _outcome(session: Session, wish: c.ReportOutcome) -> Verdict:
    if refusal := _of(session, wish.worker_id):
        return refusal
    worker = session.workers[wish.worker_id]
    if not worker.live and not _outranks(wish, worker):
        return ()
    if wish.source in _OWN_WORDS and any(each.new_turn and not each.typing for each in session.queued(worker.id)):
        return ()  # it has not heard yet what its next turn is about: this is about the one before
    event = e.OutcomeReached(worker.id, wish.outcome, wish.summary.strip(), wish.source, wish.confirmed, wish.evidence)
    return (*leading.found(worker, wish.findings), event)


def _outranks(wish: c.ReportOutcome, worker: Worker) -> bool:
    """Say whether a second word on the same turn counts: a correction over MCP does, a confirmed word over a guess."""
    if worker.outcome is Outcome.KILLED:
        return False
    return wish.confirmed and (not worker.confirmed or wish.source is Source.REPORT) and wish.source is not Source.EXIT


@_rule(c.KillWorker)
def _kill(session: Session, wish: c.KillWorker) -> Verdict:
    if refusal := _of(session, wish.worker_id):
        return refusal
    worker = session.workers[wish.worker_id]
    if worker.outcome is Outcome.KILLED:
        return Refused(f"{worker.id} was killed already.")
    if not worker.live and worker.integrated:
        return Refused(f"{worker.id} has finished and its work is integrated; there is nothing to kill.")
    return (e.OutcomeReached(worker.id, Outcome.KILLED, wish.reason, Source.ORDER, True, wish.evidence),)


@_rule(c.NoteWorkKept)
def _kept(session: Session, wish: c.NoteWorkKept) -> Verdict:
    return _of(session, wish.worker_id) or (e.WorkKept(wish.worker_id, wish.ref, wish.commit),)


# -- integration and verification -------------------------------------------------------------------------------------


@_rule(c.Integrate)
def _integrate(session: Session, wish: c.Integrate) -> Verdict:
    if refusal := _while_running(session):
        return refusal
    for worker_id in wish.worker_ids:
        if refusal := _of(session, worker_id) or _unready(session, session.workers[worker_id]):
            return refusal
    ids = wish.worker_ids or tuple(worker.id for worker in session.workers.values() if ready(session, worker))
    return (e.IntegrationStarted(ids, f"i{session.integration_runs + 1}", wish.by),)


def _unready(session: Session, worker: Worker) -> Refused | None:
    if session.read_only(worker):
        return Refused(f"{worker.id} is a {worker.perspective}: its changes are kept aside and never integrated.")
    if worker.live:
        return Refused(f"{worker.id} is still at work: wait until it has finished.")
    return None


@_rule(c.NoteIntegrated)
def _integrated(session: Session, wish: c.NoteIntegrated) -> Verdict:
    if refusal := _of(session, wish.worker_id):
        return refusal
    worker = session.workers[wish.worker_id]
    if session.read_only(worker):
        return Refused(f"{worker.id} is a {worker.perspective}: its changes are kept aside and never integrated.")
    return (e.BranchIntegrated(worker.id, wish.branch_commit, wish.integration_commit, wish.before),)


@_rule(c.NoteConflict)
def _conflict(session: Session, wish: c.NoteConflict) -> Verdict:
    return _of(session, wish.worker_id) or (
        e.IntegrationConflicted(wish.worker_id, wish.branch_commit, wish.conflicts),
    )


@_rule(c.Verify)
def _verify(session: Session, wish: c.Verify) -> Verdict:
    if refusal := _while_running(session):
        return refusal
    if session.verifying:
        return Refused("A verify runs already: call verify again to wait for it.")
    return (e.VerifyStarted(f"v{session.verify_runs + 1}", session.tip, wish.commands),)


@_rule(c.NoteVerified)
def _verified(session: Session, wish: c.NoteVerified) -> Verdict:
    if wish.verify_id in session.verifies_cancelled:
        return ()
    return _while_running(session) or (
        e.VerifyFinished(wish.verify_id, wish.commit, wish.passed, wish.commands, wish.note),
    )


# -- words ------------------------------------------------------------------------------------------------------------


def _names(agents: tuple[AgentChoice, ...]) -> str:
    return ", ".join(agent.name for agent in agents)


def _ids(workers: Iterable[Worker]) -> str:
    ids = [worker.id for worker in workers]
    return f"{', '.join(ids)} {'is' if len(ids) == 1 else 'are'}"

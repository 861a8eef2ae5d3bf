"""The rules of what a lead plans, is asked, has reviewed and costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.granting import Refused, Verdict, of, rule, unknown, while_running
from agentorchestr_tui.core.needs import settled_by_exit
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import Finding, Outcome, Phase, PlanTask, TaskState

PLAN_TASKS = 64  # tasks of one plan; more is a plan of plans
TRIES = 5  # workers that one task may be given at most
SUCCESSORS = 3  # leads that may take over from one another before a person is asked
QUESTIONS = 3  # questions that one worker may leave open
FINDINGS = 200  # of one reviewer that are kept


# -- the plan ---------------------------------------------------------------------------------------------------------


@rule(c.SetPlan)
def _plan(session: Session, wish: c.SetPlan) -> Verdict:
    if refusal := while_running(session):
        return refusal
    known = {task.id: task for task in session.plan}
    for task_id in wish.drop:
        if refusal := _of_plan(known, task_id) or _untouched(session, task_id, "dropped"):
            return refusal
    kept = {task_id: task for task_id, task in known.items() if task_id not in wish.drop}
    for task in wish.tasks:
        if known.get(task.id, task) != task and (refusal := _untouched(session, task.id, "changed")):
            return refusal
    whole = {**kept, **{task.id: task for task in wish.tasks}}
    if refusal := _flaw(session, wish.tasks, whole):
        return refusal
    plan = tuple(whole.values())
    return () if plan == session.plan else (e.PlanSet(plan),)


def _flaw(session: Session, given: Sequence[PlanTask], plan: dict[str, PlanTask]) -> Refused | None:
    if len(plan) > PLAN_TASKS:
        return Refused(f"A plan holds {PLAN_TASKS} tasks at most; join small tasks into larger ones.")
    if len({task.id for task in given}) < len(given):
        return Refused("Two tasks have the same id; give each its own, such as t1, t2.")
    return next((flaw for task in plan.values() if (flaw := _flawed(session, task, plan))), None) or _circle(plan)


def _flawed(session: Session, task: PlanTask, plan: dict[str, PlanTask]) -> Refused | None:
    if not task.id.strip() or not task.task.strip():
        return Refused("Every task needs an id and a text that says what is to be done.")
    if session.perspective(task.perspective) is None:
        return Refused(unknown("perspective", task.perspective, (each.name for each in session.perspectives)))
    if task.agent_hint and all(agent.name != task.agent_hint for agent in session.agents):
        return Refused(unknown("agent", task.agent_hint, (agent.name for agent in session.agents)))
    if not 1 <= task.tries <= TRIES:
        return Refused(f"Task {task.id} asks for {task.tries} tries; it may have 1 to {TRIES}.")
    missing = next((each for each in task.depends_on if each not in plan), None)
    return None if missing is None else Refused(f"Task {task.id} depends on {missing!r}, which is not in the plan.")


def _circle(plan: dict[str, PlanTask]) -> Refused | None:
    """Find tasks that wait for each other: those that are left when what is free is taken away again and again."""
    left = {task_id: set(task.depends_on) for task_id, task in plan.items()}
    while free := {task_id for task_id, needs in left.items() if not needs}:
        left = {task_id: needs - free for task_id, needs in left.items() if task_id not in free}
    if not left:
        return None
    return Refused(f"Tasks {', '.join(left)} wait for each other in a circle; leave one depends_on out.")


def _of_plan(plan: dict[str, PlanTask], task_id: str) -> Refused | None:
    return None if task_id in plan else Refused(unknown("task", task_id, plan or ("none yet",)))


def _untouched(session: Session, task_id: str, done: str) -> Refused | None:
    workers = workers_of(session, task_id)
    if not workers:
        return None
    ids = ", ".join(worker.id for worker in workers)
    return Refused(f"Task {task_id} cannot be {done}: it was given to {ids}. Add a task with another id instead.")


def unstartable(session: Session, task_id: str) -> Refused | None:
    """Refuse a worker for a task of the plan that is not ready."""
    task = next((each for each in session.plan if each.id == task_id), None)
    if task is None:
        return Refused(unknown("task", task_id, [each.id for each in session.plan] or ["none yet"]))
    state = task_state(session, task)
    return None if state is TaskState.READY else Refused(f"Task {task_id} is {state}, so no worker can start on it.")


def workers_of(session: Session, task_id: str) -> tuple[Worker, ...]:
    """Return the workers that were given a task, oldest first."""
    return tuple(worker for worker in session.workers.values() if worker.plan_task == task_id)


def plan_states(session: Session) -> dict[str, TaskState]:
    """Return the state of every task, in the plan's order."""
    plan = {task.id: task for task in session.plan}
    states: dict[str, TaskState] = {}

    def settle(task: PlanTask) -> TaskState:
        if task.id not in states:
            states[task.id] = _tried(session, task) or _before([settle(plan[each]) for each in task.depends_on])
        return states[task.id]

    return {task.id: settle(task) for task in session.plan}


def goes_on(session: Session) -> bool:
    """Say whether the plan moves on by itself: a task of it runs, or is about to."""
    return any(state in (TaskState.READY, TaskState.RUNNING) for state in plan_states(session).values())


def task_state(session: Session, task: PlanTask) -> TaskState:
    """Say where one task of the plan stands."""
    return plan_states(session)[task.id]


def _tried(session: Session, task: PlanTask) -> TaskState | None:
    """Say where a task stands by those who were given it; None when nobody was."""
    workers = workers_of(session, task.id)
    if not workers:
        return None
    last = workers[-1]
    match last.outcome:
        case None:
            return TaskState.RUNNING
        case Outcome.DONE:
            return TaskState.HELD if last.conflicts else TaskState.DONE
        case Outcome.BLOCKED:
            return TaskState.HELD
        case Outcome.KILLED:
            return TaskState.FAILED
        case _:
            return TaskState.READY if len(workers) < task.tries else TaskState.FAILED


def _before(needs: Sequence[TaskState]) -> TaskState:
    if any(state in (TaskState.FAILED, TaskState.HELD) for state in needs):
        return TaskState.HELD
    return TaskState.READY if all(state is TaskState.DONE for state in needs) else TaskState.WAITING


def untried(session: Session) -> tuple[str, ...]:
    """Return the tasks of the plan that nobody was given."""
    return tuple(task.id for task in session.plan if not workers_of(session, task.id))


# -- questions and reviews --------------------------------------------------------------------------------------------


@rule(c.AskLead)
def _ask(session: Session, wish: c.AskLead) -> Verdict:
    if refusal := while_running(session) or of(session, wish.worker_id):
        return refusal
    text = wish.question.strip()
    if not text:
        return Refused("The question is empty; ask one thing in a sentence or two.")
    if not session.workers[wish.worker_id].live:
        return Refused("Your task has ended, so nobody waits for this; say it in your report instead.")
    mine = [each for each in session.questions.values() if each.worker_id == wish.worker_id]
    if any(each.text == text for each in mine):
        return ()  # asked twice: one question
    if len(mine) >= QUESTIONS:
        return Refused(f"You have {len(mine)} open questions; decide sensibly, or report_blocked with what is missing.")
    return (e.LeadAsked(f"q{session.asked + 1}", wish.worker_id, text),)


@rule(c.AnswerQuestion)
def _answer(session: Session, wish: c.AnswerQuestion) -> Verdict:
    if refusal := while_running(session):
        return refusal
    if wish.question_id not in session.questions:
        return Refused(f"There is no open question {wish.question_id!r}; it was answered, or its worker has ended.")
    if not wish.answer.strip():
        return Refused("The answer is empty: say what its worker is to do.")
    asker = session.questions[wish.question_id].worker_id
    return (e.QuestionAnswered(wish.question_id, wish.answer.strip(), wish.by, asker),)


@rule(c.AskReview)
def _review(session: Session, wish: c.AskReview) -> Verdict:
    if refusal := while_running(session):
        return refusal
    for worker_id in (*wish.about, *wish.reviewers):
        if refusal := of(session, worker_id):
            return refusal
    if not wish.about or len(wish.about) != len(wish.reviewers):
        return Refused("A review needs one reviewer for each change.")
    return (e.ReviewAsked(f"r{len(session.reviews) + 1}", wish.about, wish.reviewers, wish.focus),)


@rule(c.ReportFindings)
def _findings(session: Session, wish: c.ReportFindings) -> Verdict:
    if refusal := of(session, wish.worker_id):
        return refusal
    return found(session.workers[wish.worker_id], wish.findings)


def found(worker: Worker, findings: tuple[Finding, ...]) -> tuple[e.Event, ...]:
    """Return the fact of what a worker found, if it is news."""
    kept = findings[:FINDINGS]
    return (e.FindingsReported(worker.id, kept),) if kept and kept != worker.findings else ()


# -- what it costs ----------------------------------------------------------------------------------------------------


@rule(c.NoteHook)
def _hook(session: Session, wish: c.NoteHook) -> Verdict:
    if not session.id:
        return Refused("There is no session yet.")
    return (e.HookRan(wish.moment, wish.scope, wish.command, wish.code, wish.seconds, wish.output),)


@rule(c.ReplaceLead)
def _replace(session: Session, wish: c.ReplaceLead) -> Verdict:
    if refusal := while_running(session):
        return refusal
    if session.lead is None:
        return Refused("No lead was started yet, so there is none to replace.")
    if session.successions >= SUCCESSORS:
        return Refused(f"{SUCCESSORS} leads have taken over already; look at why they end, then resume the session.")
    left = (e.LeadExited(None, "handed over"), *settled_by_exit(session, "lead")) if session.lead.running else ()
    return (*left, successor(session, wish.reason))


def inherits(session: Session, wish: c.NoteLeadExited) -> bool:
    """Say whether a fresh lead takes over from one that ended: if there is something to take over, a few times."""
    begun = bool(session.workers or session.progress or session.plan)
    return session.phase is Phase.RUNNING and begun and wish.replace and session.successions < SUCCESSORS


def successor(session: Session, reason: str) -> e.LeadSucceeded:
    """Return the fact of the next lead."""
    return e.LeadSucceeded(session.successions + 1, reason)


@rule(c.NoteContext)
def _context(session: Session, wish: c.NoteContext) -> Verdict:
    holder = session.lead if wish.who == "lead" else session.workers.get(wish.who)
    if holder is None:
        return Refused(f"There is no {wish.who}.")
    return () if holder.context == wish.use else (e.ContextSeen(wish.who, wish.use),)


@rule(c.NoteStalled)
def _stalled(session: Session, wish: c.NoteStalled) -> Verdict:
    if refusal := of(session, wish.worker_id):
        return refusal
    worker = session.workers[wish.worker_id]
    return () if worker.stalled or not worker.live else (e.WorkerStalled(wish.worker_id, wish.seconds),)


@rule(c.NoteStirred)
def _stirred(session: Session, wish: c.NoteStirred) -> Verdict:
    if refusal := of(session, wish.worker_id):
        return refusal
    return (e.WorkerStirred(wish.worker_id),) if session.workers[wish.worker_id].stalled else ()


@rule(c.CompactSession)
def _compact(session: Session, wish: c.CompactSession) -> Verdict:
    if refusal := while_running(session):
        return refusal
    if wish.keep < 0:
        return Refused("keep_last_n is 0 or more.")
    told = [worker for worker in session.workers.values() if wish.running or not worker.live]
    old = told[: len(told) - wish.keep] if wish.keep else told
    ids = tuple(worker.id for worker in old if not worker.compacted)
    return (e.SessionCompacted(ids),) if ids else ()


@rule(c.ClearResults)
def _clear(session: Session, wish: c.ClearResults) -> Verdict:
    if refusal := while_running(session) or _of_all(session, (worker_id for worker_id, _ in wish.lines)):
        return refusal
    return (e.ResultsCleared(wish.lines),) if wish.lines else ()


def _of_all(session: Session, worker_ids: Iterable[str]) -> Refused | None:
    return next((refusal for worker_id in worker_ids if (refusal := of(session, worker_id))), None)

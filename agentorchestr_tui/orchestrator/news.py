"""What a lead should hear of, in one sentence each, with what it can do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.leading import workers_of
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import NeedKind, PlanTask, TaskState, shortened

REFS = ("branch ", "checkout of ")  # how an escape names what is no file; the letter about it says more
WIDTH = 400  # characters of somebody's words that stand in one piece of news


def for_lead(event: e.Event, session: Session, *, attended: bool = False) -> str | None:
    """Say what an event means for the lead; None when it need not know, or hears of it anyway.

    Permission prompts are a person's where one is at the screen (`attended`).
    """
    match event:
        case e.LeadAsked():
            question = shortened(event.question, WIDTH)
            return f"{event.worker_id} asks: {question} Answer with send_to_worker({event.worker_id!r}, ...)."
        case e.WorkerStalled():
            minutes = f"{event.seconds / 60:.0f} min"
            return (
                f"{event.worker_id} has shown nothing for {minutes}: read_worker_output tells why; then send_to_worker "
                "or kill_worker."
            )
        case e.EscapeSeen(of=of) if of:
            files, did = shortened(", ".join(event.paths), WIDTH), "wrote" if event.sure else "may have written"
            return (
                f"{event.worker_id} {did} into the worktree of {of} ({files}): see worker_diff({of!r}), "
                f"and have {event.worker_id} undo what is not {of}'s."
            )
        case e.EscapeSeen(sure=True) if not any(path.startswith(REFS) for path in event.paths):
            files = shortened(", ".join(event.paths), WIDTH)
            return f"{event.worker_id} wrote into the user's own checkout ({files}): have it undo that and stay inside."
        case e.NeedArose(kind=NeedKind.PERMISSION, who=who) if who in session.workers and not attended:
            names, asked = " or ".join(choice.name for choice in event.choices), shortened(event.text, WIDTH)
            return f"{who} waits for a permission: {asked} Say answer_worker({who!r}, {names})."
        case _:
            return None


def of_plan(session: Session, before: Mapping[str, TaskState], after: Mapping[str, TaskState]) -> Iterator[str]:
    """Say which tasks of the plan now need the lead, and that all of them are done."""
    for task in session.plan:
        state = after[task.id]
        if state is not before.get(task.id) and state in (TaskState.HELD, TaskState.FAILED):
            yield from _stuck(session, task, state)
    if after != before and after and all(state is TaskState.DONE for state in after.values()):
        yield "All tasks of the plan are done. Next: verify, then mark_goal_done."


def _stuck(session: Session, task: PlanTask, state: TaskState) -> Iterator[str]:
    tried = workers_of(session, task.id)
    if not tried:
        return  # it waits for one that is told of
    last, said = tried[-1], shortened(tried[-1].summary or "no summary", WIDTH)
    if last.conflicts:
        files = ", ".join(conflict.path for conflict in last.conflicts)
        settle = f"spawn_worker with resolves=[{last.id!r}]"
        yield f"Task {task.id} is held: the work of {last.id} conflicts in {files}. Have it settled: {settle}."
    elif state is TaskState.HELD:
        yield f"Task {task.id} is held: {last.id} is blocked: {said} Help with send_to_worker({last.id!r}, ...)."
    else:
        ids = ", ".join(worker.id for worker in tried)
        yield f"Task {task.id} failed (tried by {ids}): {said} Change the plan, or spawn_worker yourself."

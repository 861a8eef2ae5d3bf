"""Workers' changes beside each other: measured, judged by a person, taken out of the integration, and merged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.granting import Refused, Verdict, of, rule, while_running
from agentorchestr_tui.core.messages import send
from agentorchestr_tui.core.state import Integration, Merging, Session, Worker
from agentorchestr_tui.core.words import Comment, Outcome

SHELL_LINES = 200  # of one worker that are remembered

# -- rules ------------------------------------------------------------------------------------------------------------


@rule(c.NoteWork)
def measured(session: Session, wish: c.NoteWork) -> Verdict:
    """Note what stands in a worktree, if it is not known yet; what an outcome says is not measured over."""
    worker = session.workers.get(wish.worker_id)
    if worker is None or not worker.live or worker.evidence == wish.evidence:
        return ()
    return (e.WorkMeasured(worker.id, wish.evidence),)


@rule(c.MeasureWork)
def measure(_session: Session, _wish: c.MeasureWork) -> Verdict:
    """Grant a look; what it finds is noted by itself."""
    return ()


@rule(c.NoteOverlaps)
def overlapping(session: Session, wish: c.NoteOverlaps) -> Verdict:
    """Note overlaps that are not known yet, or that are gone."""
    return () if wish.overlaps == session.overlaps else (e.OverlapsFound(wish.overlaps),)


@rule(c.NoteEscape)
def escaped(session: Session, wish: c.NoteEscape) -> Verdict:
    """Note files outside a worktree, each once."""
    if refusal := of(session, wish.worker_id):
        return refusal
    known = session.workers[wish.worker_id].escaped
    new = tuple(path for path in wish.paths if _outside(path, wish.of) not in known)
    return (e.EscapeSeen(wish.worker_id, new, wish.sure, wish.of),) if new else ()


@rule(c.NoteShell)
def ran(session: Session, wish: c.NoteShell) -> Verdict:
    """Note shell lines, each once."""
    worker = session.workers.get(wish.worker_id)
    new = tuple(line for line in wish.lines if worker and line not in worker.shell)
    return (e.ShellSeen(wish.worker_id, new),) if new else ()


@rule(c.NoteReadied)
def readied(session: Session, wish: c.NoteReadied) -> Verdict:
    """Note what made a worktree ready."""
    return (e.WorktreeReadied(wish.name, wish.copied, wish.commands),) if session.id else Refused("No session yet.")


@rule(c.AcceptWork)
def accept(session: Session, wish: c.AcceptWork) -> Verdict:
    """Grant that a finished change is good."""
    if refusal := of(session, wish.worker_id):
        return refusal
    worker = session.workers[wish.worker_id]
    if worker.live:
        return Refused(f"{worker.id} is still at work; it can be judged when it has reported.")
    if session.read_only(worker):
        return Refused(f"{worker.id} is a {worker.perspective}: it only reads, so there is nothing to accept.")
    return () if worker.accepted else (e.WorkAccepted(worker.id),)


@rule(c.SendBack)
def send_back(session: Session, wish: c.SendBack) -> Verdict:
    """Grant another turn with comments on the last one."""
    if refusal := of(session, wish.worker_id):
        return refusal
    if not any(comment.text.strip() for comment in wish.comments):
        return Refused("There is no comment: say what is to be changed.")
    told = send(session, c.SendToWorker(wish.worker_id, told_back(wish.comments), by="person"))
    return told if isinstance(told, Refused) else (e.WorkSentBack(wish.worker_id, wish.comments), *told)


def told_back(comments: Iterable[Comment]) -> str:
    """Return comments as the message that a worker gets."""
    said = [f"{each.path}:{each.line}: {each.text}" if each.path else each.text for each in comments]
    return "Your change comes back to you with comments:\n\n" + "\n".join(said) + "\n\nMend it, and report again."


@rule(c.CancelVerify)
def cancel(session: Session, _wish: c.CancelVerify) -> Verdict:
    """Grant ending the verify that runs; what it would have said no longer counts."""
    if not session.verifying:
        return Refused("No verify runs now, so there is none to cancel.")
    return (e.VerifyCancelled(session.verifying),)


@rule(c.NoteVerifying)
def verifying(session: Session, wish: c.NoteVerifying) -> Verdict:
    """Note which command a verify is at, as long as it runs."""
    return (e.CommandBegan(wish.verify_id, wish.number, wish.again),) if session.verifying == wish.verify_id else ()


@rule(c.NoteTrying)
def trying(session: Session, wish: c.NoteTrying) -> Verdict:
    """Note which branch an integration is at, as long as it runs."""
    if not _runs(session, wish.integration_id):
        return ()
    return (e.BranchTried(wish.integration_id, wish.worker_id, wish.number, wish.of, wish.again),)


@rule(c.NoteIntegrationEnded)
def ended(session: Session, wish: c.NoteIntegrationEnded) -> Verdict:
    """Note the end of an integration, once."""
    return (e.IntegrationEnded(wish.integration_id),) if _runs(session, wish.integration_id) else ()


@rule(c.CancelIntegration)
def cancel_integration(session: Session, _wish: c.CancelIntegration) -> Verdict:
    """Grant ending the integration whose turn it is, once."""
    if not session.integrating:
        return Refused("No integration runs now, so there is none to cancel.")
    first = session.integrating[0]
    return () if first.cancelled else (e.IntegrationCancelled(first.id),)


def _runs(session: Session, integration_id: str) -> bool:
    return any(each.id == integration_id for each in session.integrating)


@rule(c.UndoIntegration)
def undo(session: Session, wish: c.UndoIntegration) -> Verdict:
    """Grant taking a worker's work out of the integration."""
    if refusal := of(session, wish.worker_id):
        return refusal
    worker = session.workers[wish.worker_id]
    if not worker.integrated:
        return Refused(f"{worker.id} is not in the integration.")
    if session.verifying:
        return Refused("A verify runs on the integrated tree: wait for it, or cancel it, first.")
    if session.integrating:
        return Refused("An integration runs: wait for it, or cancel it, first.")
    if session.merging:
        return Refused("The merge into your branch runs: wait for it, or cancel it, first.")
    if session.merged:
        return Refused("The result is in your branch already; take it out there with git revert.")
    return (e.IntegrationUndone(worker.id, wish.commit, session.integration),)


@rule(c.MergeResult)
def merge(session: Session, _wish: c.MergeResult) -> Verdict:
    """Grant merging what is integrated."""
    if not session.integration:
        return Refused("Nothing is integrated yet, so there is nothing to merge.")
    if session.merging:
        return Refused("The merge into your branch runs already.")
    return (e.MergeStarted(session.integration),)


@rule(c.NoteMerging)
def reached(session: Session, wish: c.NoteMerging) -> Verdict:
    """Note which step the merge is at, as long as it runs."""
    return (e.MergeReached(wish.step, wish.files),) if session.merging else ()


@rule(c.NoteMergeEnded)
def merge_ended(session: Session, _wish: c.NoteMergeEnded) -> Verdict:
    """Note the end of the merge, once."""
    return (e.MergeEnded(),) if session.merging else ()


@rule(c.CancelMerge)
def cancel_merge(session: Session, _wish: c.CancelMerge) -> Verdict:
    """Grant ending the merge that runs, once."""
    if not session.merging:
        return Refused("No merge runs now, so there is none to cancel.")
    return () if session.merging.cancelled else (e.MergeCancelled(),)


@rule(c.NoteMerged)
def merged(session: Session, wish: c.NoteMerged) -> Verdict:
    """Note that the user's branch holds the result."""
    return (e.ResultMerged(wish.branch, wish.commit),) if session.id else Refused("There is no session yet.")


def unresolvable(session: Session, wish: c.SpawnWorker) -> Refused | None:
    """Refuse a worker that is to settle a conflict which there is not."""
    if not wish.resolves:
        return None
    if refusal := while_running(session):
        return refusal
    if len(wish.resolves) > 1:
        first = wish.resolves[0]
        return Refused(
            f"A folder holds one conflict: have that of {first} settled, integrate, then the next if it stays."
        )
    for worker_id in wish.resolves:
        if refusal := of(session, worker_id):
            return refusal
        if not session.workers[worker_id].conflicts:
            return Refused(f"{worker_id} has no conflict: call integrate, which finds them, or leave resolves empty.")
    return None


def ready(session: Session, worker: Worker) -> bool:
    """Say whether a worker's branch waits to be integrated: its task is done, and it may change things."""
    return worker.outcome is Outcome.DONE and not session.read_only(worker) and not worker.withheld


# -- changes ----------------------------------------------------------------------------------------------------------


def was_measured(session: Session, event: e.WorkMeasured, _at: float) -> Session:
    """Take a measure."""
    return _put(session, replace(session.workers[event.worker_id], evidence=event.evidence))


def were_found(session: Session, event: e.OverlapsFound, _at: float) -> Session:
    """Take the overlaps as they stand."""
    return replace(session, overlaps=event.overlaps)


def was_seen_outside(session: Session, event: e.EscapeSeen, _at: float) -> Session:
    """Remember which files."""
    worker = session.workers[event.worker_id]
    paths = tuple(_outside(path, event.of) for path in event.paths)
    return _put(session, replace(worker, escaped=(*worker.escaped, *paths)))


def was_run(session: Session, event: e.ShellSeen, _at: float) -> Session:
    """Remember the newest lines."""
    worker = session.workers[event.worker_id]
    return _put(session, replace(worker, shell=(*worker.shell, *event.lines)[-SHELL_LINES:]))


def _outside(path: str, of: str) -> str:
    return f"{of}: {path}" if of else path


def was_accepted(session: Session, event: e.WorkAccepted, _at: float) -> Session:
    """Remember that somebody judged it."""
    return _put(session, replace(session.workers[event.worker_id], accepted=True))


def was_sent_back(session: Session, event: e.WorkSentBack, _at: float) -> Session:
    """Forget that it was good."""
    return _put(session, replace(session.workers[event.worker_id], accepted=False, withheld=False))


def was_cancelled(session: Session, event: e.VerifyCancelled, _at: float) -> Session:
    """Go on without what the verify would have said."""
    return replace(session, verifying="", verifies_cancelled=(*session.verifies_cancelled, event.verify_id))


def command_began(session: Session, event: e.CommandBegan, _at: float) -> Session:
    """Remember which command a verify is at."""
    return replace(session, verify_at=event.number, verify_again=event.again)


def integration_began(session: Session, event: e.IntegrationStarted, at: float) -> Session:
    """Let it wait for its turn; of one without an id nobody would tell the end."""
    if not event.integration_id:
        return session
    under_way = (*session.integrating, Integration(event.integration_id, at))
    return replace(session, integrating=under_way, integration_runs=session.integration_runs + 1)


def was_tried(session: Session, event: e.BranchTried, _at: float) -> Session:
    """Remember which branch an integration is at."""
    return replace(
        session,
        integrating=tuple(
            replace(each, worker_id=event.worker_id, number=event.number, of=event.of, again=event.again)
            if each.id == event.integration_id
            else each
            for each in session.integrating
        ),
    )


def integration_was_cancelled(session: Session, event: e.IntegrationCancelled, _at: float) -> Session:
    """Remember that its end is wanted; it comes when its git has ended."""
    return replace(
        session,
        integrating=tuple(
            replace(each, cancelled=True) if each.id == event.integration_id else each for each in session.integrating
        ),
    )


def integration_ended(session: Session, event: e.IntegrationEnded, _at: float) -> Session:
    """Forget it."""
    return replace(session, integrating=tuple(each for each in session.integrating if each.id != event.integration_id))


def was_undone(session: Session, event: e.IntegrationUndone, _at: float) -> Session:
    """Go back to the tree without it."""
    worker = replace(session.workers[event.worker_id], integrated="", withheld=True)
    now = event.commit if event.commit != session.base_commit else ""
    return _put(replace(session, integration=now), worker)


def was_readied(session: Session, _event: e.WorktreeReadied, _at: float) -> Session:
    """Change nothing: what failed in it is told by its worker or its verification."""
    return session


def merge_began(session: Session, _event: e.MergeStarted, at: float) -> Session:
    """Remember that it runs; in logs of before, where nothing told its end, until the session is resumed."""
    return replace(session, merging=Merging(at))


def merge_reached(session: Session, event: e.MergeReached, _at: float) -> Session:
    """Remember the step."""
    merging = session.merging and replace(session.merging, step=event.step, files=event.files)
    return replace(session, merging=merging)


def merge_was_cancelled(session: Session, _event: e.MergeCancelled, _at: float) -> Session:
    """Remember that its end is wanted; it comes when its git has ended."""
    return replace(session, merging=session.merging and replace(session.merging, cancelled=True))


def merge_came_to_its_end(session: Session, _event: e.MergeEnded, _at: float) -> Session:
    """Forget it."""
    return replace(session, merging=None)


def was_merged(session: Session, event: e.ResultMerged, _at: float) -> Session:
    """Remember where the result is."""
    return replace(session, merged=event.commit, merging=None)


def _put(session: Session, worker: Worker) -> Session:
    return replace(session, workers=MappingProxyType({**session.workers, worker.id: worker}))

"""Messages to agents: taken, queued, handed over or refused, each with a receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.granting import Refused, Verdict, of, rule, while_running
from agentorchestr_tui.core.state import Message, Session
from agentorchestr_tui.core.words import NOTHING, Outcome, Receipt, Source, Status, When

LEAD = "lead"
HOUSE = "house"
LONGEST = 64 * 1024  # bytes of one message
KEPT = 100  # settled messages that a state carries; the log has them all
_HALFWAY = "The session stopped while it was being typed; look in its terminal whether it arrived."


# -- rules ------------------------------------------------------------------------------------------------------------


@rule(c.SendToWorker)
def send(session: Session, wish: c.SendToWorker) -> Verdict:
    """Take a message to a worker."""
    if refusal := while_running(session) or of(session, wish.worker_id) or _unfit(wish.text):
        return refusal
    worker = session.workers[wish.worker_id]
    if worker.ended:
        return Refused(f"{worker.id} has ended ({worker.ended}); spawn a new worker for what is left.")
    if not worker.running:
        return Refused(f"{worker.id} is still starting; wait for it first.")
    if worker.status is Status.NEEDS_INPUT:
        return Refused(f"{worker.id} waits for an answer in its terminal; that has to be given first.")
    return (_queued(session, worker.id, wish.text, wish.when, wish.by, new_turn=worker.outcome is not None),)


@rule(c.TellLead)
def tell(session: Session, wish: c.TellLead) -> Verdict:
    """Take a message to the lead."""
    if refusal := while_running(session) or _unfit(wish.text):
        return refusal
    if not (session.lead and session.lead.running):
        return Refused("The lead does not run.")
    if session.lead.status is Status.NEEDS_INPUT:
        return Refused("The lead waits for an answer in its terminal; that has to be given first.")
    return (_queued(session, LEAD, wish.text.strip(), wish.when, wish.by),)


def reminder(session: Session, text: str) -> e.Event:
    """Queue a reminder of ours for the lead."""
    return _queued(session, LEAD, text, When.NOW, HOUSE)


@rule(c.NoteMessageTyping)
def typing(session: Session, wish: c.NoteMessageTyping) -> Verdict:
    """Let a message that still waits be handed over."""
    message = session.messages.get(wish.message_id)
    if message is None or message.receipt is not Receipt.QUEUED or message.typing:
        return Refused(f"{wish.message_id} does not wait to be handed over.")
    return (e.MessageTyping(message.id),)


@rule(c.NoteMessageDelivered)
def delivered(session: Session, wish: c.NoteMessageDelivered) -> Verdict:
    """Note that a message was taken."""
    return (e.MessageDelivered(wish.message_id),) if _waits(session, wish.message_id) else ()


@rule(c.NoteMessageRefused)
def refused(session: Session, wish: c.NoteMessageRefused) -> Verdict:
    """Note that a message was not taken; a turn that was to begin with it did not."""
    return _refuse(session, session.messages[wish.message_id], wish.reason) if _waits(session, wish.message_id) else ()


def refused_by_exit(session: Session, who: str, how: str) -> tuple[e.Event, ...]:
    """Refuse what a worker that has ended can no longer be told."""
    return tuple(e.MessageRefused(each.id, f"{who} has ended: {how}.") for each in session.queued(who) if who != LEAD)


def refused_by_resume(session: Session, gone: Iterable[str]) -> tuple[e.Event, ...]:
    """Refuse what was half-way into a terminal when the session stopped; what waited before that waits on."""
    lost = frozenset(gone)
    halfway = [each for each in session.messages.values() if each.typing and each.receipt is Receipt.QUEUED]
    return tuple(e.MessageRefused(each.id, _HALFWAY) for each in halfway if each.to not in lost)


def _refuse(session: Session, message: Message, reason: str) -> tuple[e.Event, ...]:
    refusal = e.MessageRefused(message.id, reason)
    worker = session.workers.get(message.to)
    if worker is None or not (message.new_turn and worker.live):
        return (refusal,)
    words = f"The message that was to begin another turn did not reach it: {reason}"
    return (
        refusal,
        e.OutcomeReached(worker.id, Outcome.BLOCKED, words, Source.TURN, False, worker.evidence or NOTHING),
    )


def _waits(session: Session, message_id: str) -> bool:
    message = session.messages.get(message_id)
    return message is not None and message.receipt is Receipt.QUEUED


def _unfit(text: str) -> Refused | None:
    if not text.strip():
        return Refused("The message is empty.")
    if len(text.encode()) > LONGEST:
        return Refused(f"The message is larger than {LONGEST // 1024} KiB. Put it into a file, and send its name.")
    return None


def _queued(session: Session, to: str, text: str, when: When, by: str, *, new_turn: bool = False) -> e.MessageQueued:
    return e.MessageQueued(f"m{session.messages_taken + 1}", to, text, when, by, new_turn)


# -- changes ----------------------------------------------------------------------------------------------------------


def was_queued(session: Session, event: e.MessageQueued, at: float) -> Session:
    """Add a message; a new turn of its worker begins with it."""
    message = Message(event.message_id, event.to, event.text, event.when, event.by, event.new_turn, since=at)
    after = replace(_put(session, message), messages_taken=session.messages_taken + 1)
    return new_turn(after, event.to, at) if event.new_turn else after


def was_typing(session: Session, event: e.MessageTyping, _at: float) -> Session:
    """Note that a message is being handed over."""
    message = session.messages.get(event.message_id)
    return session if message is None else _put(session, replace(message, typing=True))


def was_delivered(session: Session, event: e.MessageDelivered, _at: float) -> Session:
    """Note a receipt."""
    return _settle(session, event.message_id, Receipt.ACCEPTED, "")


def was_refused(session: Session, event: e.MessageRefused, _at: float) -> Session:
    """Note a refusal."""
    return _settle(session, event.message_id, Receipt.REFUSED, event.reason)


def new_turn(session: Session, worker_id: str, at: float) -> Session:
    """Begin a worker's next turn: its outcome of the last one no longer counts."""
    worker = session.workers[worker_id]
    again = replace(worker, turn=worker.turn + 1, outcome=None, summary="", source=None, confirmed=False, finished=0.0)
    workers = {**session.workers, worker_id: replace(again, since=at, findings=(), compacted=False)}
    return replace(session, workers=MappingProxyType(workers))


def _settle(session: Session, message_id: str, receipt: Receipt, reason: str) -> Session:
    message = session.messages.get(message_id)
    if message is None:
        return session
    left = {key: each for key, each in session.messages.items() if key != message_id}  # it goes to the end
    left[message_id] = replace(message, receipt=receipt, reason=reason, typing=False)
    return _faded(replace(session, messages=MappingProxyType(left)))


def _faded(session: Session) -> Session:
    settled = [key for key, each in session.messages.items() if each.receipt is not Receipt.QUEUED]
    old = frozenset(settled[:-KEPT])
    left = {key: each for key, each in session.messages.items() if key not in old}
    return replace(session, messages=MappingProxyType(left)) if old else session


def _put(session: Session, message: Message) -> Session:
    return replace(session, messages=MappingProxyType({**session.messages, message.id: message}))

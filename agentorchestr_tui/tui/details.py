"""What an event says that is no news in itself: every step on the way, in the words of a person."""

from __future__ import annotations

from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.phrases import change, count, name
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import ContextUse, MergeStep, Status, shortened
from agentorchestr_tui.orchestrator.explaining import saw
from agentorchestr_tui.tui.looks import named

LONGEST = 240  # characters of a detail
AGAIN = 60  # characters of a message that was told before
_TRIES = "is tried in memory first"
_STANDS = {
    Status.STARTING: "is starting",
    Status.NEEDS_INPUT: "needs you",
    Status.LIMITED: "waits for its limit to end",
    Status.EXITED: "has ended",
    Status.UNKNOWN: "shows a screen that is not known",
}


def detail(event: e.Event, before: Session, after: Session) -> str:
    """Say what happened, between the session `before` and the one `after`; what is not known here says its name."""
    words = (
        _of_agent(event, after)
        or _of_work(event, after)
        or _of_message(event, before)
        or _of_session(event, before, after)
        or e.kind(event).replace("_", " ")
    )
    return shortened(words, LONGEST)


def stands(status: Status) -> str:
    """Say a status as a verb: `is working`, `needs you`."""
    return _STANDS.get(status, f"is {status}")


def seen_so(status: Status, seen: str) -> str:
    """Say in brackets what a status was seen by, where that is more than the status itself."""
    if status is Status.EXITED:
        return ""  # what was seen last is of before
    words = saw(seen).removeprefix(f"it reports: {status}").removeprefix(", ")
    return f" ({words})" if words else ""


def _of_agent(event: e.Event, session: Session) -> str:
    match event:
        case e.StatusChanged():
            return f"{named(session, event.who)} {stands(event.status)}{seen_so(event.status, event.seen)}"
        case e.ConversationKnown():
            return f"{named(session, event.who)} calls its own conversation {event.conversation}"
        case e.ContextSeen():
            return f"{named(session, event.who)} has {_used(event.use)}"
        case e.LeadExited():
            return f"the lead {event.how}"
        case e.WorkerExited():
            return f"{name(session, event.worker_id)} {event.how}"
        case e.WorkerStirred():
            return f"{name(session, event.worker_id)} moves again"
        case _:
            return ""


def _of_work(event: e.Event, session: Session) -> str:
    match event:
        case e.WorkMeasured():
            if event.evidence.empty:
                return f"{name(session, event.worker_id)} has changed nothing yet"
            return f"{name(session, event.worker_id)} has changed so far: {change(event.evidence)}"
        case e.OverlapsFound():
            return "no two workers change the same lines any more"
        case e.IntegrationStarted():
            return f"to be merged: {', '.join(event.worker_ids)}"
        case e.BranchTried():
            again = " once more" if event.again else ""
            return f"{name(session, event.worker_id)} is being merged{again}, {event.number} of {event.of}"
        case e.IntegrationEnded():
            return "the integration is over"
        case e.CommandBegan():
            again = " once more" if event.again else ""
            commands = session.verify_commands
            which = f": {commands[event.number - 1]}" if event.number <= len(commands) else ""
            return f"verify {event.verify_id} runs {event.number} of {len(commands)}{again}{which}"
        case e.MergeStarted():
            return "the result is being merged into your branch"
        case e.MergeReached():
            wrote = f"writes {count(event.files, 'file')} of yours" if event.step is MergeStep.WRITES else _TRIES
            return f"the merge into your branch {wrote}"
        case e.MergeEnded():
            return "the merge into your branch is over"
        case _:
            return ""


def _of_message(event: e.Event, before: Session) -> str:
    match event:
        case e.MessageQueued():
            return f"{named(before, event.to)} is to be told: {event.text}"
        case e.MessageTyping() | e.MessageDelivered():
            message = before.messages.get(event.message_id)
            if message is None:
                return "a message is handed over"
            whom, text = named(before, message.to), shortened(message.text, AGAIN)
            if isinstance(event, e.MessageTyping):
                return f"{whom} is being told: {text}"
            return f"{whom} has the message: {text}"
        case _:
            return ""


def _of_session(event: e.Event, before: Session, after: Session) -> str:
    match event:
        case e.NeedSettled():
            need = before.needs.get(event.need_id)
            whom = f"{named(after, need.who)} needs" if need and need.who else "the session needs"
            return f"{whom} nobody for that any more: {event.how}"
        case e.ResultsCleared():
            return f"the lead reads only what is new of {', '.join(who for who, _ in event.lines)}"
        case e.SessionClosed():
            return "the session is closed: nothing of it runs any more"
        case _:
            return ""


def _used(use: ContextUse) -> str:
    size = f" of {use.size:,}" if use.size else ""
    cost = f", at ${use.cost:.2f} so far" if use.cost is not None else ""
    return f"used {use.used:,}{size} tokens of its context{cost}"

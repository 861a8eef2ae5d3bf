"""What needs a person: how it arises, is answered, and settles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.granting import Refused, Verdict, rule
from agentorchestr_tui.core.state import Need, Session
from agentorchestr_tui.core.words import ON_SCREEN, NeedKind

_WITH_PROCESS = ON_SCREEN | {NeedKind.STALLED}  # such needs end with the process that has them


# -- rules ------------------------------------------------------------------------------------------------------------


@rule(c.NoteNeed)
def arise(session: Session, wish: c.NoteNeed) -> Verdict:
    """Grant a need, once while it stands."""
    if not session.id:
        return Refused("There is no session yet.")
    if any((need.who, need.kind, need.text) == (wish.who, wish.kind, wish.text) for need in session.needs.values()):
        return ()
    return (e.NeedArose(f"n{session.needs_raised + 1}", wish.who, wish.kind, wish.text, wish.choices),)


@rule(c.AnswerNeed)
def answer(session: Session, wish: c.AnswerNeed) -> Verdict:
    """Grant an answer that the need offers, or words where it offers nothing."""
    need = session.needs.get(wish.need_id)
    if need is None:
        return _gone()
    if need.answer:
        return Refused(f"It was answered already ({need.answer}), and that is being carried out.")
    offered = [choice.name for choice in need.choices]
    if wish.choice not in offered and not (wish.text.strip() and not wish.choice):
        return Refused(f"{wish.choice or 'nothing'!r} is no answer here; say one of: {', '.join(offered) or 'words'}.")
    return (e.NeedAnswered(need.id, wish.choice, wish.text, wish.by),)


@rule(c.NoteAnswerFailed)
def answer_failed(session: Session, wish: c.NoteAnswerFailed) -> Verdict:
    """Open a need again whose answer did not do."""
    need = session.needs.get(wish.need_id)
    return (e.AnswerFailed(need.id, wish.why),) if need is not None and need.answer else ()


@rule(c.NoteNeedGone)
def gone(session: Session, wish: c.NoteNeedGone) -> Verdict:
    """Settle a need."""
    return (e.NeedSettled(wish.need_id, wish.how),) if wish.need_id in session.needs else ()


@rule(c.DismissNeed)
def dismiss(session: Session, wish: c.DismissNeed) -> Verdict:
    """Put a need aside."""
    return (e.NeedSettled(wish.need_id, "put aside"),) if wish.need_id in session.needs else _gone()


def settled_by_exit(session: Session, who: str) -> tuple[e.Event, ...]:
    """Settle the needs that end with a process."""
    return tuple(
        e.NeedSettled(need.id, "its process has ended") for need in session.needs_of(who) if need.kind in _WITH_PROCESS
    )


def _gone() -> Refused:
    return Refused("That is settled already; look at what is open now.")


# -- changes ----------------------------------------------------------------------------------------------------------


def arose(session: Session, event: e.NeedArose, at: float) -> Session:
    """Add a need."""
    need = Need(event.need_id, event.who, event.kind, event.text, event.choices, since=at)
    return replace(_with(session, {**session.needs, need.id: need}), needs_raised=session.needs_raised + 1)


def answered(session: Session, event: e.NeedAnswered, _at: float) -> Session:
    """Note that an answer is under way."""
    return _answer(session, event.need_id, event.choice or "words")


def unanswered(session: Session, event: e.AnswerFailed, _at: float) -> Session:
    """Note that an answer came to nothing."""
    return _answer(session, event.need_id, "")


def settled(session: Session, event: e.NeedSettled, _at: float) -> Session:
    """Take a need away."""
    return _with(session, {key: need for key, need in session.needs.items() if key != event.need_id})


def _answer(session: Session, need_id: str, answer: str) -> Session:
    need = session.needs.get(need_id)
    return session if need is None else _with(session, {**session.needs, need_id: replace(need, answer=answer)})


def _with(session: Session, needs: Mapping[str, Need]) -> Session:
    return replace(session, needs=MappingProxyType(dict(needs)))

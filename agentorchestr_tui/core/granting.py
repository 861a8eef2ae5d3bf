"""What all rules share: how a wish is granted or refused, and the sentences that several of them say."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Phase


@dataclass(frozen=True, slots=True)
class Refused:
    """A wish not granted, in one sentence with a way out."""

    reason: str


Verdict = tuple[e.Event, ...] | Refused
Rule = Callable[[Session, "c.Command"], Verdict]
rules: dict[type[c.Command], Rule] = {}
_C = TypeVar("_C", bound=c.Command)


def rule(kind: type[_C]) -> Callable[[Callable[[Session, _C], Verdict]], Callable[[Session, _C], Verdict]]:
    """Register the rule for one kind of command."""

    def register(function: Callable[[Session, _C], Verdict]) -> Callable[[Session, _C], Verdict]:
        rules[kind] = function  # type: ignore[assignment]  # looked up by the exact type it takes
        return function

    return register


def while_running(session: Session) -> Refused | None:
    """Refuse what needs a running session."""
    if not session.goal:
        return Refused("The session has no goal yet; wait until the person gives one.")
    if session.over:
        return Refused(f"The session is over: the goal is {session.phase}. Nothing more is to be done.")
    if session.phase is Phase.PAUSED:
        return Refused("The session is paused; resume it first.")
    return None


def of(session: Session, worker_id: str) -> Refused | None:
    """Refuse what is about a worker that does not exist."""
    if worker_id in session.workers:
        return None
    if not session.workers:
        return Refused(f"There is no worker {worker_id!r}: none was spawned yet.")
    return Refused(unknown("worker", worker_id, session.workers))


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no such name, and which there are."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"There is no {what} {name!r}.{hint} There are: {', '.join(names)}."

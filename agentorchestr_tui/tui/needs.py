"""What needs a person, in one list: the session's own needs, and what its state says besides; the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agentorchestr_tui.core.phrases import asked
from agentorchestr_tui.core.state import LimitStands, Need, Session, Worker
from agentorchestr_tui.core.words import NeedChoice, NeedKind, Outcome, Overlap, Phase, Status
from agentorchestr_tui.times import moment

LEAD = "lead"
_BLOCKED = "is blocked"
_WHAT = {
    NeedKind.PERMISSION: "asks",
    NeedKind.DIALOG: "asks as it starts",
    NeedKind.LOGIN: "needs a login",
    NeedKind.QUESTION: "asks you",
    NeedKind.BLOCKED: _BLOCKED,
    NeedKind.LIMITED: "met a limit",
    NeedKind.DRIFT: "shows a screen that is not known",
    NeedKind.ESCAPE: "wrote outside its worktree",
    NeedKind.STALLED: "makes no headway",
    NeedKind.CONFLICT: "conflicts",
    NeedKind.DAEMON: "left a process behind",
}
_THEN = {
    NeedKind.CONFLICT: "Its work is safe on its branch. Enter goes there; in its diff, b sends it back.",
    NeedKind.DRIFT: "Nothing is pressed for you. Enter goes there, to answer; if it only works on, d puts this aside.",
    NeedKind.ESCAPE: "Nothing was changed back. Enter goes there, to ask what it was for.",
    NeedKind.STALLED: "Its work so far is kept. Enter goes there, r writes to it.",
    NeedKind.LOGIN: "Nothing is lost. Enter goes there, to log in.",
}
_GOES_ON = "Its work so far is kept. r writes to it, and it goes on from there."
_QUOTED = frozenset((NeedKind.PERMISSION, NeedKind.DIALOG, NeedKind.QUESTION, NeedKind.BLOCKED, NeedKind.DRIFT))
"""Kinds whose text needs to be said what it is; that of the others says itself what happened."""
_LETTERS = {"once": "y", "yes": "y", "trust": "y", "always": "a", "deny": "n", "no": "n", "dismiss": "d", "retry": "t"}
_TAKEN = frozenset("djklhrqg")  # keys of the inbox itself


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the inbox: who, what in short, in full, since when, and how it can be answered."""

    key: str
    who: str  # `lead`, a worker's id, or empty for the session
    what: str
    text: str
    since: float
    need: Need | None = None
    waits: bool = True  # somebody waits for a person; else it is worth knowing only

    @property
    def sentence(self) -> str:
        """What there is to say of it in a line, each thing once."""
        if self.need is None:
            return f"{self.what}: {self.text}" if self.what in ("asks", _BLOCKED) and self.text else self.what
        if self.need.answer:
            return self.what
        return f"{self.what}: {self.text}" if self.need.kind in _QUOTED or not self.text else self.text

    @property
    def limited(self) -> bool:
        """Whether it is a limit that passes."""
        return self.key.startswith("limit ")

    @property
    def choices(self) -> tuple[tuple[str, NeedChoice], ...]:
        """The answers, each with its key: those that people expect, else the first letter that is free."""
        return lettered(self.need.choices) if self.need and not self.need.answer else ()

    @property
    def then(self) -> str:
        """What is safe and what to press, where the text itself does not say it."""
        if self.need is None:
            return _GOES_ON if self.what == _BLOCKED else ""
        return "" if self.need.answer else _THEN.get(self.need.kind, "")

    @property
    def wants_words(self) -> bool:
        """Say whether it is answered in a person's own words."""
        return bool(self.need and not self.need.choices and self.need.kind in (NeedKind.QUESTION, NeedKind.BLOCKED))


def items(session: Session) -> list[Item]:
    """List everything that needs a person, the newest first; what is only worth knowing comes last."""
    if session.over:
        return []
    found = [*_needs(session), *_standing(session), *_limits(session), *_clashes(session)]
    return sorted(found, key=lambda item: (not item.waits, -item.since))


def lettered(choices: Iterable[NeedChoice]) -> tuple[tuple[str, NeedChoice], ...]:
    """Give each choice a key."""
    given: dict[str, NeedChoice] = {}
    for number, choice in enumerate(choices, 1):
        wanted = [_LETTERS.get(choice.name, ""), *(each for each in choice.name.lower() if each not in _TAKEN)]
        free = next((key for key in wanted if key.isalpha() and key not in given), str(number))
        given[free] = choice
    return tuple(given.items())


def _needs(session: Session) -> Iterator[Item]:
    for need in session.needs.values():
        what = "is being answered" if need.answer else _WHAT[need.kind]
        yield Item(need.id, need.who, what, need.text, need.since, need)


def _standing(session: Session) -> Iterator[Item]:
    """Give those who wait although nothing was raised for them."""
    lead = session.lead
    raised = {need.who for need in session.needs.values()}
    if lead and not lead.running and session.phase is Phase.RUNNING and LEAD not in raised:
        words = f"The lead {lead.ended}. Leave with pause; resumed, the session gets a new lead."
        yield Item("lead ended", LEAD, "has ended", words, lead.since)
    elif lead and LEAD not in raised and lead.running:
        yield from _seen(LEAD, lead.status, lead.seen, lead.since)
    for worker in session.workers.values():
        if worker.id not in raised:
            yield from _worker(worker)


def _worker(worker: Worker) -> Iterator[Item]:
    if worker.outcome is Outcome.BLOCKED:
        yield Item(f"{worker.id} blocked", worker.id, _BLOCKED, worker.summary, worker.finished)
    elif worker.live and worker.running:
        yield from _seen(worker.id, worker.status, worker.seen, worker.since)


def _seen(who: str, status: Status, seen: str, since: float) -> Iterator[Item]:
    if status is Status.NEEDS_INPUT:
        yield Item(f"{who} asks", who, "asks", asked(seen) or "It waits for an answer in its terminal.", since)


def _limits(session: Session) -> Iterator[Item]:
    told = {need.who for need in session.needs.values() if need.kind is NeedKind.LIMITED}
    for limit in session.limits.values():
        if not told.intersection(limit.parked):
            yield _limit(limit)


def _limit(limit: LimitStands) -> Item:
    ends = moment(limit.until, limit.since) if limit.until else ""
    then = f"It ends at {ends}." if ends else "When it ends was not told."
    if limit.parked:
        one, who = len(limit.parked) == 1, _listed(limit.parked)
        goes = f"and {'goes on by itself' if one else 'go on by themselves'} at {ends}" if ends else "until it ends"
        then = f"{who} {'waits' if one else 'wait'} {goes}."
    what = f"{limit.agent} met a limit{f' until {ends}' if ends else ''}"
    words = f"{limit.agent} has reached its usage limit. {then}\n\nIt says: {limit.text}"
    return Item(f"limit {limit.account}", "", what, words, limit.since, waits=not ends)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _clashes(session: Session) -> Iterator[Item]:
    raised = {need.who for need in session.needs.values() if need.kind is NeedKind.CONFLICT}
    for worker in session.workers.values():
        if worker.conflicts and not worker.integrated and worker.id not in raised:
            files = ", ".join(conflict.path for conflict in worker.conflicts)
            text = "\n\n".join(f"{each.path}\n{each.text}".strip() for each in worker.conflicts)
            yield Item(f"{worker.id} conflict", worker.id, f"conflicts in {files}", text, worker.finished, waits=False)
    for clash in session.overlaps:
        key = f"overlap {clash.worker_a} {clash.worker_b} {clash.path}"
        yield Item(key, clash.worker_b, f"overlaps {clash.worker_a} in {clash.path}", _overlap(clash), 0.0, waits=False)


def _overlap(clash: Overlap) -> str:
    if not clash.lines_a:
        return f"{clash.worker_a} and {clash.worker_b} both changed {clash.path} as a whole."
    sides = ((clash.worker_a, clash.lines_a), (clash.worker_b, clash.lines_b))
    lines = "; ".join(f"{who} lines {', '.join(f'{a}-{b}' for a, b in ranges)}" for who, ranges in sides)
    return f"Both changed the same place of {clash.path}: {lines}."

"""How agents and sessions look: glyph, word and tone, and the counts of the title."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from textual.content import Content

from agentorchestr_tui.core.state import Lead, Session, Worker
from agentorchestr_tui.core.words import NeedKind, Outcome, Phase, Status, TaskState, shortened
from agentorchestr_tui.widgets.title_line import Mark

LEAD = "lead"
BAR = 8  # cells of the bar that says how much of the plan is done, at most; fewer tasks have a cell each
GOAL = 400  # characters of the goal in the title
ACCENT, MUTED, WARNING, BAD, GOOD = "$accent", "$foreground-muted", "bold $warning", "$error", "$success"


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: never by colour alone."""

    glyph: str
    word: str
    style: str
    tone: str = ""
    needs_you: bool = False


NEEDS = Look("◆", "needs you", WARNING, "attention", needs_you=True)
WORKING = Look("●", "working", ACCENT)
LIMITED = Look("‖", "limited", WARNING, "waiting")
DONE = Look("✓", "done", GOOD, "good")
FAILED = Look("✗", "failed", BAD, "bad")
LOST = Look("⚠", "lost", BAD, "bad")
UNKNOWN = Look("?", "unknown", WARNING, "waiting")
_GAP = "   "  # between two glyphs of the legend
_STATUS = {
    Status.STARTING: Look("◌", "starting", MUTED),
    Status.WORKING: WORKING,
    Status.IDLE: Look("○", "idle", MUTED),
    Status.NEEDS_INPUT: NEEDS,
    Status.LIMITED: LIMITED,
    Status.EXITED: Look("✗", "ended", BAD, "bad"),
    Status.UNKNOWN: UNKNOWN,
}
_OUTCOME = {
    Outcome.DONE: DONE,
    Outcome.BLOCKED: Look("◆", "blocked", WARNING, "attention", needs_you=True),
    Outcome.FAILED: FAILED,
    Outcome.KILLED: Look("✗", "ended by order", MUTED),
    Outcome.LOST: LOST,
}
_GONE = Look("○", "left", MUTED)
LEADERLESS = Look("✗", "ended", BAD, "bad", needs_you=True)


def lead_look(lead: Lead, session: Session) -> Look:
    """Say how the lead stands."""
    if not lead.running:
        return _GONE if session.phase is not Phase.RUNNING else LEADERLESS
    return _standing(LEAD, _STATUS[lead.status], session)


def look_of(worker: Worker, session: Session) -> Look:
    """Say how a worker stands in its session: an open need comes before anything else, then a limit."""
    look = worker_look(worker)
    return look if worker.outcome and not look.needs_you else _standing(worker.id, look, session)


def _standing(who: str, look: Look, session: Session) -> Look:
    needs = [need for need in session.needs_of(who) if not need.answer]
    if look.needs_you or any(need.kind is not NeedKind.LIMITED for need in needs):
        return look if look.needs_you else NEEDS
    return LIMITED if session.parked(who) else look


def worker_look(worker: Worker) -> Look:
    """Say how a worker stands: what came of its task, else what it does now."""
    return _OUTCOME[worker.outcome] if worker.outcome else _STATUS[worker.status]


def stage_looks(session: Session) -> list[Look]:
    """Return how everybody stands: the lead first, then the workers in their order."""
    lead = lead_look(session.lead, session) if session.lead else _STATUS[Status.STARTING]
    return [lead, *(look_of(worker, session) for worker in session.workers.values())]


def marks(session: Session) -> list[Mark]:
    """Count who needs a person, what of the plan is done, who works, waits for a limit, is done, failed or lost."""
    looks = stage_looks(session) if session.lead else stage_looks(session)[1:]
    needs = 0 if session.over else sum(look.needs_you for look in looks) + len(session.needs_of(""))
    workers = looks[1:] if session.lead else looks
    counts = [
        Mark(NEEDS.glyph, needs, "needs you" if needs == 1 else "need you", WARNING),
        Mark(WORKING.glyph, sum(look is WORKING for look in looks), "working", ACCENT),
        Mark(LIMITED.glyph, sum(look is LIMITED for look in looks), "limited", WARNING),
        Mark(DONE.glyph, sum(look is DONE for look in workers), "done", GOOD),
        *(Mark(each.glyph, workers.count(each), each.word, each.style) for each in (FAILED, LOST, UNKNOWN)),
    ]
    counts = [mark for mark in counts if mark.number]
    counts[needs > 0 : needs > 0] = filter(None, [progress(session)])
    return counts


def progress(session: Session) -> Mark | None:
    """Say how much of the plan is done, if there is a plan: `▰▰▱▱▱ 2 of 5 tasks`."""
    if not session.plan:
        return None
    from agentorchestr_tui.core.leading import (
        plan_states,
    )  # it brings every command and event: not before the first frame

    states = list(plan_states(session).values())
    done, all_ = states.count(TaskState.DONE), len(states)
    style = GOOD if done == all_ else BAD if TaskState.FAILED in states else ACCENT
    cells = min(all_, BAR)
    full = done * cells // all_
    return Mark("▰" * full + "▱" * (cells - full), done, f"of {all_} tasks", style, f"{done}/{all_}")


def needing(session: Session) -> Iterable[int]:
    """Give the numbers of the tiles that need a person, the lead's being 0."""
    for number, look in enumerate(stage_looks(session)):
        if look.needs_you and (number or session.lead):
            yield number


def title(session: Session) -> str:
    """Return the goal, or how it ended, in one line."""
    goal = shortened(session.goal, GOAL)
    return {Phase.DONE: f"✓ {goal}", Phase.FAILED: f"✗ {goal}", Phase.PAUSED: f"▸ {goal}"}.get(session.phase, goal)


def cost(session: Session) -> str:
    """Return what the agents told that all this cost, or nothing: `$1.83`."""
    uses = [session.lead.context if session.lead else None, *(worker.context for worker in session.workers.values())]
    told = [use.cost for use in uses if use is not None and use.cost is not None]
    return f"${sum(told):.2f}" if told else ""


def legend(width: int) -> list[Content]:
    """Explain the glyphs, in as many lines as a width takes; a glyph and its word stay together."""
    shown: dict[str, Look] = {}
    for look in (*_STATUS.values(), DONE, FAILED, LOST):
        shown[look.glyph] = look  # of two with one glyph, what came of a task
    shown[FAILED.glyph] = replace(FAILED, word="ended or failed")
    lines: list[Content] = []
    for look in shown.values():
        words = Content.assemble((look.glyph, look.style), f" {look.word}")
        if lines and lines[-1].cell_length + len(_GAP) + words.cell_length <= width:
            lines[-1] = Content(_GAP).join([lines[-1], words])
        else:
            lines.append(words)
    return lines


def named(session: Session, who: str) -> str:
    """Say who: `the lead`, `w01 implementer`."""
    worker = session.workers.get(who)
    return "the lead" if worker is None else f"{who} {worker.perspective}"

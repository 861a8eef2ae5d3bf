"""How agents and sessions look: glyph, word, tone and time; the words on a tile's edges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content

from agentorchestr_tui.core.sentences import asked, change
from agentorchestr_tui.core.state import Lead, Session, Worker
from agentorchestr_tui.core.words import Outcome, Phase, Status, shortened
from agentorchestr_tui.widgets.roster import Entry
from agentorchestr_tui.widgets.tile import Caption
from agentorchestr_tui.widgets.title_line import Mark

LEAD = "lead"
SAID = 60  # characters of an agent's question on its tile
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
DONE = Look("✓", "done", GOOD, "good")
_STATUS = {
    Status.STARTING: Look("◌", "starting", MUTED),
    Status.WORKING: WORKING,
    Status.IDLE: Look("○", "idle", MUTED),
    Status.NEEDS_INPUT: NEEDS,
    Status.LIMITED: Look("‖", "limited", WARNING, "attention"),
    Status.EXITED: Look("✗", "ended", BAD, "bad"),
    Status.UNKNOWN: Look("?", "unknown", WARNING, "attention"),
}
_OUTCOME = {
    Outcome.DONE: DONE,
    Outcome.BLOCKED: Look("◆", "blocked", WARNING, "attention", needs_you=True),
    Outcome.FAILED: Look("✗", "failed", BAD, "bad"),
    Outcome.KILLED: Look("✗", "ended by order", BAD, "bad"),
    Outcome.LOST: Look("⚠", "lost", BAD, "bad"),
}
_GONE = Look("○", "left", MUTED)
_LEADERLESS = Look("✗", "ended", BAD, "bad", needs_you=True)


def clock(seconds: float) -> str:
    """Say a time span: `04:12`, `1:04:12`."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def lead_look(lead: Lead, session: Session) -> Look:
    """Say how the lead stands."""
    if not lead.running:
        return _GONE if session.phase is not Phase.RUNNING else _LEADERLESS
    return _STATUS[lead.status]


def worker_look(worker: Worker) -> Look:
    """Say how a worker stands: what came of its task, else what it does now."""
    return _OUTCOME[worker.outcome] if worker.outcome else _STATUS[worker.status]


def lead_caption(session: Session, now: float) -> Caption:
    """Return the words on the lead's tile."""
    lead = session.lead
    who = Content.assemble((LEAD, "bold $foreground"), (f" · {session.lead_agent}", MUTED))
    if lead is None:
        return Caption(who, Content(), Content())
    look = lead_look(lead, session)
    said = session.progress[-1] if session.progress else ""
    if look is _LEADERLESS:
        said = f"It {lead.ended}. ctrl+b q pauses the session; resumed, it gets a new lead."
    return Caption(who, _state(look, lead.seen, now - lead.since), _words(said), look.tone)


def worker_caption(session: Session, worker: Worker, number: int, now: float) -> Caption:
    """Return the words on a worker's tile."""
    look = worker_look(worker)
    name = f"{number} {worker.id} {worker.perspective}"
    who = Content.assemble((name, "bold $foreground"), (f" · {worker.agent}", MUTED))
    took = (worker.finished - worker.spawned) if worker.outcome else now - worker.since
    return Caption(who, _state(look, worker.seen, took), _words(_work(session, worker)), look.tone)


def absent(worker: Worker) -> str:
    """Say why a worker has no terminal to show."""
    if worker.outcome is None:
        return f"{worker.id} is being started…"
    kept = f" Its work is kept on {worker.branch}." if worker.base else ""
    return f"{worker.id} has no terminal any more: {worker.summary or worker_look(worker).word}.{kept}"


def marks(session: Session) -> list[Mark]:
    """Count who needs a person, who works, who is done, who failed."""
    looks = [worker_look(worker) for worker in session.workers.values()]
    lead = [lead_look(session.lead, session)] if session.lead else []
    needs = sum(look.needs_you for look in looks + lead) if not session.over else 0
    counts = [
        Mark(NEEDS.glyph, needs, "needs you" if needs == 1 else "need you", WARNING),
        Mark(WORKING.glyph, sum(look is WORKING for look in looks + lead), "working", ACCENT),
        Mark(DONE.glyph, sum(look is DONE for look in looks), "done", GOOD),
        Mark("✗", sum(look.tone == "bad" for look in looks), "failed", BAD),
    ]
    return [mark for mark in counts if mark.number]


def entries(session: Session) -> list[Entry]:
    """Return the roster: the lead, and the workers in their order."""
    first = lead_look(session.lead, session) if session.lead else _STATUS[Status.STARTING]
    listed = [Entry(LEAD, first.glyph, first.style)]
    for number, worker in enumerate(session.workers.values(), 1):
        look = worker_look(worker)
        listed.append(Entry(f"{number} {worker.id}", look.glyph, look.style))
    return listed


def needing(session: Session) -> Iterable[int]:
    """Give the numbers of the tiles that need a person, the lead's being 0."""
    if session.lead and lead_look(session.lead, session).needs_you:
        yield 0
    for number, worker in enumerate(session.workers.values(), 1):
        if worker_look(worker).needs_you:
            yield number


def title(session: Session) -> str:
    """Return the goal, or how it ended, in one line."""
    goal = shortened(session.goal, GOAL)
    return {Phase.DONE: f"✓ {goal}", Phase.FAILED: f"✗ {goal}", Phase.PAUSED: f"‖ {goal}"}.get(session.phase, goal)


def _state(look: Look, seen: str, seconds: float) -> Content:
    if look is NEEDS and (words := asked(seen)):
        return Content.styled(f"{look.glyph} asks: {shortened(words, SAID)}", look.style)
    return Content.assemble((f"{look.glyph} {look.word} ", look.style), (clock(seconds), look.style))


def _words(words: str) -> Content:
    return Content.styled(" ".join(words.split()), MUTED)


def _work(session: Session, worker: Worker) -> str:
    """Say what a worker has to show: its change, where it went, and its own words."""
    if worker.outcome is None:
        return shortened(worker.task, 200)
    parts = [change(worker.evidence)]
    if worker.outcome is Outcome.DONE and worker.evidence.empty and not session.read_only(worker):
        parts = ["says done, but changed nothing"]
    if worker.conflicts:
        parts.append("conflicts in " + ", ".join(conflict.path for conflict in worker.conflicts))
    elif worker.integrated:
        parts.append("integrated")
    if not worker.confirmed:
        parts.append("unconfirmed")
    return " · ".join([*parts, shortened(worker.summary, 200)] if worker.summary else parts)


def legend() -> Content:
    """Explain the glyphs."""
    shown: dict[str, Look] = {}
    for look in (*_STATUS.values(), *_OUTCOME.values()):
        shown.setdefault(look.glyph, look)
    words = [
        Content.assemble((look.glyph, look.style), f"\u00a0{look.word}".replace(" ", "\u00a0"))
        for look in shown.values()
    ]
    return Content("   ").join(words)

"""The words on a tile's edges and in the team: who it is, how it stands, what it has to show, what it last said."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from agentorchestr_tui.core.phrases import asked, integrating, merging, span, verifying
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import ContextUse, Evidence, Outcome, shortened
from agentorchestr_tui.times import until
from agentorchestr_tui.tui import looks
from agentorchestr_tui.tui.looks import LEAD, MUTED, Look
from agentorchestr_tui.widgets.fitting import Label
from agentorchestr_tui.widgets.roster import Entry
from agentorchestr_tui.widgets.team import Member
from agentorchestr_tui.widgets.tile import Caption

SAID = 60  # characters of an agent's question on its tile
UNDER_WAY = 46  # characters of what runs on the integrated tree, in the status line
TOLD = 200  # characters of its own words
_CLOCK = 7  # cells of a span of time, at most
_STEP = 15.0  # seconds in which the time of one that does not work goes on: a quiet stage draws next to nothing
_SMALL = "•"  # a working agent's glyph in every other second
_NONE = Content()


def under_way(session: Session, now: float) -> str:
    """Say what runs on the integrated tree, how far it is and since when, with a sign that moves each second."""
    if not session.verifying:
        return integration(session, now)
    return _for(verifying(session), now - session.verifying_since)


def integration(session: Session, now: float) -> str:
    """Say in the same way how far the integration is whose turn it is, or the merge of the result, or nothing."""
    if session.merging:
        return _for(merging(session), now - session.merging.since)
    return _for(integrating(session), now - session.integrating[0].since) if session.integrating else ""


def _for(said: str, seconds: float) -> str:
    return f"{_SMALL if int(seconds) % 2 else '●'} {shortened(said, UNDER_WAY)} {span(seconds)}"


def lead_caption(session: Session, now: float, waiting: str = "", *, zoomed: str = "") -> Caption:
    """Return the words on the lead's tile; `waiting` says what waits to be said to it, `zoomed` that it is alone."""
    lead = session.lead
    name, agent = _name(LEAD), _muted(session.lead_agent)
    if lead is None:
        return Caption(Label(name, agent))
    look = looks.lead_look(lead, session)
    said = session.progress[-1] if session.progress else ""
    if look is looks.LEADERLESS:
        said = f"It {lead.ended}. Leave with pause; resumed, the session gets a new lead."
    state, brief = _state(
        look, _asks(LEAD, lead.seen, session), _since(lead.since, look, now), now, _until(session, lead.agent)
    )
    label = Label(name, agent, _muted(zoomed), state, brief, terse=look is looks.WORKING, grows=_growth(brief))
    return Caption(label, _words(" · ".join(filter(None, (waiting, said)))), look.tone)


def worker_caption(
    session: Session,
    worker: Worker,
    number: int,
    now: float,
    *,
    pinned: bool = False,
    zoomed: str = "",
    waiting: str = "",
) -> Caption:
    """Return the words on a worker's tile; `waiting` says what waits to be said to it, `zoomed` that it is alone."""
    look = looks.look_of(worker, session)
    asks = _asks(worker.id, worker.seen, session)
    state, brief = _state(look, asks, _seconds(worker, look, now), now, _until(session, worker.agent))
    label = Label(
        _name(f"{number} {worker.id} {worker.perspective}"),
        _muted(worker.agent),
        _muted(" · ".join(filter(None, ("pinned" if pinned else "", zoomed)))),
        state,
        brief,
        terse=look is looks.WORKING,
        grows=_growth(brief),
    )
    says = _words(shortened(worker.summary or worker.task, TOLD))
    foot = _words(" · ".join(filter(None, (waiting, _work(session, worker)))))
    if clash := _clash(worker):
        return Caption(label, Content.assemble((f"{clash} · ", looks.WARNING), foot), "waiting", says)
    return Caption(label, foot, look.tone, says)


def entries(session: Session) -> list[Entry]:
    """Return the roster: the lead, and the workers in their order."""
    names = [LEAD, *(f"{number} {name}" for number, name in enumerate(session.workers, 1))]
    stands = looks.stage_looks(session)
    return [Entry(name, look.glyph, look.style) for name, look in zip(names, stands, strict=True)]


def members(session: Session, now: float) -> list[Member]:
    """Return the team: the lead, and the workers in their order."""
    lead = session.lead
    look = looks.stage_looks(session)[0]
    seconds = _since(lead.since if lead else now, look, now)
    said = session.progress[-1] if session.progress else ""
    found = [
        _member(0, LEAD, session.lead_agent, look, _clocked(look, seconds, now), lead.context if lead else None, said)
    ]
    for number, worker in enumerate(session.workers.values(), 1):
        look = looks.look_of(worker, session)
        stands = _clocked(look, _seconds(worker, look, now), now)
        name = f"{number} {worker.id} {worker.perspective}"
        found.append(_member(number, name, worker.agent, look, stands, worker.context, _last_said(session, worker)))
    return found


def _member(
    number: int, name: str, agent: str, look: Look, stands: Content, use: ContextUse | None, said: str
) -> Member:
    used = tuple(Content.styled(words, MUTED) for words in (tokens(use), tokens(use).partition("/")[0]) if words)
    return Member(number, _name(name), _muted(agent), stands, used, _words(said), urgent=look.needs_you)


def absent(worker: Worker, now: float = 0.0, readied_by: str = "") -> str:
    """Say why a worker has no terminal to show; `readied_by` is the setup command that runs for it."""
    if worker.outcome is None and readied_by:
        return f"{worker.id} is being started… {span(now - worker.spawned)}\n{shortened(readied_by, TOLD)}"
    if worker.outcome is None:
        return f"{worker.id} is being started…"
    kept = f" Its work is kept on {worker.branch}." if worker.base else ""
    return f"{worker.id} has no terminal any more: {worker.summary or looks.worker_look(worker).word}.{kept}"


def folded(session: Session) -> Iterable[int]:
    """Give the numbers of the workers that have only a result to show."""
    for number, worker in enumerate(session.workers.values(), 1):
        if worker.outcome is not None and not looks.look_of(worker, session).needs_you:
            yield number


def stat(evidence: Evidence, *, live: bool) -> str:
    """Say how much was changed, short: `+212 -18 · 3 commits`."""
    if evidence.empty:
        return "no changes yet" if live else "no changes"
    parts = [f"+{evidence.insertions} -{evidence.deletions}"]
    if evidence.commits:
        parts.append(f"{evidence.commits} commit" + "s" * (evidence.commits != 1))
    if evidence.uncommitted:
        parts.append(f"{evidence.uncommitted} uncommitted")
    return " · ".join(parts)


def tokens(use: ContextUse | None) -> str:
    """Say how much context is used: `34k`, or `34k/200k`."""
    if use is None or not use.used:
        return ""
    return f"{_thousands(use.used)}/{_thousands(use.size)}" if use.size else _thousands(use.used)


def _thousands(number: int) -> str:
    return f"{number / 1000:.0f}k" if number >= 1000 else f"{number}"


def _name(name: str) -> Content:
    return Content.styled(name, "bold $foreground")


def _muted(words: str) -> Content:
    return Content.styled(words, MUTED) if words else _NONE


def _seconds(worker: Worker, look: Look, now: float) -> float:
    return (worker.finished - worker.spawned) if worker.outcome else _since(worker.since, look, now)


def _since(since: float, look: Look, now: float) -> float:
    """Return the seconds that one has stood so; after a minute without work, in steps that all take together."""
    seconds = now - since
    return seconds if look is looks.WORKING or seconds < 60 else max(60.0, seconds - now % _STEP)


def _asks(who: str, seen: str, session: Session) -> str:
    """Return what one asks for, in words: its oldest open need, else what was seen of its screen."""
    needs = [need for need in session.needs_of(who) if not need.answer]
    return needs[0].text if needs else asked(seen)


def _until(session: Session, agent: str) -> str:
    limit = session.limit_of(agent)
    return "" if limit is None or limit.until is None else f" {until(limit.until, limit.since)}"


def _glyph(look: Look, now: float) -> str:
    return _SMALL if look is looks.WORKING and int(now) % 2 else look.glyph


def _state(look: Look, asks: str, seconds: float, now: float, until: str) -> tuple[Content, Content]:
    """Say how one stands, in full and in brief."""
    if look is looks.NEEDS and asks:
        said = f"{look.glyph} asks"
        return Content.styled(f"{said}: {shortened(asks, SAID)}", look.style), Content.styled(said, look.style)
    if look is looks.LIMITED and until:
        brief = Content.styled(f"{look.glyph}{until}", look.style)
        return Content.styled(f"{look.glyph} {look.word}{until}", look.style), brief
    full = Content.styled(f"{_glyph(look, now)} {look.word} {span(seconds)}", look.style)
    return full, _clocked(look, seconds, now)


def _growth(brief: Content) -> int:
    """Return by how many cells a clock behind a glyph may yet grow; what is no clock does not."""
    return max(0, _CLOCK + 2 - len(brief)) if brief[2:3].plain.isdigit() else 0


def _clocked(look: Look, seconds: float, now: float) -> Content:
    return Content.styled(f"{_glyph(look, now)} {span(seconds)}", look.style)


def _words(words: str) -> Content:
    return Content.styled(" ".join(words.split()), MUTED)


def _last_said(session: Session, worker: Worker) -> str:
    """Return the sentence that says most about a worker now."""
    look = looks.look_of(worker, session)
    if look.needs_you and worker.outcome is None and (asks := _asks(worker.id, worker.seen, session)):
        return f"asks: {asks}"
    if look is looks.LIMITED and (limit := session.limit_of(worker.agent)):
        return f"limited{_until(session, worker.agent)}: {limit.text}"
    return worker.summary or worker.task


def _overlaps(session: Session, worker: Worker) -> list[str]:
    """Say with whom a worker overlaps: `overlaps w01: src/auth.py 40-62`; the first in words, the rest as a number."""
    mine = [each for each in session.overlaps if worker.id in (each.worker_a, each.worker_b)]
    if not mine:
        return []
    first = mine[0]
    other, lines = (first.worker_b, first.lines_a) if worker.id == first.worker_a else (first.worker_a, first.lines_b)
    where = f" {lines[0][0]}-{lines[0][1]}" if lines else ""
    more = f" and {len(mine) - 1} more" if len(mine) > 1 else ""
    return [f"overlaps {other}: {first.path}{where}{more}"]


def _clash(worker: Worker) -> str:
    """Say in which files a worker's change conflicts with what is integrated; what came of its task is not all then."""
    if not worker.conflicts or worker.integrated:
        return ""
    return "⚠ conflicts in " + ", ".join(conflict.path for conflict in worker.conflicts)


def _work(session: Session, worker: Worker) -> str:
    """Say what a worker has to show: its change, where it went, and whether that holds."""
    parts = [stat(worker.evidence, live=worker.live)]
    if worker.outcome is Outcome.DONE and worker.evidence.empty and not session.read_only(worker):
        parts = ["says done, but changed nothing"]
    parts += _overlaps(session, worker)
    if worker.integrated:
        parts.append("integrated")
        verdict = session.verified(session.tip)
        if verdict is not None:
            parts.append("verify passed" if verdict.passed else "verify failed")
    if worker.outcome and not worker.confirmed:
        parts.append("unconfirmed")
    return " · ".join(parts)

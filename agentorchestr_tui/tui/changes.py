"""A team's changes in the words of the diff view: whose, how they stand, and who else changes the same lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from agentorchestr_tui.core.phrases import change
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import FileChange, Outcome, shortened
from agentorchestr_tui.tui import looks
from agentorchestr_tui.widgets.diff_rows import DiffFile, DiffHunk, Lines
from agentorchestr_tui.widgets.roster import Entry

INTEGRATED = ""  # the name of the whole integrated change, where a worker's would be its id


@dataclass(frozen=True, slots=True)
class Mark:
    """Who else changes lines of a file, and which, in the numbers of the side that is shown."""

    other: str
    path: str
    lines: tuple[tuple[int, int], ...]


def sides(session: Session) -> list[str]:
    """Return whose changes can be looked at: the integrated ones, then every worker's that has a worktree."""
    return [INTEGRATED, *(worker.id for worker in session.workers.values() if worker.worktree or worker.kept)]


def first_side(session: Session, focus: str) -> str:
    """Return whose changes are looked at first: the focused worker's, what is integrated, else the first there are."""
    if focus in sides(session) or session.integration:
        return focus if focus in sides(session) else INTEGRATED
    changed = (name for name in sides(session)[1:] if not session.workers[name].evidence.empty)
    return next(changed, INTEGRATED)


def entries(session: Session) -> list[Entry]:
    """Return the sides as a roster."""
    glyph, style = ("✓", looks.GOOD) if session.integration else ("○", looks.MUTED)
    listed = [Entry("integrated", glyph, style)]
    for name in sides(session)[1:]:
        worker = session.workers[name]
        look = looks.worker_look(worker)
        listed.append(Entry(f"{name} {worker.perspective}", look.glyph, look.style))
    return listed


def standing(session: Session, side: str) -> Content:
    """Say in one line what a side's change is and how it stands."""
    if side == INTEGRATED:
        return Content.styled(_of_all(session), looks.MUTED)
    worker = session.workers[side]
    return Content.styled(f"{change(worker.evidence)} · {_of(session, worker)}", looks.MUTED)


def _of_all(session: Session) -> str:
    if not session.integration:
        return "Nothing is integrated yet."
    inside = [worker.id for worker in session.workers.values() if worker.integrated]
    check = session.verified(session.integration)
    verdict = "not verified yet" if check is None else "verify passed" if check.passed else "verify failed"
    base = session.base_branch or "HEAD"
    there = f"in {base} as {session.merged[:10]}" if session.merged else f"not yet in {base}"
    return f"of {', '.join(inside)} · {verdict} · {there}"


def _of(session: Session, worker: Worker) -> str:
    said = [looks.worker_look(worker).word]
    if session.read_only(worker):
        said.append("kept aside: this role only reads")
    elif worker.integrated:
        said.append("integrated")
    elif worker.conflicts:
        said.append("conflicts in " + ", ".join(conflict.path for conflict in worker.conflicts))
    elif worker.accepted:
        said.append("accepted")
    if worker.outcome is Outcome.DONE and worker.evidence.empty:
        said.append("says done, but changed nothing")
    return " · ".join(said)


def marks(session: Session, side: str) -> list[Mark]:
    """Return which lines of a side others change too."""
    found = []
    for overlap in session.overlaps:
        if side == overlap.worker_a:
            found.append(Mark(overlap.worker_b, overlap.path, overlap.lines_a))
        elif side == overlap.worker_b:
            found.append(Mark(overlap.worker_a, overlap.path, overlap.lines_b))
    return found


def files(changes: Sequence[FileChange], marked: Iterable[Mark]) -> list[DiffFile]:
    """Hand changes to the diff view, with the marks of their files."""
    by_path: dict[str, list[Mark]] = {}
    for mark in marked:
        by_path.setdefault(mark.path, []).append(mark)
    return [_file(each, by_path.get(each.path, [])) for each in changes]


def _file(changed: FileChange, marked: Sequence[Mark]) -> DiffFile:
    hunks = tuple(
        DiffHunk(hunk.heading, Lines((line.text, line.old, line.new) for line in hunk.lines)) for hunk in changed.hunks
    )
    ranges = tuple(span for mark in marked for span in mark.lines)
    said = "; ".join(f"{mark.other} changes {_spans(mark.lines)} too" for mark in marked)
    return DiffFile(changed.path, changed.note, hunks, ranges, said)


def _spans(lines: Sequence[tuple[int, int]]) -> str:
    if not lines:
        return "this file"
    spans = [f"{first}" if first == last else f"{first}-{last}" for first, last in lines]
    return f"line{'s' if len(lines) > 1 or lines[0][0] != lines[0][1] else ''} {shortened(', '.join(spans), 40)}"

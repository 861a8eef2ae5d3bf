"""Whether two tasks may touch the same files, by the scopes that a lead gave them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import combinations

from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import PlanTask


def meet(a: Iterable[str], b: Iterable[str]) -> bool:
    """Say whether two scopes hold a file in common; an empty scope says nothing, so it meets none."""
    others = [_plain(each) for each in b]
    return any(_same(mine, other) for mine in map(_plain, a) for other in others)


def shared_files(session: Session, tasks: Sequence[PlanTask]) -> list[tuple[str, str]]:
    """Return the pairs of tasks whose scopes meet and of which neither waits for the other anyway."""
    plan = {task.id: task for task in tasks}
    waits_for = {task.id: _before(plan, task) for task in tasks}
    writing = [task for task in tasks if not reads(session, task)]
    met = [pair for pair in combinations(writing, 2) if meet(pair[0].file_scope, pair[1].file_scope)]
    return [(a.id, b.id) for a, b in met if a.id not in waits_for[b.id] and b.id not in waits_for[a.id]]


def reads(session: Session, task: PlanTask) -> bool:
    """Say whether a task is for a role that changes nothing."""
    perspective = session.perspective(task.perspective)
    return perspective is not None and perspective.read_only


def _before(plan: dict[str, PlanTask], task: PlanTask) -> set[str]:
    """Return all that a task waits for, straight or through others."""
    found: set[str] = set()
    left = list(task.depends_on)
    while left:
        if (each := left.pop()) not in found:
            found.add(each)
            left += plan[each].depends_on if each in plan else ()
    return found


def _plain(path: str) -> str:
    plain = path.strip().removeprefix("./").rstrip("/")
    return plain.removesuffix("/**").removesuffix("/*") if plain not in ("*", "**") else ""


def _same(a: str, b: str) -> bool:
    inside = not a or not b or a == b or a.startswith(f"{b}/") or b.startswith(f"{a}/")
    return inside or fnmatchcase(a, b) or fnmatchcase(b, a)

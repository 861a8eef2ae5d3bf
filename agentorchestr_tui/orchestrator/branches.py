"""Branches that are not a worker's own: moved, deleted or switched while it worked, kept as they were, and told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import NoteEscape, NoteWorkKept, Notice
from agentorchestr_tui.core.phrases import count
from agentorchestr_tui.core.state import Worker
from agentorchestr_tui.orchestrator.pointing import point_out, printed
from agentorchestr_tui.orchestrator.work import worktree_of
from agentorchestr_tui.worktrees.repository import Checkout

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

USERS = "user"  # whose work it is that stood on a branch of the user's
ROWS = 3  # of a terminal that one shell line may take
_COMMITTED = re.compile(r"\[[^\]\n]*\b(?P<commit>[0-9a-f]{7,40})\]")  # how git tells of a commit that it made
_MOVES = re.compile(r"\bgit\b.*\b(?:commit|reset|checkout|switch|merge|rebase|cherry-pick|update-ref|branch|am|pull)\b")


@dataclass(frozen=True, slots=True)
class _Move:
    """A branch of the user's, and where it stood and stands; empty: it was deleted. `new` are the commits it gained."""

    name: str
    before: str
    after: str
    gained: tuple[str, ...]
    kept: str  # the ref that holds what it lost; empty when it lost nothing


async def tell_moves(orchestrator: Orchestrator, before: Checkout, now: Checkout, active: Sequence[str]) -> None:
    """Tell which branches of the user's moved, and by whom where that is known. Raises: GitError."""
    for name, old in before.branches.items():
        if (new := now.branches.get(name, "")) != old and active:
            move = await _moved(orchestrator, name, old, new)
            who = await _mover(orchestrator, move, active)
            await (_accuse(orchestrator, who, move) if who else _mention(orchestrator, move, active))
    if before.branch != now.branch and active:
        await _switched(orchestrator, before, now, active)


async def _moved(orchestrator: Orchestrator, name: str, old: str, new: str) -> _Move:
    worktrees = orchestrator.ground.worktrees
    gained = tuple(await worktrees.commits_between(old, new)) if new else ()
    lost = not new or not await worktrees.contains(old, new)
    held = await worktrees.hold(old, USERS, f"{name} as it stood before it moved") if lost else None
    return _Move(name, old, new, gained, held.ref if held else "")


async def _mover(orchestrator: Orchestrator, move: _Move, active: Sequence[str]) -> str:
    """Return the worker that moved a branch, if it is sure: it made the commits, or its terminal shows it doing so."""
    for who in active:
        worker = orchestrator.state.workers[who]
        if worker.worktree and await orchestrator.ground.worktrees.made(worktree_of(worker), move.gained):
            return who
    at_work = sorted(active, key=lambda who: not orchestrator.state.workers[who].live)
    return next((who for who in at_work if _shows(orchestrator, who, move)), "")


def _shows(orchestrator: Orchestrator, who: str, move: _Move) -> bool:
    said = printed(orchestrator, who)
    short = [found["commit"] for found in _COMMITTED.finditer(said)]
    if any(commit.startswith(each) for commit in move.gained for each in short):
        return True
    return f"Deleted branch {move.name} " in said or _works_in_checkout(orchestrator, who, said)


def _works_in_checkout(orchestrator: Orchestrator, who: str, said: str) -> bool:
    """Say whether a worker ran a git that changes something in the user's checkout, as far as its terminal shows it."""
    root, rows = str(orchestrator.ground.repository.root), said.splitlines()
    lines = [" ".join(rows[at : at + ROWS]) for at in range(len(rows))]  # agents wrap what they ran
    return any(root in line and _MOVES.search(line) for line in (*orchestrator.state.workers[who].shell, *lines))


async def _accuse(orchestrator: Orchestrator, who: str, move: _Move) -> None:
    """Tell lead and person what a worker did to a branch of the user's, and keep what it committed there."""
    worktrees = orchestrator.ground.worktrees
    await orchestrator.perform(NoteEscape(who, (f"branch {move.name}",), sure=True))
    if move.gained:
        held = await worktrees.hold(move.after, who, f"what {who} committed on {move.name}")
        await orchestrator.perform(NoteWorkKept(who, held.ref, held.commit))
    orchestrator.letters.tell(" ".join(_for_lead(orchestrator.state.workers[who], move)))
    await point_out(orchestrator, who, " ".join(_for_person(move)))


def _for_lead(worker: Worker, move: _Move) -> Iterator[str]:
    who, theirs = worker.id, f"{move.name}, a branch of the user's"
    if move.gained:
        span = f"{move.before[:10]}..{move.after[:10]}"
        yield f"{who} committed {count(len(move.gained), 'commit')} on {theirs}, instead of its own: integrate does not"
        yield f"see them. Have it bring them over (git cherry-pick {span} on {worker.branch}), and leave {move.name} to"
        yield "the user."
    else:
        did = "moved" if move.after else "deleted"
        yield f"{who} {did} {theirs}: tell it to stay on its own branch."
    if move.kept:
        yield f"What stood there is kept under {move.kept}; the person was told."


def _for_person(move: _Move) -> Iterator[str]:
    if not move.after:
        yield f"deleted your branch {move.name}; `git branch {move.name} {move.before[:10]}` brings it back."
        return
    made = f", {count(len(move.gained), 'commit')} of its own" if move.gained else ""
    yield f"moved your branch {move.name} from {move.before[:10]} to {move.after[:10]}{made}."
    yield f"What it added is kept; `git reset --keep {move.before[:10]}` on {move.name} puts it back."


async def _mention(orchestrator: Orchestrator, move: _Move, active: Sequence[str]) -> None:
    """Note a move of which nobody knows by whom: most often the user works in their own checkout."""
    for who in active:
        if orchestrator.state.workers[who].live:
            await orchestrator.perform(NoteEscape(who, (f"branch {move.name}",), sure=False))
    if move.kept:
        words = f"{move.name} moved away from {move.before[:10]}, which is kept under {move.kept}."
        await orchestrator.perform(Notice(words))


async def _switched(orchestrator: Orchestrator, before: Checkout, now: Checkout, active: Sequence[str]) -> None:
    at_work = sorted(active, key=lambda each: not orchestrator.state.workers[each].live)
    who = next((each for each in at_work if _works_in_checkout(orchestrator, each, printed(orchestrator, each))), "")
    if not who:
        return  # the user went there
    was, here = before.branch or before.head[:10], now.branch or f"{now.head[:10]} (no branch)"
    await orchestrator.perform(NoteEscape(who, (f"checkout of {here}",), sure=True))
    orchestrator.letters.tell(
        f"{who} switched the user's own checkout from {was} to {here}: have it switch back (git switch {was}) and stay "
        "in its own worktree."
    )
    await point_out(orchestrator, who, f"switched your checkout from {was} to {here}; `git switch {was}` goes back.")

"""The borders of the worktrees: what changes in the user's own checkout, or in another's worktree, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import NoteEscape, NoteNeed
from agentorchestr_tui.core.state import Worker
from agentorchestr_tui.core.words import NeedChoice, NeedKind, shortened

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

LOOKED_BACK = 400  # lines of a terminal in which a path outside is searched
NAMED = 20  # files that are told


class Border:
    """Remembers how the user's checkout stood, and tells what changed there since."""

    def __init__(self) -> None:
        self._seen: Mapping[str, str] | None = None

    def expect_change(self) -> None:
        """Take what stands there next as it is: somebody asked for it."""
        self._seen = None

    async def look(self, orchestrator: Orchestrator, stirred: Iterable[str]) -> None:
        """Tell files that changed since the last look, with those who have stirred meanwhile. Raises: GitError."""
        before, now = self._seen, await orchestrator.ground.repository.fingerprint()
        self._seen = now
        if before is None or before == now:
            return
        changed = [path for path in sorted({*before, *now}) if before.get(path) != now.get(path)][:NAMED]
        active = [who for who in sorted(stirred) if who in orchestrator.state.workers]
        named = {who: self._named(orchestrator, who, changed) for who in active}
        left = tuple(path for path in changed if not any(path in own for own in named.values()))
        for who, own in named.items():
            if own:
                await orchestrator.perform(NoteEscape(who, own, sure=True))
                await _point_out(orchestrator, who, "your checkout", own)
            elif left and orchestrator.state.workers[who].live:
                await orchestrator.perform(NoteEscape(who, left, sure=False))

    @staticmethod
    def _named(orchestrator: Orchestrator, who: str, changed: list[str]) -> tuple[str, ...]:
        """Return the changed files that a worker's terminal names: it is sure who wrote them."""
        root, said = orchestrator.ground.repository.root, _printed(orchestrator, who)
        return tuple(path for path in changed if str(root / path) in said)


class Neighbours:
    """Remembers how each worker's worktree stood, and tells what others changed in it since."""

    def __init__(self) -> None:
        self._trees: dict[str, str] = {}
        self._turn = 0

    def visited(self, orchestrator: Orchestrator, stirred: Iterable[str]) -> set[str]:
        """Return whose worktrees are to be looked at beside those who stirred.

        They are the ones that somebody else names, and one more each time, in turn: not everybody says where it writes.
        """
        active, workers = set(stirred), orchestrator.state.workers
        printed = {who: _printed(orchestrator, who) for who in active if who in workers}
        still = [each for each in workers.values() if each.id not in active and each.worktree]
        named = {each.id for each in still if any(_leaf(each) in text for text in printed.values())}
        self._turn += 1
        return named | ({still[self._turn % len(still)].id} if still else set())

    async def looked(self, orchestrator: Orchestrator, owner: Worker, tree: str, stirred: Iterable[str]) -> None:
        """Compare a worktree with the last look, and tell who else may have changed it. Raises: GitError."""
        before, self._trees[owner.id] = self._trees.get(owner.id), tree
        if before is None or before == tree:
            return
        active = set(stirred)
        changed = (await orchestrator.ground.worktrees.paths_between(before, tree))[:NAMED]
        by_others = False
        for who in sorted(active - {owner.id}):
            printed = _printed(orchestrator, who)
            own = tuple(path for path in changed if path in printed)
            if own and _leaf(owner) in printed:
                by_others = True
                said = _printed(orchestrator, owner.id)
                await self._tell(orchestrator, who, owner, own, sure=not any(path in said for path in own))
        if not by_others and owner.id not in active and not owner.live:
            files = shortened(", ".join(changed), 300)
            orchestrator.letters.tell(
                f"The worktree of {owner.id} changed after its end, by whom is not known ({files}): "
                f"look at worker_diff({owner.id!r}) before you integrate it."
            )

    async def _tell(
        self, orchestrator: Orchestrator, who: str, owner: Worker, paths: tuple[str, ...], *, sure: bool
    ) -> None:
        await orchestrator.perform(NoteEscape(who, paths, sure, owner.id))
        if sure:
            await _point_out(orchestrator, who, f"the worktree of {owner.id}", paths)


def _leaf(worker: Worker) -> str:
    return Path(worker.worktree).name or worker.id


async def _point_out(orchestrator: Orchestrator, who: str, place: str, paths: Iterable[str]) -> None:
    text = f"{who} wrote outside its worktree, into {place}: {shortened(', '.join(paths), 300)}"
    choices = (NeedChoice("dismiss", "I have seen it"),)
    await orchestrator.perform(NoteNeed(who, NeedKind.ESCAPE, text, choices))


def _printed(orchestrator: Orchestrator, who: str) -> str:
    """Return what a worker's terminal printed last, with wrapped rows joined."""
    pane = orchestrator.pane(who)
    if pane is None:
        return ""
    lines = [line.text for line in pane.emulator.transcript()[-LOOKED_BACK:]]
    return "".join(line if len(line) >= pane.emulator.columns else f"{line}\n" for line in lines)

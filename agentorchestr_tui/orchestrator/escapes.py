"""The borders of the worktrees: what changes in the user's own checkout, or in another's worktree, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import NoteEscape
from agentorchestr_tui.core.state import Worker
from agentorchestr_tui.core.words import shortened
from agentorchestr_tui.orchestrator.branches import tell_moves
from agentorchestr_tui.orchestrator.pointing import point_out, printed
from agentorchestr_tui.worktrees.repository import Checkout

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

NAMED = 20  # files that are told


class Border:
    """Remembers how the user's checkout and branches stood, and tells what changed there since."""

    def __init__(self) -> None:
        self._seen: Checkout | None = None

    def expect_change(self) -> None:
        """Take what stands there next as it is: somebody asked for it."""
        self._seen = None

    async def look(self, orchestrator: Orchestrator, stirred: Iterable[str]) -> None:
        """Tell what changed since the last look, with those who have stirred meanwhile. Raises: GitError."""
        before, now = self._seen, await orchestrator.ground.repository.checkout()
        self._seen = now
        active = [who for who in sorted(stirred) if who in orchestrator.state.workers]
        if before is None or before == now:
            return
        await tell_moves(orchestrator, before, now, active)
        files = {*before.files, *now.files}
        changed = [path for path in sorted(files) if before.files.get(path) != now.files.get(path)][:NAMED]
        named = {who: self._named(orchestrator, who, changed) for who in active}
        left = tuple(path for path in changed if not any(path in own for own in named.values()))
        for who, own in named.items():
            if own:
                await orchestrator.perform(NoteEscape(who, own, sure=True))
                where = f"into your checkout: {shortened(', '.join(own), 300)}"
                await point_out(orchestrator, who, f"wrote outside its worktree, {where}")
            elif left and before.head == now.head and orchestrator.state.workers[who].live:
                await orchestrator.perform(NoteEscape(who, left, sure=False))

    @staticmethod
    def _named(orchestrator: Orchestrator, who: str, changed: list[str]) -> tuple[str, ...]:
        """Return the changed files that a worker's terminal names: it is sure who wrote them."""
        root, said = orchestrator.ground.repository.root, printed(orchestrator, who)
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
        texts = {who: printed(orchestrator, who) for who in active if who in workers}
        still = [each for each in workers.values() if each.id not in active and each.worktree]
        named = {each.id for each in still if any(_leaf(each) in text for text in texts.values())}
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
            text = printed(orchestrator, who)
            own = tuple(path for path in changed if path in text)
            if own and _leaf(owner) in text:
                by_others = True
                said = printed(orchestrator, owner.id)
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
            where = f"into the worktree of {owner.id}: {shortened(', '.join(paths), 300)}"
            await point_out(orchestrator, who, f"wrote outside its worktree, {where}")


def _leaf(worker: Worker) -> str:
    return Path(worker.worktree).name or worker.id

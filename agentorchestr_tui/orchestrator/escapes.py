"""The border of the worktrees: what changes in the user's own checkout while workers work, and whose doing it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from agentorchestr_tui.core.commands import NoteEscape, NoteNeed
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
        for who in sorted(stirred):
            if who in orchestrator.state.workers:
                await self._tell(orchestrator, who, changed)

    async def _tell(self, orchestrator: Orchestrator, who: str, changed: list[str]) -> None:
        root = orchestrator.ground.repository.root
        said = _printed(orchestrator, who)
        own = tuple(path for path in changed if str(root / path) in said)
        if own:
            await orchestrator.perform(NoteEscape(who, own, sure=True))
            files = shortened(", ".join(own), 300)
            text = f"{who} wrote outside its worktree, into your checkout: {files}"
            choices = (NeedChoice("dismiss", "I have seen it"),)
            await orchestrator.perform(NoteNeed(who, NeedKind.ESCAPE, text, choices))
        elif orchestrator.state.workers[who].live:
            await orchestrator.perform(NoteEscape(who, tuple(changed), sure=False))


def _printed(orchestrator: Orchestrator, who: str) -> str:
    """Return what a worker's terminal printed last, with wrapped rows joined."""
    pane = orchestrator.pane(who)
    if pane is None:
        return ""
    lines = [line.text for line in pane.emulator.transcript()[-LOOKED_BACK:]]
    return "".join(line if len(line) >= pane.emulator.columns else f"{line}\n" for line in lines)

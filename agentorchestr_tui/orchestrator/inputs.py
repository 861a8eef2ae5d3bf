"""Who types into a pane: a person or we, never both at once, and never we over what a person began."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from agentorchestr_tui.core.state import Message
from agentorchestr_tui.orchestrator.drafts import Draft
from agentorchestr_tui.panes.pane import Pane


def _nobody() -> None:
    pass


def _nothing(_: Message | None) -> str:
    return ""


@dataclass(slots=True)
class Input:
    """One pane's input; times are the event loop's. `stirred` is called when a person typed.

    `why_not` says what keeps a message back.
    """

    typing: asyncio.Lock = field(default_factory=asyncio.Lock)
    draft: Draft = field(default_factory=Draft)
    typed_at: float = float("-inf")
    asking: bool = False  # a menu takes the keys, not the input line
    stirred: Callable[[], None] = _nobody
    why_not: Callable[[Message | None], str] = _nothing

    async def by_person(self, pane: Pane, keys: bytes) -> None:
        """Hand on a person's keys, after what we are typing. Raises: PaneGone."""
        async with self.typing:
            self.typed_at = asyncio.get_running_loop().time()
            if not self.asking:
                self.draft.take(keys, self.typed_at)
            await pane.write(keys)
        self.stirred()

    def begin(self, stirred: Callable[[], None], why_not: Callable[[Message | None], str] = _nothing) -> None:
        """Begin anew: another process reads here."""
        self.draft.clear()
        self.asking, self.stirred, self.why_not = False, stirred, why_not

    def now_asking(self, *, asking: bool) -> None:
        """Note whether keys go to a menu; a draft that it covers stands there again after it."""
        now = asyncio.get_running_loop().time()
        if asking and not self.asking:
            self.draft.covered(now)
        elif self.asking and not asking:
            self.draft.uncovered(now)
        self.asking = asking

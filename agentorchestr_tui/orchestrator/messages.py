"""How text gets into a running agent: as one message, submitted the way its card says."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from agentorchestr_tui.agents.card import Submission
from agentorchestr_tui.emulator.keys import paste
from agentorchestr_tui.panes.pane import Pane


class Messenger:
    """Hands messages to panes, one at a time for each."""

    def __init__(self) -> None:
        self._one_at_a_time: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def deliver(self, pane: Pane, submission: Submission, text: str) -> None:
        """Paste a message, leave the gap that the agent needs, and submit it. Raises: PaneGone."""
        async with self._one_at_a_time[pane.name]:
            modes = pane.emulator.modes
            await pane.write(paste(text, modes) if submission.bracketed else text.encode())
            await asyncio.sleep(submission.gap_seconds)
            await pane.write(submission.keys.encode())

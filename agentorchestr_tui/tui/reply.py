"""The reply: a person's own words to what an agent asked."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from agentorchestr_tui.core.commands import AnswerNeed
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.state import Need
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.tui.composer import Composer
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.looks import named


class ReplyScreen(Composer):
    """An editor for the answer to a need that wants words."""

    DEFAULT_CSS = """
    ReplyScreen {
        & > Vertical { height: 16; }
        & .asked { height: auto; max-height: 4; padding: 0 1; text-style: bold; }
    }
    """

    def __init__(self, drafts: Drafts, orchestrator: Orchestrator, need: Need) -> None:
        heading = f"Answer {named(orchestrator.state, need.who)}"
        name = f"reply {orchestrator.state.id} {need.id}"
        super().__init__(heading, "Say it in your own words", "answer", drafts, name)
        self._orchestrator = orchestrator
        self._need = need

    def above(self) -> ComposeResult:
        """Say again what was asked."""
        yield Static(self._need.text, markup=False, classes="asked")

    async def hand_over(self, text: str) -> str:
        """Answer in these words."""
        try:
            granted = await self._orchestrator.perform(AnswerNeed(self._need.id, "", text))
        except OrchestraError as error:
            return str(error)
        return granted.reason if isinstance(granted, Refused) else ""

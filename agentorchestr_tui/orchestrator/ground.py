"""What a running session stands on: the workshops' objects, and the clock and ids of the outside world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from agentorchestr_tui.agents.card import Card
from agentorchestr_tui.agents.detection import Detected
from agentorchestr_tui.agents.versions import Versions
from agentorchestr_tui.hooks import Hook
from agentorchestr_tui.orchestrator.access import Access
from agentorchestr_tui.panes.pane import PaneBackend
from agentorchestr_tui.paths import Paths
from agentorchestr_tui.settings import Settings
from agentorchestr_tui.store.log import EventLog
from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.worktrees import Worktrees


@dataclass(frozen=True, slots=True)
class Ground:
    """The workshops of one session, and where time, ids and environment come from."""

    log: EventLog
    panes: PaneBackend
    repository: Repository
    worktrees: Worktrees
    agents: Mapping[str, Detected]
    access: Access
    held: TextIO  # open as long as the session is ours
    paths: Paths
    settings: Settings
    environment: Mapping[str, str] = field(repr=False)
    user_id: int
    attended: bool  # a person is at the screen
    hooks: tuple[Hook, ...]
    clock: Callable[[], float]  # seconds since 1970
    fresh_id: Callable[[], str]  # a random UUID each time
    versions: Versions
    written: tuple[str, ...] = ()  # the verify commands of a trusted project's PROJECT.md

    def card(self, agent: str) -> Card:
        """Return the card of one of the session's agents."""
        return self.agents[agent].card

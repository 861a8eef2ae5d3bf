"""The lobby, loaded when somebody first asks for it: behind the first frame."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from agentorchestr_tui.core.state import Session
from agentorchestr_tui.orchestrator.prospect import Opening
from agentorchestr_tui.tui.lobby import Findings, KeptWork, Lobby

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.archive import Archive


class LateLobby:
    """What stands before a session that would be opened so; implements the screen's `Lobby`."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    async def look(self, tell: Callable[[Findings], None]) -> Findings:
        """Find agents, keys and the state of the folder."""
        return await (await self._lobby()).look(tell)

    async def sessions(self) -> tuple[Session, ...]:
        """Return the sessions there were, the newest first; where no log is, nothing needs to be loaded for that."""
        if not await asyncio.to_thread(self._opening.paths.database.exists):
            return ()
        return await (await self._lobby()).sessions()

    async def archive(self, session_id: str) -> Archive:
        """Open a session to look into, without running it."""
        return await (await self._lobby()).archive(session_id)

    async def kept(self, session_id: str) -> tuple[KeptWork, ...]:
        """Return the work that was kept of a session."""
        return await (await self._lobby()).kept(session_id)

    async def bring_back(self, ref: str) -> str:
        """Put kept work on a branch."""
        return await (await self._lobby()).bring_back(ref)

    async def _lobby(self) -> Lobby:
        return await asyncio.to_thread(_load, self._opening)


def _load(opening: Opening) -> Lobby:
    from agentorchestr_tui.cli.lobby import OpeningLobby

    return OpeningLobby(opening)

"""The lobby of the full screen: detection, earlier sessions and kept work, each asked of its workshop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from agentorchestr_tui.agents.card import SHIPPED, Card, load_cards
from agentorchestr_tui.agents.detection import Detected, detect
from agentorchestr_tui.core.apply import replay
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.orchestrator.archive import Archive, stored
from agentorchestr_tui.orchestrator.asking import asking
from agentorchestr_tui.orchestrator.holding import as_it_stands
from agentorchestr_tui.orchestrator.opening import choose_agents
from agentorchestr_tui.orchestrator.prospect import Opening
from agentorchestr_tui.store.log import EventLog
from agentorchestr_tui.tui.lobby import Findings, Found, KeptWork
from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.snapshots import ROOM
from agentorchestr_tui.worktrees.worktrees import Worktrees

Tell = Callable[[tuple[Found, ...], tuple[str, ...]], None]  # takes the agents, and who has not answered yet
KEYS = ("ANTHROPIC_API_KEY", "CEREBRAS_API_KEY", "GROQ_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY")


class OpeningLobby:
    """What stands before a session that would be opened so; implements the screen's `Lobby`."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    async def look(self, tell: Callable[[Findings], None]) -> Findings:
        """Find agents, keys and the state of the folder; `tell` hears what is known so far."""
        keys = tuple(name for name in KEYS if self._opening.environment.get(name))
        git, project, trouble = await self._look_at_folder()
        here = Findings((), project, git, keys, trouble, trouble)
        tell(here)
        agents, missing = await self._look_for_agents(
            lambda found, asked: tell(replace(here, agents=found, asked=asked))
        )
        return replace(here, agents=agents, trouble=missing or trouble)

    async def _look_at_folder(self) -> tuple[str, str, str]:
        try:
            repository = await Repository.open(self._opening.folder, self._opening.environment)
            dirty = await repository.dirty()
        except OrchestraError as error:
            return "", str(self._opening.folder), str(error)
        where = f"on {repository.branch}" if repository.branch else "on no branch"
        changed = f"{len(dirty)} uncommitted, which workers do not see" if dirty else "nothing uncommitted"
        return f"{where} at {repository.head[:10]}, {changed}", str(repository.root), ""

    async def _look_for_agents(self, tell: Tell) -> tuple[tuple[Found, ...], str]:
        opening = self._opening

        def hear(found: list[Detected], asked: set[str]) -> None:
            tell(_listed(cards, found), tuple(sorted(asked)))

        there: list[Detected] = []
        cards: Mapping[str, Card] = {}
        try:
            cards = load_cards([SHIPPED, opening.paths.config / "agents"])
            path = opening.environment.get("PATH", "")
            async with asking(opening.paths) as run:
                there = await detect(cards, path, opening.environment, run, tell=hear)
            missing = ""
            choose_agents(opening)
        except OrchestraError as error:
            missing = str(error)
        if not any(not each.card.hidden for each in there):
            missing = missing and "No agent is installed yet: any of the commands below brings one; then look again."
        return _listed(cards, there), missing

    async def sessions(self) -> tuple[Session, ...]:
        """Return the sessions there were, the newest first."""
        database = self._opening.paths.database
        if not await asyncio.to_thread(database.exists):
            return ()
        log = await EventLog.open(database)
        try:
            summaries = await log.summaries()
            found = await asyncio.to_thread(
                lambda: [as_it_stands(self._opening.paths, replay(events)) for events in summaries]
            )
        finally:
            await log.close()
        return tuple(session for session in found if session.goal)

    async def archive(self, session_id: str) -> Archive:
        """Open a session to look into, without running it."""
        return await stored(self._opening, session_id)

    async def kept(self, session_id: str) -> tuple[KeptWork, ...]:
        """Return the work that was kept of a session."""
        session = next((each for each in await self.sessions() if each.id == session_id), None)
        if session is None:
            return ()
        worktrees = await self._worktrees(session)
        found = [each for each in await worktrees.kept() if each.session == session_id]
        return tuple(KeptWork(each.ref, each.worker, tuple(each.files), each.note) for each in found)

    async def bring_back(self, ref: str) -> str:
        """Put kept work on a branch."""
        parts = ref.removeprefix(f"{ROOM}/").split("/")
        session = next((each for each in await self.sessions() if each.id == parts[0]), None)
        if session is None:
            return f"{ref} belongs to no session that is known."
        branch = f"rescue/{'-'.join(parts)}"
        commit = await (await self._worktrees(session)).restore(ref, branch)
        return f"It stands on the branch {branch} now ({commit[:10]}). Look at it with: git switch {branch}"

    async def _worktrees(self, session: Session) -> Worktrees:
        repository = await Repository.open(Path(session.project), self._opening.environment)
        return Worktrees(repository, session.id, self._opening.paths.worktrees(session.id))


def _listed(cards: Mapping[str, Card], there: Iterable[Detected]) -> tuple[Found, ...]:
    """Return a line for each agent that there is a card for, those that are installed first."""
    versions = {each.card.name: each.version for each in there}
    found = (
        Found(card.name, card.title, card.name in versions, versions.get(card.name, ""), card.install, card.unverified)
        for card in cards.values()
        if not card.hidden
    )
    return tuple(sorted(found, key=lambda each: not each.installed))

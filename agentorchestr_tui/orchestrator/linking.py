"""The link to one agent's own HTTP server: what it tells is the status, and it takes answers and messages."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from agentorchestr_tui.agents.control import Asked, Control, ControlLost, read_address
from agentorchestr_tui.agents.reading import Json, JsonTable
from agentorchestr_tui.agents.rules import Field
from agentorchestr_tui.agents.status import Signal
from agentorchestr_tui.core.commands import Notice
from agentorchestr_tui.orchestrator.senses import Senses

if TYPE_CHECKING:
    from agentorchestr_tui.agents.control_client import Client
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

READY = 60.0  # seconds that a server gets to answer; after them the screen tells, and messages are pasted
AGAIN = 0.5  # seconds between two tries
IDLE = "idle"
_log = logging.getLogger(__name__)


class Link:
    """Hears one agent's server as long as it answers; while it does not, the senses have the screen alone."""

    def __init__(self, orchestrator: Orchestrator, who: str, senses: Senses, changed: Callable[[], None]) -> None:
        self._orchestrator = orchestrator
        self._who = who
        self._senses = senses
        self._changed = changed
        self._client: Client | None = None
        self._sessions: dict[str, str] = {}  # what each does
        self._asked: dict[str, Asked] = {}
        self._own: set[str] = set()  # those that no other one began
        self._main = ""  # the one of them that was at work last: it is on the screen

    @property
    def takes(self) -> bool:
        """Say whether a message can be handed to it now."""
        return self._client is not None and bool(self._main)

    def stands(self) -> Asked | None:
        """Return the question that waits longest."""
        return next(iter(self._asked.values()), None)

    async def prompt(self, text: str) -> bool:
        """Hand a message over; False when it must go another way. Raises: ControlLost when nobody knows."""
        try:
            return self._client is not None and await self._client.prompt(self._main, text)
        except ControlLost as error:
            if error.sent:
                raise
            return False

    async def reply(self, asked: Asked, choice: str) -> str:
        """Answer a question; return why it did not do, or nothing."""
        try:
            done = self._client is not None and await self._client.reply(asked, choice)
        except ControlLost as error:
            return f"Its server did not answer: {error}."
        return "" if done else "Its server did not take the answer."

    async def run(self) -> None:
        """Listen to the end of the process, or until the server is silent for too long."""
        if (control := self._senses.card.http) is None:
            return
        private = self._orchestrator.ground.paths.launches(self._orchestrator.state.id) / self._who
        if (address := await asyncio.to_thread(read_address, private)) is None:
            return
        await asyncio.to_thread(importlib.import_module, "httpx2")  # it takes a while, and few need it
        from agentorchestr_tui.agents.control_client import speaking

        async with speaking(control, address) as client:
            while await self._answers(client):
                try:
                    await self._listen(client, control)
                except ControlLost as error:
                    _log.info("%s: its server is lost: %s", self._who, error)
                self._forget()
                await asyncio.sleep(AGAIN)

    async def _answers(self, client: Client) -> bool:
        """Wait until the server answers; False when it does not in time, or its agent has ended."""
        loop = asyncio.get_running_loop()
        until, why = loop.time() + READY, ""
        while self._senses.pane.exit is None and loop.time() < until:
            try:
                await client.statuses()
            except ControlLost as error:
                why = str(error)
                await asyncio.sleep(AGAIN)
            else:
                return True
        if self._senses.pane.exit is None:
            title = self._senses.card.title
            words = f"{self._who}: {title}'s own server does not answer ({why}): its screen tells what it does."
            await self._orchestrator.perform(Notice(words))
        return False

    async def _listen(self, client: Client, control: Control) -> None:
        async with client.listening() as events:
            async for event in events:
                if self._client is None:  # the first event says that we are heard; what stood before is asked for
                    await self._take_stock(client, control)
                await self._heard(client, control, event)

    async def _take_stock(self, client: Client, control: Control) -> None:
        for session, status in (await client.statuses()).items():
            await self._does(client, session, status)
        for ask in control.asks:
            self._asked |= {each.id: each for each in await client.asked(ask)}
        self._client = client
        self._tell()

    async def _heard(self, client: Client, control: Control, event: JsonTable) -> None:
        kind, told = event.get("type"), event.get("properties")
        if not isinstance(told, dict):
            return
        if kind == control.status_event:
            await self._does(client, str(told.get("sessionID", "")), told.get("status", ""))
        elif ask := next((ask for ask in control.asks if kind == ask.event), None):
            asked = ask.stands(told)
            self._asked[asked.id] = asked
        elif any(kind in ask.gone for ask in control.asks):
            self._asked.pop(str(told.get("requestID", "")), None)
        else:
            return
        self._tell()

    async def _does(self, client: Client, session: str, status: Json) -> None:
        """Take what a session does."""
        if session not in self._sessions and not await client.has_parent(session):
            self._own.add(session)
        self._sessions[session] = does = str(status.get("type", "")) if isinstance(status, dict) else ""
        if session in self._own and (does != IDLE or not self._main):
            self._main = session

    def _tell(self) -> None:
        self._senses.hear(Signal(Field.HTTP, self._words()))
        self._changed()

    def _words(self) -> str:
        if asked := self.stands():
            return f"asks {asked.text}"
        busy = next((does for does in self._sessions.values() if does != IDLE), "")
        return busy or (IDLE if self._sessions else "")

    def _forget(self) -> None:
        self._client = None
        self._sessions.clear()
        self._asked.clear()
        self._tell()

"""Speaks with an agent's own HTTP server on loopback: every wait is bounded, and what goes wrong is a ControlLost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2

from agentorchestr_tui.agents.control import Address, Ask, Asked, Control, ControlLost
from agentorchestr_tui.agents.placeholders import fill_json
from agentorchestr_tui.agents.reading import Json, JsonTable

ANSWERS = 5.0  # seconds for one answer
SILENT = 45.0  # seconds without a word on the event stream, which has a heartbeat every ten
EVENT = 8 * 2**20  # characters of one event at most


class Client:
    """A client of one launch's server."""

    def __init__(self, control: Control, http: httpx2.AsyncClient) -> None:
        self._control = control
        self._http = http

    async def statuses(self) -> JsonTable:
        """Return what each session at work does. Raises: ControlLost."""
        return _table(await self._get(self._control.statuses))

    async def asked(self, ask: Ask) -> list[Asked]:
        """Return the questions of a kind that stand. Raises: ControlLost."""
        found = await self._get(ask.listed)
        return [ask.stands(each) for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    async def has_parent(self, session: str) -> bool:
        """Say whether another session began this one. Raises: ControlLost."""
        path = self._control.session.replace("{session}", session)
        return bool(_table(await self._get(path)).get("parentID"))

    async def reply(self, asked: Asked, choice: str) -> bool:
        """Answer a question; say whether the server took it. Raises: ControlLost."""
        body = fill_json(asked.ask.reply_body, {"choice": asked.ask.choices[choice]})
        return await self._post(asked.ask.reply.replace("{id}", asked.id), body) == 200

    async def prompt(self, session: str, text: str) -> bool:
        """Hand a message to a session; say whether the server took it. Raises: ControlLost."""
        body = fill_json(self._control.prompt_body, {"text": text})
        return await self._post(self._control.prompt.replace("{session}", session), body) == 204

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[JsonTable]]:
        """Open the event stream: what is told from now on is heard. Raises: ControlLost."""
        try:
            async with self._http.stream("GET", self._control.events) as response:
                if response.status_code != 200:
                    raise ControlLost(f"{self._control.events} answered {response.status_code}")
                yield _events(response)
        except httpx2.HTTPError as error:
            raise _lost(error) from error

    async def _get(self, path: str) -> Json:
        try:
            async with asyncio.timeout(ANSWERS):
                response = await self._http.get(path)
            if response.status_code != 200:
                raise ControlLost(f"{path} answered {response.status_code}")
            found: Json = response.json()
        except (TimeoutError, httpx2.HTTPError, ValueError) as error:
            raise _lost(error) from error
        return found

    async def _post(self, path: str, body: Json) -> int:
        try:
            async with asyncio.timeout(ANSWERS):
                return (await self._http.post(path, json=body)).status_code
        except httpx2.ConnectError as error:
            raise _lost(error) from error
        except (TimeoutError, httpx2.HTTPError) as error:
            raise _lost(error, sent=True) from error


@asynccontextmanager
async def speaking(control: Control, address: Address) -> AsyncIterator[Client]:
    """Make a client of one launch's server; nothing is sent yet."""
    async with httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{address.port}",
        auth=(control.user, address.password),
        timeout=httpx2.Timeout(ANSWERS, read=SILENT),
        trust_env=False,  # loopback needs no proxy
    ) as http:
        yield Client(control, http)


async def _events(response: httpx2.Response) -> AsyncIterator[JsonTable]:
    held = ""
    async for text in response.aiter_text():  # the client's own timeout bounds each wait
        *lines, held = (held + text).split("\n")
        if len(held) > EVENT:
            raise ControlLost("an event has no end")
        for line in lines:
            if line.startswith("data:") and (event := _read(line.removeprefix("data:"))):
                yield event


def _lost(error: Exception, *, sent: bool = False) -> ControlLost:
    return ControlLost(str(error) or type(error).__name__, sent=sent)


def _table(value: Json) -> JsonTable:
    return value if isinstance(value, dict) else {}


def _read(text: str) -> JsonTable | None:
    try:
        found: Json = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

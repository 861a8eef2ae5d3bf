"""The orchestrator's tools, through the MCP SDK's own client, which loads beside the work."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import threading
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from .conditions import Facts
from .verbs import Argument

if TYPE_CHECKING:
    from mcp import Client
    from mcp.types import CallToolResult

CALL_TIMEOUT = 600.0  # seconds; the server returns earlier and says "running"
CONNECT_TIMEOUT = 30.0  # seconds
_WAY_OUT = "cannot be used (see AGENTORCHESTR_MCP_URL and _TOKEN)"
FAREWELL = 1.0  # seconds for the server to hear that the connection ends


class ToolRefused(Exception):
    """A tool answered with an error, or could not be reached; the message is its sentence."""


class Tools:
    """A connection that opens in the background, and the calls over it."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token
        self._client = _awaited()
        self._stirred = asyncio.Event()
        self._leaving = False

    @property
    def given(self) -> bool:
        """Say whether there is a server at all."""
        return bool(self._url)

    async def serve(self) -> None:
        """Open the connection and hold it until `leave`; one that broke is opened anew for the next call."""
        try:
            await _import_in_thread("mcp", "mcp.client.streamable_http", "httpx2")
        except ImportError as error:
            self._fail(error)
            return
        while not self._leaving:
            self._stirred.clear()
            try:
                async with _connected(self._url, self._token) as client:
                    self._client.set_result(client)
                    await self._stirred.wait()
            except _accidents() as error:
                self._fail(error)
                await self._stirred.wait()

    def _fail(self, error: Exception) -> None:
        if not self._client.done():
            self._client.set_exception(ToolRefused(f"The MCP server at {self._url} {_WAY_OUT}: {_root(error)}"))

    def _begin_anew(self) -> None:
        self._client = _awaited()
        self._stirred.set()

    async def leave(self, serving: asyncio.Task[None]) -> None:
        """End the connection, in a moment at most."""
        self._leaving = True
        self._stirred.set()
        if not self._client.done():
            serving.cancel()
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(serving, FAREWELL)

    async def call(self, name: str, arguments: Mapping[str, Argument]) -> Facts:
        """Call a tool and return its result as facts. Raises: ToolRefused."""
        if not self.given:
            raise ToolRefused("There is no MCP server: AGENTORCHESTR_MCP_URL is not set.")
        if self._client.done() and self._client.exception() is not None:
            self._begin_anew()  # the server was not there a while ago; it may be now
        client = await asyncio.shield(self._client)
        try:
            result = await client.call_tool(name, dict(arguments), read_timeout_seconds=CALL_TIMEOUT)
        except _accidents() as error:
            self._begin_anew()
            raise ToolRefused(f"{name} failed: {_root(error)}") from error
        if result.is_error:
            raise ToolRefused(_text(result) or f"{name} failed and did not say why.")
        return _facts(result)


def _awaited() -> asyncio.Future[Client]:
    """Make a future whose failure nobody need ask for."""
    client: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
    client.add_done_callback(lambda done: done.cancelled() or done.exception())
    return client


def _accidents() -> tuple[type[Exception], ...]:
    """Return what the SDK raises when a server cannot be reached or answers wrongly; named late, loaded late."""
    import httpx2
    from mcp import MCPError

    return MCPError, httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, RuntimeError, ExceptionGroup


@asynccontextmanager
async def _connected(url: str, token: str) -> AsyncGenerator[Client, None]:
    import httpx2
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    timeout = httpx2.Timeout(CONNECT_TIMEOUT, read=CALL_TIMEOUT)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=timeout, trust_env=False) as http,  # loopback needs no proxy
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        yield client


async def _import_in_thread(*modules: str) -> None:
    """Import modules in a thread that nobody waits for at exit."""
    loop = asyncio.get_running_loop()
    loaded: asyncio.Future[None] = loop.create_future()

    def finish(error: ImportError | None) -> None:
        if not loaded.done():
            loaded.set_exception(error) if error else loaded.set_result(None)

    def load() -> None:
        failed = None
        try:
            for module in modules:
                importlib.import_module(module)
        except ImportError as error:
            failed = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: the program has ended meanwhile
            loop.call_soon_threadsafe(finish, failed)

    threading.Thread(target=load, name="import mcp", daemon=True).start()
    await loaded


def _facts(result: CallToolResult) -> Facts:
    content = result.structured_content
    if content is None:
        return {"result": _text(result)}
    return {key: _fact(value) for key, value in content.items()}


def _fact(value: object) -> str:
    if value in (None, [], {}, ""):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text(result: CallToolResult) -> str:
    return "\n".join(block.text for block in result.content if block.type == "text")


def _root(error: BaseException) -> str:
    """Return the first real reason inside groups of exceptions."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__

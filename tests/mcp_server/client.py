"""The MCP SDK's own client on a session's door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from agentorchestr_tui.mcp_server.server import build
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

ERAS = ("legacy", "auto")
WAYS = (*ERAS, "memory")


@asynccontextmanager
async def in_memory(orchestrator: Orchestrator, holder: str = "lead") -> AsyncIterator[Client]:
    """Connect without a network, as `lead` or a worker."""
    async with Client(build(orchestrator, lambda: holder, guarded=False)) as client:
        yield client


def by_way(orchestrator: Orchestrator, way: str, holder: str = "lead") -> AbstractAsyncContextManager[Client]:
    """Connect over HTTP in one era of the protocol, or in memory."""
    return in_memory(orchestrator, holder) if way == "memory" else connected(orchestrator, holder, mode=way)


async def told(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    """Call a tool that is not to fail; returns what it told."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, words(result)
    content = result.structured_content
    return content["result"] if set(content) == {"result"} else content


async def refused(client: Client, tool: str, **arguments: object) -> str:
    """Call a tool that is to fail; returns its sentence."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, words(result)
    return words(result)


@asynccontextmanager
async def connected(orchestrator: Orchestrator, holder: str = "lead", *, mode: str = "auto") -> AsyncIterator[Client]:
    """Connect with the token of `lead` or of a worker."""
    access = orchestrator.ground.access
    headers = {"Authorization": f"Bearer {access.token(holder)}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        async with Client(streamable_http_client(access.url, http_client=http), mode=mode) as client:
            yield client


def words(result: CallToolResult) -> str:
    """Return the text of a result."""
    return " ".join(part.text for part in result.content if part.type == "text")

"""The MCP SDK's own client on a session's door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

ERAS = ("legacy", "auto")


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

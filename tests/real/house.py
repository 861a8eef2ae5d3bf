"""A throw-away MCP server with the tools that a lead and a worker call first, behind a bearer token."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from mcp.server import MCPServer
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from pydantic import AnyHttpUrl


@dataclass
class House:
    """Where the server is, whom it lets in, and what was called: (tool, arguments) in order."""

    url: str
    token: str
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    waits: int = 2  # how many times wait_for_worker says that the worker still runs

    def called(self, tool: str) -> dict[str, Any] | None:
        """Return the arguments of the first call of a tool, None before it."""
        return next((arguments for name, arguments in self.calls if name == tool), None)


@asynccontextmanager
async def serve(token: str) -> AsyncIterator[House]:
    """Serve on a free port of loopback until the end of the block."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    house = House(f"http://127.0.0.1:{listener.getsockname()[1]}/mcp", token)
    server = _Quiet(uvicorn.Config(_mcp(house).streamable_http_app(), log_config=None, timeout_graceful_shutdown=1))
    running = asyncio.ensure_future(server.serve(sockets=[listener]))
    try:
        yield house
    finally:
        server.should_exit = True
        try:
            await running
        finally:
            listener.close()


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the test runner keeps its own handlers


class _OneToken:
    def __init__(self, token: str) -> None:
        self.token = token

    async def verify_token(self, token: str) -> AccessToken | None:
        return AccessToken(token=token, client_id="agent", scopes=["agent"]) if token == self.token else None


def _mcp(house: House) -> MCPServer:
    address = AnyHttpUrl(house.url.removesuffix("/mcp"))
    auth = AuthSettings(issuer_url=address, resource_server_url=None, required_scopes=["agent"])
    server = MCPServer("agentorchestr", token_verifier=_OneToken(house.token), auth=auth, log_level="ERROR")

    async def spawn_worker(task: str, perspective: str = "implementer", file_scope: list[str] = []) -> dict[str, str]:  # noqa: B006
        """Spawn a worker in its own worktree and return its worker_id."""
        house.calls.append(("spawn_worker", {"task": task, "perspective": perspective}))
        return {"worker_id": "w01", "perspective": perspective}

    async def wait_for_worker(worker_id: str, timeout_s: float = 300) -> dict[str, str]:
        """Wait for a worker's outcome; state is running when it takes longer."""
        house.calls.append(("wait_for_worker", {"worker_id": worker_id}))
        house.waits -= 1
        return {"worker_id": worker_id, "state": "running" if house.waits >= 0 else "done", "summary": ""}

    async def verify(success_criteria: str = "all tests pass") -> dict[str, bool]:
        """Run the project's checks on the integrated tree."""
        house.calls.append(("verify", {}))
        return {"passed": True}

    async def mark_goal_done(summary: str) -> dict[str, bool]:
        """Say that the goal is reached."""
        house.calls.append(("mark_goal_done", {"summary": summary}))
        return {"acknowledged": True}

    async def report_done(summary: str) -> dict[str, bool]:
        """Say that the task is done."""
        house.calls.append(("report_done", {"summary": summary}))
        return {"acknowledged": True}

    for tool in (spawn_worker, wait_for_worker, verify, mark_goal_done, report_done):
        server.tool()(tool)
    return server

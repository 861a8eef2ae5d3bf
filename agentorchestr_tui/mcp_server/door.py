"""The server's socket on loopback, and its life inside the application's event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.mcp_server.server import build
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

HOST = "127.0.0.1"
STARTING = 20.0  # seconds for the server to come up
GOODBYE = 3  # seconds that open calls get when the session closes


class _Uvicorn(uvicorn.Server):
    """A server that leaves the process's signals alone: they belong to the application; and that sleeps at rest."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        """Let `serve` come to its end."""
        self.should_exit = True
        self._leaving.set()

    async def main_loop(self) -> None:
        """Wait for the end; the library's own loop looks for it ten times a second."""
        await self.on_tick(0)  # which makes the headers
        await self._leaving.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@contextlib.asynccontextmanager
async def serve(orchestrator: Orchestrator) -> AsyncIterator[str]:
    """Serve the session's tools while the block runs; gives the address. Raises: CannotRun."""
    listener = _listen(orchestrator.ground.access.port)
    port: int = listener.getsockname()[1]
    orchestrator.ground.access.opened(port)
    host = f"{HOST}:{port}"
    security = TransportSecuritySettings(allowed_hosts=[host, f"localhost:{port}"], allowed_origins=[])
    application = build(orchestrator).streamable_http_app(transport_security=security)
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        date_header=False,  # it would be of the moment of the start
        lifespan="on",
        timeout_graceful_shutdown=GOODBYE,
        ws="none",
    )
    server = _Uvicorn(config)
    running = tasks.start(server.serve([listener]), name="mcp server")
    try:
        await _started(server, running)
        yield f"http://{host}/mcp"
    finally:
        server.leave()
        await asyncio.wait({running}, timeout=GOODBYE + 2)
        await tasks.end([running])
        listener.close()


def _listen(port: int) -> socket.socket:
    """Listen on the session's earlier port if it had one and it is free, else on any.

    The protocol is named because asyncio sets TCP_NODELAY only on sockets that carry it.
    """
    for wanted in dict.fromkeys((port, 0)):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, wanted))
        except OSError as error:
            listener.close()
            if wanted == 0:
                raise CannotRun(f"No port on {HOST} can be listened on: {error.strerror}.") from error
        else:
            return listener
    raise CannotRun(f"No port on {HOST} is free.")


async def _started(server: uvicorn.Server, running: asyncio.Task[None]) -> None:
    async with asyncio.timeout(STARTING):
        while not server.started:
            if running.done():
                raise CannotRun("The MCP server ended while it was starting; see the log.")
            await asyncio.sleep(0.005)

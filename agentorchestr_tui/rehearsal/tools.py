"""The orchestrator's tools: one POST a call, as MCP has it since 2026-07-28; an SDK would take a second to load."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from .conditions import Facts
from .verbs import Argument

VERSION = "2026-07-28"  # of the protocol: without sessions, each request says all that it needs
CALL_TIMEOUT = 600.0  # seconds; the server returns earlier and says "running"
CONNECT_TIMEOUT = 30.0  # seconds
MOST = 2**24  # bytes of a line in an answer
_WAY_OUT = "cannot be used (see AGENTORCHESTR_MCP_URL and _TOKEN)"
_META = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientInfo": {"name": "rehearsal", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


class ToolRefused(Exception):
    """A tool answered with an error, or could not be reached; the message is its sentence."""


class Tools:
    """Calls over connections of their own: a server that was not there a while ago may be now."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token
        self._number = 0

    @property
    def given(self) -> bool:
        """Say whether there is a server at all."""
        return bool(self._url)

    async def call(self, name: str, arguments: Mapping[str, Argument]) -> Facts:
        """Call a tool and return its result as facts. Raises: ToolRefused."""
        if not self.given:
            raise ToolRefused("There is no MCP server: AGENTORCHESTR_MCP_URL is not set.")
        reader, writer = await self._connect()
        try:
            writer.write(self._request(name, arguments))
            async with asyncio.timeout(CALL_TIMEOUT):
                await writer.drain()
                status, told = await _answer(reader)
        except (OSError, EOFError, ValueError) as error:
            raise ToolRefused(f"{name} failed: {_words(error)}") from error
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        if "result" in told:
            return _facts(name, told["result"])
        match told.get("error"):
            case {"message": words}:
                raise ToolRefused(f"{name} failed: {words}")
            case words:
                raise self._unusable(f"it answers {status} {words or ''}".rstrip())

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            to = urlsplit(self._url)
            if to.scheme != "http" or not to.hostname:
                raise self._unusable("it is no http address")
            async with asyncio.timeout(CONNECT_TIMEOUT):
                return await asyncio.open_connection(to.hostname, to.port or 80, limit=MOST)
        except (OSError, ValueError, OverflowError) as error:
            raise self._unusable(_words(error)) from error

    def _unusable(self, why: str) -> ToolRefused:
        return ToolRefused(f"The MCP server at {self._url} {_WAY_OUT}: {why}")

    def _request(self, name: str, arguments: Mapping[str, Argument]) -> bytes:
        self._number += 1
        params = {"name": name, "arguments": dict(arguments), "_meta": _META}
        body = json.dumps({"jsonrpc": "2.0", "id": self._number, "method": "tools/call", "params": params}).encode()
        to: SplitResult = urlsplit(self._url)
        lines = {
            "Host": to.netloc,
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
            "MCP-Protocol-Version": VERSION,
            "Mcp-Method": "tools/call",
            "Mcp-Name": name,
        } | ({"Authorization": f"Bearer {self._token}"} if self._token else {})
        head = "".join(f"{key}: {value}\r\n" for key, value in lines.items())
        return f"POST {to.path or '/'} HTTP/1.1\r\n{head}\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, object]]:
    """Read one answer; return its status and its message. Raises: OSError, EOFError, ValueError."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    parts = (line.partition(":") for line in lines[1:])
    fields = {key.strip().lower(): value.strip() for key, _, value in parts}
    status = int(lines[0].split()[1])
    chunked = fields.get("transfer-encoding", "").lower() == "chunked"
    body = (await _unchunked(reader) if chunked else await reader.read()).decode()
    if fields.get("content-type", "").startswith("text/event-stream"):
        heard = [json.loads(line[5:]) for line in body.splitlines() if line.startswith("data:") and line[5:].strip()]
        return status, next((each for each in heard if "result" in each or "error" in each), {})
    told = json.loads(body) if body else {}
    return status, told if isinstance(told, dict) else {}


async def _unchunked(reader: asyncio.StreamReader) -> bytes:
    pieces = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        pieces.append(await reader.readexactly(size))
        await reader.readline()
    return b"".join(pieces)


def _facts(name: str, result: object) -> Facts:
    if not isinstance(result, dict):
        raise ToolRefused(f"{name} failed: its answer is no result.")
    text = "\n".join(block.get("text", "") for block in result.get("content") or () if block.get("type") == "text")
    if result.get("isError"):
        raise ToolRefused(text or f"{name} failed and did not say why.")
    content = result.get("structuredContent")
    if content is None:
        return {"result": text}
    return {key: _fact(value) for key, value in content.items()}


def _fact(value: object) -> str:
    if value in (None, [], {}, ""):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__

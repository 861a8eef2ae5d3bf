"""The orchestrator's tools: one POST a call, as MCP has it since 2026-07-28; the SDK would take a second to load."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .conditions import Facts
from .verbs import Argument

if TYPE_CHECKING:
    import httpx2

VERSION = "2026-07-28"  # of the protocol: without sessions, each request says all that it needs
CALL_TIMEOUT = 600.0  # seconds; the server returns earlier and says "running"
CONNECT_TIMEOUT = 30.0  # seconds
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
        import httpx2  # only an agent that calls a tool needs it

        try:
            _ = urlsplit(self._url).port  # of one that cannot be, the library says so in many words
        except ValueError as error:
            raise self._unusable(_words(error)) from error
        try:
            status, told = await self._post(name, arguments)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise self._unusable(_words(error)) from error
        except (httpx2.HTTPError, ValueError) as error:
            raise ToolRefused(f"{name} failed: {_words(error)}") from error
        if "result" in told:
            return _facts(name, told["result"])
        match told.get("error"):
            case {"message": words}:
                raise ToolRefused(f"{name} failed: {words}")
            case words:
                raise self._unusable(f"it answers {status} {words or ''}".rstrip())

    async def _post(self, name: str, arguments: Mapping[str, Argument]) -> tuple[int, Mapping[str, object]]:
        """Return an answer's status and its message."""
        import httpx2

        self._number += 1
        params = {"name": name, "arguments": dict(arguments), "_meta": _META}
        body = {"jsonrpc": "2.0", "id": self._number, "method": "tools/call", "params": params}
        fields = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": VERSION}
        fields |= {"Mcp-Method": "tools/call", "Mcp-Name": name}
        fields |= {"Authorization": f"Bearer {self._token}"} if self._token else {}
        timeout = httpx2.Timeout(CALL_TIMEOUT, connect=CONNECT_TIMEOUT)
        async with httpx2.AsyncClient(timeout=timeout, trust_env=False, verify=False) as client:  # plain, on loopback
            answer = await client.post(self._url, json=body, headers=fields)
        return answer.status_code, _message(answer)

    def _unusable(self, why: str) -> ToolRefused:
        return ToolRefused(f"The MCP server at {self._url} {_WAY_OUT}: {why}")


def _message(answer: httpx2.Response) -> Mapping[str, object]:
    """Return the message of an answer: its body, or the event that holds the result. Raises: ValueError."""
    texts = [answer.text]
    if answer.headers.get("content-type", "").startswith("text/event-stream"):
        texts = [line.removeprefix("data:") for line in answer.text.splitlines() if line.startswith("data:")]
    heard = [json.loads(text) for text in texts if text.strip()]
    return next((each for each in heard if isinstance(each, dict) and each.keys() & {"result", "error"}), {})


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

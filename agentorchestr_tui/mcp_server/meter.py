"""Counts what the tools cost, in both eras of the protocol."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.types import CallToolResult

from agentorchestr_tui.orchestrator.tally import Tally


class Meter(ServerMiddleware[Any]):
    """Notes every call of a tool: by whom, how much text it returned, how long it took."""

    def __init__(self, caller: Callable[[], str], tally: Tally) -> None:
        self._caller = caller
        self._tally = tally

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Pass everything on."""
        if ctx.method != "tools/call":
            return await call_next(ctx)
        began = time.monotonic()
        result = await call_next(ctx)
        tool = str((ctx.params or {}).get("name", ""))
        self._tally.note(self._caller(), tool, _characters(result), time.monotonic() - began)
        return result


def _characters(result: HandlerResult) -> int:
    if isinstance(result, CallToolResult):
        return sum(len(part.text) for part in result.content if part.type == "text")
    if isinstance(result, dict):  # already as it goes over the wire
        return sum(len(part.get("text", "")) for part in result.get("content", []))
    return 0

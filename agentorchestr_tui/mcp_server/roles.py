"""Which tools a caller sees and may call, in both eras of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.types import ListToolsResult

from agentorchestr_tui.mcp_server.wording import refused


class RoleFilter(ServerMiddleware[Any]):
    """Keeps a worker's token off the lead's tools, and the lead's off the workers'."""

    def __init__(
        self, caller: Callable[[], str], by_holder: Mapping[str, frozenset[str]], others: frozenset[str]
    ) -> None:
        self._caller = caller
        self._by_holder = by_holder
        self._others = others

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Filter `tools/list`, and refuse a `tools/call` of another role's tool."""
        if ctx.method == "tools/call":
            name = str((ctx.params or {}).get("name", ""))
            if name not in self._mine() and name in self._all():
                return refused(f"{name} is not for {self._caller()}. You have: {', '.join(sorted(self._mine()))}.")
        result = await call_next(ctx)
        return self._filtered(result) if ctx.method == "tools/list" else result

    def _filtered(self, result: HandlerResult) -> HandlerResult:
        mine = self._mine()
        if isinstance(result, ListToolsResult):
            return result.model_copy(update={"tools": [tool for tool in result.tools if tool.name in mine]})
        if isinstance(result, dict):  # already as it goes over the wire
            return result | {"tools": [tool for tool in result.get("tools", []) if tool["name"] in mine]}
        return result

    def _mine(self) -> frozenset[str]:
        return self._by_holder.get(self._caller(), self._others)

    def _all(self) -> frozenset[str]:
        return frozenset().union(self._others, *self._by_holder.values())

"""The list of tools as short as it can be told: what a model reads of it costs its context in every session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.types import ListToolsResult

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"

_NAMED = frozenset({"properties", "$defs"})  # below them stand names, not words of a schema
_IN, _OUT = "inputSchema", "outputSchema"
_SAYS_NOTHING = frozenset({"title", "description"})


class Listing(ServerMiddleware[Any]):
    """Takes out of `tools/list` what says nothing: titles made from names, words on results, indents."""

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Shorten the answer to `tools/list`."""
        result = await call_next(ctx)
        if ctx.method != "tools/list":
            return result
        if isinstance(result, ListToolsResult):
            tools = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in result.tools]
            listed = {"tools": [_short(tool) for tool in tools]}
            return result.model_copy(update={"tools": ListToolsResult.model_validate(listed).tools})
        if isinstance(result, dict):  # already as it goes over the wire
            return result | {"tools": [_short(tool) for tool in result.get("tools", [])]}
        return result


def _short(tool: Mapping[str, Json]) -> dict[str, Json]:
    short = {**tool, "description": " ".join(str(tool.get("description", "")).split())}
    if _IN in tool:
        short[_IN] = _schema(tool[_IN], _SAYS_NOTHING)
    if _OUT in tool:  # what comes back shows itself which of its keys are there
        short[_OUT] = _schema(tool[_OUT], _SAYS_NOTHING | {"required"})
    return short


def _schema(of: Json, needless: frozenset[str]) -> Json:
    if isinstance(of, list):
        return [_schema(each, needless) for each in of]
    if not isinstance(of, dict):
        return of
    return {key: _inside(key, value, needless) for key, value in of.items() if key not in needless}


def _inside(key: str, value: Json, needless: frozenset[str]) -> Json:
    if key in _NAMED and isinstance(value, dict):
        return {name: _schema(each, needless) for name, each in value.items()}
    return _schema(value, needless)

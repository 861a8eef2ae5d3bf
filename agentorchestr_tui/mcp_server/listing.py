"""The list of tools as short as it can be told: what a model reads of it costs its context in every session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.types import ListToolsResult

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"

_NAMED = frozenset({"properties", "$defs"})  # below them stand names, not words of a schema
_IN, _OUT = "inputSchema", "outputSchema"
_SAYS_NOTHING = frozenset({"title", "description", "additionalProperties"})  # the last: some models' servers balk at it


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
        short[_IN] = _schema(tool[_IN])
    if isinstance(out := tool.get(_OUT), dict):
        short[_OUT] = {"type": "object", "properties": _kinds(out.get("properties"))}
    return short


def _schema(of: Json) -> Json:
    if isinstance(of, list):
        return [_schema(each) for each in of]
    if not isinstance(of, dict):
        return of
    if (one := _unless_null(of)) is not None:
        return _schema(one)
    return {key: _inside(key, value) for key, value in of.items() if key not in _SAYS_NOTHING}


def _inside(key: str, value: Json) -> Json:
    if key in _NAMED and isinstance(value, dict):
        return {name: _schema(each) for name, each in value.items()}
    return _schema(value)


def _unless_null(of: Mapping[str, Json]) -> Json:
    """Return what a value may be that may also be null, which to leave out says as well; null is still taken."""
    kinds = of.get("anyOf")
    told = [each for each in kinds if each != {"type": "null"}] if isinstance(kinds, list) else []
    return told[0] if len(told) == 1 and of.get("default") is None else None


def _kinds(properties: Json) -> Json:
    """Return the keys of a result with their kinds alone: what is inside them shows itself when it comes."""
    named = properties if isinstance(properties, dict) else {}
    return {name: _kind(of) for name, of in named.items()}


def _kind(of: Json) -> Json:
    kind = of.get("type") if isinstance(of, dict) else None
    return {} if kind is None and not (isinstance(of, dict) and "$ref" in of) else {"type": kind or "object"}

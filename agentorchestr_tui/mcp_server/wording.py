"""Errors as a model reads them best: one plain sentence each, and the right argument for a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.types import CallToolResult, TextContent


class Wording(ServerMiddleware[Any]):
    """Refuses arguments that a tool does not have, and takes the SDK's wrapping off what a tool says."""

    def __init__(self, arguments: Mapping[str, tuple[str, ...]]) -> None:
        self._arguments = arguments

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Look at a call's arguments before, and at its error after."""
        if ctx.method != "tools/call":
            return await call_next(ctx)
        params = ctx.params or {}
        tool, given = str(params.get("name", "")), params.get("arguments") or {}
        if refusal := self._unknown(tool, given):
            return refused(refusal)
        return _plain(await call_next(ctx), tool)

    def _unknown(self, tool: str, given: Mapping[str, object]) -> str:
        known = self._arguments.get(tool)
        if known is None:
            near = difflib.get_close_matches(tool, self._arguments, n=1)
            return f"There is no tool {tool!r}.{(near and f' Did you mean {near[0]}?') or ''}"
        wrong = next((name for name in given if name not in known), None)
        if wrong is None:
            return ""
        near = difflib.get_close_matches(wrong, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        return f"{tool} has no argument {wrong!r}.{hint} It has: {', '.join(known) or 'none'}."


def refused(sentence: str) -> CallToolResult:
    """Return a tool error in one sentence."""
    return CallToolResult(content=[TextContent(type="text", text=sentence)], is_error=True)


def _plain(result: HandlerResult, tool: str) -> HandlerResult:
    if isinstance(result, CallToolResult) and result.is_error:
        texts = [part.text for part in result.content if part.type == "text"]
    elif isinstance(result, dict) and result.get("isError"):  # already as it goes over the wire
        texts = [str(part.get("text", "")) for part in result.get("content", [])]
    else:
        return result
    return refused(_sentence(" ".join(texts).removeprefix(f"Error executing tool {tool}").removeprefix(": "), tool))


def _sentence(text: str, tool: str) -> str:
    """Make one sentence of what the SDK says of arguments that do not fit; leave our own sentences as they are."""
    if "validation error" not in text.partition("\n")[0]:
        return text or f"{tool} failed by an accident of ours; the log has it. Go on without it, or try again once."
    lines = [line.strip() for line in text.splitlines()[1:] if line.strip()]
    name, why = lines[0], lines[1].partition(" [type=")[0] if len(lines) > 1 else "it does not fit"
    return f"The argument {name} of {tool} is wrong: {why}."

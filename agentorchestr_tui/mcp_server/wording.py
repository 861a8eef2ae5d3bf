"""Answers as a model reads them best: results without indents, errors in one sentence with the right argument."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.types import CallToolResult, TextContent


class Wording(ServerMiddleware[Any]):
    """Refuses arguments that a tool does not have, and takes the SDK's wrapping off what a tool says.

    `arguments` are those of each tool, `keys` those of an argument that is a list of tables.
    """

    def __init__(self, arguments: Mapping[str, tuple[str, ...]], keys: Mapping[str, tuple[str, ...]]) -> None:
        self._arguments = arguments
        self._keys = keys

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Look at a call's arguments before, and at its error after."""
        if ctx.method != "tools/call":
            return await call_next(ctx)
        params = ctx.params or {}
        tool, given = str(params.get("name", "")), params.get("arguments") or {}
        if refusal := self._unknown(tool, given):
            return refused(refusal)
        return self._plain(await call_next(ctx), tool)

    def _unknown(self, tool: str, given: Mapping[str, object]) -> str:
        known = self._arguments.get(tool)
        if known is None:
            return f"There is no tool {tool!r}.{_near(tool, self._arguments)}"
        wrong = next((name for name in given if name not in known), None)
        if wrong is None:
            return ""
        return f"{tool} has no argument {wrong!r}.{_near(wrong, known)} It has: {', '.join(known) or 'none'}."

    def _plain(self, result: HandlerResult, tool: str) -> HandlerResult:
        if isinstance(result, CallToolResult):
            texts = [part.text for part in result.content if part.type == "text"]
            wrong, told = result.is_error, result.structured_content
        elif isinstance(result, dict):  # already as it goes over the wire
            texts = [str(part.get("text", "")) for part in result.get("content", [])]
            wrong, told = bool(result.get("isError")), result.get("structuredContent")
        else:
            return result
        if wrong:
            said = " ".join(texts).removeprefix(f"Error executing tool {tool}").removeprefix(": ")
            return refused(self._sentence(said, tool))
        return result if told is None else _tight(result, told)

    def _sentence(self, text: str, tool: str) -> str:
        """Make one sentence of what the SDK says of arguments that do not fit; leave our own sentences as they are."""
        if "validation error" not in text.partition("\n")[0]:
            return text or f"{tool} failed by an accident of ours; the log has it. Go on without it, or try again once."
        lines = [line.strip() for line in text.splitlines()[1:] if line.strip()]
        name, why = lines[0], lines[1].partition(" [type=")[0] if len(lines) > 1 else "it does not fit"
        argument, _, key = name.partition(".")
        if argument in self._keys and why.startswith("Extra inputs"):
            where, _, wrong = key.partition(".")
            known = self._keys[argument]
            return f"{argument}[{where}] has no {wrong!r}.{_near(wrong, known)} It has: {', '.join(known)}."
        return f"The argument {name} of {tool} is wrong: {_said(why)}."


def refused(sentence: str) -> CallToolResult:
    """Return a tool error in one sentence."""
    return CallToolResult(content=[TextContent(type="text", text=sentence)], is_error=True)


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1) or [each for each in known if word and word in each]
    return f" Did you mean {near[0]}?" if near else ""


def _said(why: str) -> str:
    return f'{why}, such as ["..."]' if why == "Input should be a valid list" else why


def _tight(result: HandlerResult, told: object) -> HandlerResult:
    """Say a result once as text, without indents: a model pays for every blank."""
    whole = told["result"] if isinstance(told, dict) and set(told) == {"result"} else told
    text = TextContent(type="text", text=json.dumps(whole, ensure_ascii=False, separators=(",", ":")))
    if isinstance(result, CallToolResult):
        return result.model_copy(update={"content": [text]})
    assert isinstance(result, dict)
    return result | {"content": [text.model_dump(mode="json", by_alias=True, exclude_none=True)]}

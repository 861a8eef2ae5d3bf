"""What a scripted model is shown and may answer, whatever protocol the client speaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as the client listed it; `namespace` is the Responses API's."""

    name: str
    parameters: dict[str, Any] = field(default_factory=dict)
    namespace: str = ""

    @property
    def properties(self) -> dict[str, Any]:
        return self.parameters.get("properties") or {}


@dataclass(frozen=True, slots=True)
class Result:
    """What one tool call of the conversation came back with."""

    tool: str
    text: str

    def is_of(self, short: str) -> bool:
        return _is_called(self.tool, short)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One request to the model: the user's words, the tools there are, and the tool results so far."""

    protocol: str
    prompt: str
    tools: tuple[Tool, ...]
    results: tuple[Result, ...]
    turns: int = 1  # how many times the user spoke

    def tool(self, *shorts: str) -> Tool | None:
        """Find the first listed tool that is called one of `shorts`, whatever the client put before it."""
        return next((tool for short in shorts for tool in self.tools if _is_called(tool.name, short)), None)

    def results_of(self, *shorts: str) -> list[str]:
        """Return what the calls of these tools came back with, oldest first."""
        return [result.text for result in self.results if any(result.is_of(short) for short in shorts)]


@dataclass(frozen=True, slots=True)
class Say:
    """The model's words; the turn is over."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; the conversation comes back with its result."""

    tool: Tool
    arguments: dict[str, Any]

    @property
    def json(self) -> str:
        return json.dumps(self.arguments)


@dataclass(frozen=True, slots=True)
class Fail:
    """An HTTP error instead of an answer."""

    status: int
    message: str
    retry_after: int | None = None  # seconds
    after: float = 0.0  # seconds from being asked to this error, as from a model that is far away


Answer: TypeAlias = Say | Call | Fail
Script: TypeAlias = Callable[[Conversation], Answer]


def _is_called(name: str, short: str) -> bool:
    return name == short or name.endswith((f"__{short}", f"agentorchestr_{short}", f"agentorchestr-{short}"))

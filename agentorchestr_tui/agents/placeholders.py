"""The `{word}` placeholders of cards, and how they are filled in text and in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from agentorchestr_tui.agents.reading import Json

# `{word:json}` puts the value in as a JSON string, quotes and all: right inside JSON, and inside TOML's basic strings.
_PLACEHOLDER = re.compile(r"\{([a-z_]+)(:json)?\}")
WORDS = frozenset(
    {"binary", "python", "prompt", "prompt_file", "role", "mcp_url", "token", "private"}
    | {"worktree", "project", "conversation", "port", "password"}
)


def unknown_in(text: str) -> Iterator[str]:
    """Yield what looks like a placeholder of `text` and is none."""
    return (match[1] for match in _PLACEHOLDER.finditer(text) if match[1] not in WORDS)


def fill(text: str, words: Mapping[str, str]) -> str:
    """Return `text` with every placeholder filled once; what stands in a value is left as it is."""
    return _PLACEHOLDER.sub(lambda match: _shown(words[match[1]], quoted=bool(match[2])), text)


def fill_json(value: Json, words: Mapping[str, str]) -> Json:
    """Return `value` with the placeholders in its strings and keys filled."""
    if isinstance(value, str):
        return fill(value, words)
    if isinstance(value, list):
        return [fill_json(item, words) for item in value]
    if isinstance(value, dict):
        return {fill(key, words): fill_json(item, words) for key, item in value.items()}
    return value


def _shown(value: str, *, quoted: bool) -> str:
    return json.dumps(value, ensure_ascii=False) if quoted else value

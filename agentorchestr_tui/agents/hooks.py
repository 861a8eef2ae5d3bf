"""What an agent's own hooks tell: each writes its JSON to a file of the launch, which is read when the screen moves."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agentorchestr_tui.agents.reading import Json, JsonTable
from agentorchestr_tui.agents.shells import LONGEST

TOLD_FILE = "told.jsonl"  # in the private folder of a launch; its path is in the environment of the agent
TOLD_VARIABLE = "AGENTORCHESTR_TOLD"
SHOWN = 400  # characters of one value that count
_AT_ONCE = 1 << 20  # bytes read at once; what a hook tells is smaller


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the agent's hooks tell that is of use: the values of these keys, and the key of the conversation's id.

    `ran` is where a shell line stands that it ran, keys with dots between; `ran_in` names the hooks that tell one.
    """

    tell: tuple[str, ...]
    conversation: str = ""
    ran: str = ""
    ran_in: tuple[str, ...] = ()

    def words(self, told: JsonTable) -> str:
        """Return the values as one line, blanks between them."""
        values = (told.get(key) for key in self.tell)
        return " ".join(" ".join(value.split())[:SHOWN] for value in values if isinstance(value, str))

    def line_of(self, told: JsonTable) -> str:
        """Return the shell line that the agent ran, or nothing."""
        if not self.ran or told.get("hook_event_name") not in self.ran_in:
            return ""
        value: Json = told
        for key in self.ran.split("."):
            value = value.get(key, "") if isinstance(value, dict) else ""
        return " ".join(value.split())[:LONGEST] if isinstance(value, str) else ""

    def conversation_of(self, told: JsonTable) -> str:
        """Return the conversation's id, or nothing."""
        value = told.get(self.conversation) if self.conversation else None
        return value if isinstance(value, str) else ""


class Told:
    """Reads what the hooks of one launch wrote, each once."""

    def __init__(self, private: Path) -> None:
        self._path = private / TOLD_FILE
        self._size = self._at = 0

    def news(self) -> list[JsonTable]:
        """Return what was told since last asked, oldest first; costs one look at the folder where there is none."""
        try:
            size = os.stat(self._path).st_size
            if size == self._size:
                return []
            self._size = size
            with self._path.open("rb") as file:
                file.seek(self._at)
                text = file.read(_AT_ONCE)
        except OSError:
            return []
        whole = text.rfind(b"\n") + 1  # a line without its end is not all there yet
        self._at += whole or (len(text) if len(text) == _AT_ONCE else 0)
        return list(_tables(text[:whole]))


def _tables(text: bytes) -> Iterator[JsonTable]:
    for line in text.splitlines():
        try:
            table: Json = json.loads(line)
        except ValueError:  # blank, or two hooks that wrote at once
            continue
        if isinstance(table, dict):
            yield table

"""What a card says of its agent's own HTTP server: how it is switched on, what it tells, and what it is sent."""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agentorchestr_tui.agents.reading import Json, JsonTable

ADDRESS_FILE = "control.json"  # in the private folder of a launch
SHOWN = 2000  # characters of a question that are shown


class ControlLost(Exception):
    """The server did not answer; `sent` says whether it may have got what it was sent all the same."""

    def __init__(self, words: str, *, sent: bool = False) -> None:
        super().__init__(words)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of question that the server tells of; without `reply` it is answered in the terminal."""

    name: str
    listed: str  # GET: those that stand, each with its id
    event: str  # one more stands: its id and more
    gone: tuple[str, ...]  # events: one is answered, `requestID` says which
    shows: tuple[str, ...]  # what of it tells what is asked; a dot leads into a table
    reply: str = ""  # POST: the answer to `{id}`
    reply_body: JsonTable = field(default_factory=dict)  # `{choice}` is the agent's own word
    choices: Mapping[str, str] = field(default_factory=dict)  # that word for once, always and deny

    def stands(self, table: JsonTable) -> Asked:
        """Return one that the server told of."""
        shown = (_words(_at(table, path)) for path in self.shows)
        return Asked(self, str(table.get("id", "")), "\n".join(text for text in shown if text)[:SHOWN])


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that stands, by the server's own word."""

    ask: Ask
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Control:
    """An agent's HTTP control: `{port}` and `{password}` go into argv and environment; paths and events are data."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    user: str  # the name that goes with the password
    statuses: str  # GET: what each session at work does, by its id, as `{"type": ...}`
    session: str  # GET: one `{session}`, with its `parentID` where another one began it
    events: str  # GET: server-sent events, each as `{"type": ..., "properties": ...}`
    status_event: str  # sessionID, status
    prompt: str  # POST: a message to `{session}`
    prompt_body: JsonTable  # `{text}` is the message
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """Where one launch's server listens, and the password that it wants."""

    port: int
    password: str = field(repr=False)

    @classmethod
    def free(cls) -> Address:
        """Choose a port of loopback that is free now, and a password."""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", 0))
            return cls(probe.getsockname()[1], secrets.token_hex(24))

    def to_json(self) -> str:
        """Return it as the text of a file."""
        return json.dumps({"port": self.port, "password": self.password}) + "\n"


def read_address(private: Path) -> Address | None:
    """Read what the launch of a private folder was given, None where it was given none; blocks."""
    try:
        table = json.loads((private / ADDRESS_FILE).read_text(encoding="utf-8"))
        return Address(int(table["port"]), str(table["password"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _at(table: JsonTable, path: str) -> Json:
    value: Json = table
    for key in path.split("."):
        value = value.get(key, "") if isinstance(value, dict) else ""
    return value


def _words(value: Json) -> str:
    if isinstance(value, dict):
        return "\n".join(filter(None, map(_words, value.values())))
    if isinstance(value, list):
        return "\n".join(filter(None, map(_words, value)))
    return value.strip() if isinstance(value, str) else ""

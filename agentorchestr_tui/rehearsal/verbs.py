"""The verbs of a score, as data; how each is performed stands in `performing.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .conditions import Condition

Argument = str | int | float | bool | list[str]


@dataclass(frozen=True, slots=True)
class Verb:
    """What a step does; its fields are the step's settings, the first one the verb's own value."""


@dataclass(frozen=True, slots=True)
class Say(Verb):
    """Say something."""

    text: str


@dataclass(frozen=True, slots=True)
class Think(Verb):
    """Be busy for some seconds, scaled by the pace."""

    seconds: float
    about: str = "Thinking"


@dataclass(frozen=True, slots=True)
class Read(Verb):
    """Read a file; the result holds its `text`."""

    path: str


@dataclass(frozen=True, slots=True)
class Write(Verb):
    """Write a file whole."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Append(Verb):
    """Write at the end of a file."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Edit(Verb):
    """Replace a text that stands once in a file."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Run(Verb):
    """Run a program in the folder; the result holds `exit` and `output`."""

    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commit(Verb):
    """Commit everything in the folder; the result holds `commit`."""

    message: str


@dataclass(frozen=True, slots=True)
class Call(Verb):
    """Call a tool; the result is the tool's, or, where the call may fail, holds `error`."""

    tool: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    again_while: Condition | None = None  # on the tool's result
    may_fail: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Permission(Verb):
    """Ask whether a command may run; the result's `answer` is yes, always or no."""

    command: str


@dataclass(frozen=True, slots=True)
class Ask(Verb):
    """Ask the user something; the result's `answer` is the next message."""

    question: str


@dataclass(frozen=True, slots=True)
class Print(Verb):
    """Print a line that stands for itself, such as `WORKER_DONE: …`."""

    line: str


@dataclass(frozen=True, slots=True)
class Flag(Verb):
    """Write `.agentorchestr/done.flag`: the word, a nonce, then the summary."""

    word: str
    nonce: str = "{{nonce}}"
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Flood(Verb):
    """Print at least this many bytes, as fast as the terminal takes them."""

    size: int


@dataclass(frozen=True, slots=True)
class Hang(Verb):
    """Be busy for ever."""

    about: str = "Thinking"


@dataclass(frozen=True, slots=True)
class IgnoreSignals(Verb):
    """From here on, let no signal but KILL and no vanished terminal end the program."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class Crash(Verb):
    """End at once with this exit code, or by this signal if negative, and leave the terminal as it is."""

    code: int


@dataclass(frozen=True, slots=True)
class Exit(Verb):
    """End in good order with this exit code."""

    code: int


VERBS: dict[str, type[Verb]] = {
    "say": Say,
    "think": Think,
    "read": Read,
    "write": Write,
    "append": Append,
    "edit": Edit,
    "run": Run,
    "commit": Commit,
    "call": Call,
    "permission": Permission,
    "ask": Ask,
    "print": Print,
    "flag": Flag,
    "flood": Flood,
    "hang": Hang,
    "ignore_signals": IgnoreSignals,
    "crash": Crash,
    "exit": Exit,
}

"""The keys: one table from which they are run, listed in the status line, and explained on the help page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

LEADER = "ctrl+b"


class Where(StrEnum):
    """When a key counts."""

    LEADER = "after ctrl+b"
    DIRECT = "at any time"


@dataclass(frozen=True, slots=True)
class Key:
    """A key by Textual's name, the stage's action it runs, when it counts, and what it does in words.

    `shown` is how people write it (rows with the same are one line of help); `label` is for the status line.
    """

    key: str
    command: str
    where: Where
    help: str
    shown: str
    label: str = ""


_STEPS = (("left", "H"), ("down", "J"), ("up", "K"), ("right", "L"))


def _leader_keys() -> Iterable[Key]:
    after = Where.LEADER
    yield Key("question_mark", "help", after, "show this page", "?", "help")
    yield Key("g", "goal", after, "set the goal, or send the lead a note", "g", "goal")
    yield Key("n", "next_need", after, "go to the next that needs you", "n", "next ◆")
    yield Key("z", "zoom", after, "show the focused one alone, or all again", "z", "zoom")
    yield Key("q", "leave", after, "leave: pause, or let the agents go on", "q", "leave")
    yield Key("l", "log", after, "read what has happened so far", "l", "log")
    yield Key("x", "end_worker", after, "end this worker; its work is kept", "x", "end worker")
    yield Key("0", "enter(0)", after, "go to the lead", "0")
    for number in range(1, 10):
        yield Key(str(number), f"enter({number})", after, "go to the worker of that number", "1 … 9")
    for direction, letter in _STEPS:
        words = "go to the one beside it"
        yield Key(direction, f"step('{direction}')", after, words, "arrows, H J K L")
        yield Key(letter, f"step('{direction}')", after, words, "arrows, H J K L")
    yield Key("tab", "last", after, "go back to the one before", "tab")
    yield Key(LEADER, "send_leader", after, "send a ctrl+b to the agent", "ctrl+b")


def _direct_keys() -> Iterable[Key]:
    direct = Where.DIRECT
    yield Key("alt+0", "enter(0)", direct, "go to the lead", "alt+0")
    for number in range(1, 10):
        label = "pane" if number == 1 else ""
        yield Key(f"alt+{number}", f"enter({number})", direct, "go to the worker of that number", "alt+1..9", label)
    for direction, _ in _STEPS:
        yield Key(f"alt+{direction}", f"step('{direction}')", direct, "go to the one beside it", "alt+arrows")
    yield Key("alt+z", "zoom", direct, "show the focused one alone, or all again", "alt+z")
    yield Key("f1", "help", direct, "show this page", "F1")


KEYS: tuple[Key, ...] = (*_leader_keys(), *_direct_keys())
ELSE = (
    ("any other key", "goes to the agent in the focused tile, ctrl+c and escape too"),
    ("shift+pgup, pgdn", "scroll back in the focused terminal"),
    ("mouse", "a click focuses, the wheel scrolls"),
)


def table(where: Where) -> Mapping[str, Key]:
    """Return the keys that count then, by name. Raises: ValueError naming two rows that clash."""
    found: dict[str, Key] = {}
    for row in KEYS:
        if row.where is where:
            if row.key in found:
                raise ValueError(f"{row.key} {where} is both {found[row.key].command} and {row.command}.")
            found[row.key] = row
    return MappingProxyType(found)


def footer(*, pending: bool) -> list[tuple[str, str]]:
    """Return keys and labels for the status line, the most important first."""
    rows = [row for row in KEYS if row.label]
    if pending:
        return [(row.shown, row.label) for row in rows if row.where is Where.LEADER] + [("esc", "cancel")]
    written = [(f"^b {row.shown}" if row.where is Where.LEADER else row.shown, row.label) for row in rows]
    return [written[0], *written[-1:], *written[1:-1]]


def help_rows(where: Where) -> list[tuple[str, str]]:
    """Return what the help page says of these keys, one line for those written alike."""
    return list(dict.fromkeys((row.shown, row.help) for row in KEYS if row.where is where))

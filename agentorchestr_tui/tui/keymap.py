"""Which key does what: the table's own keys, and those that the user's keys.toml gives instead."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, _character_to_key

from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.tui.able import Situation
from agentorchestr_tui.tui.keys import ACTS, LEADER, Act, Group

FILE = "keys.toml"
AFTER, DIRECT = "after_leader", "at_any_time"
_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_ELSEWHERE = re.compile(r"<?(?P<held>\^|(?:(?:[CMAS]|ctrl|alt|shift)-)+)(?P<key>[^>]+|>)>?", re.IGNORECASE)
_NAMES = frozenset(str(key.value) for key in Keys if "+" not in key.value and not key.value.startswith("<"))
_WRITTEN = {"pageup": "pgup", "pagedown": "pgdn"}
_SAME = {"ctrl+m": "enter", "ctrl+i": "tab", "ctrl+left_square_bracket": "escape"}  # bytes that two keys share
_CHARACTERS = {_character_to_key(chr(code)): chr(code) for code in range(0x21, 0x7F)}
_DIGITS = 9  # workers that have a key of their own
_STATUS_LINE = (
    "cancel_verify",
    "help",
    "worker_1",
    "next_need",
    "inbox",
    "team",
    "next_page",
    "zoom",
    "log",
    "diff",
    "goal",
    "palette",
    "end_worker",
)


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys in force; all in Textual's names."""

    leader: str
    after: Mapping[str, Act]
    direct: Mapping[str, Act]

    @property
    def written_leader(self) -> str:
        """The leader, short: `^b`."""
        return f"^{written(self.leader[5:])}" if self.leader.startswith("ctrl+") else written(self.leader)

    def keys_of(self, name: str, *, short: bool = False) -> str:
        """Return how people write the keys of an act, or nothing: `^b z, alt+z`; `short` where no leader is needed."""
        leader = "" if short else f"{self.written_leader} "
        after = [f"{leader}{written(key)}" for key, act in self.after.items() if act.name == name]
        return ", ".join(after + [written(key) for key, act in self.direct.items() if act.name == name])

    def first_key_of(self, name: str) -> str:
        """Return how people write the one key of an act that takes least: `F1`, or `^b ?`."""
        return self.keys_of(name).rpartition(", ")[2]

    def footer(self, now: Situation, *, pending: bool) -> list[tuple[str, str, str]]:
        """Return key, label and action for the status line, the most important first; what cannot be done is not.

        While it is `pending` that a key follows the leader, all that have a label follow.
        """
        able = [act for act in ACTS if not act.why_not(now) and _is_of_use(act, now, pending)]
        acts = {act.name: act for act in able if act.label} | {act.name: act for act in able if pending and act.also}
        order = [*(name for name in _STATUS_LINE if name in acts), *(n for n in acts if n not in _STATUS_LINE)]
        rows = [(self._short(acts[name], pending), _label(acts[name], now), acts[name].action) for name in order]
        shown = [row for row in rows if row[0]]
        return [*shown[:1], ("esc", "cancel", "cancel"), *shown[1:]] if pending else shown

    def help(self) -> Iterable[tuple[Group, list[tuple[str, str, str]]]]:
        """Give each group with its lines: keys after the leader, keys at any time, what they do."""
        for group in Group:
            lines: dict[str, list[Act]] = {}
            for act in ACTS:
                if act.group is group:
                    lines.setdefault(act.help, []).append(act)
            rows = [(self._together(self.after, acts), self._together(self.direct, acts), words)
                    for words, acts in lines.items()]  # fmt: skip
            if rows:
                yield group, rows

    def _short(self, act: Act, pending: bool) -> str:
        if act.name == "worker_1" and not pending:
            return together([key for key, each in self.direct.items() if each.name.startswith("worker_")])
        keys = [key for key, each in self.after.items() if each is act]
        if not keys or act.name == "worker_1":
            return ""
        return written(keys[0]) if pending else f"{self.written_leader} {written(keys[0])}"

    @staticmethod
    def _together(table: Mapping[str, Act], acts: list[Act]) -> str:
        return together([key for act in acts for key, each in table.items() if each is act])


def standard() -> Keymap:
    """Return the keys of the table."""
    return _bound(LEADER, {})


def load(file: Path) -> Keymap:
    """Read the user's keys over the table's. Raises: CannotRun naming what clashes or is unknown."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return standard()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CannotRun(f"{file} cannot be read: {error}.") from error
    try:
        return _read(found)
    except ValueError as error:
        raise CannotRun(f"{file}: {error}") from error


def written(key: str) -> str:
    """Return how people write a key: `?` for question_mark, `F1` for f1."""
    *modifiers, last = key.split("+")
    shown = _CHARACTERS.get(last, _WRITTEN.get(last, last))
    if len(last) > 1 and last[0] == "f" and last[1:].isdigit():
        shown = last.upper()
    return "+".join([*modifiers, shown])


def together(keys: list[str]) -> str:
    """Write keys as one: `alt+1..9`, `arrows, H J K L`."""
    if len(keys) < 3:
        return ", ".join(written(key) for key in keys)
    prefix = keys[0].rpartition("+")[0]
    lasts = [key.rpartition("+")[2] for key in keys if key.rpartition("+")[0] == prefix]
    before = f"{prefix}+" if prefix else ""
    if lasts and all(last.isdigit() for last in lasts) and all(int(b) == int(a) + 1 for a, b in pairwise(lasts)):
        return f"{before}{lasts[0]}..{lasts[-1]}"
    arrows = [last for last in lasts if last in ("left", "down", "up", "right")]
    rest = " ".join(written(key) for key in keys if key.rpartition("+")[2] not in arrows)
    if len(arrows) == 4:
        return f"{before}arrows {rest.replace(' ', '')}" if rest else f"{before}arrows"
    return " ".join(written(key) for key in keys)


def _is_of_use(act: Act, now: Situation, pending: bool) -> bool:
    """Say whether the status line has room for an act: the team's list is for those that no digit reaches."""
    crowd = 0 if pending else _DIGITS + 1
    return now.tiles > (crowd if act.name == "team" else 1 if act.name == "worker_1" else 0)


def _label(act: Act, now: Situation) -> str:
    if act.name == "next_page" and now.pages > 1:
        return f"{act.label} {now.page} of {now.pages}"
    if act.name == "zoom" and now.zoomed:
        return "all panes"
    if act.name == "cancel_verify":
        session = now.session
        what = "verify" if session.verifying else "merge" if session.merging else "integration"
        return f"{act.label} {what}"
    return f"{act.label} {now.needing}" if act.name == "inbox" and now.needing else act.label or act.also


# -- keys.toml


def _read(found: Mapping[str, object]) -> Keymap:
    _known(found, ("leader", AFTER, DIRECT), "setting")
    leader = found.get("leader", LEADER)
    if not isinstance(leader, str) or _is_plain(_named(leader)):
        raise ValueError(f"the leader {leader!r} would take a key from the agents: say one with ctrl or alt.")
    changed: dict[str, dict[str, tuple[str, ...]]] = {}
    names = [act.name for act in ACTS]
    for where in (AFTER, DIRECT):
        table = found.get(where, {})
        if not isinstance(table, dict):
            raise ValueError(f"{where} is a table of acts and their keys.")  # noqa: TRY004  # it is a mistake of a person
        _known(table, names, "act")
        for name, keys in table.items():
            changed.setdefault(name, {})[where] = tuple(_several(name, keys))
    return _bound(_named(leader), changed)


def _several(name: str, keys: object) -> Iterable[str]:
    for key in [keys] if isinstance(keys, str) else keys if isinstance(keys, list) else [None]:
        if not isinstance(key, str):
            raise ValueError(f'{name} has {keys!r}: say a key, like "z", or a list of keys.')  # noqa: TRY004
        yield key


def _bound(leader: str, changed: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Keymap:
    """Bind each act, the user's choice before the table's. Raises: ValueError at a clash."""
    after: dict[str, Act] = {}
    direct: dict[str, Act] = {}
    for act in ACTS:
        mine = changed.get(act.name, {})
        for key in mine.get(AFTER, act.after):
            _bind(after, leader if key == "leader" else _named(key), act, "after the leader")
        for key in mine.get(DIRECT, act.direct):
            if _is_plain(_named(key)):
                raise ValueError(f"{key!r} for {act.name} at any time would take a plain key from the agents.")
            _bind(direct, _named(key), act, "at any time")
    if leader in direct:
        raise ValueError(f"{leader} is both the leader and {direct[leader].name} at any time.")
    return Keymap(leader, MappingProxyType(after), MappingProxyType(direct))


def _bind(table: dict[str, Act], key: str, act: Act, where: str) -> None:
    holder = table.setdefault(key, act)
    if holder is not act:
        raise ValueError(f"{written(key)} {where} is both {holder.name} and {act.name}: give one of them another key.")


def _named(key: str) -> str:
    """Return Textual's name of a key. Raises: ValueError with the nearest that there is."""
    *modifiers, last = key.split("+") if len(key) > 1 and not key.endswith("++") else [key]
    name = _character_to_key(last) if len(last) == 1 else KEY_NAME_REPLACEMENTS.get(last.lower(), last.lower())
    wrong = [each for each in modifiers if each not in _MODIFIERS]
    if len(last) > 1 and name not in _NAMES and name not in _CHARACTERS:
        wrong.append(last)
    if wrong or not last:
        near = difflib.get_close_matches((wrong or [key])[0].lower(), [*_NAMES, *_MODIFIERS], n=1, cutoff=0.3)
        meant = _elsewhere(key) or (near[0] if near else "")
        raise ValueError(f"there is no key {key!r}" + (f"; did you mean {meant}?" if meant else "."))
    if name == "enter" and not modifiers:
        return name
    found = "+".join([*(each for each in _MODIFIERS if each in modifiers), name])
    if found in _SAME:
        raise ValueError(f"{key} and {_SAME[found]} are one key to most terminals: say another.")
    if "ctrl" in modifiers and len(last) == 1 and not last.isascii():
        raise ValueError(f"{key} is a key that no terminal sends: ctrl goes with the letters a to z and a few signs.")
    return found


def _elsewhere(key: str) -> str:
    """Return our name of a key that is written as tmux, emacs or vim write it: `C-a`, `<M-x>`, `^a`, `ctrl-a`."""
    found = _ELSEWHERE.fullmatch(key)
    if found is None:
        return ""
    words = {"c": "ctrl", "m": "alt", "a": "alt", "s": "shift", "^": "ctrl"}
    held = [words.get(word.lower(), word.lower()) for word in re.findall(r"\^|\w+", found["held"])]
    return "+".join([*held, found["key"].lower()])


def _is_plain(key: str) -> bool:
    modifiers, _, last = key.rpartition("+")
    function = len(last) > 1 and last[0].lower() == "f" and last[1:].isdigit()
    return not function and (not modifiers or modifiers == "shift")


def _known(found: Iterable[str], names: Iterable[str], what: str) -> None:
    known = list(names)
    for name in found:
        if name not in known and what == "setting" and name in (act.name for act in ACTS):
            raise ValueError(f"{name} is an act: say its keys under [{AFTER}] or [{DIRECT}].")
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.3)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}."
            raise ValueError(f"there is no {what} {name!r}; {hint}")

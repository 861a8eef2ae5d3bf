"""A score: what an agent does, as data. This module reads it, fills in its blanks and decides its conditions.

A score is a TOML file with up to three parts, each a list of steps:

    [[opening]]   the first turn, played on the prompt
    [[setback]]   played when a call is refused or an expectation fails; `{{reason}}` says why
    [[reply]]     played on each later message, `{{message}}`

A step has one verb (`say = "…"`, `run = ["git", "status"]`; see `verbs.py`) with its own settings beside it, and:

    as = "built"                      remember the result: `{{built.state}}`
    when = "built.state is not done"  play the step only then; also `mcp`, `not mcp`, `checked.conflicts is empty`
    expect = "passed is true"         of this step's own result; otherwise it is a setback
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .conditions import Condition, Facts, parsed
from .verbs import VERBS, Verb

_BLANK = re.compile(r"\{\{\s*([a-z_][a-z0-9_.]*)\s*\}\}")
_COMMON = {"as", "when", "expect"}


class ScoreError(Exception):
    """A score that cannot be read or played; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Step:
    """A verb, and when and under which name it is played."""

    verb: Verb
    name: str = ""
    when: Condition | None = None
    expect: Condition | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The three parts."""

    opening: tuple[Step, ...] = ()
    setback: tuple[Step, ...] = ()
    reply: tuple[Step, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step there is."""
        return self.opening + self.setback + self.reply


def fill(value: object, memory: Facts) -> object:
    """Return the value with its `{{blanks}}` filled from memory. Raises: ScoreError for an unknown name."""
    if isinstance(value, str):
        return _BLANK.sub(lambda blank: _recall(blank[1], memory), value)
    if isinstance(value, tuple | list):
        return type(value)(fill(item, memory) for item in value)
    if isinstance(value, dict):
        return {key: fill(item, memory) for key, item in value.items()}
    return value


def read(path: Path) -> Score:
    """Read a score from a file. Raises: ScoreError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScoreError(f"The score {path} cannot be read ({error}); write [[opening]] steps in TOML.") from None
    parts = {field.name for field in dataclasses.fields(Score)}
    if unknown := set(table) - parts:
        raise ScoreError(f"The score {path} has a part '{min(unknown)}'; there are {_listed(parts)}.")
    return Score(**{part: _steps(part, steps) for part, steps in table.items()})


def _steps(part: str, steps: object) -> tuple[Step, ...]:
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise ScoreError(f"'{part}' must be a list of steps: write [[{part}]] before each.")
    return tuple(_step(f"Step {number} of '{part}'", step) for number, step in enumerate(steps, 1))


def _step(where: str, table: dict[str, object]) -> Step:
    named = [key for key in table if key in VERBS]
    if len(named) != 1:
        raise ScoreError(f"{where} needs exactly one verb of {_listed(VERBS)}; it has {_listed(table) or 'none'}.")
    verb = named[0]
    kind = VERBS[verb]
    settings = {key: value for key, value in table.items() if key not in _COMMON}
    first, *others = dataclasses.fields(kind)
    allowed = {verb: first, **{field.name: field for field in others}}
    if unknown := set(settings) - set(allowed):
        raise ScoreError(f"{where}: '{verb}' knows no '{min(unknown)}'; it knows {_listed(allowed)}.")
    if missing := {name for name, field in allowed.items() if _required(field)} - set(settings):
        raise ScoreError(f"{where}: '{verb}' needs '{min(missing)}'.")
    values = {allowed[key].name: _checked(where, key, allowed[key].type, value) for key, value in settings.items()}
    return Step(
        verb=kind(**values),
        name=str(table.get("as", "")),
        when=_optional_condition(where, table.get("when")),
        expect=_optional_condition(where, table.get("expect")),
    )


def _optional_condition(where: str, text: object) -> Condition | None:
    return None if text is None else _condition(where, text)


def _condition(where: str, text: object) -> Condition:
    try:
        return parsed(text if isinstance(text, str) else "")
    except ValueError as error:
        raise ScoreError(f"{where}: {error}.") from None


def _required(field: dataclasses.Field[object]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_CHECKS: dict[str, tuple[str, Callable[[object], bool]]] = {
    "str": ("text", lambda value: isinstance(value, str)),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "int": ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "float": ("a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "tuple[str, ...]": ("a list of texts", _is_texts),
    "Mapping[str, Argument]": ("a table", lambda value: isinstance(value, dict)),
}


def _checked(where: str, key: str, kind: object, value: object) -> object:
    if kind == "Condition | None":
        return _condition(where, value)
    wanted, fits = _CHECKS[str(kind)]
    if not fits(value):
        raise ScoreError(f"{where}: '{key}' must be {wanted}, not {value!r}.")
    return tuple(value) if isinstance(value, list) else value


def _recall(name: str, memory: Facts) -> str:
    if name in memory:
        return memory[name]
    if name.partition(".")[0] in {known.partition(".")[0] for known in memory if "." in known}:
        return ""  # a result that lacks this key
    raise ScoreError(f"The score speaks of '{{{{{name}}}}}', which nothing has set; known are {_listed(memory)}.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))

"""What the user chose: flags, then environment, then the project's and the user's config.toml, then defaults.

Checked here by hand: a library for it would be most of the time before the first frame.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.words import Permissions

PREFIX = "AGENTORCHESTR_"
NOT_SETTINGS = frozenset(PREFIX + name for name in ("PANE", "MCP_URL", "MCP_TOKEN", "PORT"))
FILE = "config.toml"
COMMANDS = frozenset({"verify", "setup"})  # what a project may only say once it is trusted
_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")

Layer = Mapping[str, object]  # one source's keys and values, not yet checked
_Read = Callable[[object], object]  # a value of a layer to the setting's own; raises ValueError with what it must be


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("it must be text")


def _yes_or_no(value: object) -> bool:
    if isinstance(value, str) and value.lower() in (*_YES, *_NO):
        return value.lower() in _YES
    if isinstance(value, bool):
        return value
    raise ValueError("it must be true or false")


def _count(low: int, high: int) -> _Read:
    def read(value: object) -> int:
        text = value.strip() if isinstance(value, str) else str(value)
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"it must be a whole number from {low} to {high}")
        return int(text)

    return read


def _seconds(value: object) -> float:
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else 0.0
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ValueError("it must be a number of seconds above 0")
    return number


def _one_of(*names: str) -> _Read:
    def read(value: object) -> str:
        if value not in names:
            raise ValueError(f"it must be one of {', '.join(names)}")
        return str(value)

    return read


def _member(names: type[StrEnum]) -> _Read:
    return lambda value: names(str(_one_of(*names)(value)))


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise ValueError("it must be a list of texts")
    return tuple(value)


def _words(value: object) -> tuple[str, ...]:
    """Split a string, as the environment has it, at commas and spaces."""
    return _texts(value.replace(",", " ").split() if isinstance(value, str) else value)


def _lines(value: object) -> tuple[str, ...]:
    """Split a string, as the environment has it, at line ends."""
    return _texts([line for line in value.splitlines() if line.strip()] if isinstance(value, str) else value)


def _lists_by_name(value: object) -> dict[str, tuple[str, ...]]:
    """Read JSON, where it is a string as the environment has it."""
    try:
        value = json.loads(value) if isinstance(value, str) else value
        if isinstance(value, dict):
            return {str(name): _texts(each) for name, each in value.items()}
    except ValueError:
        pass
    raise ValueError("it must be a table of lists of texts")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every choice there is; the same names in flags, environment and files."""

    agents: tuple[str, ...] = ()
    lead: str = ""
    max_workers: int = 8
    permissions: Permissions = Permissions.SKIP
    backend: str = "auto"
    theme: str = ""
    bell: bool = True
    notify: str = "auto"
    verify: tuple[str, ...] = ()
    copy_files: tuple[str, ...] = (".env", ".env.*", ".envrc")
    setup: tuple[str, ...] = ()
    setup_timeout_s: float = 900
    verify_timeout_s: float = 900
    lead_silence_s: float = 300
    stall_s: float = 900
    resume_after_limits: bool = False
    limit_wait_s: float = 300  # where an agent does not say when its limit is over
    agent_args: dict[str, tuple[str, ...]] = field(default_factory=dict)


_READERS: Mapping[str, _Read] = {
    "agents": _words, "lead": _text, "max_workers": _count(1, 64), "permissions": _member(Permissions),
    "backend": _one_of("auto", "pty", "tmux"), "theme": _text, "bell": _yes_or_no,
    "notify": _one_of("auto", "off", "osc9", "osc777", "osc99"),
    "verify": _lines, "copy_files": _words, "setup": _lines, "setup_timeout_s": _seconds,
    "verify_timeout_s": _seconds, "lead_silence_s": _seconds, "stall_s": _seconds,
    "resume_after_limits": _yes_or_no, "limit_wait_s": _seconds, "agent_args": _lists_by_name,
}  # fmt: skip


def load(flags: Layer, *, user: Path, project: Path | None = None, commands: bool = False) -> Settings:
    """Read all sources; `commands` says whether the project's own commands may count. Raises: CannotRun."""
    files = dict(_read(user / FILE))
    if project is not None:
        own = dict(_read(project / FILE))
        if not commands:
            own = {key: value for key, value in own.items() if key not in COMMANDS}
        files |= own
    chosen = {key: value for key, value in flags.items() if value is not None}
    layers = {**files, **_environment(), **chosen}
    return replace(Settings(), **{key: _checked(key, value) for key, value in layers.items()})


def _checked(key: str, value: object) -> Any:  # noqa: ANN401  # the setting's own type
    try:
        return _READERS[key](value)
    except ValueError as error:
        raise CannotRun(f"The setting {key} is wrong: {error} (it is {value!r}).") from error


def keep(user: Path, key: str, value: str) -> None:
    """Write one choice into the user's config.toml; the rest of it stays as it is. Raises: CannotRun."""
    _check_key(key, "a choice to keep")
    file = user / FILE
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    try:
        user.mkdir(parents=True, exist_ok=True)
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        end = next((number for number, each in enumerate(lines) if each.lstrip().startswith("[")), len(lines))
        there = [number for number in range(end) if re.match(rf"\s*{key}\s*=", lines[number])]
        first = there[0] if there else 0
        lines[first : first + len(there[:1])] = [line]
        aside = file.with_suffix(".new")
        aside.write_text("\n".join(lines) + "\n", encoding="utf-8")
        aside.replace(file)
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRun(f"{file} cannot be written: {error}.") from error


def project_commands(project: Path) -> bool:
    """Say whether a project's configuration names commands that would run on this machine."""
    return not COMMANDS.isdisjoint(_read(project / FILE))


def _read(file: Path) -> Layer:
    try:
        layer = tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CannotRun(f"{file} cannot be read: {error}.") from error
    for key in layer:
        _check_key(key, str(file))
    return layer


def _environment() -> Layer:
    layer: dict[str, object] = {}
    for name, value in os.environ.items():
        if name.startswith(PREFIX) and name not in NOT_SETTINGS:
            key = name.removeprefix(PREFIX).lower()
            _check_key(key, f"the environment ({name})")
            layer[key] = value
    return layer


def _check_key(key: str, where: str) -> None:
    if key in _READERS:
        return
    near = difflib.get_close_matches(key, _READERS, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(sorted(_READERS))}."
    raise CannotRun(f"There is no setting {key!r}, but {where} has it; {hint}")

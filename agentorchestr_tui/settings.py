"""What the user chose: flags, then environment, then the project's and the user's config.toml, then defaults."""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict

from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.words import Permissions

PREFIX = "AGENTORCHESTR_"
NOT_SETTINGS = frozenset(PREFIX + name for name in ("PANE", "MCP_URL", "MCP_TOKEN", "PORT"))
FILE = "config.toml"
COMMANDS = frozenset({"verify", "setup"})  # what a project may only say once it is trusted

Layer = Mapping[str, object]  # one source's keys and values, not yet checked


def _words(value: object) -> object:
    """Split a string, as the environment has it, at commas and spaces."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _lines(value: object) -> object:
    """Split a string, as the environment has it, at line ends."""
    return [line for line in value.splitlines() if line.strip()] if isinstance(value, str) else value


class Settings(BaseSettings):
    """Every choice there is; the same names in flags, environment and files."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    agents: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)] = ()
    lead: str = ""
    max_workers: int = Field(default=8, ge=1, le=64)
    permissions: Permissions = Permissions.SKIP
    backend: Literal["auto", "pty", "tmux"] = "auto"
    theme: str = ""
    bell: bool = True
    notify: Literal["auto", "off", "osc9", "osc777", "osc99"] = "auto"
    agents_copy: bool = False  # what the agent in focus asks to have copied (OSC 52) goes to the clipboard
    verify: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_lines)] = ()
    copy_files: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)] = (".env", ".env.*", ".envrc")
    setup: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_lines)] = ()
    setup_timeout_s: float = Field(default=900, gt=0)
    verify_timeout_s: float = Field(default=900, gt=0)
    lead_silence_s: float = Field(default=300, gt=0)
    stall_s: float = Field(default=900, gt=0)
    resume_after_limits: bool = False
    limit_wait_s: float = Field(default=300, gt=0)  # where an agent does not say when its limit is over
    agent_args: dict[str, tuple[str, ...]] = Field(default_factory=dict)


def load(flags: Layer, *, user: Path, project: Path | None = None, commands: bool = False) -> Settings:
    """Read all sources; `commands` says whether the project's own commands may count. Raises: CannotRun."""
    _check_environment()
    files = dict(_read(user / FILE))
    if project is not None:
        own = dict(_read(project / FILE))
        if not commands:
            own = {key: value for key, value in own.items() if key not in COMMANDS}
        files |= own
    chosen = {key: value for key, value in flags.items() if value is not None}
    try:
        return Settings.model_validate({**files, **EnvSettingsSource(Settings)(), **chosen})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise CannotRun(f"The setting {key} is wrong: {first['msg']} (it is {first['input']!r}).") from error


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


def _check_environment() -> None:
    for name in os.environ:
        if name.startswith(PREFIX) and name not in NOT_SETTINGS:
            _check_key(name.removeprefix(PREFIX).lower(), f"the environment ({name})")


def _check_key(key: str, where: str) -> None:
    if key in Settings.model_fields:
        return
    near = difflib.get_close_matches(key, Settings.model_fields, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(sorted(Settings.model_fields))}."
    raise CannotRun(f"There is no setting {key!r}, but {where} has it; {hint}")

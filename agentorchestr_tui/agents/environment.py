"""The environment that an agent inherits: the user's own, less what would mislead it about where it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from agentorchestr_tui.agents.reading import read_file

TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}  # what our emulator is


@dataclass(frozen=True, slots=True)
class _Marks:
    """Variables, as patterns, that tell of another terminal, multiplexer, repository or agent."""

    terminals: tuple[str, ...]
    multiplexers: tuple[str, ...]
    repositories: tuple[str, ...]
    agents: tuple[str, ...]
    ours: tuple[str, ...]

    @property
    def patterns(self) -> tuple[str, ...]:
        return self.terminals + self.multiplexers + self.repositories + self.agents + self.ours


def inherited(base: Mapping[str, str]) -> dict[str, str]:
    """Return what an agent inherits of `base`, with the terminal named as ours."""
    patterns = _not_inherited()
    kept = {name: value for name, value in base.items() if not any(fnmatchcase(name, mark) for mark in patterns)}
    return kept | TERMINAL


@cache
def _not_inherited() -> tuple[str, ...]:
    return read_file(_Marks, Path(__file__).parent / "environment.toml").patterns

"""What a session leaves in a user's home: settings byte for byte, and nowhere a setting that tells of our server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_SERVER = re.compile(rb"https?://127\.0\.0\.1:\d+/mcp")  # what a CLI is told of us, whatever its format
_SETTINGS = (".json", ".jsonc", ".toml", ".yml", ".yaml", ".conf", ".env", ".ini")
_OURS = (".local/share/agentorchestr", ".local/state/agentorchestr", ".config/agentorchestr", ".cache/agentorchestr")
_STAMPS = {"updatedAt"}


class Settings:
    """The settings of a user as they were: the same bytes later, or the same words where a CLI writes by itself."""

    def __init__(self, home: Path, files: Iterable[Path], state: Iterable[Path]) -> None:
        self._home = home
        self._files = {path: path.read_bytes() for path in files}
        self._state = {path: json.loads(path.read_text()) for path in state}  # JSON that a CLI writes at every start

    def check(self) -> None:
        """Check that all is as it was."""
        for path, before in self._files.items():
            assert (path, path.read_bytes()) == (path, before)
        for path, before in self._state.items():
            changed = list(_changed(before, json.loads(path.read_text())))
            assert not changed, f"{path}: {changed}"
        telling = list(_telling_of_us(self._home))
        assert not telling, f"they tell of our server: {telling}"


def _changed(before: object, after: object, where: str = "") -> Iterator[str]:
    """Yield what of any JSON is not as it was; what came in beside it is no change."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() - _STAMPS:
            yield from _changed(before[key], after.get(key), f"{where}.{key}")
    elif before != after:
        yield f"{where} was {before!r} and is {after!r}"


def _telling_of_us(home: Path) -> Iterator[str]:
    """Yield the files that are settings by their names, and hold our server's address; ours are none of the user's."""
    for path in home.rglob("*"):
        mine = any(path.is_relative_to(home / folder) for folder in _OURS)
        named = path.suffix in _SETTINGS or path.name.startswith(".env")
        if named and not mine and path.is_file() and _SERVER.search(path.read_bytes()):
            yield str(path.relative_to(home))

"""An agent's own conversation: how it is named or found, so that a later launch goes on with it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = 64 * 1024  # bytes of a conversation's file in which its folder is named


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an agent keeps its conversations: files whose path holds the id, and whose head names the folder."""

    home: str  # below the user's home: ".codex"
    files: str  # a glob below that
    match: re.Pattern[str]  # its first group, in the path below home, is the id
    variable: str = ""  # that names another home: "CODEX_HOME"
    folder: re.Pattern[str] | None = None  # its first group is the folder as a JSON string; None: wherever it is named


@dataclass(frozen=True, slots=True)
class Listed:
    """How an agent lists its conversations, the newest first: what to run, and a pattern with `id` and `folder`."""

    argv: tuple[str, ...]
    match: re.Pattern[str]  # `folder` is found as a JSON string, quotes and all


@dataclass(frozen=True, slots=True)
class Conversation:
    """The arguments that begin a conversation of our naming, go on with one by its id, or with the folder's latest."""

    start: tuple[str, ...] = ()  # empty: it takes no name
    resume: tuple[str, ...] = ()
    latest: tuple[str, ...] = ()  # only where the agent looks at this folder's conversations alone
    prompt_after: bool = False  # no prompt goes with them: it is submitted once the agent rests
    told: re.Pattern[str] | None = None  # its first group is the id, as the agent tells it when it leaves
    kept: Kept | None = None
    listed: Listed | None = None

    @property
    def argvs(self) -> tuple[tuple[str, ...], ...]:
        """All that can stand in for `@conversation`."""
        return (self.start, self.resume, self.latest)


def told(conversation: Conversation, transcript: Sequence[str]) -> str | None:
    """Return the id that the agent told last in its transcript's rows."""
    if conversation.told is None:
        return None
    found = conversation.told.findall("\n".join(transcript))
    return found[-1] if found else None


def listed(rule: Listed, output: str) -> dict[Path, str]:
    """Return the newest conversation of each folder in what the agent printed."""
    found: dict[Path, str] = {}
    for match in rule.match.finditer(output):
        try:
            folder = Path(str(json.loads(match["folder"])))
        except ValueError:  # cut off, or no JSON after all
            continue
        found.setdefault(folder, match["id"])
    return found


def kept(conversation: Conversation, env: Mapping[str, str], folder: Path, since: float) -> str | None:
    """Return the id of the newest conversation in `folder` written since then (seconds of the epoch); blocks."""
    place = conversation.kept
    if place is None:
        return None
    home = Path(env[place.variable]) if env.get(place.variable) else Path(env.get("HOME", "")) / place.home
    for _, path in sorted(_written(home, place.files, since), reverse=True):
        match = place.match.search(str(path.relative_to(home)))
        if match and _names(path, place.folder, folder):
            return match[1]
    return None


def _written(home: Path, files: str, since: float) -> list[tuple[float, Path]]:
    found = []
    for path in home.glob(files):
        try:
            written = path.stat().st_mtime
        except OSError:  # the agent tidies up meanwhile
            continue
        if written >= since:
            found.append((written, path))
    return found


def _names(path: Path, key: re.Pattern[str] | None, folder: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD).decode(errors="replace")
    except OSError:
        return False
    names = {str(folder), str(folder.resolve())}  # an agent may see through a link that leads to its folder
    told = {json.dumps(name, ensure_ascii=plain) for name in names for plain in (True, False)}
    if key is None:
        return any(each in head for each in told)
    match = key.search(head)
    return match is not None and match[1] in told

"""What a worktree's own record of its HEAD tells: which commits were made there, and where HEAD stood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_LINE = re.compile(r"^[0-9a-f]+ (?P<commit>[0-9a-f]+) .*?\t(?P<why>.*)$", re.MULTILINE)
_MADE = re.compile(r"commit|cherry-pick|revert|am\b|merge .*: Merge made")  # what did not merely come into it
_NOWHERE = re.compile(r"0+")


def made(record: Path, commits: Iterable[str]) -> bool:
    """Say whether one of these commits was made in the worktree that git's `record` is about; blocks."""
    return not {line["commit"] for line in _lines(record) if _MADE.match(line["why"])}.isdisjoint(commits)


def stood(record: Path) -> list[str]:
    """Return the commits on which HEAD stood, the last one first; none where git keeps no record of it; blocks."""
    found = [line["commit"] for line in _lines(record) if not _NOWHERE.fullmatch(line["commit"])]
    return list(dict.fromkeys(reversed(found)))


def _lines(record: Path) -> list[re.Match[str]]:
    try:
        text = (record / "logs" / "HEAD").read_text("utf-8", "replace")
    except OSError:
        return []
    return list(_LINE.finditer(text))

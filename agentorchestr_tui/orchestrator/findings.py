"""Findings in a reviewer's own words: `file:line` entries, however they are set out, or a JSON list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from agentorchestr_tui.core.words import Finding

_SEVERITIES = {
    "high": ("critical", "blocker", "blocking", "severe", "high", "major", "error", "bug"),
    "medium": ("medium", "moderate", "warning", "warn", "should"),
    "low": ("low", "minor", "nit", "nitpick", "info", "style", "trivial"),
}
_WORDS = {word: severity for severity, words in _SEVERITIES.items() for word in words}
_SEVERITY = re.compile(rf"(?i)\b({'|'.join(sorted(_WORDS, key=len, reverse=True))})\b")
_FILE = r"(?:[\w.@+-]+/)*[\w@+-]*\.?[\w@+-]+\.[A-Za-z][\w]{0,9}|(?:[\w.@+-]+/)+[\w.@+-]+|Makefile|Dockerfile"
_PLACE = re.compile(rf"(?P<path>{_FILE})(?::|\#L|,?\s+lines?\s+|\s*\(lines?\s+)(?P<line>\d+)(?::\d+|[-–]L?\d+)?\)?")
_BULLET = re.compile(r"^\s*(?:[-*•]|\(?\d{1,3}[.)]|#{1,4})\s+")
_DECORATION = re.compile(r"[*`_]{1,3}")
_EDGES = " \t-–—:|,;[]()."
_URL = re.compile(r"\w+://\S+")


def parse(text: str) -> tuple[Finding, ...]:
    """Return the findings in a report; lines that go on under one belong to it."""
    return tuple(_from_json(text) or _from_lines(text))


def _from_json(text: str) -> list[Finding]:
    start, end = text.find("["), text.rfind("]")
    try:
        listed = json.loads(text[start : end + 1]) if 0 <= start < end else []
    except ValueError:
        return []
    return [finding for each in listed if isinstance(each, dict) and (finding := _of_table(each))]


def _of_table(table: dict[str, object]) -> Finding | None:
    def first(*names: str) -> str:
        return next((str(table[name]) for name in names if table.get(name) not in (None, "")), "")

    path, _, behind = first("path", "file", "filename").partition(":")
    text = first("text", "message", "description", "comment", "title")
    line = first("line", "lineno", "start_line") or behind
    if not text:
        return None
    return Finding(path, int(line) if line.isdecimal() else 0, _severity(first("severity", "level"), ""), text)


def _from_lines(text: str) -> Iterator[Finding]:
    begun: Finding | None = None
    for line in text.splitlines():
        plain = _DECORATION.sub(lambda mark: "_" if mark[0] == "_" else "", line)
        place = _PLACE.search(_URL.sub(lambda url: " " * len(url[0]), plain))
        if place is not None and _begins(plain, place):
            if begun is not None:
                yield begun
            begun = _of_line(plain, place)
        elif begun is not None and _goes_on(plain, begun):
            begun = Finding(begun.path, begun.line, begun.severity, f"{begun.text} {plain.strip()}".strip())
        elif begun is not None:
            yield begun
            begun = None
    if begun is not None:
        yield begun


def _begins(line: str, place: re.Match[str]) -> bool:
    """Say whether a line is a finding: a list's entry, or one that has its place near the front."""
    return bool(_BULLET.match(line)) or len(line[: place.start()].split()) <= 3


def _goes_on(line: str, begun: Finding) -> bool:
    return bool(line.strip()) and not _BULLET.match(line) and (line[:1].isspace() or not begun.text)


def _of_line(line: str, place: re.Match[str]) -> Finding:
    before, after = _BULLET.sub("", line[: place.start()]), line[place.end() :]
    severity = _severity(before, after[:40])
    text = after.strip(_EDGES) or _SEVERITY.sub("", before).strip(_EDGES)
    said = _SEVERITY.match(text)
    if said and severity == _WORDS[said[1].lower()]:
        text = text[said.end() :].strip(_EDGES) or text
    return Finding(place["path"], int(place["line"]), severity, text)


def _severity(near: str, after: str) -> str:
    found = _SEVERITY.search(near) or _SEVERITY.match(after.strip(_EDGES))
    return _WORDS[found[1].lower()] if found else ""

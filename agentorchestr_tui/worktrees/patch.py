"""What changed between two trees, file by file and line by line, as values and not as text to be read again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence

from agentorchestr_tui.core.words import ChangedLine, FileChange, Hunk

from .evidence import NO_DRIVERS
from .git import Git, shown

PATCH_LIMIT = 8_000_000  # bytes of a patch that is read; files past it stand without their lines
UNREAD = "too much to show"
_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)")
_STATUS = {"A": "added", "D": "deleted", "M": "modified", "R": "renamed", "C": "copied", "T": "retyped"}
_LINK, _SUBMODULE = "120000", "160000"
_NO_FILE = "000000"


async def changes(git: Git, base: str, tree: str) -> tuple[FileChange, ...]:
    """Return every file that differs between two commits or trees, renames found. Raises: GitError."""
    words = ("diff-tree", "-r", *NO_DRIVERS, "--no-color", "--src-prefix=a/", "--dst-prefix=b/")
    answer = await git.answer(*words, "--raw", "--patch", "-z", base, tree, at_most=PATCH_LIMIT + 1)
    return await asyncio.to_thread(_read, answer.out)


def _read(said: str) -> tuple[FileChange, ...]:
    """Read git's answer; of a large one that takes a second, so call it in a thread."""
    raw, _, patch = said.partition("\0\0")
    entries = list(_entries(iter(raw.split("\0")))) if patch else []
    sections = _sections(patch)
    if len(said) > PATCH_LIMIT:
        sections = sections[:-1]  # the last one is cut
    sections += [None] * (len(entries) - len(sections))
    return tuple(_change(entry, section) for entry, section in zip(entries, sections, strict=False))


_Entry = tuple[str, str, str, str, str]  # modes before and after, letter with likeness, old and new path


def _entries(fields: Iterator[str]) -> Iterator[_Entry]:
    """Read `--raw -z`: `:mode mode id id letter`, then one path, or two where a file moved."""
    for field in fields:
        before, after, _, _, letter = field.removeprefix(":").split(" ")
        path = next(fields)
        yield before, after, letter, path, next(fields) if letter[0] in "RC" else path


def _sections(patch: str) -> list[Sequence[str] | None]:
    """Split a patch into its files' lines; git gives them in the order of its raw listing."""
    sections: list[Sequence[str] | None] = []
    current: list[str] = []
    left = right = 0  # lines of a hunk that are still to come: a line of a file may look like a header
    for line in patch.split("\n"):
        if left <= 0 and right <= 0 and line.startswith("diff --git "):
            current = []
            sections.append(current)
        if left <= 0 and right <= 0 and (match := _LENGTHS.match(line)):
            left, right = (int(count or 1) for count in match.groups())
        elif line[:1] in (" ", "-", "+"):
            left -= line[0] != "+"
            right -= line[0] != "-"
        current.append(line)
    return sections


_LENGTHS = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def _change(entry: _Entry, section: Sequence[str] | None) -> FileChange:
    _, _, letter, old, new = entry
    moved = old if letter[0] in "RC" else ""
    hunks = tuple(_hunks(section)) if section is not None else ()
    notes = [*_notes(entry), *([UNREAD] if section is None else _notes_of_lines(section, hunks))]
    return FileChange(shown(new), _STATUS.get(letter[0], "modified"), ", ".join(notes), shown(moved), hunks)


def _notes(entry: _Entry) -> Iterator[str]:
    before, after, letter, old, _ = entry
    if letter[0] in "RC":
        yield f"{'renamed' if letter[0] == 'R' else 'copied'} from {shown(old)}"
    elif letter[0] in "AD":
        yield "new file" if letter[0] == "A" else "deleted"
    if _SUBMODULE in (before, after):
        yield "submodule"
    elif _LINK in (before, after):
        yield "symbolic link"
    if _NO_FILE not in (before, after) and before != after and {before, after} == {"100644", "100755"}:
        yield "now executable" if after == "100755" else "no longer executable"


def _notes_of_lines(section: Sequence[str], hunks: Sequence[Hunk]) -> Iterator[str]:
    if any(line.startswith("Binary files ") for line in section):
        yield "binary"
    elif section and not hunks and any(line.startswith("index ") for line in section):
        yield "empty"


def _hunks(section: Sequence[str]) -> Iterator[Hunk]:
    lines: list[ChangedLine] = []
    heading, old, new, begun = "", 0, 0, False
    for line in section:
        if match := _HUNK.match(line):
            if begun:
                yield Hunk(heading, tuple(lines))
            old, new, heading, lines, begun = int(match[1]), int(match[2]), shown(match[3]), [], True
        elif begun and line[:1] in (" ", "-", "+"):
            text = shown(line[1:].removesuffix("\r"))
            lines.append(ChangedLine(text, old if line[0] != "+" else None, new if line[0] != "-" else None))
            old += line[0] != "+"
            new += line[0] != "-"
    if begun:
        yield Hunk(heading, tuple(lines))

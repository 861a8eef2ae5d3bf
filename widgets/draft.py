"""A draft: a text in which long pastes are folded to a few words, and how to tell them apart again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

LINES, CHARACTERS = 10, 2000  # a paste past either is folded
_TYPED_PATH = re.compile(r"""(?:^|[\s("'])@([^\s@"']*)$""")


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor shows, and what its folds stand for."""

    text: str = ""
    folds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def whole(self) -> str:
        """The text with every fold opened."""
        text = self.text
        for token, folded in self.folds.items():
            head, found, tail = text.partition(token)
            text = head + folded + tail if found else text
        return text

    @classmethod
    def of(cls, text: str) -> Draft:
        """Return a draft of a text, folded whole if it is long."""
        if not is_long(text):
            return cls(text)
        token = fold_name(text, ())
        return cls(token, MappingProxyType({token: text}))


def is_long(text: str) -> bool:
    """Say whether a paste would crowd out what was typed."""
    return len(text) > CHARACTERS or text.count("\n") >= LINES


def fold_name(text: str, taken: Mapping[str, str] | tuple[()]) -> str:
    """Name a fold by its size, unlike those there are: `[412 lines]`, `[412 lines, 2]`."""
    lines = len(text.splitlines())
    size = f"{lines} lines" if lines > 1 else f"{len(text):,} characters"
    name, number = f"[{size}]", 1
    while name in taken:
        number += 1
        name = f"[{size}, {number}]"
    return name


def typed_path(line: str) -> str | None:
    """Return the path that is being typed after an `@` at the end of a line, or None."""
    found = _TYPED_PATH.search(line)
    return found[1] if found else None


def mention(path: str) -> str:
    """Write a path as a mention; one with spaces in quotes."""
    return f'@"{path}"' if re.search(r"\s", path) else f"@{path}"


def dropped(paste: str) -> list[str]:
    """Return the absolute paths that a terminal pastes when files are dropped on it; empty when it is other text."""
    text = paste.strip()
    if not text or "\n" in text or not text.startswith(("/", "file://", "'/", '"/')):
        return []
    try:
        words = shlex.split(text)
    except ValueError:
        return []
    paths = [unquote(urlsplit(word).path) if word.startswith("file://") else word for word in words]
    return paths if all(path.startswith("/") for path in paths) else []

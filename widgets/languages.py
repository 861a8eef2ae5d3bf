"""Languages of files by their names: found once a kind, for what finds them first is loaded then, which takes long."""

from __future__ import annotations

import re
from pathlib import PurePath

from pygments.lexers import find_lexer_class_by_name, find_lexer_class_for_filename
from pygments.util import ClassNotFound

PLAIN = "text"
_met: dict[str, str] = {}  # by suffix, or by the whole name where it has none
_interpreter = re.compile(r"#!.*?(?:/env +)?/?([a-z]+)[\d.]*\s*$")


def is_met(path: str) -> bool:
    """Say whether the language of such a file is known already, so that asking for it takes no time."""
    return _kind(path) in _met


def language_of(path: str, first: str = "") -> str:
    """Return the name of a file's language, as Pygments has it; `first` is its first line, which may say what runs it.

    The first of each kind takes some tenths of a second.
    """
    kind = _kind(path)
    if (found := _met.get(kind)) is None:
        found = _by_name(PurePath(path).name)
        if found == PLAIN and not kind.startswith("."):  # each such file may be run by another
            runs = _interpreter.match(first)
            return _known(runs[1]) if runs else PLAIN
        _met[kind] = found
    return found


def _kind(path: str) -> str:
    name = PurePath(path)
    return "scss" if name.suffix == ".tcss" else name.suffix.lower() or name.name


def _by_name(name: str) -> str:
    if name.endswith(".tcss"):
        return "scss"  # Textual's own
    lexer = find_lexer_class_for_filename(name)
    return str(lexer.aliases[0]) if lexer is not None and lexer.aliases else PLAIN


def _known(language: str) -> str:
    try:
        find_lexer_class_by_name(language)
    except ClassNotFound:
        return PLAIN
    return language

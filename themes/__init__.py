"""Colours as data: one TOML file a theme, read into values that Textual registers."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from textual.color import Color, ColorParseError
from textual.theme import Theme

DEFAULT = "dark"
FEW_COLORS = "ansi"  # the default where the terminal has sixteen colours
_HERE = Path(__file__).parent
_COLORS = frozenset(
    "primary secondary accent warning error success foreground background surface panel boost".split()  # noqa: SIM905
)
_NEEDED = _COLORS - {"boost"}


def load(own: Path | None = None) -> Mapping[str, Theme]:
    """Read the themes that ship, and a user's own, by name. Raises: ValueError naming file and fault."""
    shipped = sorted(_HERE.glob("*.toml"))
    return {file.stem: _theme(file) for file in (*shipped, *(sorted(own.glob("*.toml")) if own else ()))}


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the theme whose name is most like `name`."""
    return next(iter(difflib.get_close_matches(name.lower(), list(names), n=1, cutoff=0.3)), DEFAULT)


def _theme(file: Path) -> Theme:
    try:
        words = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"The theme {file} cannot be read: {error}.") from error
    for key in words:
        if key not in ("dark", "ansi", "colors", "variables"):
            raise ValueError(f"The theme {file} has {key!r}; there are dark, ansi, colors and variables.")
    colors, variables = _table(words, "colors", file), _table(words, "variables", file)
    if unknown := sorted(colors.keys() - _COLORS):
        raise ValueError(f"The theme {file} has the colour {unknown[0]!r}; did you mean {_near(unknown[0])}?")
    if missing := sorted(_NEEDED - colors.keys()):
        raise ValueError(f"The theme {file} lacks the colours {', '.join(missing)}.")
    for name, color in (*colors.items(), *variables.items()):
        _check(name, color, file)
    filled = {
        "foreground-muted": colors["secondary"],
        "border-blurred": colors["secondary"],
        "accent-ink": colors["background"],
        "ansi-background": colors["background"],  # what Textual's own widgets draw with in an ansi theme
        "ansi-foreground": colors["foreground"],
        **variables,
    }
    dark, ansi = words.get("dark", True) is not False, words.get("ansi", False) is True
    return Theme(name=file.stem, dark=dark, ansi=ansi, variables=filled, **colors)  # type: ignore[arg-type]


def _table(words: Mapping[str, object], name: str, file: Path) -> Mapping[str, str]:
    table = words.get(name, {})
    if not isinstance(table, dict):
        raise ValueError(f"The theme {file}: {name} is a table of names and colours.")  # noqa: TRY004
    return {str(key): str(value) for key, value in table.items()}


def _near(name: str) -> str:
    return next(iter(difflib.get_close_matches(name, _COLORS, n=1, cutoff=0.0)))


def _check(name: str, color: str, file: Path) -> None:
    try:
        Color.parse(color)
    except ColorParseError as error:
        raise ValueError(f"The theme {file} has no colour for {name}: {color!r} is none.") from error

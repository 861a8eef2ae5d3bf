"""Colours as data: one TOML file a theme, read into values that Textual registers."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path

from textual.theme import Theme

DEFAULT = "dark"
_HERE = Path(__file__).parent


def load() -> Mapping[str, Theme]:
    """Read the themes that ship, by name."""
    return {file.stem: _theme(file) for file in sorted(_HERE.glob("*.toml"))}


def nearest(name: str) -> str:
    """Return the theme whose name is most like `name`."""
    names = [file.stem for file in sorted(_HERE.glob("*.toml"))]
    return next(iter(difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.3)), DEFAULT)


def _theme(file: Path) -> Theme:
    words = tomllib.loads(file.read_text(encoding="utf-8"))
    colors: dict[str, str] = words["colors"]
    variables: dict[str, str] = words["variables"]
    return Theme(name=file.stem, dark=words["dark"], variables=variables, **colors)  # type: ignore[arg-type]

"""The themes that a person can choose: those that ship and their own, with a sentence for what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from textual.theme import Theme

from agentorchestr_tui import themes
from agentorchestr_tui.core.errors import CannotRun

FOLDER = "themes"  # of the user's configuration


def load(config: Path | None = None) -> Mapping[str, Theme]:
    """Read all themes by name, a user's own over the shipped ones. Raises: CannotRun."""
    try:
        return themes.load(config / FOLDER if config is not None else None)
    except ValueError as error:
        raise CannotRun(str(error)) from error


def unknown(name: str, known: Mapping[str, Theme]) -> str:
    """Return what is wrong with a theme's name, or nothing."""
    if not name or name in known:
        return ""
    near = themes.nearest(name, known)
    return f"There is no theme {name!r}. Did you mean {near}? There are: {', '.join(known)}."


def usual(color_system: str | None) -> str:
    """Return the theme that is shown when none was chosen."""
    return themes.FEW_COLORS if color_system in ("standard", "windows") else themes.DEFAULT

"""The role texts that a worker can be given, shipped and the user's own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from agentorchestr_tui.agents.reading import read_file
from agentorchestr_tui.core.errors import CardError
from agentorchestr_tui.core.words import Perspective

SHIPPED = Path(__file__).parent / "perspectives"


def load_perspectives(folders: Iterable[Path]) -> dict[str, Perspective]:
    """Read the perspectives of each folder, a later one overriding an earlier one's by name. Raises: CardError."""
    paths = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    return {name: _load(path) for name, path in sorted(paths.items())}


def _load(path: Path) -> Perspective:
    perspective = read_file(Perspective, path)
    if not perspective.text.strip():
        raise CardError(f"{path} has an empty text: say what a worker in this role does.")
    return perspective

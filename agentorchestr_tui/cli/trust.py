"""Which projects' own commands may run on this machine: by the content that was trusted, never by name alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.orchestrator.checks import written_commands
from agentorchestr_tui.paths import private_folder

WATCHED = ("config.toml", "hooks.json")


def is_trusted(register: Path, project: Path) -> bool:
    """Say whether a project's folder stands as it was trusted."""
    return _read(register).get(str(project)) == _hash(project)


def trust(register: Path, project: Path) -> None:
    """Trust a project's folder as it is now. Raises: CannotRun."""
    private_folder(register.parent)
    aside = register.with_suffix(".new")
    try:
        aside.write_text(json.dumps(_read(register) | {str(project): _hash(project)}, indent=1), encoding="utf-8")
        aside.replace(register)
    except OSError as error:
        raise CannotRun(f"{register} cannot be written: {error.strerror}.") from error


def _read(register: Path) -> dict[str, str]:
    try:
        kept = json.loads(register.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(where): str(digest) for where, digest in kept.items()} if isinstance(kept, dict) else {}


def _hash(project: Path) -> str:
    digest = hashlib.sha256()
    files = [project / name for name in WATCHED] + sorted(project.glob("agents/*.toml"))
    for file in [*files, *sorted(project.glob("hooks/**/*"))]:  # what hooks.json runs may lie beside it
        content = file.read_bytes() if file.is_file() else b""
        digest.update(f"{file.relative_to(project)}\0{len(content)}\0".encode() + content)
    if commands := _written(project):
        digest.update("\0".join(("PROJECT.md", *commands)).encode())
    return digest.hexdigest()


def _written(project: Path) -> tuple[str, ...]:
    """Return the commands that a project's description names; its prose may change without a new trust."""
    try:
        return written_commands((project / "PROJECT.md").read_text("utf-8", "replace"))
    except OSError:
        return ()

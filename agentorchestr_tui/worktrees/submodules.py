"""Submodules of a worktree: filled from what the user's checkout has already, and their new commits kept there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from agentorchestr_tui.core.errors import GitError

from .changes import changed_paths
from .repository import Repository
from .worktree import Worktree

PATHS = r"^submodule\..*\.path$"


@dataclass(frozen=True, slots=True)
class Submodule:
    """A submodule that the user has: its folder below the root, its name, and the repository of the user's own."""

    path: str
    name: str
    store: Path


async def fill(repository: Repository, folder: Path) -> None:
    """Check out a worktree's submodules from the user's own copies: no network, no word in the user's configuration.

    Those that the user has not checked out stay empty, as in the user's checkout. Raises: GitError.
    """
    git = repository.git.at(folder)
    for submodule in await _submodules(repository, folder):
        given = (f"submodule.{submodule.name}.url={submodule.store}", f"submodule.{submodule.name}.active=true")
        settings = [word for setting in (*given, "protocol.file.allow=always") for word in ("-c", setting)]
        answer = await git.ask(*settings, "submodule", "--quiet", "update", "--checkout", "--", submodule.path)
        if answer.code:
            raise GitError(
                f"The submodule {submodule.path} could not be checked out for a worker: "
                f"run `git submodule update --init {submodule.path}` in {repository.root} first."
            )


async def keep(repository: Repository, worktree: Worktree, session: str) -> None:
    """Bring new commits of a worktree's submodules into the user's own copies, under a ref of ours.

    Raises: GitError when one has uncommitted changes, which nothing would keep.
    """
    for submodule in await _submodules(repository, worktree.path):
        inside = repository.git.at(worktree.path / submodule.path)
        if not await asyncio.to_thread((inside.folder / ".git").exists):
            continue
        if await changed_paths(inside):
            raise GitError(
                f"{worktree.name} left uncommitted changes inside the submodule {submodule.path} "
                f"({inside.folder}): have them committed there first."
            )
        head, store = await inside.run("rev-parse", "HEAD"), repository.git.at(submodule.store)
        if (await store.ask("cat-file", "-e", f"{head}^{{commit}}")).code:
            ref = f"refs/agentorchestr/{session}/{worktree.name}/{head[:12]}"
            await store.run("-c", "protocol.file.allow=always", "fetch", "--quiet", str(inside.folder), f"{head}:{ref}")


async def _submodules(repository: Repository, folder: Path) -> list[Submodule]:
    if not await asyncio.to_thread((folder / ".gitmodules").is_file):
        return []
    git = repository.git.at(folder)
    listed = await git.ask("config", "-z", "--file", ".gitmodules", "--get-regexp", PATHS)
    found = [field.split("\n", 1) for field in listed.fields if "\n" in field]
    named = [(key.removeprefix("submodule.").removesuffix(".path"), path) for key, path in found]
    stores = [(path, name, await asyncio.to_thread(_store, repository, name, path)) for name, path in named]
    return [Submodule(path, name, store) for path, name, store in stores if store is not None]


def _store(repository: Repository, name: str, path: str) -> Path | None:
    places = (repository.common / "modules" / name, repository.root / path / ".git")
    return next((place for place in places if (place / "HEAD").is_file()), None)

"""One worktree: its name, folder, branch and base, and git bound to it whatever the agent did to its `.git` file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from agentorchestr_tui.core.errors import GitError

from .git import Git
from .repository import Repository

OURS = ".agentorchestr"  # the folder inside a worktree that is kept out of git there


@dataclass(frozen=True, slots=True)
class Worktree:
    """A folder with a checkout: `name` is a worker's id or `lead`, `verify`; `branch` is empty when detached."""

    name: str
    path: Path
    branch: str
    base: str


async def bound(repository: Repository, worktree: Worktree) -> Git:
    """Return git for a worktree, by git's own record of it. Raises: GitError when folder or record are gone."""
    record = await asyncio.to_thread(record_of, repository.common, worktree.path)
    if record is None:
        raise GitError(f"{worktree.path} is no worktree any more: spawn the worker again, or see `--rescue`.")
    if not await asyncio.to_thread(worktree.path.is_dir):
        raise GitError(f"{worktree.path} was deleted: what was kept of it is listed by `--rescue`.")
    return repository.git.at(worktree.path, GIT_DIR=str(record), GIT_WORK_TREE=str(worktree.path))


def record_of(common: Path, path: Path) -> Path | None:
    """Return git's folder about the worktree at `path`, or None."""
    wanted = path / ".git"
    for pointer in common.glob("worktrees/*/gitdir"):
        try:
            named = Path(pointer.read_bytes().decode("utf-8", "surrogateescape").removesuffix("\n"))
        except OSError:  # another git removed it meanwhile
            continue
        if named == wanted or named.parent.resolve() == path.resolve():
            return pointer.parent
    return None


async def shield(git: Git) -> None:
    """Keep `.agentorchestr/` out of git in this worktree, by an ignore file of its own that ignores itself too.

    The common info/exclude and the configuration belong to the user. Where the project tracks a file of
    that name, ours takes its place in this checkout alone, and git is told to look away.
    """
    ignore = git.folder / OURS / ".gitignore"
    if await asyncio.to_thread(_write_ignore, ignore):
        name = f"{OURS}/.gitignore"
        if (await git.answer("ls-files", "-z", "--", name)).fields:
            await git.run("update-index", "--skip-worktree", "--", name)


def _write_ignore(ignore: Path) -> bool:
    text = "*\n"
    try:
        if ignore.is_file() and ignore.read_text("utf-8", "replace") == text:
            return False
        ignore.parent.mkdir(exist_ok=True)
        ignore.write_text(text, "utf-8")
    except OSError as error:
        raise GitError(f"{ignore} cannot be written ({error.strerror}): make that folder writable.") from error
    return True

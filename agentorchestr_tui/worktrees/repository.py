"""The user's repository: where it is, where it stands, and whether a session can happen in it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agentorchestr_tui.core.errors import CannotRun, ProjectUnusable

from .changes import changed_paths
from .git import Git, find_git, shown

OURS = "agentorchestr/"  # how the names of our own branches begin
OLDEST_GIT = (2, 38)  # the first one that merges in memory: `git merge-tree --write-tree`


@dataclass(frozen=True, slots=True)
class Checkout:
    """The user's checkout at one moment: its commit, its branch (empty when detached), all branches but ours.

    A path is in `files` while it differs from HEAD; its words change whenever the file does.
    """

    head: str
    branch: str
    branches: Mapping[str, str]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as it stood when it was opened: its root, its commit, its branch (None when detached)."""

    root: Path
    common: Path
    head: str
    branch: str | None
    git: Git

    @classmethod
    async def open(cls, folder: Path, env: Mapping[str, str]) -> Repository:
        """Open the repository that encloses `folder`. Raises: ProjectUnusable, CannotRun when git is too old."""
        await asyncio.to_thread(_check_folder, folder)
        git = find_git(folder, env)
        await check_version(git)
        root = Path(await _root(git))
        git = git.at(root)
        head, branch, common = await asyncio.gather(
            git.ask("rev-parse", "--quiet", "--verify", "HEAD^{commit}"),
            git.ask("symbolic-ref", "--quiet", "--short", "HEAD"),
            git.run("rev-parse", "--path-format=absolute", "--git-common-dir"),
        )
        if head.code:
            raise ProjectUnusable(
                f"{root} has no commit yet, so workers would start from nothing: "
                "commit first, for example with `git add -A && git commit --allow-empty -m start`."
            )
        return cls(root, Path(common), head.line, branch.line or None, git)

    async def dirty(self) -> list[str]:
        """Return the paths that differ from HEAD in the user's checkout, untracked files among them."""
        return [shown(path) for path in await changed_paths(self.git)]

    async def checkout(self) -> Checkout:
        """Return what tells a later state of the user's checkout and branches from this one. Raises: GitError."""
        head, listed, paths = await asyncio.gather(
            self.git.run("rev-parse", "HEAD"),
            self.git.run("for-each-ref", "--format=%(HEAD)%(objectname) %(refname:lstrip=2)", "refs/heads"),
            changed_paths(self.git),
        )
        lines = [(line[0], *line[1:].split(" ", 1)) for line in listed.splitlines()]
        branches = {shown(name): commit for _, commit, name in lines if not name.startswith(OURS)}
        branch = next((shown(name) for mark, _, name in lines if mark == "*"), "")
        return Checkout(head, branch, branches, await asyncio.to_thread(_stamps, self.root, paths))

    async def tracked(self) -> tuple[str, ...]:
        """Return the paths of the tracked files. Raises: GitError."""
        answer = await self.git.answer("ls-files", "-z")
        return tuple(shown(path) for path in answer.fields)


def _stamps(root: Path, paths: list[str]) -> dict[str, str]:
    stamps = {}
    for path in paths:
        try:
            told = (root / path).lstat()
        except OSError:
            stamps[shown(path)] = "gone"
        else:
            stamps[shown(path)] = f"{told.st_mtime_ns} {told.st_size} {told.st_mode}"
    return stamps


def _check_folder(folder: Path) -> None:
    try:
        next(folder.iterdir(), None)
    except FileNotFoundError as error:
        raise ProjectUnusable(f"{folder} does not exist: name another folder with --project.") from error
    except NotADirectoryError as error:
        raise ProjectUnusable(f"{folder} is not a folder: name a folder with --project.") from error
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise ProjectUnusable(
            f"{folder} cannot be read ({reason}): make it readable, or name another with --project."
        ) from error


async def check_version(git: Git) -> None:
    """Check that git can do what is asked of it. Raises: CannotRun."""
    answer = await git.ask("version")
    found = re.search(r"git version (\d+)\.(\d+)", answer.out)
    if answer.code or found is None:
        reason = (answer.complaint.strip().splitlines() or ["it gave no version"])[0]
        raise CannotRun(f"{git.program} does not work ({reason}): install git 2.38 or newer.")
    if (int(found[1]), int(found[2])) < OLDEST_GIT:
        version = answer.line.removeprefix("git version ")
        raise CannotRun(f"git {version} is too old to merge in memory: install git 2.38 or newer.")


async def _root(git: Git) -> str:
    answer = await git.ask("rev-parse", "--show-toplevel")
    if not answer.code:
        return answer.line
    folder, complaint = git.folder, answer.complaint
    if "dubious ownership" in complaint:
        raise ProjectUnusable(
            f"{folder} belongs to another user, so git refuses it: "
            f"if you trust it, run `git config --global --add safe.directory '{folder}'`."
        )
    if "not a git repository" in complaint:
        raise ProjectUnusable(
            f"{folder} is in no git repository: run `git init` and commit there, or name another folder with --project."
        )
    if "must be run in a work tree" in complaint:
        raise ProjectUnusable(f"{folder} has no checkout (bare, or inside .git): clone it, and run in the clone.")
    reason = shown((complaint.strip().splitlines() or ["it gave no reason"])[-1].removeprefix("fatal: "))
    raise ProjectUnusable(f"git cannot read {folder} ({reason}): run `git status` there to see what is wrong.")

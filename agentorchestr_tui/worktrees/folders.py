"""The folders of worktrees: made, claimed from a spare, taken up after a crash, cleared away."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

from agentorchestr_tui.core.errors import CannotRun, GitError

from . import submodules
from .repository import Repository
from .snapshots import NONE
from .worktree import Worktree, bound, record_of, shield

MOST_SPARES = 2  # folders checked out ahead of need; each costs the disk of one checkout
CHECKOUT_WORKERS = 2  # processes of one checkout; two halve it on a slow disk, more gain nothing
SPARE = "spare-"
NOTE = "agentorchestr: begin"  # in the reflog


class Folders:
    """The folders of one session's worktrees, and the spare ones that wait for a worker."""

    def __init__(self, repository: Repository, home: Path) -> None:
        self._repository = repository
        self._home = home
        self._record = asyncio.Lock()  # git's own records of worktrees break when two are written at once
        self._preparing = asyncio.Lock()
        self._spares: list[Path] = []
        self._numbers = count(1)

    async def fill(self, worktree: Worktree) -> None:
        """Make a worktree ready: taken up where it is there, claimed from a spare, or made. Raises: GitError."""
        await asyncio.to_thread(_make_home, self._home)
        if await asyncio.to_thread(record_of, self._repository.common, worktree.path) is not None:
            await self._take_up(worktree)
        elif not await self._claim(worktree):
            await self._make(worktree)
        await shield(await bound(self._repository, worktree))

    async def prepare(self, number: int, commit: str) -> None:
        """Keep `number` spare folders at a commit, at most two; none with submodules: git does not move those."""
        if not (await self._repository.git.ask("cat-file", "-e", f"{commit}:.gitmodules")).code:
            return
        async with self._preparing:
            for _ in range(min(number, MOST_SPARES) - len(self._spares)):
                path = self._home / f"{SPARE}{next(self._numbers)}"
                await self.fill(Worktree(SPARE, path, "", commit))
                self._spares.append(path)

    async def discard(self, path: Path) -> None:
        """Remove a folder and git's record of it; whatever it held has been kept."""
        words = ("worktree", "remove", "--force", "--force", str(path))
        async with self._record:
            answer = await self._repository.git.ask(*words)
        if await asyncio.to_thread(path.exists):  # submodules, a broken .git file, read-only folders: git will not
            await asyncio.to_thread(_remove_tree, path)
            async with self._record:
                answer = await self._repository.git.ask(*words)
        if answer.code and await asyncio.to_thread(record_of, self._repository.common, path) is not None:
            await self._repository.git.answer(*words)

    async def sweep(self) -> None:
        """Remove spares and git's records of folders of ours that are gone, then the home if nothing is left in it."""
        async with self._preparing:
            self._spares.clear()
            for path in await self._ours():
                if path.name.startswith(SPARE) or not await asyncio.to_thread(path.exists):
                    await self.discard(path)
        with suppress(OSError):  # not empty: something of a worker stands there still
            await asyncio.to_thread(self._home.rmdir)

    async def _ours(self) -> list[Path]:
        listed = await self._repository.git.answer("worktree", "list", "--porcelain", "-z")
        paths = [Path(line.removeprefix("worktree ")) for line in listed.fields if line.startswith("worktree ")]
        homes = {self._home, await asyncio.to_thread(self._home.resolve)}
        return [path for path in paths if path.parent in homes]

    async def _make(self, worktree: Worktree) -> None:
        if await asyncio.to_thread(_occupied, worktree.path):
            raise GitError(f"{worktree.path} is in the way and no worktree of this session: move it elsewhere.")
        git, branch = self._repository.git, worktree.branch
        fresh = bool(branch) and not await self._branch_exists(branch)
        place = [str(worktree.path), branch] if branch else ["--detach", str(worktree.path), worktree.base]
        async with self._undone_on_failure(worktree, fresh=fresh):
            if fresh:  # not by `worktree add -b`: asked again after a collision, it finds the branch it made itself
                await git.run("update-ref", "-m", NOTE, f"refs/heads/{branch}", worktree.base, NONE)
            async with self._record:
                await git.run("worktree", "add", "--quiet", "--no-checkout", *place)
            await self._check_out(worktree)

    async def _check_out(self, worktree: Worktree) -> None:
        git = await bound(self._repository, worktree)
        await git.run("-c", f"checkout.workers={CHECKOUT_WORKERS}", "reset", "--quiet", "--hard")
        await submodules.fill(self._repository, worktree.path)

    async def _claim(self, worktree: Worktree) -> bool:
        """Turn a spare folder into this worktree, if there is one that will."""
        if not worktree.branch or await self._branch_exists(worktree.branch) or not self._spares:
            return False
        spare = self._spares.pop()
        async with self._record:
            moved = await self._repository.git.ask("worktree", "move", str(spare), str(worktree.path))
        if moved.code:
            await self.discard(spare)
            return False
        async with self._undone_on_failure(worktree, fresh=True):
            await self._switch(worktree)
        return True

    async def _switch(self, worktree: Worktree) -> None:
        """Put a detached folder onto the worktree's new branch; where it stands there already, no file is looked at."""
        git = await bound(self._repository, worktree)
        if await git.run("rev-parse", "HEAD") != worktree.base:
            await git.run("checkout", "--quiet", "--detach", worktree.base)
        ref = f"refs/heads/{worktree.branch}"
        await git.run("update-ref", "-m", NOTE, ref, worktree.base, NONE)
        await git.run("symbolic-ref", "-m", NOTE, "HEAD", ref)

    async def _take_up(self, worktree: Worktree) -> None:
        """Go on with a worktree that a crash left: on its way to its branch, half checked out, or ready."""
        record = await asyncio.to_thread(record_of, self._repository.common, worktree.path)
        if not await asyncio.to_thread(worktree.path.is_dir):
            await self.discard(worktree.path)
            await self._make(worktree)
        elif record is not None and not await asyncio.to_thread((record / "index").exists):
            await asyncio.to_thread(lambda: (record / "index.lock").unlink(missing_ok=True))
            await self._check_out(worktree)
        elif worktree.branch and not await self._branch_exists(worktree.branch):
            await self._switch(worktree)

    async def _branch_exists(self, branch: str) -> bool:
        return await self._repository.git.says("show-ref", "--verify", "--quiet", f"refs/heads/{branch}")

    @asynccontextmanager
    async def _undone_on_failure(self, worktree: Worktree, *, fresh: bool) -> AsyncIterator[None]:
        """Leave neither folder nor branch behind when a worktree could not be made."""
        done = False
        try:
            yield
            done = True
        finally:
            if not done:
                await self.discard(worktree.path)
                if fresh:
                    await self._repository.git.ask("update-ref", "-d", f"refs/heads/{worktree.branch}", worktree.base)


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CannotRun(f"{home} cannot be made ({error.strerror}): make its parent writable.") from error


def _occupied(path: Path) -> bool:
    return path.exists() and not (path.is_dir() and not any(path.iterdir()))


def _remove_tree(path: Path) -> None:
    for folder, _, _ in os.walk(path):
        if not os.access(folder, os.W_OK | os.X_OK):
            with suppress(OSError):
                os.chmod(folder, 0o700)
    try:
        shutil.rmtree(path)
    except OSError as error:
        raise GitError(f"{path} cannot be removed ({error.strerror}): remove it by hand.") from error

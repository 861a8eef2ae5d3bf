"""The worktrees of one session: made fast, kept safe, brought together, and cleared away."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.core.words import Evidence, FileChange

from . import copies, integration, joining, leftovers, patch, reflog, snapshots, submodules, users
from . import evidence as seen
from .folders import Folders
from .git import Git
from .integration import Conflicted, Merged
from .litter import Litter
from .looking import Measured, Sight
from .repository import Repository
from .snapshots import Kept, Snapshot
from .worktree import Worktree, bound, record_of, shield

PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.|lock$|$))*")  # a word fit for a branch and a folder
MOST_COMMITS = 50  # of a branch that moved, looked at
NOBODY = {"NAME": "agentorchestr", "EMAIL": "agentorchestr@localhost"}  # who commits where no identity is configured
_AS_CONFIGURED = {
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": NOBODY["NAME"],
    "GIT_CONFIG_KEY_1": "user.email", "GIT_CONFIG_VALUE_1": NOBODY["EMAIL"],
}  # fmt: skip
"""For agents that look for a configured identity, and else write one of their own into the repository."""


class Worktrees:
    """The worktrees of one session, in one folder outside the repository."""

    def __init__(self, repository: Repository, session_id: str, home: Path, litter: Iterable[str] = ()) -> None:
        self.repository = repository
        self.session_id = _plain(session_id)
        self.home = home
        self._folders = Folders(repository, home)
        self._litter = Litter(litter)
        self._identity: dict[str, str] | None = None
        self._sights: defaultdict[Path, Sight] = defaultdict(Sight)

    @property
    def integration_branch(self) -> str:
        """The branch that holds the merged work of the session."""
        return f"agentorchestr/{self.session_id}/integration"

    async def add(self, worker_id: str, perspective: str, base: str) -> Worktree:
        """Give a worker a branch at `base` and a folder; what a crash left is taken up again. Raises: GitError."""
        leaf = f"{_plain(perspective)}-{_plain(worker_id)}"
        commit = await self._commit_of(base)
        worktree = Worktree(worker_id, self.home / leaf, f"agentorchestr/{self.session_id}/{leaf}", commit)
        await self._folders.fill(worktree)
        return worktree

    async def add_detached(self, name: str, commit: str) -> Worktree:
        """Give the lead, or a verification, a folder at a commit and no branch. Raises: GitError."""
        worktree = Worktree(_plain(name), self.home / name, "", await self._commit_of(commit))
        await self._folders.fill(worktree)
        if await self.head(worktree) != worktree.base:  # one that a crash left stands elsewhere
            return await self.move(worktree, worktree.base)
        return worktree

    async def move(self, worktree: Worktree, commit: str, *, keep: bool = True) -> Worktree:
        """Bring a detached worktree to another commit, clean but for ignored files (caches, dependencies) that stay.

        What was changed there is kept as a snapshot first, unless `keep` is false: droppings of a test run are no
        work. Raises: GitError.
        """
        if worktree.branch:
            raise GitError(f"{worktree.path} belongs to {worktree.branch}: only a detached worktree can be moved.")
        git, target = await bound(self.repository, worktree), await self._commit_of(commit)
        if keep:
            await self.snapshot(worktree, f"{worktree.name} before it moved to {target[:12]}")
        await git.run("checkout", "--quiet", "--force", "--detach", target)
        await git.run("clean", "--quiet", "-ffd")
        await shield(git)
        return Worktree(worktree.name, worktree.path, "", target)

    async def prepare(self, number: int = 1, base: str = "HEAD") -> None:
        """Check out spare folders ahead of need, at most two in all; the next `add` claims one in a moment."""
        await self._folders.prepare(number, await self._commit_of(base))

    async def snapshot(self, worktree: Worktree, note: str) -> Snapshot | None:
        """Keep all that stands in a worktree under a ref of ours; None when its branch or base has it already."""
        git = await self._committing(worktree)
        return await snapshots.take(git, worktree, self.session_id, note)

    async def hold_fallen(self, worktree: Worktree) -> list[Snapshot]:
        """Keep the commits that a worktree's HEAD stood on and that nothing holds any more. Raises: GitError.

        They were reset away, or their branch was deleted; the folder itself may be gone.
        """
        record = await asyncio.to_thread(record_of, self.repository.common, worktree.path)
        if record is None:
            return []
        git = self.repository.git.at(self.repository.root, GIT_DIR=str(record), **await self.identity())
        loose = await snapshots.fallen(git, self.session_id, await asyncio.to_thread(reflog.stood, record))
        there = await asyncio.to_thread(worktree.path.is_dir)
        if loose and there:  # what HEAD holds is there, and is looked at
            head = (await git.ask("rev-parse", "--quiet", "--verify", "HEAD")).line
            loose = [each for each in loose if not head or not await integration.contains(git, each, head)]
        note = f"{worktree.name} let go of this commit"
        return [await snapshots.hold(git, worktree, self.session_id, each, note) for each in loose]

    async def hold(self, commit: str, name: str, note: str) -> Snapshot:
        """Keep a commit under a ref of ours, as the work of `name`. Raises: GitError."""
        git = self.repository.git.at(self.repository.root, **await self.identity())
        held = Worktree(_plain(name), self.repository.root, "", self.repository.head)
        return await snapshots.hold(git, held, self.session_id, commit, note)

    async def made(self, worktree: Worktree, commits: Iterable[str]) -> bool:
        """Say whether one of these commits was made in a worktree, and did not merely come into it."""
        record = await asyncio.to_thread(record_of, self.repository.common, worktree.path)
        return record is not None and await asyncio.to_thread(reflog.made, record, commits)

    async def put_back(self, worktree: Worktree) -> None:
        """Make a worktree's branch anew where it was deleted under its feet. Raises: GitError."""
        git, own = await bound(self.repository, worktree), f"refs/heads/{worktree.branch}"
        if (await git.ask("symbolic-ref", "--quiet", "HEAD")).line == own:
            stood = [*await asyncio.to_thread(reflog.stood, Path(git.env["GIT_DIR"])), worktree.base]
            await git.run("update-ref", "-m", "agentorchestr: put back", own, stood[0], snapshots.NONE)

    async def commits_between(self, old: str, new: str) -> list[str]:
        """Return the commits of `new` that `old` does not hold, the newest first. Raises: GitError."""
        return (await self.repository.git.run("rev-list", f"--max-count={MOST_COMMITS}", new, f"^{old}")).split()

    async def commit_leftovers(self, worktree: Worktree, message: str) -> str:
        """Put what an agent left uncommitted onto its branch, without hooks; return the branch's commit."""
        await submodules.keep(self.repository, worktree, self.session_id)
        return await leftovers.commit_leftovers(await self._committing(worktree), worktree, message)

    async def evidence(self, worktree: Worktree) -> Evidence:
        """Count what a worker did beside where its work began; uncommitted and untracked files are in it."""
        git = await self._shielded(worktree)
        return await self._sights[worktree.path].evidence(git, worktree.base, self._trunks())

    async def between(self, base: str, commit: str) -> Evidence:
        """Count what one commit holds beside another."""
        return await seen.between(self.repository.git, base, commit)

    async def drop_empty_branch(self, worktree: Worktree) -> None:
        """Delete a worker's branch if it still stands where it began: there is nothing on it."""
        if worktree.branch:
            await self.repository.git.ask("update-ref", "-d", f"refs/heads/{worktree.branch}", worktree.base)

    async def diff(self, of: Worktree | seen.Range, *, stat_only: bool = True) -> str:
        """Return a worktree's whole work, or what changed between two commits, as a stat or a patch of bounded size."""
        if isinstance(of, seen.Range):
            return await seen.diff(self.repository.git, of.base, of.commit, stat_only=stat_only)
        git = await self._shielded(of)
        now = await self._sights[of.path].standing(git, of.base, self._trunks())
        return await seen.diff(git, now.origin, now.tree, stat_only=stat_only)

    async def measure(self, of: Worktree) -> Measured:
        """Count what a worker did and tell it line by line, both of one moment, with the commit where it begins."""
        git = await self._shielded(of)
        return await self._sights[of.path].measured(git, of.base, self._trunks())

    async def paths_between(self, before: str, after: str) -> tuple[str, ...]:
        """Return the paths in which two commits or trees differ."""
        return await seen.paths_between(self.repository.git, before, after)

    async def changes(self, of: Worktree | seen.Range) -> tuple[FileChange, ...]:
        """Return a worktree's whole work, or what changed between two commits, file by file and line by line."""
        if isinstance(of, seen.Range):
            return await patch.changes(self.repository.git, of.base, of.commit)
        git = await self._shielded(of)
        now = await self._sights[of.path].standing(git, of.base, self._trunks())
        return await patch.changes(git, now.origin, now.tree)

    async def copy_ignored(self, worktree: Worktree, patterns: Iterable[str]) -> tuple[str, ...]:
        """Copy ignored files that match from the user's checkout to where a worktree lacks them; return their paths."""
        return await copies.copy_ignored(self.repository.git, self.repository.root, worktree.path, patterns)

    async def bring_in(self, worktree: Worktree, commit: str, title: str) -> tuple[str, ...]:
        """Begin to merge a commit in a worktree, to be settled there; return the paths that clash."""
        return await joining.bring_in(await self._committing(worktree), commit, title)

    async def marked(self, commit: str, paths: Sequence[str]) -> tuple[str, ...]:
        """Return which of the paths hold conflict markers in a commit."""
        return await joining.marked(self.repository.git, commit, paths)

    async def head(self, worktree: Worktree) -> str:
        """Return the commit that a worktree stands on."""
        return await (await bound(self.repository, worktree)).run("rev-parse", "HEAD")

    async def tip_of(self, worktree: Worktree) -> str:
        """Return the commit at a worktree's branch, wherever its folder is; nothing when it has none."""
        ref = f"refs/heads/{worktree.branch}"
        return (await self.repository.git.ask("rev-parse", "--quiet", "--verify", ref)).line

    async def contains(self, ancestor: str, commit: str) -> bool:
        """Return whether `commit` has `ancestor` in its history."""
        return await integration.contains(self.repository.git, ancestor, commit)

    async def merge(self, into: str, branches: Iterable[tuple[str, str]]) -> Merged | Conflicted:
        """Merge named commits onto `into` in memory, in their order, up to the first that conflicts; no ref moves."""
        git = self.repository.git.at(self.repository.root, **await self.identity())
        return await integration.merge(git, into, branches)

    async def integration(self) -> str | None:
        """Return the integration branch's commit, or None while there is none."""
        ref = f"refs/heads/{self.integration_branch}"
        return (await self.repository.git.ask("rev-parse", "--quiet", "--verify", ref)).line or None

    async def set_integration(self, commit: str, expected: str | None) -> None:
        """Move the integration branch from `expected` (None: make it) to a commit. Raises: GitError when it moved."""
        await integration.set_branch(self.repository.git, self.integration_branch, commit, expected)

    async def settle_integration(self, wanted: str) -> None:
        """Bring an integration branch that lags behind to a commit. Raises: GitError when somebody else moved it."""
        await integration.settle_branch(self.repository.git, self.integration_branch, wanted)

    async def check_integration_movable(self) -> None:
        """Check that nobody has the integration branch checked out. Raises: GitError."""
        await integration.check_movable(self.repository.git, self.integration_branch)

    async def drop_integration(self, expected: str) -> None:
        """Delete the integration branch, which stands at `expected`: nothing is on it. Raises: GitError."""
        await self.repository.git.run("update-ref", "-d", f"refs/heads/{self.integration_branch}", expected)

    async def merge_into_users_branch(self, *tell: users.Tell) -> Merged | Conflicted:
        """Merge the integration branch into the branch that the user has checked out, as `--merge` asks for.

        Conflicts are found in memory first and leave the checkout as it is; so does a cancel, before the branch has
        moved. `tell` hears the steps. Raises: GitError when the checkout is on another branch than at the session's
        start, or has uncommitted changes.
        """
        return await users.merge(self.repository, self.integration_branch, await self.identity(), *tell)

    async def kept(self) -> list[Kept]:
        """List the work of this session that is kept under refs of ours."""
        return await snapshots.kept(self.repository.git, self.session_id)

    @staticmethod
    async def all_kept(repository: Repository, tell: Callable[[int, int], None] = lambda _, __: None) -> list[Kept]:
        """List the work of every session that is kept in a repository; `tell` hears how far it is."""
        return await snapshots.kept(repository.git, tell=tell)

    @staticmethod
    async def stands(repository: Repository, branch: str) -> bool:
        """Say whether there is a branch of this name."""
        return await repository.git.says("show-ref", "--verify", "--quiet", f"refs/heads/{branch}")

    async def restore(self, ref: str, branch: str) -> str:
        """Bring kept work back on a new branch; return its commit. Raises: GitError."""
        git = self.repository.git.at(self.repository.root, **await self.identity())
        return await snapshots.restore(git, ref, branch)

    async def remove(self, worktree: Worktree) -> Snapshot | None:
        """Remove a worktree's folder and git's record of it, after a snapshot; its branch stays. Raises: GitError."""
        snapshot = None
        if await asyncio.to_thread(worktree.path.exists):
            await submodules.keep(self.repository, worktree, self.session_id)
            snapshot = await self.snapshot(worktree, f"{worktree.name} when its worktree was removed")
        await self._folders.discard(worktree.path)
        self._sights.pop(worktree.path, None)
        return snapshot

    async def sweep(self) -> None:
        """Clear away spare folders and git's records of folders of ours that are gone; remove the home once empty."""
        await self._folders.sweep()

    async def identity(self) -> Mapping[str, str]:
        """Return the variables that a commit needs in this repository: none where the user's identity is configured."""
        if self._identity is None:
            found: dict[str, str] = {}
            for role in ("AUTHOR", "COMMITTER"):
                known = await self.repository.git.ask("-c", "user.useConfigOnly=true", "var", f"GIT_{role}_IDENT")
                if known.code:
                    found |= {f"GIT_{role}_{part}": word for part, word in NOBODY.items()}
            if found and "GIT_CONFIG_COUNT" not in self.repository.git.env:
                found |= _AS_CONFIGURED
            self._identity = found
        return self._identity

    def _trunks(self) -> tuple[str, ...]:
        users = (f"refs/heads/{self.repository.branch}",) if self.repository.branch else ()
        return (*users, f"refs/heads/{self.integration_branch}")

    async def _committing(self, worktree: Worktree) -> Git:
        return await self._shielded(worktree, **await self.identity())

    async def _shielded(self, worktree: Worktree, **more: str) -> Git:
        """Return git in a worktree with `more` variables; settings among them stand beside that of the litter."""
        git = await bound(self.repository, worktree)
        git = git.at(git.folder, **more) if more else git
        await shield(git)  # again: an agent's `git clean` takes the ignore file away
        return await self._litter.kept_out(git)

    async def _commit_of(self, name: str) -> str:
        git, wanted = self.repository.git, f"{name}^{{commit}}"
        answer = await git.ask("rev-parse", "--quiet", "--verify", "--end-of-options", wanted)
        if answer.code:
            raise GitError(f"There is no commit {name} in {git.folder}: name a branch or a commit that exists.")
        return answer.line


def _plain(word: str) -> str:
    if not PLAIN.fullmatch(word):
        raise GitError(f"{word!r} cannot be part of a branch's name: use letters, digits, hyphens and underscores.")
    return word

"""Work kept under refs of ours: everything in a worktree as a commit, listed and restored long after it is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import GitError

from .changes import add_all, changed_paths, copied_index
from .git import Git, shown
from .worktree import Worktree

ROOM = "refs/agentorchestr"
NONE = ""  # old value for `update-ref`: the ref must not exist yet
MOST_FALLEN = 50  # commits that one worktree let go of, looked at at a time
TRIES = 20  # numbers to try when several keep the work of one worker at once


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Work kept: the ref that holds it, and its commit."""

    ref: str
    commit: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of `--rescue`: the ref, whose work it is, the files that differ from where that work began."""

    ref: str
    session: str
    worker: str
    files: tuple[str, ...]
    created_at: datetime
    note: str


async def take(git: Git, worktree: Worktree, session: str, note: str) -> Snapshot | None:
    """Keep what stands in a worktree under a ref of ours; None when its branch, or its base, has all of it.

    The commit's tree is the checkout with its untracked files, its first parent HEAD, its second parent (when
    something was staged) a commit of the index, as a stash does. Neither index nor branch is touched. The same
    work is kept once.
    """
    standing = await git.ask("rev-parse", "--quiet", "--verify", "HEAD")
    head = standing.line or worktree.base  # an orphan branch has no commit yet
    message, parents = _message(worktree, session, note), [head]
    async with copied_index(git) as copy:
        paths = await changed_paths(copy)
        if not paths and await _has(git, worktree.branch and f"refs/heads/{worktree.branch}", head, worktree.base):
            return None
        staged = await copy.ask("write-tree")  # fails while a merge is unfinished: its index is no tree
        if not staged.code and staged.line != await _tree(git, head):
            parents.append(await _commit(git, staged.line, [head], "index\n"))
        await add_all(copy, paths)
        tree = await copy.run("write-tree")
    room = f"{ROOM}/{session}/{worktree.name}"
    return await _same(git, room, tree, parents) or await _keep(git, room, tree, parents, message)


async def hold(git: Git, worktree: Worktree, session: str, commit: str, note: str) -> Snapshot:
    """Keep a commit, which nothing else may hold for long, under a ref of ours."""
    message = _message(worktree, session, note)
    return await _keep(git, f"{ROOM}/{session}/{worktree.name}", await _tree(git, commit), [commit], message)


async def fallen(git: Git, session: str, stood: Sequence[str]) -> list[str]:
    """Return those of these commits which no branch, tag or ref of ours holds any more; of a line of them the last."""
    if not stood:
        return []
    held = ("--not", "--branches", "--tags", f"--glob={ROOM}/{session}")
    asked = "".join(f"{commit}\n" for commit in stood).encode()
    loose = set((await git.ask("rev-list", "--stdin", *held, stdin=asked)).out.split())
    tips = [commit for commit in stood if commit in loose][:MOST_FALLEN]
    if len(tips) < 2:
        return tips
    return (await git.run("merge-base", "--independent", *tips)).split()


async def kept(git: Git, session: str = "", tell: Callable[[int, int], None] = lambda _, __: None) -> list[Kept]:
    """List the work kept, of one session or of all, oldest first; `tell` hears how many are looked at, of how many."""
    answer = await git.run(
        "for-each-ref",
        "--sort=creatordate",
        "--format=%(refname)%09%(objectname)%09%(creatordate:iso-strict)%09%(contents:subject)%09%(trailers:key=Base,valueonly)",
        f"{ROOM}/{session}" if session else ROOM,
    )
    lines, found = [line for line in answer.splitlines() if line], list[Kept]()
    for line in lines:
        tell(len(found), len(lines))
        found.append(await _kept(git, line))
    return found


async def restore(git: Git, ref: str, branch: str) -> str:
    """Bring kept work back on a new branch, as one commit on what the worker had committed; return that commit.

    Raises: GitError when there is no such ref, or the branch exists.
    """
    if not ref.startswith(f"{ROOM}/") or (await git.ask("rev-parse", "--quiet", "--verify", f"{ref}^{{commit}}")).code:
        raise GitError(f"Nothing is kept under {ref}: `--rescue` lists what there is.")
    if (await git.ask("check-ref-format", "--branch", branch)).code:
        raise GitError(f"{branch!r} is not a name for a branch: use letters, digits, hyphens and slashes.")
    if await git.says("show-ref", "--verify", "--quiet", f"refs/heads/{branch}"):
        raise GitError(f"There is a branch {branch} already: choose another name.")
    tree, head, head_tree = (await git.run("rev-parse", f"{ref}^{{tree}}", f"{ref}^1", f"{ref}^1^{{tree}}")).split()
    commit = head if tree == head_tree else await _commit(git, tree, [head], f"Work kept under {ref}\n")
    await tasks.whole(git.run("update-ref", f"refs/heads/{branch}", commit, NONE), name=f"make {branch}")
    return commit


async def _has(git: Git, branch: str, head: str, base: str) -> bool:
    if branch and (await git.ask("rev-parse", "--quiet", "--verify", branch)).code:
        return False
    return await git.says("merge-base", "--is-ancestor", head, branch or base)


def _message(worktree: Worktree, session: str, note: str) -> str:
    title = " ".join(note.split()) or f"Work of {worktree.name}"
    return f"{title}\n\nSession: {session}\nWorker: {worktree.name}\nBase: {worktree.base}\n"


async def _commit(git: Git, tree: str, parents: list[str], message: str) -> str:
    given = [word for parent in parents for word in ("-p", parent)]
    return await git.run("commit-tree", tree, *given, "-F", "-", stdin=message.encode("utf-8", "replace"))


async def _numbers(git: Git, room: str) -> list[int]:
    refs = (await git.run("for-each-ref", "--format=%(refname)", room)).splitlines()
    return sorted(int(name) for ref in refs if (name := ref.rpartition("/")[2]).isdecimal())


async def _same(git: Git, room: str, tree: str, parents: list[str]) -> Snapshot | None:
    numbers = await _numbers(git, room)
    if not numbers:
        return None
    ref = f"{room}/{numbers[-1]}"
    commit, its_tree, *its_parents = (await git.run("log", "-1", "--format=%H %T %P", ref)).split()
    if its_tree != tree or its_parents[0] != parents[0] or len(its_parents) != len(parents):
        return None
    if len(parents) > 1 and await _tree(git, its_parents[1]) != await _tree(git, parents[1]):
        return None
    return Snapshot(ref, commit)


async def _tree(git: Git, commit: str) -> str:
    return await git.run("rev-parse", f"{commit}^{{tree}}")


async def _keep(git: Git, room: str, tree: str, parents: list[str], message: str) -> Snapshot:
    commit = await _commit(git, tree, parents, message)
    for _ in range(TRIES):
        ref = f"{room}/{(await _numbers(git, room) or [0])[-1] + 1}"
        if not (await git.ask("update-ref", ref, commit, NONE)).code:
            return Snapshot(ref, commit)
    return Snapshot(ref, await git.run("update-ref", ref, commit, NONE) or commit)


async def _kept(git: Git, line: str) -> Kept:
    ref, commit, created, note, base = (line.split("\t") + [""] * 5)[:5]
    session, worker = ref.removeprefix(f"{ROOM}/").split("/")[:2]
    begun = base.strip() or f"{commit}^1"
    changed = await git.answer("diff-tree", "-r", "-z", "--name-only", "--no-commit-id", begun, commit)
    files = tuple(shown(path) for path in changed.fields)
    return Kept(ref, session, worker, files, datetime.fromisoformat(created), note)

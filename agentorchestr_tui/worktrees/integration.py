"""Branches brought together in memory: a merge that works is one commit each, one that does not leaves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agentorchestr_tui.core.errors import GitError
from agentorchestr_tui.core.words import Conflict

from .git import Git, sentence, shown
from .snapshots import NONE

CONFLICT_STYLE = "merge.conflictStyle=zdiff3"  # the clash with what both sides started from
FILE_LIMIT = 2_000_000  # bytes of a conflicted file that are searched for its clashes
CLASH_LIMIT = 8_000  # characters of clashes shown of one file
CONTEXT = 3  # lines around a clash
SUBMODULE = "160000"  # its mode in a tree


@dataclass(frozen=True, slots=True)
class Merged:
    """Every branch is in: the commit that holds them all, and the names that it took in anew."""

    commit: str
    merged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflicted:
    """One branch does not merge: its name, the clashes, and the commit with those merged before it."""

    name: str
    conflicts: tuple[Conflict, ...]
    commit: str
    merged: tuple[str, ...]


async def merge(git: Git, into: str, branches: Iterable[tuple[str, str]]) -> Merged | Conflicted:
    """Merge named commits one after the other onto `into`, in memory; stop at the first that conflicts.

    Each makes a merge commit that names it; one that is in already adds nothing. No ref moves. Raises: GitError.
    """
    merged: list[str] = []
    for name, commit in branches:
        if await contains(git, commit, into):
            continue
        tree, conflicts = await merge_tree(git, into, commit)
        if conflicts:
            return Conflicted(name, conflicts, into, tuple(merged))
        into = await git.run("commit-tree", tree, "-p", into, "-p", commit, "-m", f"Merge {name}")
        merged.append(name)
    return Merged(into, tuple(merged))


async def merge_tree(git: Git, ours: str, theirs: str) -> tuple[str, tuple[Conflict, ...]]:
    """Return the tree of a merge, and its conflicts (none when it is clean). Raises: GitError."""
    words = ("-c", CONFLICT_STYLE, "merge-tree", "--write-tree", "--messages", "-z", ours, theirs)
    answer = await git.ask(*words)
    if answer.code == 0:
        return answer.out.split("\0", 1)[0], ()
    if answer.code != 1:
        if "unrelated histories" in answer.complaint:
            raise GitError(
                f"{theirs[:12]} shares no history with {ours[:12]}: what it changed is to be committed anew on the "
                "commit where the work began (git reset --soft, git commit)."
            )
        raise GitError(sentence(git.folder, ("merge-tree", theirs), answer.complaint))
    tree, _, rest = answer.out.partition("\0")
    stages, _, messages = rest.partition("\0\0")
    said = _messages(messages.split("\0"))
    sides = _sides(stages.split("\0"))
    clashes = [(path, await _clash(git, tree, path, said.get(path, "") + moved)) for path, moved in sides.items()]
    return tree, tuple(Conflict(shown(path), _named(text, ours, theirs)) for path, text in clashes)


async def contains(git: Git, ancestor: str, commit: str) -> bool:
    """Return whether `commit` has `ancestor` in its history. Raises: GitError when one of them is no commit."""
    return await git.says("merge-base", "--is-ancestor", ancestor, commit)


async def set_branch(git: Git, branch: str, commit: str, expected: str | None) -> None:
    """Move a branch that stands at `expected` (None: that does not exist yet). Raises: GitError when it does not."""
    ref = f"refs/heads/{branch}"
    if expected:
        await check_movable(git, branch)
    answer = await git.ask("update-ref", "-m", "agentorchestr: integrate", ref, commit, expected or NONE)
    if not answer.code:
        return
    now = await git.ask("rev-parse", "--quiet", "--verify", ref)
    if (now.line or None) != expected:
        raise GitError(f"{branch} was moved by somebody else ({now.line or 'deleted'}): integrate again from there.")
    raise GitError(sentence(git.folder, ("update-ref", ref), answer.complaint))


async def settle_branch(git: Git, branch: str, wanted: str) -> None:
    """Bring a branch that lags behind to the commit where it is to stand ("" is nowhere), as after a crash.

    Raises: GitError when somebody else moved it, and what it holds is not what was integrated.
    """
    now = (await git.ask("rev-parse", "--quiet", "--verify", f"refs/heads/{branch}")).line
    if now == wanted:
        return
    if not wanted:
        raise GitError(f"{branch} was made by somebody else: delete it with `git branch -D {branch}`.")
    if now and not await contains(git, now, wanted):
        raise GitError(
            f"{branch} was moved by somebody else, to {now[:12]}: put it back with `git branch -f {branch} "
            f"{wanted[:12]}`; what was added there can be a worker's task."
        )
    await set_branch(git, branch, wanted, now or None)


async def check_movable(git: Git, branch: str) -> None:
    """Check that nobody has a branch checked out. Raises: GitError."""
    place = await git.run("for-each-ref", "--format=%(worktreepath)", f"refs/heads/{branch}")
    if place:
        raise GitError(f"{branch} is checked out in {shown(place)}: switch to another branch there first.")


def _named(text: str, ours: str, theirs: str) -> str:
    """Say in words which side is which, where git has the names of commits."""
    return text.replace(f"<<<<<<< {ours}", f"<<<<<<< {_SIDES['2']}").replace(
        f">>>>>>> {theirs}", f">>>>>>> {_SIDES['3']}"
    )


def _sides(stages: Sequence[str]) -> dict[str, str]:
    """Read `mode id stage TAB path` of what clashes; return by path what else is to be said: a submodule's commits."""
    said: dict[str, str] = {}
    for stage in filter(None, stages):
        facts, path = stage.split("\t", 1)
        mode, commit, number = facts.split(" ")
        moved = f"{_SIDES[number]} points to {commit}\n" if mode == SUBMODULE else ""
        said[path] = said.get(path, "") + moved
    return said


_SIDES = {"1": "where both began", "2": "the integrated tree", "3": "the branch"}


def _messages(fields: Sequence[str]) -> dict[str, str]:
    """Read git's words on a merge: `count, paths..., kind, words`, repeated; return the words on each path's clash."""
    said: dict[str, str] = {}
    at = 0
    while at < len(fields) and fields[at].isdecimal():
        end = at + 1 + int(fields[at])
        paths, kind, words = fields[at + 1 : end], fields[end], fields[end + 1]
        for path in paths if kind.startswith("CONFLICT") else ():
            said[path] = said.get(path, "") + words
        at = end + 2
    return said


async def _clash(git: Git, tree: str, path: str, words: str) -> str:
    blob = await git.ask("cat-file", "blob", f"{tree}:{path}", at_most=FILE_LIMIT)
    text = words + ("" if blob.code or "\0" in blob.out else "\n".join(_clashes(blob.out.splitlines())))
    return shown(text if len(text) <= CLASH_LIMIT else text[:CLASH_LIMIT] + "\n[cut]")


def _clashes(lines: Sequence[str]) -> list[str]:
    """Return the lines between conflict markers with a few around them, under a line number each."""
    shown_lines: list[str] = []
    begun: int | None = None
    for at, line in enumerate(lines):
        if line.startswith("<<<<<<< ") and begun is None:
            begun = max(0, at - CONTEXT)
        elif line.startswith(">>>>>>> ") and begun is not None:
            shown_lines += [f"@@ line {begun + 1}", *lines[begun : at + 1 + CONTEXT]]
            begun = None
    return shown_lines

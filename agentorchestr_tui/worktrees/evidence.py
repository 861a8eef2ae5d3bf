"""What a worker did: commits, files and lines beside the point where its work began, and the diff itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agentorchestr_tui.core.words import Evidence

from .git import Git, shown

DIFF_LIMIT = 400_000  # bytes of a patch that anybody will read
STAT_WIDTH = 100  # columns
NO_DRIVERS = ("--no-ext-diff", "--no-textconv", "--find-renames")


@dataclass(frozen=True, slots=True)
class Range:
    """Two commits, the second compared with the first."""

    base: str
    commit: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a worktree: the commit where its work began, its HEAD, all of it as a tree, paths uncommitted.

    `branch` is the one that is checked out there, empty when HEAD is detached.
    """

    origin: str
    head: str
    tree: str
    uncommitted: int
    branch: str = ""


async def counted(git: Git, now: Standing) -> Evidence:
    """Count what stands in a worktree beside where its work began."""
    return await _counted(git, now.origin, now.head, now.tree, now.uncommitted)


async def between(git: Git, base: str, commit: str) -> Evidence:
    """Count what one commit holds beside another."""
    return await _counted(git, base, commit, commit, 0)


async def paths_between(git: Git, before: str, after: str) -> tuple[str, ...]:
    """Return the paths in which two commits or trees differ."""
    answer = await git.answer("diff-tree", "-r", "-z", "--name-only", "--no-renames", before, after)
    return tuple(shown(path) for path in answer.fields)


async def _counted(git: Git, base: str, head: str, tree: str, uncommitted: int) -> Evidence:
    answer = await git.answer("diff-tree", "-r", "-z", "--numstat", *NO_DRIVERS, base, tree)
    counts = list(_counts(iter(answer.fields)))
    return Evidence(
        commit=head,
        commits=await commits(git, base, head),
        files=tuple(shown(path) for path, _, _ in counts),
        insertions=sum(added for _, added, _ in counts),
        deletions=sum(removed for _, _, removed in counts),
        uncommitted=uncommitted,
    )


async def commits(git: Git, base: str, head: str) -> int:
    """Count the commits from one to another."""
    return int(await git.run("rev-list", "--count", f"{base}..{head}")) if base != head else 0


async def diff(git: Git, base: str, tree: str, *, stat_only: bool) -> str:
    """Return what changed from one tree to another as text, cut with a word about it when it is very long."""
    form = [f"--stat={STAT_WIDTH}", "--summary"] if stat_only else ["--patch"]
    words = ("diff-tree", "-r", *form, *NO_DRIVERS, base, tree)
    answer = await git.answer(*words, at_most=DIFF_LIMIT + 1)
    text = shown(answer.out)
    if len(answer.out) <= DIFF_LIMIT:
        return text
    whole_lines = text[:DIFF_LIMIT].rpartition("\n")[0]
    return f"{whole_lines}\n[cut after {DIFF_LIMIT:,} bytes: ask for the stat, or read the files]\n"


async def origin_of(git: Git, base: str, head: str, trunks: tuple[str, ...]) -> str:
    """Return where a worker's own work begins: its base, or a newer commit of a trunk that it took in since.

    A trunk (the user's branch, the integration branch) is followed along first parents only: there stand
    the trunk's own commits, never the worker's, which come in by merges.
    """
    own = (await git.run("rev-list", head, f"^{base}")).split()
    for trunk in trunks if own else ():
        taken_in = set(own)
        line = await git.ask("rev-list", "--first-parent", trunk, f"^{base}")
        newest = next((commit for commit in line.out.split() if commit in taken_in), None) if not line.code else None
        if newest is not None:
            base, own = newest, (await git.run("rev-list", head, f"^{newest}")).split()
    if await git.says("merge-base", "--is-ancestor", base, head):
        return base
    common = await git.ask("merge-base", base, head)
    return base if common.code else common.line


def _counts(fields: Iterator[str]) -> Iterator[tuple[str, int, int]]:
    """Read `--numstat -z`: `added TAB removed TAB path`, or for a rename an empty path and then old and new."""
    for field in fields:
        added, removed, path = field.split("\t", 2)
        if not path:
            next(fields)
            path = next(fields)
        yield path, _number(added), _number(removed)


def _number(word: str) -> int:
    return 0 if word == "-" else int(word)  # a binary file has no lines

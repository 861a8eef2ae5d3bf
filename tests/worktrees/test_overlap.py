"""Where two workers' changes meet, on real worktrees."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core.words import Overlap
from agentorchestr_tui.worktrees.overlap import Work, overlaps

LINES = [f"line {number}\n" for number in range(1, 41)]


def changed(**lines):
    """The file with lines replaced, removed (None) or with more than one in their place, by `l7="..."`."""
    return "".join(
        "" if f"l{n}" in lines and lines[f"l{n}"] is None else lines.get(f"l{n}", text)
        for n, text in enumerate(LINES, 1)
    )


@pytest.fixture
async def pair(session, project, at):
    """Two workers on one commit; gives a way to say what they write, and where they meet."""
    project.commit("a.txt", "".join(LINES))
    project.commit("logo.png", b"\0\1")
    trees = [await session.add(f"w0{number}", "implementer", "main") for number in (1, 2)]

    async def meet(first, second):
        works = []
        for tree, files in zip(trees, (first, second), strict=True):
            for name, text in files.items():
                if text is None:
                    (tree.path / name).unlink()
                else:
                    at(tree.path).write(name, text)
            measured = await session.measure(tree)
            works.append(Work(tree.name, measured.origin, measured.changes))
        return overlaps(works)

    return meet


@pytest.mark.parametrize(
    ("first", "second", "met"),
    [
        ({"l7": "x\n"}, {"l7": "y\n"}, (((7, 7),), ((7, 7),))),
        ({"l7": "x\n"}, {"l20": "y\n"}, None),
        ({"l7": "x\n"}, {"l8": "y\n"}, (((7, 7),), ((8, 8),))),  # git takes neighbours for a clash
        ({"l7": "x\n"}, {"l9": "y\n"}, None),
        ({"l1": "x\nx\nx\n", "l30": "x\n"}, {"l30": "y\n"}, (((32, 32),), ((30, 30),))),
        ({"l7": None}, {"l7": "y\n"}, (((7, 7),), ((7, 7),))),
    ],
)
async def test_lines_meet_where_git_would_clash(pair, first, second, met):
    found = await pair({"a.txt": changed(**first)}, {"a.txt": changed(**second)})
    assert found == (() if met is None else (Overlap("w01", "w02", "a.txt", *met),))


async def test_a_file_that_one_deletes_or_both_add_or_that_has_no_lines_meets_as_a_whole(pair):
    found = await pair(
        {"a.txt": None, "new.txt": "mine\n", "logo.png": b"\0\2", "only.txt": "1\n"},
        {"a.txt": changed(l9="y\n"), "new.txt": "yours\n", "logo.png": b"\0\3"},
    )
    assert [(each.path, each.lines_b) for each in found] == [
        ("a.txt", ((9, 9),)), ("logo.png", ()), ("new.txt", ((1, 1),)),
    ]  # fmt: skip

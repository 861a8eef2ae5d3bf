"""Changes laid out as rows: one below the other, side by side, with comments where they belong."""

from __future__ import annotations

from itertools import pairwise

import pytest

from agentorchestr_tui.widgets.diff_rows import (
    DiffFile,
    DiffHunk,
    DiffLine,
    FileRow,
    HunkRow,
    LineRow,
    NoteRow,
    difference,
    laid_out,
    partners,
    rows_of,
)

KEPT, GONE, GONE_TOO = DiffLine("a", 1, 1), DiffLine("b", 2, None), DiffLine("c", 3, None)
NEW, END = DiffLine("B", None, 2), DiffLine("z", 4, 3)
LINES = (KEPT, GONE, GONE_TOO, NEW, END)
FILE = DiffFile("f.py", hunks=(DiffHunk.of("def f", LINES),), marked=((2, 2),), mark="w02 too")


def pairs(rows):
    return [(row.left, row.right) for row in rows if isinstance(row, LineRow)]


def test_one_below_the_other_every_line_has_a_row_in_git_s_order():
    rows = rows_of([FILE], {}, beside=False)
    assert [type(row) for row in rows] == [FileRow, HunkRow, *[LineRow] * 5]
    assert [row.line() for row in rows[2:]] == list(LINES)


def test_side_by_side_what_was_removed_stands_beside_what_came_in_its_place():
    assert pairs(rows_of([FILE], {}, beside=True)) == [(KEPT, KEPT), (GONE, NEW), (GONE_TOO, None), (END, END)]
    assert partners(FILE.hunks[0].lines) == {GONE: NEW, NEW: GONE}


@pytest.mark.parametrize("beside", [False, True])
def test_a_comment_stands_below_its_line_once(beside):
    rows = rows_of([FILE], {("f.py", 2): "why?\nsay", ("f.py", -3): "and this?"}, beside=beside)
    said = [(rows[at - 1], row.text) for at, row in enumerate(rows) if isinstance(row, NoteRow)]
    assert [text for _, text in said] in (["why?", "say", "and this?"], ["and this?", "why?", "say"])
    (about,) = [before.line() for before, text in said if text == "why?"]
    assert about == NEW


def test_side_by_side_a_comment_belongs_to_its_own_side_and_is_wrapped_there():
    said = {("f.py", 2): "why is it so", ("f.py", -2): "it was better", ("f.py", 1): "kept"}
    rows = rows_of([FILE], said, beside=True, room=9)
    notes = [row for row in rows if isinstance(row, NoteRow)]
    assert [(note.text, note.old) for note in notes] == [
        ("kept", False), ("it was", True), ("better", True), ("why is it", False), ("so", False),
    ]  # fmt: skip
    (at,) = [at for at, row in enumerate(rows) if isinstance(row, LineRow) and row.left == GONE]
    assert rows[at].lines == (GONE, NEW)
    assert (rows[at].line(old=True), rows[at].line()) == (GONE, NEW)
    assert rows[at + 1] == notes[1]


def test_a_file_without_lines_says_why():
    rows = rows_of([DiffFile("logo.png", "binary, 3 kB before, 4 kB now")], {}, beside=False)
    assert list(rows) == [FileRow(0), NoteRow(0, "binary, 3 kB before, 4 kB now")]


def test_lines_are_made_when_they_are_asked_for_and_are_as_they_were():
    lines = FILE.hunks[0].lines
    assert (list(lines), lines[1:3], lines[-1]) == (list(LINES), (GONE, GONE_TOO), END)
    assert lines == DiffHunk.of("", LINES).lines != DiffHunk.of("", LINES[1:]).lines
    assert (FILE.counts, lines.longest) == ((1, 2), 1)
    laid = laid_out([FILE, DiffFile("empty.py"), FILE], {}, beside=False)
    assert (laid.files_at, laid.changes_at) == ([0, 7, 8], [3, 11])
    assert (laid.rows[-1], laid.rows[14], len(laid.rows)) == (laid.rows[14], LineRow(2, 0, END, END), 15)
    with pytest.raises(IndexError):
        laid.rows[15]


@pytest.mark.parametrize("beside", [False, True])
def test_changes_begin_where_lines_were_changed_below_any_comment(beside):
    again = (KEPT, NEW, END, DiffLine("q", None, 4), DiffLine("r", None, 5))
    file = DiffFile("f.py", hunks=(DiffHunk.of("", LINES), DiffHunk.of("", again)))
    for comments in ({}, {("f.py", 1): "one\ntwo", ("f.py", 2): "three", ("f.py", 4): "four"}):
        laid = laid_out([file], comments, beside=beside)
        rows, here = list(laid.rows), []
        lines = [(at, row) for at, row in enumerate(rows) if isinstance(row, (LineRow, HunkRow))]
        for (_, before), (at, row) in pairwise(lines):
            changed = [isinstance(each, LineRow) and each.left is not each.right for each in (before, row)]
            here += [at] if changed == [False, True] else []
        assert laid.changes_at == here
        said = [row.text for row in rows if isinstance(row, NoteRow)]
        assert said == (["one", "two", "three", "one", "two", "three", "four"] if comments else [])


def test_only_changed_lines_are_marked_as_touched_by_others():
    assert [FILE.touched(line) for line in LINES] == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("text", "other", "span"),
    [
        ("return x + 1", "return x + y", (11, 12)),
        ("def f(x):", "def f(x, y=2):", (7, 7)),
        ("def f(x, y=2):", "def f(x):", (7, 12)),
        ("    a", "    b", (0, 0)),
        ("same", "same", (4, 4)),
        ("", "x", (0, 0)),
    ],
)
def test_the_part_of_a_line_that_differs_is_found(text, other, span):
    assert difference(text, other) == span

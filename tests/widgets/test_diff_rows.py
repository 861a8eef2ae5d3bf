"""Changes laid out as rows: one below the other, side by side, with comments where they belong."""

from __future__ import annotations

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
    partners,
    rows_of,
)

KEPT, GONE, GONE_TOO = DiffLine("a", 1, 1), DiffLine("b", 2, None), DiffLine("c", 3, None)
NEW, END = DiffLine("B", None, 2), DiffLine("z", 4, 3)
LINES = (KEPT, GONE, GONE_TOO, NEW, END)
FILE = DiffFile("f.py", hunks=(DiffHunk("def f", LINES),), marked=((2, 2),), mark="w02 too")


def pairs(rows):
    return [(row.left, row.right) for row in rows if isinstance(row, LineRow)]


def test_one_below_the_other_every_line_has_a_row_in_git_s_order():
    rows = rows_of([FILE], {}, beside=False)
    assert [type(row) for row in rows] == [FileRow, HunkRow, *[LineRow] * 5]
    assert [row.line() for row in rows[2:]] == list(LINES)


def test_side_by_side_what_was_removed_stands_beside_what_came_in_its_place():
    assert pairs(rows_of([FILE], {}, beside=True)) == [(KEPT, KEPT), (GONE, NEW), (GONE_TOO, None), (END, END)]
    assert partners(LINES) == {GONE: NEW, NEW: GONE}


@pytest.mark.parametrize("beside", [False, True])
def test_a_comment_stands_below_its_line_once(beside):
    rows = rows_of([FILE], {("f.py", 2): "why?\nsay", ("f.py", -3): "and this?"}, beside=beside)
    said = [(rows[at - 1], row.text) for at, row in enumerate(rows) if isinstance(row, NoteRow)]
    assert [text for _, text in said] in (["why?", "say", "and this?"], ["and this?", "why?", "say"])
    (about,) = [before.line() for before, text in said if text == "why?"]
    assert about is NEW


def test_side_by_side_a_comment_belongs_to_its_own_side_and_is_wrapped_there():
    said = {("f.py", 2): "why is it so", ("f.py", -2): "it was better", ("f.py", 1): "kept"}
    rows = rows_of([FILE], said, beside=True, room=9)
    notes = [row for row in rows if isinstance(row, NoteRow)]
    assert [(note.text, note.old) for note in notes] == [
        ("kept", False), ("it was", True), ("better", True), ("why is it", False), ("so", False),
    ]  # fmt: skip
    (at,) = [at for at, row in enumerate(rows) if isinstance(row, LineRow) and row.left is GONE]
    assert rows[at].lines == (GONE, NEW)
    assert (rows[at].line(old=True), rows[at].line()) == (GONE, NEW)
    assert rows[at + 1] == notes[1]


def test_a_file_without_lines_says_why():
    rows = rows_of([DiffFile("logo.png", "binary, 3 kB before, 4 kB now")], {}, beside=False)
    assert rows == [FileRow(0), NoteRow(0, "binary, 3 kB before, 4 kB now")]


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

"""The diff view, walked by keys and looked at."""

from __future__ import annotations

import asyncio
import gc
from contextlib import asynccontextmanager

import pytest
from pygments.lexers import find_lexer_class_by_name
from textual.app import App

from agentorchestr_tui.widgets import languages
from agentorchestr_tui.widgets.diff_rows import DiffFile, DiffHunk, DiffLine, LineRow
from agentorchestr_tui.widgets.diff_view import DiffView
from agentorchestr_tui.widgets.lasting import undisturbed

LINES = (
    DiffLine("def f(x):", 1, None),
    DiffLine("def f(x, y):", None, 1),
    DiffLine("    return x", 2, 2),
)
MORE = tuple(DiffLine(f"x = {number}", None, number) for number in range(50, 90))
FILES = (
    DiffFile("a.py", hunks=(DiffHunk.of("class A", LINES), DiffHunk.of("", MORE)), marked=((1, 1),), mark="w02 too"),
    DiffFile("logo.png", "binary"),
)


@asynccontextmanager
async def shown(files=FILES, comments=None, *, size=(60, 12), beside=False):
    class Alone(App):
        CSS = "DiffView { height: 1fr; }"

        def compose(self):
            yield DiffView()

    app = Alone()
    async with app.run_test(size=size) as pilot:
        view = app.query_one(DiffView)
        view.beside = beside
        view.show(files, comments or {}, empty="Nothing was changed.")
        view.focus()
        await pilot.pause()
        yield view, pilot


def drawn(view, count=None):
    return [view.render_line(y).text.rstrip() for y in range(count or view.size.height)]


async def test_lines_stand_below_each_other_with_both_numbers_and_who_else_is_there():
    async with shown() as (view, _):
        rows = drawn(view, 5)
        assert rows[0].startswith("›a.py  +41 -1  ⚠ w02 too")
        assert rows[1] == "    ⋯ class A"
        assert rows[2] == "   1      -┃def f(x):"
        assert rows[3] == "        1 +┃def f(x, y):"
        assert rows[4] == "   2    2   " + "    return x"


async def test_side_by_side_the_new_line_stands_beside_the_old_one():
    async with shown(beside=True) as (view, _):
        assert drawn(view, 3)[2] == f"{'   1 -┃def f(x):':29}   1 +┃def f(x, y):"


async def test_side_by_side_a_comment_stands_under_its_side_and_keys_and_mouse_choose_one():
    said = {("a.py", 1): "new?", ("a.py", -1): "old?"}
    async with shown(comments=said, beside=True) as (view, pilot):
        assert drawn(view, 5)[3:] == [f"{'      ▌ old?'}", f"{'':29}{'      ▌ new?'}"]
        await pilot.press("n")
        assert view.line == ("a.py", 1, "def f(x, y):")
        await pilot.press("h")
        assert view.line == ("a.py", -1, "def f(x):")
        marked = [segment.style.bgcolor for segment in view.render_line(2)]
        assert len({str(color) for color in marked}) == 2  # of both halves one stands out
        await pilot.press("l")
        assert view.line == ("a.py", 1, "def f(x, y):")
        await pilot.click(DiffView, offset=(3, 2))
        assert view.line == ("a.py", -1, "def f(x):")
        view.beside = False
        assert view.line == ("a.py", -1, "def f(x):")
        assert [row.strip("› ") for row in drawn(view, 6)[2:]] == [
            "1      -┃def f(x):", "▌ old?", "1 +┃def f(x, y):", "▌ new?",
        ]  # fmt: skip


async def test_a_long_comment_is_wrapped_to_the_place_there_is():
    async with shown(comments={("a.py", 1): "word " * 30}) as (view, pilot):
        assert sum("▌ word" in row for row in drawn(view)) == 3
        await pilot.resize_terminal(100, 12)
        await pilot.pause()
        assert sum("▌ word" in row for row in drawn(view)) == 2


async def test_every_row_is_as_wide_as_the_view_whatever_stands_in_it():
    odd = DiffFile("wide.txt", hunks=(DiffHunk.of("", (DiffLine("漢字\tand a tab " + "x" * 200, None, 1),)),))
    for beside in (False, True):
        async with shown((odd,), beside=beside) as (view, _):
            assert {view.render_line(y).cell_length for y in range(3)} == {view.scrollable_content_region.width}


async def test_keys_go_from_change_to_change_and_to_the_end():
    async with shown() as (view, pilot):
        assert (view.cursor, view.path) == (0, "a.py")
        await pilot.press("n")
        assert view.line == ("a.py", -1, "def f(x):")
        await pilot.press("n")
        assert view.line == ("a.py", 50, "x = 50")
        await pilot.press("p")
        assert view.line == ("a.py", -1, "def f(x):")
        await pilot.press("end")
        assert view.path == "logo.png"
        assert drawn(view)[-1] == "›     binary"


async def test_the_cursor_stays_on_its_line_when_the_change_grows():
    async with shown() as (view, pilot):
        await pilot.press("n", "down")
        assert view.line == ("a.py", 1, "def f(x, y):")
        view.show((DiffFile("0.py", "binary"), *FILES), {("a.py", -1): "why?"})
        assert view.line == ("a.py", 1, "def f(x, y):")


async def test_a_click_puts_the_cursor_there():
    async with shown() as (view, pilot):
        await pilot.click(DiffView, offset=(10, 3))
        assert view.line == ("a.py", 1, "def f(x, y):")


async def test_long_lines_are_looked_at_by_going_to_the_side():
    long = DiffFile("l.txt", hunks=(DiffHunk.of("", (DiffLine("0123456789" * 20, None, 1),)),))
    async with shown((long,)) as (view, pilot):
        await pilot.press("right")
        assert drawn(view)[2].split("+ ")[1].startswith("89012")
        await pilot.press("left")
        assert drawn(view)[2].split("+ ")[1].startswith("01234")


async def test_no_change_is_said_in_words():
    async with shown(()) as (view, pilot):
        assert drawn(view)[0] == " Nothing was changed."
        await pilot.press("n", "end", "pagedown")
        assert view.line is None


MANY = tuple(
    DiffFile(f"{number}.py", hunks=(DiffHunk.of("", tuple(DiffLine(f"x = {at}", None, at) for at in range(1, 1001))),))
    for number in range(4)
)


async def test_many_lines_are_laid_out_aside_and_the_last_wish_counts():
    async with shown() as (view, pilot):
        before = list(view.rows)
        view.show(MANY, {})
        assert list(view.rows) == before  # what was shown is still there
        view.show(FILES[1:], {})
        assert [type(row).__name__ for row in view.rows] == ["FileRow", "NoteRow"]
        view.show(MANY, {("2.py", 7): "why?"})
        await seen(pilot, lambda: len(view.rows) == 4 * 1002 + 1)
        assert view.path == "0.py"
        view.go_to_file("2.py")
        await pilot.press("n", *["down"] * 6)
        assert view.line == ("2.py", 7, "x = 7")
        view.beside = True
        view.show(MANY, {})
        await seen(pilot, lambda: len(view.rows) == 4 * 1002)
        assert view.line == ("2.py", 7, "x = 7")
        await pilot.press("n")
        assert view.path == "3.py"
        await pilot.press("p")
        assert view.path == "2.py"


async def test_a_long_change_is_plain_until_it_is_coloured_aside():
    async with shown(MANY[:1]) as (view, pilot):
        await seen(pilot, lambda: len(view.rows) == 1002)
        await seen(pilot, lambda: len({segment.style for segment in view.render_line(5)}) > 3)
        assert "x = 4" in view.render_line(5).text


async def test_hunks_in_view_are_coloured_together_and_rows_are_drawn_once():
    files = tuple(
        DiffFile(f"{n}.nix", hunks=(DiffHunk.of("", (DiffLine(f"let x = {n};", None, 1),)),)) for n in range(9)
    )
    async with shown(files, size=(60, 27)) as (view, pilot):
        await seen(pilot, lambda: all(len({part.style for part in view.render_line(y)}) > 3 for y in range(2, 27, 3)))
        before = [view.render_line(y) for y in range(2, 27)]
        assert all(view.render_line(y) is strip for y, strip in enumerate(before, 2))
        view.cursor = 4
        assert view.render_line(4) is not before[2]
        view.action_shift(1)
        assert view.render_line(5) is not before[3]
        assert view.render_line(5).text != before[3].text


@pytest.mark.parametrize(
    ("path", "first", "language"),
    [
        ("a/b.py", "", "python"), ("Makefile", "", "make"), ("x.tcss", "", "scss"), ("x.unheard", "", "text"),
        ("run", "#!/usr/bin/env python3", "python"), ("run", "#!/bin/sh", "sh"), ("run", "words", "text"),
        ("run", "#!/opt/unheard", "text"),
    ],
)  # fmt: skip
def test_a_language_is_known_by_name_or_by_what_runs_it(path, first, language):
    found = languages.language_of(path, first)
    assert found == language or language in find_lexer_class_by_name(found).aliases


def test_no_garbage_is_searched_for_while_much_is_made():
    with undisturbed():
        assert not gc.isenabled()
        with undisturbed():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


async def test_a_large_change_is_few_objects_and_goes_with_its_view():
    async with shown(MANY) as (view, pilot):
        await seen(pilot, lambda: len(view.rows) == 4 * 1002)
        own = [each for each in gc.get_objects() if isinstance(each, (DiffLine, LineRow))]
        assert len(own) < 1000
    assert not view.rows


async def seen(pilot, fact):
    """Wait for a fact."""
    async with asyncio.timeout(30):
        while not fact():
            await pilot.pause(0.01)

"""Editing a message."""

from __future__ import annotations

import pytest

from agentorchestr_tui.rehearsal.draft import Draft


def typed(text: str, *keys: str) -> Draft:
    draft = Draft()
    draft.type(text)
    for key in keys:
        assert draft.edit(key)
    return draft


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["backspace"], "one two\nthree fou"),
        (["left", "delete"], "one two\nthree fou"),
        (["home", "delete"], "one two\nhree four"),
        (["ctrl+w"], "one two\nthree "),
        (["ctrl+u"], "one two\n"),
        (["up", "ctrl+k"], "one two\nthree four"),
        (["home", "right", "up", "ctrl+k"], "o\nthree four"),
        (["home", "backspace"], "one twothree four"),
        (["up", "up", "home", "down", "ctrl+k"], "one two\n"),
        (["newline"], "one two\nthree four\n"),
    ],
)
def test_keys_edit_where_the_cursor_is(keys, text):
    assert typed("one two\nthree four", *keys).text == text


def test_keys_that_do_not_edit_are_told():
    assert not Draft().edit("enter")


def test_a_combined_character_is_one_step():
    assert typed("ae\u0301👩\u200d🔬", "backspace", "backspace").text == "a"


def test_a_long_paste_is_one_mark_and_whole_in_the_text():
    draft = typed("see: ")
    draft.paste("x\n" * 500)
    assert draft.lay_out(40)[0] == ["see: [pasted 501 lines]"]
    assert draft.text == "see: " + "x\n" * 500
    draft.edit("backspace")
    assert draft.text == "see: "


def test_a_short_paste_is_text_without_controls():
    draft = Draft()
    draft.paste("a\tb\x1b[31m\nc")
    assert draft.text == "a   b·[31m\nc"


def test_rows_break_at_the_width_and_the_cursor_is_found_in_them():
    rows, row, column = typed("abcdefgh").lay_out(4)
    assert rows == ["abcd", "efgh", ""]
    assert (row, column) == (2, 0)
    assert typed("abcdefgh", "left", "left").lay_out(4)[1:] == (1, 2)
    assert typed("日本語").lay_out(5)[0] == ["日本", "語"]

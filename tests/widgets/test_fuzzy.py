"""A few letters find a sentence."""

from __future__ import annotations

import pytest

from agentorchestr_tui.widgets.fuzzy import match, ranked


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("zoom", "zoom: this one alone"),
        ("al", "zoom: this one alone"),
        ("gl", "goal: a note to the lead"),
        ("note", "goal: a note to the lead"),
        ("lead note", "goal: a note to the lead"),
        ("w1", "go to: w01 tester"),
        ("test", "go to: w01 tester"),
    ],
)
def test_the_likeliest_comes_first(typed, best):
    sentences = ["goal: a note to the lead", "go to: w01 tester", "zoom: this one alone", "theme: light"]
    assert sentences[ranked(sentences, typed)[0][0]] == best


def test_what_does_not_fit_is_left_out_and_nothing_typed_is_everything():
    assert match("zoom", "zoomy") is None
    assert match("zoom", "xq") is None
    assert [number for number, _ in ranked(["a", "b"], "")] == [0, 1]


def test_the_letters_that_fit_are_told():
    assert match("end worker", "wo") == (28, (4, 5))


def test_a_long_line_of_one_letter_takes_no_time():
    assert match("a" * 400, "a" * 30 + "b") is None

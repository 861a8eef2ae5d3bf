"""Entries of the log, laid out."""

from __future__ import annotations

from agentorchestr_tui.rehearsal import log
from agentorchestr_tui.rehearsal.rows import GREEN, RED, YELLOW


def plain(entry: log.Entry, cells: int) -> list[str]:
    return ["".join(span.text for span in row) for row in entry.rows(cells)]


def test_a_tool_is_yellow_at_work_and_then_green_or_red():
    doing = log.Doing("Bash", "make")
    assert doing.rows(40)[0][0] == (YELLOW, "●")
    doing.done("fine")
    assert doing.rows(40)[0][0] == (GREEN, "●")
    failing = log.Doing("Bash", "make")
    failing.done("no rule", good=False)
    assert failing.rows(40)[0][0] == (RED, "●")
    assert failing.rows(40)[1][-1] == (RED, "rule")


def test_results_wrap_under_the_tool_and_changed_code_is_cut():
    doing = log.Doing("Edit", "a.py")
    doing.done("- return one_long_name", "+ return two", "and that is all there was", about="a.py (+1 -1)")
    assert plain(doing, 20) == [
        "● Edit a.py (+1 -1)",
        "  ⎿ - return one_lo…",
        "    + return two",
        "    and that is all ",
        "    there was",
        "",
    ]
    assert doing.rows(40)[1][1] == (RED, "- return one_long_name")
    assert doing.rows(40)[2][1] == (GREEN, "+ return two")


def test_long_results_and_messages_are_counted():
    doing = log.Doing("Bash", "seq")
    doing.done(*(str(number) for number in range(9)))
    assert plain(doing, 40)[-2:] == ["    … 5 more lines", ""]
    assert plain(log.asked("\n".join("abcde")), 40) == ["❯ a", "  b", "  c", "  d", "  … 1 more line", ""]
    assert len(plain(log.asked("x" * 100_000), 40)) < 15


def test_an_entry_is_laid_out_anew_when_it_changes_or_the_width_does():
    entry = log.said("one two")
    assert plain(entry, 40) == ["● one two", ""]
    assert plain(entry, 6) == ["● one ", "  two", ""]
    entry.say(log.said_spans("three"))
    assert plain(entry, 6) == ["● thre", "  e", ""]

"""The table of keys."""

from __future__ import annotations

import pytest

from agentorchestr_tui.tui import keys
from agentorchestr_tui.tui.keys import KEYS, Key, Where
from agentorchestr_tui.tui.stage import Stage


@pytest.mark.parametrize("where", list(Where))
def test_no_two_rows_of_the_table_clash(where):
    assert len(keys.table(where)) == sum(row.where is where for row in KEYS)


def test_a_clash_names_both_rows(monkeypatch):
    twice = Key("z", "help", Where.LEADER, "show this page", "z")
    monkeypatch.setattr(keys, "KEYS", (*KEYS, twice))
    with pytest.raises(ValueError, match="z after ctrl\\+b is both zoom and help"):
        keys.table(Where.LEADER)


def test_every_row_runs_an_action_of_the_stage():
    for row in KEYS:
        assert hasattr(Stage, f"action_{row.command.split('(')[0]}"), row


def test_every_row_is_explained_on_the_help_page():
    explained = {line for where in Where for line in keys.help_rows(where)}
    assert {(row.shown, row.help) for row in KEYS} == explained


def test_the_status_line_begins_with_help_and_waits_with_the_leaders_keys():
    assert keys.footer(pending=False)[:2] == [("^b ?", "help"), ("alt+1..9", "pane")]
    waiting = keys.footer(pending=True)
    assert ("q", "leave") in waiting
    assert waiting[-1] == ("esc", "cancel")
    assert not any("^b" in key for key, _ in waiting)


def test_plain_keys_belong_to_the_agents():
    direct = keys.table(Where.DIRECT)
    for key in ("ctrl+c", "ctrl+q", "ctrl+p", "tab", "escape", "enter", "f2", "f10", "a"):
        assert key not in direct

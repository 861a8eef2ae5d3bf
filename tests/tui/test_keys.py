"""The table of keys, and what a user's own table may change."""

from __future__ import annotations

import inspect
from dataclasses import replace
from types import MappingProxyType

import pytest

from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import Outcome
from agentorchestr_tui.tui import able, keymap
from agentorchestr_tui.tui.able import Situation
from agentorchestr_tui.tui.help import page as help_page
from agentorchestr_tui.tui.keys import ACTS
from agentorchestr_tui.tui.overlays import Overlays
from agentorchestr_tui.tui.stage import Stage

KEYS = keymap.standard()
W = Worker("w01", "implementer", "agent", "Say hello", (), "", "", None, "n", "c", "b", spawned=100.0)


def read(tmp_path, text):
    file = tmp_path / keymap.FILE
    file.write_text(text, encoding="utf-8")
    return keymap.load(file)


def test_every_key_of_the_table_is_bound_and_none_twice():
    assert sum(len(act.after) for act in ACTS) == len(KEYS.after)
    assert sum(len(act.direct) for act in ACTS) == len(KEYS.direct)
    assert len({act.name for act in ACTS}) == len(ACTS)


def test_every_act_is_an_action_of_the_stage():
    for act in ACTS:
        assert hasattr(Stage, f"action_{act.action.split('(')[0]}"), act


def test_every_act_has_a_key_and_every_screen_that_is_asked_for_is_opened():
    opened = inspect.getsource(Overlays.__init__)
    for act in ACTS:
        assert act.after or act.direct, act
        if act.action.startswith("ask("):
            assert act.action.removeprefix("ask('").removesuffix("')") in opened, act


def test_every_act_is_explained_on_the_help_page():
    explained = {words for _, rows in KEYS.help() for _, _, words in rows}
    assert {act.help for act in ACTS} == explained


def test_keys_are_written_as_people_write_them():
    rows = {row[2]: row[:2] for _, rows in KEYS.help() for row in rows}
    assert rows["the lead, or a worker"] == ("0..9", "alt+0..9")
    assert rows["the one beside it"] == ("arrows HJKL", "alt+arrows")
    assert rows["this page"] == ("?", "F1")
    assert KEYS.keys_of("zoom") == "^b z, alt+z"


def test_the_help_page_fits_80x24():
    lines = help_page(KEYS, 78).plain.splitlines()
    assert len(lines) <= 23  # and the way back takes one
    assert max(map(len, lines)) <= 78


def test_the_status_line_begins_with_help_and_leaves_out_what_cannot_be_done():
    now = Situation(tiles=3)
    assert [row[:2] for row in KEYS.footer(now, pending=False)][:2] == [("^b ?", "help"), ("alt+1..9", "pane")]
    assert "next ◆" not in [row[1] for row in KEYS.footer(now, pending=False)]
    assert "next ◆" in [row[1] for row in KEYS.footer(replace(now, needing=1), pending=False)]
    waiting = KEYS.footer(now, pending=True)
    assert ("q", "leave", "ask('leave')") in waiting
    assert waiting[1][:2] == ("esc", "cancel")
    assert not any("^b" in key for key, _, _ in waiting)


def test_the_status_line_offers_a_pane_where_there_is_one_and_the_team_where_numbers_end():
    def offered(tiles):
        return [label for _, label, _ in KEYS.footer(Situation(tiles=tiles), pending=False)]

    assert "pane" not in offered(1)
    assert "team" not in offered(10)
    assert offered(11)[:3] == ["help", "pane", "team"]


def test_plain_keys_belong_to_the_agents():
    for key in ("ctrl+c", "ctrl+q", "ctrl+p", "tab", "escape", "enter", "f2", "f10", "a"):
        assert key not in KEYS.direct


def test_keys_toml_changes_the_leader_and_any_key(tmp_path):
    keys = read(tmp_path, 'leader = "ctrl+a"\n[after_leader]\nzoom = ["Z", "|"]\n[at_any_time]\nlog = "alt+l"\n')
    assert keys.leader == "ctrl+a"
    assert keys.after["Z"].name == keys.after["vertical_line"].name == "zoom"
    assert "z" not in keys.after
    assert keys.direct["alt+l"].name == "log"
    assert keys.after["ctrl+a"].name == "send_leader"
    assert keys.keys_of("zoom") == "^a Z, ^a |, alt+z"


def test_without_a_file_the_keys_are_the_tables(tmp_path):
    assert keymap.load(tmp_path / keymap.FILE) == KEYS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[after_leader]\nzoom = "l"', "l after the leader is both log and zoom"),
        ('leader = "alt+z"', "alt+z is both the leader and zoom"),
        ('[after_leader]\nzoon = "l"', "no act 'zoon'; did you mean zoom?"),
        ('[after_laeder]\nzoom = "l"', "no setting 'after_laeder'; did you mean after_leader?"),
        ('[after_leader]\nzoom = "pgedown"', "no key 'pgedown'; did you mean pagedown?"),
        ('[after_leader]\nzoom = "ctr+z"', "no key 'ctr+z'; did you mean ctrl?"),
        ('[at_any_time]\nzoom = "z"', "would take a plain key from the agents"),
        ('leader = "b"', "would take a key from the agents"),
        ("[after_leader]\nzoom = 3", 'say a key, like "z"'),
        ('leader = "ctrl+ö"', "ctrl+ö is a key that no terminal sends"),
        ('[at_any_time]\nlog = "ctrl+m"', "ctrl+m and enter are one key to most terminals"),
        ("leader = ", "cannot be read"),
        ('zoom = "z"', "zoom is an act: say its keys under [after_leader] or [at_any_time]"),
        ('leader = "C-a"', "no key 'C-a'; did you mean ctrl+a?"),
        ('[at_any_time]\nzoom = "<M-S-z>"', "no key '<M-S-z>'; did you mean alt+shift+z?"),
        ('leader = "^a"', "no key '^a'; did you mean ctrl+a?"),
        ('leader = "ctrl-a"', "no key 'ctrl-a'; did you mean ctrl+a?"),
    ],
)
def test_what_is_wrong_in_keys_toml_is_named_with_the_way_out(tmp_path, text, said):
    with pytest.raises(CannotRun, match=r"keys\.toml") as told:
        read(tmp_path, text)
    assert said in str(told.value)


def test_what_cannot_be_done_says_why():
    lead = Situation(session=Session(id="s", goal="g"))
    with_worker = replace(lead, session=replace(lead.session, workers=MappingProxyType({"w01": W})), focus="w01")
    ended = replace(W, outcome=Outcome.DONE)
    over = replace(with_worker, session=replace(lead.session, workers=MappingProxyType({"w01": ended})))
    assert able.a_worker_to_end(lead).startswith("This is the lead.")
    assert able.a_worker_to_end(with_worker) == ""
    assert able.a_worker_to_end(over) == "w01 has ended already."
    assert able.a_worker_that_ended(with_worker).startswith("w01 is at work")
    assert able.a_worker_that_ended(over) == ""
    assert able.somebody_needs(lead) == "Nothing needs you."
    assert able.another_pane(lead) == "There is only the lead so far."
    assert able.one_that_stays(replace(lead, keeps=False)).startswith("The rehearsal's project")

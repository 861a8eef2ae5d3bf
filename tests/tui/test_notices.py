"""Notices: how a terminal is asked, and that each thing is told once, to one who does not look at it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from agentorchestr_tui.core.state import Need
from agentorchestr_tui.core.words import NeedKind, Outcome, Phase, Status
from agentorchestr_tui.tui.notices import Dialect, Gaze, Herald, Loudness, loudness, sequence
from tests.tui.test_inbox import CHOICES, W, session


@pytest.mark.parametrize(
    ("environment", "dialect"),
    [
        ({"TERM": "xterm-kitty"}, Dialect.OSC99),
        ({"TERM": "foot"}, Dialect.OSC777),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, Dialect.OSC777),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Dialect.OSC9),
        ({"TERM": "linux"}, Dialect.OFF),
        ({}, Dialect.OFF),
    ],
)
def test_the_terminal_is_asked_in_its_own_way(environment, dialect):
    assert loudness(True, "auto", environment).dialect is dialect
    assert loudness(True, "osc9", environment).dialect is Dialect.OSC9


def test_what_an_agent_says_cannot_break_out_of_a_notice():
    evil = "a\x1b\\b\x07;c\nd" + "x" * 500
    for dialect in (Dialect.OSC9, Dialect.OSC777, Dialect.OSC99):
        said = sequence(evil, Loudness(dialect=dialect))
        inner = said.removeprefix("\x1b]").removesuffix("\x1b\\")
        assert "\x07" not in inner
        assert "\n" not in inner
        assert len(inner) < 300
    assert sequence("a;b", Loudness(dialect=Dialect.OSC777)).count(";") == 3
    assert (
        sequence("x", Loudness(dialect=Dialect.OSC9, in_tmux=True))
        == "\x1bPtmux;\x1b\x1b]9;agentorchestr: x\x1b\x1b\\\x1b\\"
    )
    assert sequence("x", Loudness()) == ""


class Outside:
    """The world outside: rings and notices."""

    def __init__(self, how=None):
        self.rings, self.notices = 0, []
        self.herald = Herald(how or Loudness(dialect=Dialect.OSC9), self.ring, self.notices.append)

    def ring(self):
        self.rings += 1


def asking(**facts):
    return session(replace(W, status=Status.NEEDS_INPUT, seen="run npm test?"), **facts)


def test_each_need_is_told_once_even_when_it_is_raised_after_it_was_seen():
    outside, away = Outside(), Gaze("lead")
    outside.herald.look(session(W), away)
    for here in (
        asking(),
        asking(),
        asking(needs=MappingProxyType({"n1": Need("n1", "w01", NeedKind.PERMISSION, "x", CHOICES, 2.0)})),
    ):
        outside.herald.look(here, away)
    assert outside.rings == 1
    assert outside.notices == ["\x1b]9;agentorchestr: w01 implementer asks: run npm test?\x1b\\"]
    outside.herald.look(session(W), away)
    outside.herald.look(asking(), away)
    assert outside.rings == 2


def test_nobody_is_told_of_what_they_look_at():
    for gaze in (Gaze("w01"), Gaze("", everything=True)):
        outside = Outside()
        outside.herald.look(asking(), gaze)
        assert (outside.rings, outside.notices) == (0, [])
    outside = Outside()
    outside.herald.look(asking(), Gaze("w01", focused=False, known=True))
    assert (outside.rings, len(outside.notices)) == (1, 1)
    outside = Outside()
    outside.herald.look(asking(), Gaze("lead", focused=True, known=True))
    assert (outside.rings, outside.notices) == (1, [])  # the terminal has the focus: the bell is enough


def test_several_at_once_are_one_notice_and_the_end_is_told():
    outside, away = Outside(), Gaze("lead", focused=False, known=True)
    blocked = replace(W, outcome=Outcome.BLOCKED, summary="no network")
    outside.herald.look(session(blocked, blocked, blocked), away)
    assert outside.rings == 1
    assert "(and 2 more)" in outside.notices[0]
    outside.herald.look(replace(session(), phase=Phase.DONE, why="it works"), away)
    assert "The goal is reached: it works" in outside.notices[1]


def test_the_bell_and_the_notices_can_be_turned_off():
    outside = Outside(Loudness(bell=False))
    outside.herald.look(asking(), Gaze("lead"))
    assert (outside.rings, outside.notices) == (0, [])

"""How much context agents use, as they show it."""

from __future__ import annotations

import re

import pytest

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.agents.context import ContextReader, ContextSign
from agentorchestr_tui.agents.rules import Field
from agentorchestr_tui.core.errors import CardError
from agentorchestr_tui.core.words import ContextUse
from tests.agents.recorded import MOMENTS

CARDS = load_cards([SHIPPED])


@pytest.mark.parametrize(
    ("moment", "use"),
    [
        ("opencode.turn_over.idle", ContextUse(15, 0)),
        ("kilocode.turn_over.idle", ContextUse(15, 0)),
        ("vibe.turn_over.idle", ContextUse(15, 200_000)),
        ("pi.turn_over.idle", ContextUse(0, 128_000)),
    ],
)
def test_it_is_read_off_real_screens(moment, use):
    seen = MOMENTS[moment]
    assert ContextReader(CARDS[seen.agent].context).look(seen.screen) == use


@pytest.mark.parametrize(
    ("pattern", "text", "use"),
    [
        (r"(?P<used>[\d.]+k?)/(?P<size>[\d.]+k) tokens", "34.5k/200k tokens", ContextUse(34_500, 200_000)),
        (r"(?P<used>[\d,]+) \((?P<percent>\d+)%\)", "12,000 (6%)", ContextUse(12_000, 200_000)),
        (r"(?P<left>\d+)% context left", "97% context left", ContextUse(3, 100)),
        (r"(?P<percent>[\d.]+)%/(?P<size>\d+k)", "25.0%/128k", ContextUse(32_000, 128_000)),
        (r"\((?P<used>\d+)\) \$(?P<cost>[\d.]+)", "(10) $0.25", ContextUse(10, 0, 0.25)),
        (r"(?P<used>\d+) used", "1 used, later 2 used", ContextUse(2, 0)),
        (r"(?P<used>\d+) used", "nothing", None),
    ],
)
def test_it_is_shown_in_many_ways(pattern, text, use):
    assert ContextSign("x", re.compile(pattern)).read(text) == use


def test_a_small_change_is_no_news():
    reader = ContextReader([ContextSign("x", re.compile(r"(?P<used>\d+)/(?P<size>\d+)"))])
    assert reader.look(["100/1000"]) == ContextUse(100, 1000)
    assert reader.look(["105/1000"]) is None
    assert reader.look(["111/1000"]) == ContextUse(111, 1000)
    titled = ContextReader([ContextSign("x", re.compile(r"(?P<left>\d+)% left"), Field.TITLE)])
    assert titled.look(["12% left"], "agent: 40% left") == ContextUse(60, 100)


def test_a_rule_without_a_figure_or_with_an_unknown_one_is_refused():
    with pytest.raises(CardError, match="no group used, percent or left"):
        ContextSign("x", re.compile("x")).check("card")
    with pytest.raises(CardError, match="has a group 'much'"):
        ContextSign("x", re.compile("(?P<much>x)")).check("card")

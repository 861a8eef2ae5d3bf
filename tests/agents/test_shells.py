"""The shell lines that agents ran, as they show them."""

from __future__ import annotations

import re

import pytest

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.agents.shells import ShellSign
from agentorchestr_tui.core.errors import CardError
from tests.agents.recorded import MOMENTS

CARDS = load_cards([SHIPPED])
SELF = "git -c user.name=Worker -c user.email=worker@example.invalid -c commit.gpgsign="
ADDS = f"git add hello.txt && {SELF}false commit -q -m 'Add hello.txt' && git log --oneline -1"
WRITES = rf"printf 'hello\n' > hello.txt && {ADDS}"


@pytest.mark.parametrize(
    ("agent", "line"),
    [
        *[(name, ADDS) for name in ("opencode", "kilocode", "pi", "qwen")],
        ("codex", WRITES),
        ("cline", WRITES.replace("user.email", "user. email")),  # where its screen breaks the row
        ("gemini", f"git add hello.txt && {SELF}fa…"),
    ],
)
def test_they_are_read_off_real_screens(agent, line):
    assert CARDS[agent].shell.read(MOMENTS[f"{agent}.turn_over.idle"].screen) == (line,)


ASKS = ("write_prompt.needs_input", "trust_dialog.needs_input", ".denied.idle", ".denied_80.idle")


@pytest.mark.parametrize("moment", sorted(name for name in MOMENTS if name.endswith(ASKS)))
def test_what_was_asked_for_or_denied_was_not_run(moment):
    sign = CARDS[MOMENTS[moment].agent].shell
    assert sign is None or not [line for line in sign.read(MOMENTS[moment].screen) if "git add" in line]


def test_each_line_is_told_once_and_a_rule_without_a_line_is_refused():
    sign = ShellSign(re.compile(r"^\$ (?P<line>.+)$"))
    assert sign.read(["$ make", "ok", "$ make test", "$ make"]) == ("make", "make test")
    with pytest.raises(CardError, match="no group line"):
        ShellSign(re.compile(r"^\$ (.+)$")).check("card")

"""The judge, and the shipped rules against the screens that `tests/real/record.py` took of real CLIs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from agentorchestr_tui.agents.card import SHIPPED, Field, StatusRule, load_cards
from agentorchestr_tui.agents.status import Judge, Signal, Verdict
from agentorchestr_tui.core.words import Status
from tests.agents.recorded import AGENTS, MOMENTS, UNTOLD, moments_of

CARDS = load_cards([SHIPPED])
ASKS = Status.NEEDS_INPUT


def rule(name: str, field: Field, pattern: str, status: Status, rows: int = 12) -> StatusRule:
    return StatusRule(name, field, re.compile(pattern, re.MULTILINE), status, rows)


RULES = (
    rule("asks", Field.SCREEN, r"^Allow\? .*", Status.NEEDS_INPUT, rows=2),
    rule("works", Field.OSC7501, "^state=working", Status.WORKING),
    rule("rests", Field.OSC7501, "^state=idle", Status.IDLE),
)
WORKING, IDLE = Signal(Field.OSC7501, "state=working"), Signal(Field.OSC7501, "state=idle")


def judged(name: str, signals: Sequence[Signal], screen: Sequence[str]) -> Verdict:
    judge = Judge(CARDS[name].status)
    for signal in signals:
        judge.hear(signal)
    judge.look(screen)
    return judge.verdict


@pytest.mark.parametrize("agent", AGENTS)
def test_recorded_moments_are_judged_as_what_they_were(agent):
    moments = moments_of(agent, lambda each: not each.ended)
    told = {name: judged(agent, each.signals, each.screen).status for name, each in moments.items()}
    true = {name: Status.WORKING if name in UNTOLD else each.status for name, each in moments.items()}
    assert told == true


@pytest.mark.parametrize("agent", AGENTS)
def test_recorded_moments_are_judged_the_same_above_blank_rows(agent):
    moments = moments_of(agent, lambda each: not each.ended)
    bare = {name: judged(agent, each.signals, each.screen).status for name, each in moments.items()}
    above = {name: judged(agent, each.signals, [*each.screen, "   ", ""]).status for name, each in moments.items()}
    assert above == bare


@pytest.mark.parametrize("name", sorted(CARDS))
def test_a_screen_that_no_rule_fits_is_unknown_and_never_idle(name):
    judge = Judge(CARDS[name].status)
    judge.look(["Please log in to continue:", "> https://example.invalid/login"] if name != "aider" else ["Log in:"])
    judge.settle()
    assert judge.verdict.status is Status.UNKNOWN
    assert "og in" in judge.verdict.evidence or not judge.rows


@pytest.mark.parametrize("agent", sorted({each.agent for each in MOMENTS.values() if each.status is ASKS}))
def test_a_dialog_that_an_agent_merely_quotes_is_none(agent):
    quoted = moments_of(agent, lambda each: each.status is ASKS)
    rest = MOMENTS[f"{agent}.turn_over.idle"]
    for name, each in quoted.items():
        assert judged(agent, rest.signals, [*each.screen, *rest.screen[-8:]]).status is Status.IDLE, name


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        (["Repo-map: using 1024 tokens", "prompt.md (read only)", ">"], Status.IDLE),
        (["hello.txt", "ask> "], Status.IDLE),
        (["> Do now what it says"], Status.WORKING),
        (["> Do now what it says", "Here it is.", "hello.txt"], Status.WORKING),
        (["> Do it", "Add hello.txt to the chat? (Y)es/(N)o [Yes]:"], Status.NEEDS_INPUT),
    ],
)
def test_aider_is_judged_by_its_last_rows(rows, status):
    assert judged("aider", [], rows).status is status


@pytest.mark.parametrize(
    ("title", "status"), [("◐ Claude Code", Status.WORKING), ("⠂ Claude Code", Status.WORKING), ("✳ x", Status.IDLE)]
)
def test_claude_is_judged_by_its_title_where_it_reports_nothing(title, status):
    assert judged("claude", [Signal(Field.TITLE, title)], ["text"]).status is status


def test_a_judge_begins_with_starting():
    assert Judge(RULES).verdict.status is Status.STARTING


def test_only_a_change_is_news():
    judge = Judge(RULES)
    assert judge.hear(WORKING) == Verdict(Status.WORKING, "works", "state=working")
    assert judge.hear(WORKING) is None
    assert judge.hear(Signal(Field.OSC7501, "state=working:progress=5")) is None
    assert judge.look(["something"]) is None
    assert judge.hear(IDLE) == Verdict(Status.IDLE, "rests", "state=idle")


def test_the_first_rule_that_fits_decides():
    judge = Judge(RULES)
    judge.hear(IDLE)
    assert judge.look(["Allow? y/n"]) == Verdict(Status.NEEDS_INPUT, "asks", "Allow? y/n")
    assert judge.look(["Allowed."]) == Verdict(Status.IDLE, "rests", "state=idle")


def test_a_rule_sees_no_more_rows_than_it_asks_for():
    judge = Judge(RULES)
    assert judge.look(["Allow? y/n", "one", "two"]) is None
    assert judge.look(["one", "Allow? y/n", "two", "", "  "]) is not None


def test_nothing_that_fits_is_starting_until_the_start_is_over():
    judge = Judge(RULES)
    assert judge.look(["Loading"]) is None
    assert judge.settle() == Verdict(Status.UNKNOWN, "no rule fits", "Loading")


def test_once_it_was_judged_what_fits_no_rule_is_unknown():
    judge = Judge(RULES)
    judge.hear(WORKING)
    assert judge.hear(Signal(Field.OSC7501, "state=clear")) == Verdict(Status.UNKNOWN, "no rule fits", "")


@pytest.mark.parametrize("name", ["opencode", "kilocode"])
def test_a_footer_that_a_long_folder_breaks_in_two_is_at_rest_all_the_same(name):
    footer = [
        "  ┃  Build · scripted scripted",
        "  ╹▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀",
        "   /home/somebody/.local/share/agentorchestr/                        15 (0%) ctrl+p",
        "   worktrees/ea6be627/implementer-w01                                      commands",
    ]
    assert judged(name, [], footer).status is Status.IDLE
    working = [*footer[:2], "   ⬝⬝⬝⬝⬝⬝⬝⬝  esc interrupt                                     15 (0%)  ctrl+p commands"]
    assert judged(name, [], working).status is Status.WORKING


BAR = "─" * 120
FOOT = (BAR, "❯ Ask anything...", BAR, " scripted (10) $0.00", " lead (HEAD)", " Auto-approve all enabled (Shift+Tab)")


@pytest.mark.parametrize(
    ("name", "screen", "status"),
    [
        ("cline", (" ⠸ some_tool({})" + " " * 102 + "█", " " * 119 + "█", *FOOT), Status.WORKING),
        ("cline", (" * some_tool({})" + " " * 102 + "█", " " * 119 + "▄", *FOOT), Status.IDLE),
        ("opencode", ("Build · scripted", "/a/long/path/        15 (0%)ctrl+p", "worktree      commands"), Status.IDLE),
        ("kilocode", ("Build · scripted", "/a/long/path/        15 (0%)ctrl+p", "worktree      commands"), Status.IDLE),
    ],
)
def test_a_scroll_bar_or_a_narrow_foot_hides_no_status(name, screen, status):
    assert judged(name, (), screen).status is status

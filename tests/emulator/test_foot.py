"""The foot of a program that takes text in a box: left out of what was said, on every recorded screen of an agent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agentorchestr_tui.emulator.foot import start_of_foot
from tests.emulator.screens import fed

RECORDED = Path(__file__).resolve().parents[1] / "agents" / "screens"
DIALOGS = ("*prompt*.needs_input.txt", "*question*.needs_input.txt", "*trust_dialog*.needs_input.txt")
RULE = "─" * 30


def cut(path):
    """Return the rows above the foot of a recorded screen, and the foot."""
    rows = [row.rstrip() for row in path.read_text(encoding="utf-8").split("\n")]
    typed = [y for y, row in enumerate(rows) if row.startswith("› ")]
    start = start_of_foot(rows, typed[-1] if typed else None, max(map(len, rows)))
    return rows[:start], rows[start:]


def test_a_recorded_dialog_is_no_foot():
    dialogs = [path for pattern in DIALOGS for path in RECORDED.glob(pattern)]
    assert len(dialogs) > 60
    assert [path.name for path in dialogs if cut(path)[1]] == []


def test_the_foot_of_recorded_agents_is_found_and_nothing_that_was_said_is_in_it():
    feet = [(path.name, cut(path)[1]) for state in ("idle", "working") for path in RECORDED.glob(f"*.{state}.txt")]
    found = [(name, foot) for name, foot in feet if foot]
    assert len(found) > 0.8 * len(feet)
    words = ("report_done", "acknowledged", "A line of an answer", "HELLO-TASK", "hello.txt", "Go on with it")
    named = re.compile(r"· HELLO-TASK:|commit it,…$")  # Codex's foot has the conversation's title, on one row or two
    wrong = [n for n, foot in found if any(word in row for row in foot if not named.search(row) for word in words)]
    assert [name for name in wrong if "interrupted" not in name] == []  # there the task is a draft again


SAID = "hello\r\n● done\r\n\r\n"
BOX = f"{RULE}\r\n❯ a draft\r\n{RULE}\r\n  ? for help"


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (f"\x1b[?2004h{SAID}✶ Percolating… (3s)\r\n{BOX}", ["hello", "● done"]),
        (f"\x1b[?2004h{SAID}{BOX}\x1b[?2004l\r\nResume with: x", None),
        (f"\x1b[?2004h{SAID}› a draft\x1b[s\r\n\r\n  model x\x1b[u", ["hello", "● done"]),
        (f"\x1b[?2004h{SAID}› 1. Yes\x1b[s\r\n  2. No\r\n\r\n  esc\x1b[u", None),
        (f"\x1b[?2004h{SAID}{RULE}\r\n❯ 1. Yes\r\n  2. No\r\n{RULE}", None),
        (f"\x1b[?2004h{SAID}{RULE}\r\na table\r\n{RULE}", None),
        (f"{SAID}{BOX}", None),
        (f"\x1b[?1049h{SAID}  ┃\r\n  ┃  Build\r\n  ╹{'▀' * 20}\r\n   ~/x", ["hello", "● done"]),
    ],
)
def test_what_is_typed_in_a_box_was_not_said(stream, said):
    emulator = fed(stream, columns=40, lines=12)
    texts = [line.text for line in emulator.transcript()]
    whole = [row.rstrip() for row in emulator.display]
    assert texts == said if said is not None else [row for row in texts if row] == [row for row in whole if row]


def test_a_program_that_leaves_the_alternate_screen_leaves_its_words_and_no_foot():
    emulator = fed(f"\x1b[?1049h{SAID}{BOX}", columns=40, lines=12)
    during = [line.text for line in emulator.transcript()]
    emulator.feed(b"\x1b[?1049lafter")
    assert during == ["hello", "● done"]
    assert [line.text for line in emulator.transcript()] == [*during, "after"]


def test_numbers_stay_when_what_was_a_foot_becomes_text():
    emulator = fed(f"\x1b[?2004h{SAID}{BOX}", columns=40, lines=12)
    before = emulator.transcript()
    emulator.feed(b"\x1b[4;1H\x1b[Jmore\r\n" + b"words\r\n" * 20)
    after = emulator.transcript()
    assert after[: len(before)] == before
    assert [line.number for line in after] == list(range(len(after)))
    assert after[3].text == "more"

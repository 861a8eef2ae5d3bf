"""Floods: lines that come many at once leave what they leave one by one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentorchestr_tui.emulator import Emulator
from tests.emulator.screens import fed
from tests.emulator.test_any_bytes import holds_together, ordinary, state

COLUMNS, LINES, HISTORY, MANY = 20, 6, 30, 90
_PARTS = (
    "plain", "", "a line that is longer than the screen is wide", "twenty cells exactly",
    "é│─", "一二", "👩‍🚀", "e\u0301",
    "\u0301", "\x1b[31m", "\x1b[m", "\x1b[44m", "\x1b[K", "\t", "\x1b[1;38;2;1;2;3m", "\x1b]0;a\nb\x07",
    "\x1b[3\n1m", "\r",
)  # fmt: skip


def one_by_one(text):
    emulator = Emulator(COLUMNS, LINES, HISTORY)
    for line in text.splitlines(keepends=True):
        emulator.feed(line.encode())
    return emulator


@pytest.mark.parametrize(
    "line",
    [
        "plain {}", "\x1b[32m+\x1b[m\x1b[32mgreen {}\x1b[m", "{} \x1b[31mred and never put back", "\x1b[44m{}\x1b[m",
        "{} \x1b[44mblue into the next", "{} 一二", "{} 👩‍🚀", "é {} │",
        "{} is a \x1b[1mline\x1b[m longer than the screen",
        "\x1b[33mtwenty\x1b[m cells {:07}", "", "{}\x1b[K",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "before", ["", "above\r\n", "\x1b[44mab", "\x1b[?1049h", "\x1b[2;5r\x1b[3H", "\x1b[?7l", "\x1b(0"]
)
def test_lines_at_once_leave_what_they_leave_one_by_one(before, line):
    text = before + "".join(f"{line.format(number)}\r\n" for number in range(MANY)) + "\x1b[3bend"
    whole = fed(text, COLUMNS, LINES, HISTORY)
    assert state(whole) == state(one_by_one(text))
    holds_together(whole)


@ordinary
@given(st.lists(st.lists(st.sampled_from(_PARTS), max_size=4).map("".join), min_size=1, max_size=12),
       st.lists(st.integers(0, 9000), max_size=4))  # fmt: skip
def test_any_lines_again_and_again_cut_anywhere(lines, cuts):
    stream = "".join(f"{line}\r\n" for line in lines * 12).encode()
    whole, parts = Emulator(COLUMNS, LINES, HISTORY), Emulator(COLUMNS, LINES, HISTORY)
    whole.feed(stream)
    for start, end in pairwise(sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})):
        parts.feed(stream[start:end])
    assert state(parts) == state(whole)
    holds_together(whole)


def test_what_a_flood_printed_last_is_repeated():
    assert fed("\r\n".join(["a"] * 40 + ["b"]) + "\r\n\x1b[3b", COLUMNS, LINES).display[-1].rstrip() == "bbb"

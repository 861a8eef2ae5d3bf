"""What stands in a terminal multiplexer once the screen has ended, whatever size its window was given meanwhile."""

from __future__ import annotations

import signal

import psutil
import pytest

from tests.journeys.glass import COMMAND

ABOVE = "words of before\nand some more"
SIZES = {"same": [], "larger": [(160, 55)], "smaller": [(90, 24)], "to and fro": [(170, 60), (60, 12), (140, 50)]}


def fills(text, width):
    """Say whether the first page is drawn for a width: its panel stands whole in the middle."""
    row = next((line for line in text.splitlines() if "─ Welcome" in line), "")
    before = len(row) - len(row.lstrip())
    return row.endswith(("╮", "┃")) and abs(before + len(row) - width) <= 1


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize(("end", "code"), [(psutil.Process.kill, 137), (psutil.Process.terminate, 0)])
def test_nothing_of_the_screen_stays_and_what_stood_before_it_does(place, glass, sizes, end, code):
    """tmux once took rows of a screen that had grown into what stood before it."""
    glass.run(cwd=place.project, above=ABOVE)
    glass.until_shown("╭", "╯", "quit")
    for columns, lines in sizes:
        glass.resize(columns, lines)
        glass.until(lambda width=columns: fills(glass.text, width), "a screen of that size")
    _, screen = glass.processes()
    end(screen)
    glass.until_shown(f"ended with {code}")
    first, second, *said, last = [line for line in glass.whole.splitlines() if line]
    assert [first, second, last] == [*ABOVE.splitlines(), f"ended with {code}"]
    assert "".join(said).startswith("agentorchestr: The screen was ended by SIGKILL." if code else "")
    assert len(said) <= 2


def test_a_program_that_dies_after_it_left_the_screen_takes_nothing_of_what_it_said_along(place, glass):
    dying = "import os; from agentorchestr_tui import curtain; from agentorchestr_tui.launcher import stand_over\n"
    dying += "def run(): curtain.lift(); print('last words', flush=True); os.kill(os.getpid(), 9)\n"
    dying += "stand_over(run, [])"
    glass.run("-c", dying, cwd=place.project, above=ABOVE, command=COMMAND.with_name("python"))
    glass.until_shown("ended with")
    assert [line for line in glass.text.splitlines() if line][:3] == [*ABOVE.splitlines(), "last words"]


def test_a_session_that_was_put_to_sleep_is_drawn_anew_each_time(asked):
    both = asked.processes()
    for _ in range(4):
        both[0].send_signal(signal.SIGTSTP)
        asked.until(lambda: [each.status() for each in both] == [psutil.STATUS_STOPPED] * 2, "sleep")
        asked.until_gone("lead · chief")
        both[0].send_signal(signal.SIGCONT)
        asked.until_shown("lead · chief", "1 w01 implementer · asker", "Allow running `npm test`?", "^b ? help")

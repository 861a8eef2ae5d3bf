"""The curtain: what stands on the terminal while the program is being loaded; the screen takes its place."""

from __future__ import annotations

import contextlib
import os

ALTERNATE = "\x1b[?1049h"
# What stands on the alternate screen is wiped before it is left: tmux brings it to the size at which it was entered,
# and rows that wrap there, or find no room, would come to stand on the main screen. Some terminals have no other.
WIPE = "\x1b[0m\x1b[H\x1b[2J"
MAIN = f"{WIPE}\x1b[?1049l\x1b[?25h"
_NAME, _WORDS = "agentorchestr", "Opening..."
STOPPED = "Stopped by Ctrl-C. What was done stays done, and nothing is left half."
_drawn = [False]


def draw() -> None:
    """Show the name and that something comes, on the alternate screen."""
    with contextlib.suppress(OSError):
        columns, lines = os.get_terminal_size(1)
        middle, left = max(1, (lines + 1) // 2), max(1, (columns - len(_WORDS)) // 2 + 1)
        name, words = f"\x1b[1m{_NAME[: columns - 1]}\x1b[0m", f"\x1b[2m{_WORDS[:columns]}\x1b[0m"
        _drawn[0] = True  # first: a signal may come in between
        _write(f"{ALTERNATE}\x1b[2J\x1b[?25l\x1b[1;2H{name}\x1b[{middle};{left}H{words}")


def lift() -> None:
    """Go back to the main screen, where words are to be said; once, and not when the screen has taken over."""
    if _drawn[0]:
        _drawn[0] = False
        _write(MAIN)


def hand_over() -> None:
    """Leave the alternate screen to the program."""
    _drawn[0] = False


def _write(text: str) -> None:
    with contextlib.suppress(OSError):
        os.write(1, text.encode())

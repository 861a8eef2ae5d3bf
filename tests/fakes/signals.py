"""`python signals.py KIND LOG SEED PROMPT`: an agent with a 10 Hz spinner that tells what it does, and when it told it.

KIND is `osc`, `title` or `screen` (how it tells), or one of these with `-spins`: that works for ever. Each line of the
log is a JSON list: a status, and the monotonic clock right before it was written to the terminal.
"""

from __future__ import annotations

import json
import os
import random
import select
import sys
import time
import tty
from pathlib import Path

FRAME = 0.1  # seconds between two pictures of the spinner
WORKS, RESTS = (0.4, 0.9), (0.3, 0.7)  # seconds, at least and at most
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_GLYPHS = {"working": "✦", "idle": "◇", "needs_input": "✋"}
_STATES = {"working": "working", "idle": "idle", "needs_input": "blocked"}
_HISTORY = [f"● Read src/part{number}.py ({number * 7} lines)" for number in range(12)]


def main(kind: str, log: str, seed: str, _prompt: str) -> None:
    """Work and rest by turns, until the terminal goes away."""
    tells, _, spins = kind.partition("-")
    dice = random.Random(seed)
    tty.setraw(0)
    put("\x1b[?2004h")
    place = 0
    while True:
        place = place + 1 if spins == "" else 0
        status = "working" if place % 2 == 0 else "idle" if place % 4 == 1 else "needs_input"
        picture = paint(status, 0)
        told = signal(tells, status)
        began = time.monotonic()
        put(told + picture)
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(json.dumps([status, began]) + "\n")
        seconds = dice.uniform(*(WORKS if status == "working" else RESTS))
        spin(status, float("inf") if spins else began + seconds)


def spin(status: str, until: float) -> None:
    """Draw the spinner while it works, and throw away what is typed."""
    frame, began = 1, time.monotonic()
    while (now := time.monotonic()) < until:
        due = min(until, began + frame * FRAME)
        if select.select([0], [], [], max(0.0, due - now))[0]:
            if not os.read(0, 65536):
                sys.exit()
        elif status == "working" and due < until:
            put(paint(status, frame))
            frame += 1
        elif status != "working":
            frame += 1


def signal(tells: str, status: str) -> str:
    """Return what tells a status apart from the picture."""
    if tells == "osc":
        return f"\x1b]7501;state={_STATES[status]}:app=signals\x1b\\"
    return f"\x1b]0;{_GLYPHS[status]} signals\x07" if tells == "title" else ""


def paint(status: str, frame: int) -> str:
    """Return the whole picture, anew."""
    columns = os.get_terminal_size().columns
    if status == "needs_input":
        live = ["─" * columns, " Do you want to run rm -rf build?", " ❯ 1. Yes", "   2. No", "", " Esc to cancel"]
    else:
        works = status == "working"
        spinner = [f"{_SPINNER[frame % 10]} Thinking ({frame})"] if works else []
        live = [*spinner, f"╭{'─' * (columns - 2)}╮", f"│ ❯{' ' * (columns - 4)}│", f"╰{'─' * (columns - 2)}╯"]
        live.append("  esc interrupt" if works else "  ? for shortcuts")
    picture = "\r\n".join(f"{row[:columns]}\x1b[K" for row in [*_HISTORY, *live])
    return f"\x1b[?2026h\x1b[H{picture}\x1b[J\x1b[?2026l"


def put(text: str) -> None:
    """Write to the terminal."""
    data = text.encode()
    while data:
        data = data[os.write(1, data) :]


if __name__ == "__main__":
    main(*sys.argv[1:])

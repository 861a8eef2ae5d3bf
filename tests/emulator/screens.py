"""Short ways to look at a screen."""

from __future__ import annotations

from agentorchestr_tui.emulator import Emulator


def fed(text, columns=20, lines=6, history=100, *, tile=True):
    emulator = Emulator(columns, lines, history, tile=tile)
    emulator.feed(text.encode() if isinstance(text, str) else text)
    return emulator


def window(text):
    """Feed one that its program has to itself."""
    return fed(text, tile=False)


def shown(emulator):
    rows = [row.rstrip() for row in emulator.display]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def place(emulator):
    return emulator.screen.column, emulator.cursor.y

"""A soak, outside the suite: `python -m tests.speed.soak [MEGABYTES] [SEED]` feeds 1,000 MB, in bounded memory.

Streams of real kinds, noise, and odd sequences follow each other, cut anywhere, with resizes between them. It says
every hundred megabytes how much memory it holds, and ends with 1 if that grew without end or a screen fell apart.
"""

from __future__ import annotations

import random
import sys
import time

import psutil

from agentorchestr_tui.emulator import Emulator
from tests.speed.streams import generated

MEGABYTES = 1000
REPORT = 100_000_000  # bytes between two reports
GROWTH = 64_000_000  # bytes that memory may grow by after the first report
NOISE = 4096  # bytes of noise at once
_ODD = "\x1b[38;2;{};{};{}m\x1b]8;;http://{}/\x1b\\{}\x1b[{};{}H\x1b[{}{}"


def main(megabytes: int, seed: int) -> int:
    """Feed until enough, and say how it went."""
    chance, process, began = random.Random(seed), psutil.Process(), time.monotonic()
    emulator, kinds = Emulator(120, 40), [stream.data for stream in generated()]
    fed, first, reported = 0, 0, 0
    while fed < megabytes * 1_000_000:
        piece = _piece(chance, kinds)
        emulator.feed(piece)
        emulator.take_replies()
        emulator.take_events()
        fed += len(piece)
        if chance.random() < 0.01:
            emulator.resize(chance.randrange(2, 200), chance.randrange(1, 60))
        if fed - reported >= REPORT:
            reported = fed
            held = process.memory_info().rss
            first = first or held
            sys.stdout.write(f"{fed // 1_000_000:>6} MB fed, {held // 1_000_000} MB held, {_state(emulator)}\n")
            sys.stdout.flush()
            if held > first + GROWTH:
                sys.stdout.write(f"Memory grew by more than {GROWTH // 1_000_000} MB.\n")
                return 1
    sys.stdout.write(f"{fed // 1_000_000} MB in {time.monotonic() - began:.0f} s; nothing raised, memory is bounded.\n")
    return 0


def _piece(chance: random.Random, kinds: list[bytes]) -> bytes:
    kind = chance.random()
    if kind < 0.05:
        return chance.randbytes(NOISE)
    if kind < 0.15:
        return "".join(_odd(chance) for _ in range(200)).encode()
    data = chance.choice(kinds)
    start = chance.randrange(len(data))
    return data[start : start + chance.randrange(1, 60_000)]


def _odd(chance: random.Random) -> str:
    """Make colours, links, glyphs and places that were never there before."""
    glyph = chr(chance.randrange(0x3040, 0x9FFF)) + chr(chance.randrange(0x300, 0x36F)) * chance.randrange(3)
    rgb = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
    place = (chance.randrange(1, 50), chance.randrange(1, 130))
    return _ODD.format(*rgb, chance.random(), glyph, *place, chance.randrange(99), chance.choice("ABCDJKLMPSTXbhl"))


def _state(emulator: Emulator) -> str:
    """Say what is kept, after looking whether the screen holds together."""
    screen = emulator.screen
    for row in [*screen.rows, *screen.history]:
        if len(row.text) != len(row.codes):
            raise AssertionError(f"A row fell apart: {row.text!r}")
    return f"{len(screen.history)} rows of scrollback, {len(screen.styles.by_code)} styles, {len(screen.glyphs)} glyphs"


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    sys.exit(main(words[0] if words else MEGABYTES, words[1] if len(words) > 1 else 1))

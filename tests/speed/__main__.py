"""`make bench`: figures beside named baselines, all in one run; figures inform, and never decide a test."""

from __future__ import annotations

import asyncio
import sys

from tests.speed import frames, paint, parsing, sessions, starting, status, team, tiles
from tests.speed.table import Row, show

BENCHES = {
    "starting": starting.measure,
    "paint": paint.measure,
    "sessions": sessions.measure,
    "team": team.measure,
    "status": status.measure,
    "parsing": parsing.measure,
    "frames": frames.measure,
    "tiles": tiles.measure,
    "echo": tiles.measure_echo,
}


def main(names: list[str]) -> int:
    """Run the benches named, or all of them."""
    for name in names or BENCHES:
        if name not in BENCHES:
            sys.stderr.write(f"There is no bench {name!r}. There are: {', '.join(BENCHES)}.\n")
            return 2
        rows: list[Row] = asyncio.run(BENCHES[name]())
        show(name, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

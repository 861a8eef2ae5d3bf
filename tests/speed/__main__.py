"""`make bench`: figures beside named baselines, all in one run, summed up at its end; figures never decide a test.

`python -m tests.speed NAME...` runs the benches named; with `--all`, `sends` sends 10,000 messages and not 1,000.
"""

from __future__ import annotations

import asyncio
import sys
import time

from tests.speed import (
    app,
    frames,
    latency,
    measuring,
    paint,
    parsing,
    sends,
    sessions,
    spinners,
    starting,
    status,
    team,
    tiles,
)
from tests.speed.table import Row, show, sum_up

BENCHES = {
    "parsing": parsing.measure,
    "frames": frames.measure,
    "tiles": tiles.measure,
    "echo": tiles.measure_echo,
    "starting": starting.measure,
    "paint": paint.measure,
    "sessions": sessions.measure,
    "team": team.measure,
    "measuring": measuring.measure,
    "status": status.measure,
    "latency": latency.measure,
    "spinners": spinners.measure,
    "sends": sends.measure,
    "app": app.measure,
    "idle": app.measure_idle,
}
ALL = "--all"


def main(names: list[str]) -> int:
    """Run the benches named, or all of them."""
    benches = BENCHES | ({"sends": sends.measure_all} if ALL in names else {})
    seen: list[Row] = []
    took: dict[str, float] = {}
    for name in [name for name in names if name != ALL] or BENCHES:
        if name not in BENCHES:
            sys.stderr.write(f"There is no bench {name!r}. There are: {', '.join(BENCHES)}.\n")
            return 2
        began = time.monotonic()
        rows: list[Row] = asyncio.run(benches[name]())
        took[name] = time.monotonic() - began
        show(name, rows)
        seen += rows
    sum_up(seen, took)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

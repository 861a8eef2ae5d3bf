"""How long the command line takes to answer, beside a Python that does nothing."""

from __future__ import annotations

import subprocess
import sys
import time

from tests.speed.table import Row, median

TIMES = 9


async def measure() -> list[Row]:
    """Time --version, --help and --list-sessions."""
    nothing = _median("-c", "pass")
    baseline = "python -c pass"
    rows = [Row("python -c pass", nothing, "s")]
    for words in (["--version"], ["--help"], ["--list-sessions"]):
        took = _median("-m", "agentorchestr_tui", *words)
        rows.append(Row(f"agentorchestr {words[0]}", took, "s", baseline, nothing))
    return rows


def _median(*words: str) -> float:
    samples = []
    for _ in range(TIMES):
        began = time.perf_counter()
        subprocess.run([sys.executable, *words], check=True, capture_output=True, timeout=60)
        samples.append(time.perf_counter() - began)
    return median(samples)

"""How figures are shown: what, how much, beside what, and the bar."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure, its baseline in the same unit, and what is asked for."""

    what: str
    figure: float
    unit: str
    baseline: str = ""
    beside: float | None = None
    bar: str = ""

    @property
    def ratio(self) -> str:
        """The figure as a multiple of its baseline."""
        return f"{self.figure / self.beside:.2f}x" if self.beside else ""


def show(title: str, rows: Sequence[Row]) -> None:
    """Print rows as a table."""
    sys.stdout.write(f"\n{title}\n")
    for row in rows:
        beside = f"{row.baseline} {row.beside:.3f} {row.unit}" if row.beside is not None else ""
        line = f"  {row.what:<52} {row.figure:>9.3f} {row.unit:<3} {row.ratio:>7}  {beside:<44} {row.bar}"
        sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


def median(samples: Sequence[float]) -> float:
    """Return the middle one."""
    return statistics.median(samples)

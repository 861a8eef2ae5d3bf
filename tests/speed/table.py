"""How figures are shown: what, how much, beside what, and the bar.

Pictures a second are summed up and judged to a tenth: of a source's 20 a second the window's edges cut off a part.
Every other figure is judged as it is.
"""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_asked = re.compile(r"(at least|at most|all) ([\d.]+)(x?)").search


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
    def met(self) -> bool | None:
        """Say whether the figure is as good as asked; None if nothing is asked, or the baseline is missing."""
        if self.bar == "none":
            return self.figure == 0
        found = _asked(self.bar.replace(",", ""))
        if found is None:
            return None
        how, amount, times = found.groups()
        figure = self.figure if not times else self.figure / self.beside if self.beside else None
        if figure is not None and self.unit == "fps":
            figure = round(figure, 1)
        if figure is None:
            return None
        wanted = float(amount)
        return figure >= wanted if how == "at least" else figure <= wanted if how == "at most" else figure == wanted

    @property
    def amount(self) -> str:
        """The figure in its unit."""
        return f"{self.figure:.1f} fps" if self.unit == "fps" else f"{self.figure:.4g} {self.unit}"

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


def sum_up(rows: Sequence[Row], took: Mapping[str, float]) -> None:
    """Print every figure that has a bar: measure, value, bar, met or short; and how long the benches took."""
    sys.stdout.write(f"\n{'measure':<66} {'value':>12}  {'bar':<23}\n")
    judged = [row for row in rows if row.bar and row.met is not None]
    for row in judged:
        what = f"{row.what} ({row.baseline})" if row.ratio and "x" in row.bar else row.what
        value = row.ratio if "x" in row.bar else row.amount
        sys.stdout.write(f"{what:<66} {value:>12}  {row.bar:<23} {'met' if row.met else 'SHORT'}\n")
    short = sum(not row.met for row in judged)
    took_all = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in took.items())
    sys.stdout.write(f"\n{len(judged) - short} met, {short} short; {sum(took.values()) / 60:.1f} minutes: {took_all}\n")


def median(samples: Sequence[float]) -> float:
    """Return the middle one."""
    return statistics.median(samples)

"""A still: every row as it was at a moment, for one who reads on while output goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentorchestr_tui.emulator.rows import Row


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Still:
    """Rows, scrollback first; `first` is the number of `rows[0]`, counted from the first row that ever was."""

    rows: Sequence[Row]
    first: int

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1

    def row(self, number: int) -> Row:
        """Return the row of a number."""
        return self.rows[number - self.first]

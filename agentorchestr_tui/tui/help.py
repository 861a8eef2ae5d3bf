"""The help page: every key of the table, and what the glyphs mean."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.content import Content

from agentorchestr_tui.tui import keys, looks
from agentorchestr_tui.tui.keys import Where
from agentorchestr_tui.tui.panel import Choice, Panel, words

CLOSING = frozenset({"escape", "q", "question_mark", "f1", "enter"})
_KEYS = 18  # cells of the column of keys


class HelpPanel(Panel):
    """Shows the keys; Esc, q or the help key closes it."""

    def __init__(self) -> None:
        super().__init__("Keys", (Choice("escape", "esc", "close", "close"),))

    def body(self) -> ComposeResult:
        """List the table."""
        for where in Where:
            yield words(Content.styled(f"{where}", "bold"))
            yield words(_lines(keys.help_rows(where)))
        yield words(Content.styled("and else", "bold"))
        yield words(_lines(keys.ELSE))
        yield words(Content.styled("what the glyphs mean", "bold"))
        yield words(Content.assemble("  ", looks.legend()))

    def answer_to(self, key: str) -> str:
        """Close on the keys that people try."""
        return "close" if key in CLOSING else ""


def _lines(rows: Iterable[tuple[str, str]]) -> Content:
    lines = [Content.assemble((f"  {key:<{_KEYS}}", "$accent"), what) for key, what in rows]
    return Content("\n").join([*lines, Content()])

"""The help page: every key of the table, and what the glyphs mean."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from agentorchestr_tui.tui import keys, looks
from agentorchestr_tui.tui.keymap import Keymap
from agentorchestr_tui.tui.panel import Choice, Panel, words

CLOSING = frozenset({"escape", "q", "question_mark", "f1", "enter"})
_AFTER, _DIRECT = 17, 11  # cells of the columns of keys


class HelpPanel(Panel):
    """Shows the keys; Esc, q or the help key closes it."""

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap
        super().__init__("Keys", (Choice("escape", "esc", "close", "close"),))

    def body(self) -> ComposeResult:
        """List the table by groups, each key after the leader beside the one that works at any time."""
        heads = f"  {'after ' + self._keymap.leader:<{_AFTER}}{'at any time':<{_DIRECT}}"
        yield words(Content.styled(heads, "$foreground-muted"))
        for group, rows in self._keymap.help():
            yield words(Content.styled(f"{group}", "bold"))
            yield words(Content("\n").join(_line(*row) for row in rows))
        yield words(Content.styled("and else", "bold"))
        yield words(Content("\n").join(_line(key, "", what) for key, what in keys.ELSE))
        yield words(Content.styled("what the glyphs mean", "bold"))
        yield words(Content.assemble("  ", looks.legend()))

    def answer_to(self, key: str) -> str:
        """Close on the keys that people try."""
        return "close" if key in CLOSING else ""


def _line(after: str, direct: str, what: str) -> Content:
    width = _DIRECT if direct or len(after) <= _AFTER else _AFTER + _DIRECT - len(after)
    return Content.assemble((f"  {after:<{_AFTER}}", "$accent"), (f"{direct:<{width}}", "$accent"), what)

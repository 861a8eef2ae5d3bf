"""The help page: every key of the table in groups, on one page of 80x24, and what the glyphs mean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from agentorchestr_tui.tui import looks
from agentorchestr_tui.tui.keymap import Keymap
from agentorchestr_tui.widgets.status_line import StatusLine

CLOSING = frozenset({"escape", "q", "question_mark", "f1", "enter"})
_KEYS = 13  # cells of the column of keys
_COLUMN = 40  # cells of keys and words together
_WIDEST = 60  # cells of a column where there is more than enough
_ELSE = (
    ("other keys", "go to the agent"),
    ("mouse", "does all of it too"),
    ("shift+pgup", "scrolls"),
)


class HelpScreen(Screen[None]):
    """Shows the keys; Esc, q or the help key closes it."""

    DEFAULT_CSS = """
    HelpScreen {
        background: $background;

        & > VerticalScroll { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    }
    """
    ESCAPE_TO_MINIMIZE = False

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._page = Static()
        self._body = VerticalScroll(self._page, can_focus=False)
        self._foot = StatusLine()

    def compose(self) -> ComposeResult:
        """Stack the page and the way back."""
        yield self._body
        yield self._foot

    def on_mount(self) -> None:
        """Write the page."""
        self._foot.show([("esc", "close"), ("↑ ↓", "scroll")])
        self._write()

    def on_resize(self) -> None:
        """Write it anew for another width."""
        self._write()

    def on_key(self, event: events.Key) -> None:
        """Close, or scroll; nothing else gets through."""
        event.stop()
        scrolls = {
            "down": self._body.scroll_down, "up": self._body.scroll_up, "home": self._body.scroll_home,
            "end": self._body.scroll_end, "pagedown": self._body.scroll_page_down, "pageup": self._body.scroll_page_up,
        }  # fmt: skip
        if event.key in CLOSING:
            self.dismiss(None)
        elif event.key in scrolls:
            scrolls[event.key]()

    def _write(self) -> None:
        self._page.update(page(self._keymap, self.app.size.width - 2, self.app.size.height - 1))


def page(keymap: Keymap, width: int, height: int = 0) -> Content:
    """Return the whole page, in two columns where there is the width; with the height, no group is torn apart."""
    groups = list(_grouped(keymap))
    foot = [*_else(), *looks.legend(width)]
    lines = [line for group in groups for line in group]
    half = -(-len(lines) // 2) if width >= 2 * _COLUMN - 2 else len(lines)
    whole = next(n for n in accumulate(len(group) for group in groups) if n >= half)
    if whole + 1 + len(foot) <= height:
        half = whole
    left, right = lines[:half], lines[half:]
    room = max(_COLUMN - 1, min(width // 2, _WIDEST))
    rows = [_beside(one, right[n] if n < len(right) else Content(), room) for n, one in enumerate(left)]
    return Content("\n").join([_head(keymap), *rows, *foot])


def _grouped(keymap: Keymap) -> Iterator[list[Content]]:
    for group, rows in keymap.help():
        shown = [(after, words) for after, _, words in rows]
        yield [
            Content.styled(f"{group}", "bold"),
            *(Content.assemble((f" {after:<{_KEYS - 2}} ", "$accent"), words) for after, words in shown),
        ]


def _head(keymap: Keymap) -> Content:
    direct = [each for _, rows in keymap.help() for _, each, _ in rows if each]
    return Content.assemble(
        ("Keys", "bold $accent"), (f"  after {keymap.leader}", "bold"), ("    at any time  ", "bold"),
        ("  ".join(direct), "$accent"),
    )  # fmt: skip


def _else() -> list[Content]:
    return [Content("   ").join(Content.assemble((f"{key}  ", "$accent"), words) for key, words in _ELSE)]


def _beside(one: Content, other: Content, room: int) -> Content:
    return Content.assemble(one.pad_right(max(0, room - one.cell_length)), other)

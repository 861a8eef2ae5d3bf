"""The help page: every key of the table in groups, on one page of 80x24, and what the glyphs mean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

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
_WIDEST = 64  # cells of a column where there is more than enough
_THREE_FROM = 150  # columns of the terminal from which there are three of ours
_EMPTY = Content()
_SHORT = {
    "the lead, or a worker": "pane",
    "the one beside it": "next",
    "this page": "help",
    "this one alone, or all": "zoom",
}
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
        self.watch(self._body, "show_vertical_scrollbar", self._say_keys)
        self._write()

    def _say_keys(self, scrolls: bool) -> None:
        self._foot.show([("esc", "close"), *([("↑ ↓", "scroll")] if scrolls else [])])

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
    """Return the whole page, in as many columns as the width takes.

    With the height, in rows, no group is torn apart where that fits, and empty lines stand between them where they do.
    """
    groups = list(_grouped(keymap))
    over, above = _head(keymap)
    foot = [*_else(), *looks.legend(width)]
    number = 3 if width >= _THREE_FROM else 2 if width >= 2 * _COLUMN - 2 else 1
    lines = [line for group in groups for line in group]
    rows = -(-len(lines) // number)
    ways = (
        ([over, _EMPTY, above], _whole([[*group, _EMPTY] for group in groups], number)),
        ([Content.assemble(above, "  ", over)], _whole(groups, number)),
        ([Content.assemble(above, "  ", over)], [lines[at * rows : (at + 1) * rows] for at in range(number)]),
    )
    fits = (way for way in ways if len(way[0]) + max(map(len, way[1])) + len(foot) <= height)
    head, columns = next(fits, ways[-1])
    room = max(_COLUMN - 1, min(width // number, _WIDEST))
    longest = max(map(len, columns))
    return Content("\n").join([*head, *(_beside(columns, row, room) for row in range(longest)), *foot])


def _whole(groups: list[list[Content]], number: int) -> list[list[Content]]:
    """Share whole groups among so many columns, none longer than it has to be."""
    for longest in count(max(len(group) for group in groups)):
        columns: list[list[Content]] = [[]]
        for group in groups:
            if columns[-1] and len(columns[-1]) + len(group) > longest:
                columns.append([])
            columns[-1].extend(group)
        if len(columns) <= number:
            return columns
    raise AssertionError("some length takes them all")


def _grouped(keymap: Keymap) -> Iterator[list[Content]]:
    for group, rows in keymap.help():
        shown = [(after, words) for after, _, words in rows]
        yield [
            Content.styled(f"{group}", "bold"),
            *(Content.assemble((f" {after:<{_KEYS - 2}} ", "$accent"), words) for after, words in shown),
        ]


def _head(keymap: Keymap) -> tuple[Content, Content]:
    """Return the keys at any time, and the line over those after the leader."""
    direct = [(each, _SHORT.get(words, words)) for _, rows in keymap.help() for _, each, words in rows if each]
    said = Content("  ").join(Content.assemble((keys, "$accent"), f" {words}") for keys, words in direct)
    return Content.assemble(("at any time ", "bold"), said), Content.styled(f"after {keymap.leader}", "bold $accent")


def _else() -> list[Content]:
    return [Content("   ").join(Content.assemble((f"{key}  ", "$accent"), words) for key, words in _ELSE)]


def _beside(columns: list[list[Content]], row: int, room: int) -> Content:
    """Put the same row of each column beside the others."""
    cells = [column[row] if row < len(column) else Content() for column in columns]
    return Content.assemble(*(cell.pad_right(max(0, room - cell.cell_length)) for cell in cells[:-1]), cells[-1])

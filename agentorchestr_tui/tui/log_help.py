"""The help of what is over the stage, and of the scrollback: their keys, and the signs on the time line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from agentorchestr_tui.tui.panel import Choice, Hanging, Panel, words
from agentorchestr_tui.widgets.scrollback import Scrollback

_ROOM = 22  # cells of the column of keys
_KEYS = (
    ("1 … 6, tab", "another tab"),
    ("< >, alt+0..9", "another agent, or a verify"),
    ("/", "search all tabs of this one"),
    ("n N", "next hit, the one before"),
    ("f", "show only events with some words"),
    ("y", "copy what is in view, or the hit"),
    ("e", "export to a file: .txt, .cast or .svg"),
    ("↑ ↓ pgup pgdn home", "scroll"),
    ("end", "go to the end and follow"),
    ("space", "replay: play or stop"),
    ("← →", "replay: to the mark before, to the next"),
    (", .", "replay: 5 seconds back, on"),
    ("+ -", "replay: faster, slower"),
    ("[ ]", "replay: an earlier process, a later one"),
    ("esc", "end the search; back"),
)
_DIFF_KEYS = (
    ("tab", "the next worker, or what is integrated"),
    ("↑ ↓ pgup pgdn", "walk the lines"),
    ("n p", "next change, the one before"),
    ("f", "the files; enter goes to one"),
    ("s", "side by side, or one below the other"),
    ("h l", "side by side: to the old side, to the new one"),
    ("c", "comment on this line"),
    ("b", "send it back to its worker with your comments"),
    ("a", "accept: note that you find it good; nothing is merged, it can be integrated later"),
    ("i", "integrate: merge it now into the session's own branch, beside the others' work; yours stays as it is"),
    ("x", "cancel the integration or the merge that runs"),
    ("u", "undo: take it out of the session's branch again"),
    ("M", "merge the session's branch into yours; says first what happens"),
    ("esc", "back"),
)
_INBOX_KEYS = (
    ("j k", "the next one, the one before"),
    ("y a n", "answer: once, always, no"),
    ("r", "reply in words"),
    ("d", "put it aside without an answer"),
    ("enter", "go to its terminal"),
    ("pgup pgdn", "scroll what it shows"),
    ("esc", "back"),
)
_PLAN_KEYS = (
    ("↑ ↓, j k", "move to another task"),
    ("enter", "go to the worker that has it"),
    ("pgup pgdn", "scroll what it says"),
    ("esc", "back"),
)
_SIGNS = (
    ("❯", "a prompt"),
    ("•", "a tool call, or other news"),
    ("+", "a commit"),
    ("◆", "it needed somebody"),
    ("✓ ✗", "how it ended"),
    ("·", "another status"),
)


class KeysHelp(Panel):
    """Shows keys and what they do; any of Esc, q and ? closes it."""

    def __init__(self, heading: str) -> None:
        super().__init__(heading, (Choice("escape", "esc", "close", "close"),))

    def answer_to(self, key: str) -> str:
        """Close on the keys that people try."""
        return "close" if key in ("escape", "q", "question_mark", "enter", "f1") else ""


class LogHelp(KeysHelp):
    """Shows the keys of the log inspector."""

    def __init__(self) -> None:
        super().__init__("The log")

    def body(self) -> ComposeResult:
        """List keys and signs."""
        yield words(_table(_KEYS))
        yield words(Content.styled("\non the time line", "bold"))
        yield words(_table(_SIGNS))


class DiffHelp(KeysHelp):
    """Shows the keys of the diff."""

    def __init__(self) -> None:
        super().__init__("The diff")

    def body(self) -> ComposeResult:
        """List the keys."""
        yield words(_table(_DIFF_KEYS))


class InboxHelp(KeysHelp):
    """Shows the keys of the inbox."""

    def __init__(self) -> None:
        super().__init__("The inbox")

    def body(self) -> ComposeResult:
        """List the keys."""
        yield words(_table(_INBOX_KEYS))


class PlanHelp(KeysHelp):
    """Shows the keys of the plan."""

    def __init__(self) -> None:
        super().__init__("The plan")

    def body(self) -> ComposeResult:
        """List the keys."""
        yield words(_table(_PLAN_KEYS))


class ScrollbackHelp(KeysHelp):
    """Shows the keys of the scrollback."""

    def __init__(self) -> None:
        super().__init__("Scrollback")

    def body(self) -> ComposeResult:
        """List the keys."""
        yield words(_table(tuple((line.shown, line.help) for line in Scrollback.TABLE)))


def _table(rows: tuple[tuple[str, str], ...]) -> Hanging:
    """Put what a key does beside it; the rows of what is long stand below each other."""
    return Hanging([(_ROOM, Content.assemble((f"  {key:<{_ROOM - 2}}", "$accent"), said)) for key, said in rows])

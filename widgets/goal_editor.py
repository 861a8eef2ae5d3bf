"""The goal editor: lines of text, with paths to complete, long pastes folded, and earlier texts to call back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from . import draft as drafts
from .draft import Draft
from .matching import best

SEND_KEYS = ("ctrl+enter", "ctrl+s", "alt+enter")  # many terminals cannot tell ctrl+enter from enter
_WIDEST = 64  # cells of the list of paths


class Paths(Widget, can_focus=False):
    """The paths that fit what is being typed, beside the cursor; a click takes one."""

    DEFAULT_CSS = """
    Paths {
        overlay: screen;
        constrain: inside inside;
        width: auto;
        height: auto;
        padding: 0 1;
        background: $panel;
        color: $foreground;

        & > .paths--chosen { background: $accent; color: $background; }
        &:ansi > .paths--chosen { color: $block-cursor-foreground; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"paths--chosen"}

    class Taken(Message):
        """A path was clicked."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    def __init__(self) -> None:
        super().__init__()
        self._found: list[str] = []
        self._at = 0
        self.display = False  # no stylesheet reaches one that is never mounted, as where nothing can be completed

    def offer(self, found: list[str], place: Offset) -> None:
        """Show these below a place of the screen; none hides the list."""
        self._found, self._at = found, 0
        self.display = bool(found)
        self.absolute_offset = place + Offset(0, 1)
        self.refresh(layout=True)

    def step(self, by: int) -> None:
        """Choose the next one, or the one before."""
        self._at = (self._at + by) % max(1, len(self._found))
        self.refresh()

    @property
    def chosen(self) -> str:
        """The path that would be taken, or nothing."""
        return self._found[self._at] if self._found else ""

    def render(self) -> Text:
        """Draw one path a line."""
        text = Text("\n").join(Text(_end_of(path)) for path in self._found)
        lines = text.split("\n", allow_blank=True)
        if self._found:
            lines[self._at].stylize(self.get_component_rich_style("paths--chosen"))
        return Text("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        """Take the path under the mouse."""
        event.stop()
        if 0 <= event.y < len(self._found):
            self.post_message(self.Taken(self._found[event.y]))


class GoalEditor(TextArea):
    """A text area that says when it is to be sent.

    `files` are the paths that `@` completes; `known` says of an absolute path that was dropped how to write it, or
    nothing when there is no such file; `earlier` are texts for up and down, the newest first.
    """

    DEFAULT_CSS = """
    GoalEditor {
        height: 1fr;
        min-height: 3;
        border: round $border-blurred;
        padding: 0 1;
        background: $background;
        color: $foreground;

        &:focus { border: round $accent; }
        & .text-area--placeholder { color: $foreground-muted; }
        & .text-area--cursor-line { background: $background; }
        &:ansi .text-area--cursor { color: ansi_default; background: ansi_default; text-style: reverse; }
    }
    """

    class Sent(Message):
        """A person asked to send the text."""

    def __init__(self, example: str, known: Callable[[str], str] = lambda _: "") -> None:
        super().__init__(placeholder=example, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self.files: Sequence[str] = ()
        self.earlier: Sequence[str] = ()
        self.paths = Paths()
        self._known = known
        self._folds: dict[str, str] = {}
        self._back = 0  # how far up in what was earlier; 0 is the person's own text
        self._own = Draft()

    # -- public verbs

    @property
    def draft(self) -> Draft:
        """What stands in the editor."""
        kept = {token: text for token, text in self._folds.items() if token in self.text}
        return Draft(self.text, MappingProxyType(kept))

    @property
    def whole(self) -> str:
        """The text as it is to be sent, every fold opened."""
        return self.draft.whole

    def show(self, draft: Draft) -> None:
        """Put a draft in the place of what stands there, with the cursor at its end."""
        self._folds = dict(draft.folds)
        self.text = draft.text
        self.move_cursor(self.document.end)

    # -- handlers

    async def on_key(self, event: events.Key) -> None:
        """Run the keys that are more than text."""
        if self._take(event.key):
            event.stop()
            event.prevent_default()

    def _take(self, key: str) -> bool:
        if self.paths.display and self._take_path_key(key):
            return True
        match key:
            case "ctrl+enter" | "ctrl+s" | "alt+enter":
                self.post_message(self.Sent())
            case "up" if self.navigator.is_first_wrapped_line(self.cursor_location):
                return self._recall(1)
            case "down" if self.navigator.is_last_wrapped_line(self.cursor_location):
                return self._recall(-1)
            case "backspace":
                return self._delete_fold(before=True)
            case "delete":
                return self._delete_fold(before=False)
            case "ctrl+o":
                self._open_fold()
            case _:
                return False
        return True

    def _take_path_key(self, key: str) -> bool:
        match key:
            case "tab" | "enter":
                self._complete(self.paths.chosen)
            case "up" | "down":
                self.paths.step(1 if key == "down" else -1)
            case "escape":
                self._offer([])
            case _:
                return False
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text: a dropped file as a mention, a long text folded."""
        event.stop()
        event.prevent_default()
        self._take_text(event.text)

    def action_paste(self) -> None:
        """Paste what was copied inside the application."""
        self._take_text(self.app.clipboard)

    def on_blur(self) -> None:
        """Offer nothing to nobody."""
        self._offer([])

    def on_text_area_selection_changed(self) -> None:
        """Look whether a path is being typed."""
        self.offer_paths()

    def offer_paths(self) -> None:
        """Offer paths while one is being typed."""
        if not self.has_focus:
            return
        row, column = self.cursor_location
        typed = drafts.typed_path(self.document.get_line(row)[:column])
        found = best(self.files, typed) if typed is not None else []
        self._offer([] if found == [typed] else found)

    def on_resize(self) -> None:
        """Keep the paths at the cursor."""
        self.call_after_refresh(self.offer_paths)

    # -- private

    def _offer(self, found: list[str]) -> None:
        if found or self.paths.display:
            self.paths.offer(found, self.cursor_screen_offset)

    def _complete(self, path: str) -> None:
        row, column = self.cursor_location
        typed = drafts.typed_path(self.document.get_line(row)[:column])
        if typed is not None:
            self._put(f"{drafts.mention(path)} ", (row, column - len(typed) - 1), (row, column))
        self._offer([])

    def complete(self, path: str) -> None:
        """Take a path for the one that is being typed."""
        self._complete(path)

    def _take_text(self, text: str) -> None:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        mentions = [self._known(path) for path in drafts.dropped(text)]
        if mentions and all(mentions):
            text = " ".join(drafts.mention(path) for path in mentions) + " "
        elif drafts.is_long(text):
            token = drafts.fold_name(text, self._folds)
            self._folds[token] = text
            text = token
        self._put(text, *self.selection)

    def _put(self, text: str, start: tuple[int, int], end: tuple[int, int]) -> None:
        if done := self._replace_via_keyboard(text, start, end):
            self.move_cursor(done.end_location)

    def _fold_at(self, column: int, line: str) -> tuple[str, int] | None:
        """Find the fold that a place in a line touches, and where it begins."""
        for token in self._folds:
            at = line.find(token)
            if at >= 0 and at <= column <= at + len(token):
                return token, at
        return None

    def _delete_fold(self, *, before: bool) -> bool:
        row, column = self.cursor_location
        found = self._fold_at(column, self.document.get_line(row))
        if found is None or not self.selection.is_empty:
            return False
        token, at = found
        if column == (at if before else at + len(token)):
            return False
        self._put("", (row, at), (row, at + len(token)))
        return True

    def _open_fold(self) -> None:
        row, column = self.cursor_location
        if found := self._fold_at(column, self.document.get_line(row)):
            token, at = found
            self._put(self._folds[token], (row, at), (row, at + len(token)))

    def _recall(self, by: int) -> bool:
        back = self._back + by
        if not 0 <= back <= len(self.earlier) or (by > 0 and not self.earlier):
            return False
        if not self._back:
            self._own = self.draft
        self._back = back
        self.show(Draft.of(self.earlier[back - 1]) if back else self._own)
        if by > 0:
            self.move_cursor((0, 0))
        return True


def _end_of(path: str) -> str:
    return path if len(path) <= _WIDEST else "…" + path[1 - _WIDEST :]

"""The ground of the modals that one writes in: an editor, what goes with it, a sentence of trouble, a button."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static, TextArea

from agentorchestr_tui import tasks
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.modal import Modal
from agentorchestr_tui.tui.panel import Flow
from agentorchestr_tui.widgets.draft import Draft
from agentorchestr_tui.widgets.goal_editor import GoalEditor, Paths
from agentorchestr_tui.widgets.status_line import StatusLine

_KEYS = (("tab", "tab next line"), ("@", "@ file"), ("up", "↑ earlier"), ("escape", "esc keeps the draft"))

_NOTHING = " "  # it keeps its row: nothing moves when the first key is typed


class _Keys(Static):
    """The keys of a composer, each of which a click presses."""

    DEFAULT_CSS = "_Keys { pointer: pointer; }"

    class Clicked(Message):
        """One was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, keys: Sequence[tuple[str, str]]) -> None:
        self._names = [key for key, _ in keys]
        self._flow = Flow([words for _, words in keys])
        super().__init__(self._flow, classes="keys")

    def on_click(self, event: events.Click) -> None:
        """Press the key under the pointer."""
        if (number := self._flow.piece_at(self.size.width, event.x, event.y)) is not None:
            self.post_message(self.Clicked(self._names[number]))


class Composer(Modal[None]):
    """Writes one text and hands it over; what is not handed over stays as a draft under `name`."""

    DEFAULT_CSS = """
    Composer {
        & > Vertical {
            width: 100;
            max-width: 96%;
            height: 28;
            max-height: 96%;
            padding: 0 2;
            background: $surface;
            border: round $accent;
            border-title-color: $accent;
            border-title-style: bold;
        }
        & .row { height: auto; }
        & .label { width: 9; height: 1; color: $foreground; text-style: bold; }
        & .said { width: 1fr; height: auto; max-height: 3; color: $foreground-muted; }
        & .trouble { height: auto; max-height: 3; color: $error; }
        & .foot { height: auto; }
        & .foot > Button { min-width: 11; background: $accent; color: $accent-ink; text-style: bold; }
        & .foot > Button:focus { background: $accent; color: $accent-ink; text-style: bold underline; }
        & .foot > Button:disabled { background: $panel; color: $foreground-muted; opacity: 100%; text-opacity: 100%; }
        & .foot > Button:ansi.-style-default { background: $accent; color: $accent-ink; border: none !important; }
        & .foot > Button:ansi.-style-default:disabled {
            background: $panel !important; color: $foreground-muted;
            border-left: solid $foreground-muted !important; border-right: solid $foreground-muted !important;
        }
        & .keys { width: 1fr; height: auto; margin: 0 0 0 2; color: $foreground-muted; }
    }
    """
    AUTO_FOCUS = "GoalEditor"

    def __init__(self, heading: str, example: str, doing: str, drafts: Drafts, name: str) -> None:
        super().__init__()
        self.editor = GoalEditor(example, self._written)
        self.trouble = Static(_NOTHING, markup=False, classes="trouble")
        self._heading = heading
        self._doing = doing
        self._drafts = drafts
        self._draft_name = name
        self._root: Path | None = None
        self._sending = False
        self._sent = False
        self._button = Button(doing.capitalize(), compact=True)

    def compose(self) -> ComposeResult:
        """Stack editor, what goes with it, trouble, and the way to send."""
        with Vertical() as frame:
            frame.border_title = self._heading
            yield from self.above()
            yield self.editor
            yield from self.facts()
            yield self.trouble
            with Horizontal(classes="foot"):
                yield self._button
                yield _Keys([("ctrl+s", f"ctrl+s or ctrl+enter {self._doing}"), *_KEYS])
            yield self.editor.paths  # in here: the screen would move it with what it centres

    def above(self) -> ComposeResult:
        """Give the widgets over the editor."""
        yield from ()

    def facts(self) -> ComposeResult:
        """Give the widgets between the editor and the button."""
        yield from ()

    def on_mount(self) -> None:
        """Take up the draft."""
        self._button.disabled = True
        tasks.start(self._take_up(), name="take up the draft")

    def know(self, root: str, files: tuple[str, ...], earlier: tuple[str, ...]) -> None:
        """Complete these files of the project from now on, and call back these texts."""
        self._root = Path(root)
        self.editor.files, self.editor.earlier = files, earlier
        self.editor.offer_paths()  # for one that is half typed already

    # -- what a kind of text does

    def wrong(self) -> str:
        """Say what keeps the text from being sent, or nothing."""
        return "" if self.editor.text.strip() else "There is nothing to send yet."

    def blocked(self) -> str:
        """Say what, besides the text, keeps it from being sent, or nothing."""
        return ""

    async def hand_over(self, text: str) -> str:
        """Hand the text over; return why not, or nothing."""
        raise NotImplementedError

    # -- handlers

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted where nothing else takes it."""
        event.stop()
        self.editor.focus()
        self.editor.on_paste(event)

    def on_key(self, event: events.Key) -> None:
        """Close and keep the draft, or send, wherever the focus is."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif event.key in ("ctrl+s", "ctrl+enter"):
            event.stop()
            self.send()

    @on(TextArea.Changed, "GoalEditor")
    def _follow(self) -> None:
        self.allow()
        if not self._sent:
            self._drafts.keep(self._draft_name, self.editor.draft)
        self.show_trouble(self.blocked())

    @on(Paths.Taken)
    def _take_path(self, message: Paths.Taken) -> None:
        self.editor.complete(message.path)
        self.editor.focus()

    @on(_Keys.Clicked)
    def _press(self, message: _Keys.Clicked) -> None:
        if message.key != "tab":
            self.editor.focus()
        self.post_message(StatusLine.Pressed(message.key, None))

    @on(GoalEditor.Sent)
    @on(Button.Pressed)
    def send(self) -> None:
        """Send, unless something is wrong with it."""
        if wrong := self.wrong():
            self.show_trouble(wrong)
        elif not self._sending:
            self._sending = True
            self.show_trouble("A moment…", sign="")
            tasks.start(self._hand_over(self.editor.whole), name=f"hand over {self._draft_name}")

    def allow(self) -> None:
        """Let the button be pressed when there is something to send and nothing is in the way."""
        self._button.disabled = not self.editor.text.strip() or bool(self.blocked())

    def show_trouble(self, words: str, sign: str = "✗ ") -> None:
        """Say what is wrong, or nothing; with another sign, how it goes."""
        self.trouble.update(f"{sign}{words}" if words else _NOTHING)

    async def _hand_over(self, text: str) -> None:
        try:
            refusal = await self.hand_over(text)
        finally:
            self._sending = False
        if not refusal:
            self._sent = True
            self._drafts.keep(self._draft_name, Draft())
        if not self.is_attached:
            return
        if refusal:
            self.show_trouble(refusal)
        else:
            self.dismiss(None)

    async def _take_up(self) -> None:
        draft = await self._drafts.load(self._draft_name)
        if self.is_attached and draft.text and not self.editor.text:
            self.editor.show(draft)

    def _written(self, path: str) -> str:
        """Say how to write a dropped file: from the project's root, or whole; nothing when there is none."""
        file = Path(path)
        if not file.exists():
            return ""
        inside = self._root is not None and file.is_relative_to(self._root)
        return str(file.relative_to(self._root)) if inside and self._root else path


def row(label: str, *widgets: Widget) -> Horizontal:
    """Return a line with its label."""
    return Horizontal(Static(label, markup=False, classes="label"), *widgets, classes="row")

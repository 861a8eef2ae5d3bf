"""The picker: type a few letters, choose one of what fits; the ground of palette and themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from agentorchestr_tui.tui.modal import Modal
from agentorchestr_tui.widgets.fuzzy import ranked
from agentorchestr_tui.widgets.options import Option, Options, fitting
from agentorchestr_tui.widgets.status_line import StatusLine

_FRAME = 6  # rows of border, input, rule and keys
KEEP = "keep "  # before an answer that is to be kept
Other = tuple[str, str, str]  # another key than Enter: its name, its words, and what it puts before the answer


class Picker(Modal[str]):
    """Gives back the answer of what was chosen, or nothing; `look` is told what is marked."""

    DEFAULT_CSS = """
    Picker {
        align: center top;

        & > Vertical {
            width: 60%;
            min-width: 92;
            max-width: 96%;
            height: auto;
            max-height: 90%;
            margin: 2 0 0 0;
            padding: 0 1;
            background: $surface;
            border: round $accent;
            border-title-color: $accent;
            border-title-style: bold;
        }
        & Input {
            border: none; height: 1; padding: 0 1; margin: 0 0 1 0;
            background: $surface; color: $foreground;
            & > .input--placeholder { color: $foreground-muted; }
        }
        & StatusLine { margin: 1 0 0 0; background: $surface; }
    }
    """
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        heading: str,
        options: Sequence[Option],
        *,
        hint: str = "type to find",
        doing: str = "choose",
        marked: str = "",
        others: Sequence[Other] = (),
        look: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._heading = heading
        self._doing = doing
        self._all = tuple(options)
        self._marked = marked
        self._others = tuple(others)
        self._look = look
        self._typed = Input(placeholder=hint, compact=True)
        self._list = Options("Nothing fits.")
        self._foot = StatusLine()
        self._frame = Vertical()

    def compose(self) -> ComposeResult:
        """Stack input, options and keys."""
        with self._frame:
            self._frame.border_title = self._heading
            yield self._typed
            yield self._list
            yield self._foot

    def on_mount(self) -> None:
        """Offer everything."""
        others = [(key, words) for key, words, _ in self._others]
        keys = [("enter", self._doing), ("esc", "back"), *others, ("↑ ↓", "move")]
        self._foot.show(keys)
        self._list.offer(self._all, self._marked)
        self._fit(self.app.size.height)

    def on_resize(self, event: events.Resize) -> None:
        """Fit into the place."""
        self._fit(event.size.height)

    def _fit(self, height: int) -> None:
        room = height * 9 // 10 - _FRAME - 2
        self._list.styles.height = max(1, min(len(self._all), room))

    @on(Input.Changed)
    def _find(self) -> None:
        typed = self._typed.value
        found = fitting(self._all, ranked([each.words for each in self._all], typed)) if typed else self._all
        self._list.offer(sorted(found, key=lambda each: bool(each.why_not)))

    async def on_key(self, event: events.Key) -> None:
        """Move and choose; what is typed goes to the input."""
        if event.key == "escape":
            self.dismiss("")
        elif before := next((before for key, _, before in self._others if key == event.key), ""):
            if self._list.marked is not None:
                self.dismiss(before + self._list.marked.answer)
        elif not self._list.take(event.key):
            return
        event.stop()
        event.prevent_default()

    @on(Options.Moved)
    def _say_more(self, message: Options.Moved) -> None:
        """Say how many are out of sight."""
        counts = ((message.above, "above"), (message.below, "below"))
        self._frame.border_subtitle = " · ".join(f"{number} more {where}" for number, where in counts if number)

    @on(Options.Marked)
    def _show(self, message: Options.Marked) -> None:
        if self._look is not None:
            self._look(message.option.answer)

    @on(Options.Chosen)
    def _choose(self, message: Options.Chosen) -> None:
        if message.option.why_not:
            self.notify(message.option.why_not, severity="warning")
        elif self.is_current:
            self.dismiss(message.option.answer)

"""The modal: a screen over another, which steps back while it stands there."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, ScreenResultType

WIDE = 100  # columns from which enough of the screen behind is seen
_DIM = Style(dim=True)


class Modal(ModalScreen[ScreenResultType]):
    """Stands over another screen; a terminal's own sixteen colours cannot be mixed, so there the other loses them."""

    DEFAULT_CSS = """
    Modal {
        align: center middle;
        background: $background 55%;
        &.-narrow { background: $background; }
    }
    """
    ESCAPE_TO_MINIMIZE = False

    @on(events.Resize)
    def _make_room(self, event: events.Resize) -> None:
        """Hide the screen behind where only shreds of it would be seen."""
        self.set_class(event.size.width < WIDE, "-narrow")

    def render(self) -> RenderableType:
        """Draw the screen behind."""
        drawn = super().render()
        if isinstance(drawn, BackgroundScreen) and self.app.current_theme.ansi:
            return _Colourless(drawn.screen, drawn.color)
        return drawn


class _Colourless(BackgroundScreen):
    """A screen in dim ink only: no colour, no weight, no cursor."""

    @classmethod
    def process_segments(cls, segments: Iterable[Segment], color: Color) -> Iterable[Segment]:
        """Take the styles away; control codes stay."""
        return (each if each.control else Segment(each.text, _DIM) for each in segments)

"""The log: what has happened, as sentences, followed while it grows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import RichLog

from agentorchestr_tui import tasks
from agentorchestr_tui.core.apply import apply
from agentorchestr_tui.core.events import Recorded
from agentorchestr_tui.core.sentences import sentence
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.widgets.status_line import StatusLine

KEPT = 2000  # lines on the screen; the event log has them all
_INDENT = 10  # cells of the time before a sentence


class LogScreen(ModalScreen[None]):
    """Lists every sentence of the session, the newest last, and follows unless one has scrolled up."""

    DEFAULT_CSS = """
    LogScreen {
        background: $background;

        & > RichLog {
            height: 1fr;
            padding: 0 1;
            background: $background;
            background-tint: $background 0%;
            border: round $border-blurred;
            border-title-color: $accent;
            border-title-style: bold;
            scrollbar-size-vertical: 1;
        }
    }
    """
    ESCAPE_TO_MINIMIZE = False

    def __init__(self, orchestrator: Orchestrator) -> None:
        super().__init__()
        self._orchestrator = orchestrator
        self._lines: list[tuple[float, str]] = []
        self._view = RichLog(wrap=True, max_lines=KEPT, auto_scroll=True)
        self._foot = StatusLine()
        self._read_to = 0
        self._stop = orchestrator.listen(self._hear)
        self._heard: list[tuple[Recorded, Session]] = []
        self._width = 0

    def compose(self) -> ComposeResult:
        """Stack the lines and the keys."""
        self._view.border_title = " What happened "
        yield self._view
        yield self._foot

    def on_mount(self) -> None:
        """Read what happened before."""
        self._foot.show([("esc", "back"), ("↑ ↓ pgup pgdn", "scroll"), ("end", "follow")])
        self._view.focus()
        tasks.start(self._read(), name="read the log")

    def on_unmount(self) -> None:
        """Stop following."""
        self._stop()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the sentences anew."""
        if event.size.width != self._width:
            self._width = event.size.width
            self.call_after_refresh(self._write_all)

    def on_key(self, event: events.Key) -> None:
        """Close, or let the lines scroll."""
        if event.key in ("escape", "q", "l"):
            event.stop()
            self.dismiss(None)

    async def _read(self) -> None:
        session = Session()
        for recorded in await self._orchestrator.ground.log.read(self._orchestrator.state.id):
            session = apply(session, recorded)
            self._note(recorded, session)
        for recorded, after in self._heard:
            self._note(recorded, after)
        self._heard.clear()
        self._write_all()

    def _hear(self, recorded: Recorded, session: Session) -> None:
        if not self._read_to:
            self._heard.append((recorded, session))
        elif line := self._note(recorded, session):
            self._write([line])

    def _note(self, recorded: Recorded, session: Session) -> tuple[float, str] | None:
        if recorded.seq <= self._read_to:
            return None
        self._read_to = recorded.seq
        if not (said := sentence(recorded.event, session)):
            return None
        self._lines.append((recorded.at, said))
        return self._lines[-1]

    def _write_all(self) -> None:
        if self.is_attached and self._view.size.width:
            self._view.clear()
            self._write(self._lines[-KEPT:])

    def _write(self, lines: Iterable[tuple[float, str]]) -> None:
        for at, said in lines:
            self._view.write(_drawn(at, said, self._view.scrollable_content_region.width), expand=True)


def _drawn(at: float, said: str, width: int) -> Text:
    """Return a sentence with its time; what does not fit goes on below the sentence's own beginning."""
    time = datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S")
    lines: list[str] = []
    for word in said.split():
        if lines and len(lines[-1]) + 1 + len(word) <= max(20, width - _INDENT):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    text = Text(f"{time}  ", style="dim")
    text.append(("\n" + " " * _INDENT).join(lines), style="not dim")
    return text

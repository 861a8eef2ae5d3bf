"""Questions with few answers: leave how, and what to do when nothing can be begun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from textual.app import ComposeResult
from textual.content import Content

from agentorchestr_tui.core.phrases import span
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.tui.panel import Choice, Panel, words

TICK = 0.5  # seconds between two looks at who has not ended yet
SOON = 2.0  # seconds after which it is said how long it takes
STAY = Choice("escape", "esc", "stay", "stay")
_AGAIN = Choice("r", "r", "try again", "again")
_QUIT = Choice("q", "q", "quit", "quit")


class LeavePanel(Panel):
    """How to leave a session that is not over; answers `pause`, `leave`, `stop` or `stay`."""

    def __init__(self, session: Session, *, keeps: bool) -> None:
        self._session = session
        self._keeps = keeps
        self._stops = False  # it was pressed once
        pause = Choice("p", "p", "pause, to be resumed later", "pause")
        leave = Choice("l", "l", "leave the agents running", "leave")
        stop = Choice("x", "x x", "stop for good", "stop" if keeps else "pause")  # of a rehearsal nothing can stay
        ways = (pause, leave, stop, STAY) if keeps else (stop, STAY)
        super().__init__("Leave the session?" if keeps else "Leave the rehearsal?", ways)

    def answer_to(self, key: str) -> str:
        """Take the one choice that cannot be taken back when its key is pressed twice."""
        answer = super().answer_to(key)
        stops = key == "x"
        sure, self._stops = self._stops, stops
        if stops and not sure:
            self.notify("Once more stops it for good; any other key does not.", severity="warning")
            return ""
        return answer

    def body(self) -> ComposeResult:
        """Say what each choice means."""
        working = len(self._session.live_workers)
        yield words(f"The goal is not reached yet; {_count(working)} at work.")
        if self._keeps:
            yield words("\nPause ends the agents, keeps all their work, and can be resumed.")
            yield words("Leave lets them go on without you. Come back to either with:")
            yield words(f"\n  agentorchestr --resume {self._session.id}")
            yield words("\nStop gives the goal up; what was done stays on its branches.")
        else:
            yield words("\nStop ends the agents and throws the rehearsal's project away; it cannot be resumed.")


class TroublePanel(Panel):
    """Why there is no session; answers `quit`, or `around`, `again` or `demo` where there is a lobby to go to."""

    def __init__(self, sentence: str, *, lobby: bool, again: bool) -> None:
        self._sentence = sentence
        self._lobby = lobby
        around = Choice("enter", "enter", "what is missing", "around")
        demo = Choice("d", "d", "see a rehearsal: no agent needed", "demo")
        ways = (around, *([_AGAIN] if again else []), demo, _QUIT) if lobby else (_QUIT,)
        super().__init__("It cannot begin", ways, tone="bad")

    def body(self) -> ComposeResult:
        """Say it in a sentence, and what shows more."""
        yield words(Content.assemble(("✗ ", "$error"), self._sentence))
        if not self._lobby:
            yield words(Content.assemble("\nTo see what is missing:  ", ("agentorchestr --doctor", "bold $accent")))

    def answer_to(self, key: str) -> str:
        """Take Escape for the way out as well."""
        return "quit" if key == "escape" else super().answer_to(key)


class ClosingPanel(Panel):
    """What happens while the session is put away, and who has not ended yet; it takes no key."""

    def __init__(self, sentence: str, still: Callable[[], Sequence[str]]) -> None:
        self._sentence = sentence
        self._still = still
        self._began = monotonic()
        self._who = words("")
        super().__init__("A moment", ())

    def body(self) -> ComposeResult:
        """Say it in a sentence."""
        yield words(self._sentence)
        yield self._who

    def on_mount(self) -> None:
        """Tell how it goes."""
        super().on_mount()
        self._tell()
        self.set_interval(TICK, self._tell)

    def _tell(self) -> None:
        left = ", ".join(self._still())
        seconds = monotonic() - self._began
        self._who.update(f"\nStill ending: {left} · {span(seconds)}" if left else _since(seconds))


def _since(seconds: float) -> str:
    return f"\n{span(seconds)}" if seconds >= SOON else ""


def _count(workers: int) -> str:
    return "no worker is" if not workers else "1 worker is" if workers == 1 else f"{workers} workers are"

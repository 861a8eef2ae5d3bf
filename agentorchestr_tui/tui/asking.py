"""Questions with few answers: leave how, and what to do when nothing can be begun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from agentorchestr_tui.core.phrases import span
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.tui.panel import Choice, Panel, words

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.going import Going

TICK = 0.5  # seconds between two looks at who has not ended yet
SOON = 2.0  # seconds after which it is said how long it takes
STAY = Choice("escape", "esc", "stay", "stay")
_AGAIN = Choice("r", "r", "try again", "again")
_QUIT = Choice("q", "q", "quit", "quit")
_HURRY = Choice("k", "k", "kill them now", "hurry")
_RETURN = Choice("r", "r", "resume it at once", "return")


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
    """What happens while the session is put away, who has not ended yet, and what is waited for how long at most.

    With `returns` one may come back to the session once it is put away; before anything is ended, one may stay.
    """

    class StayAsked(Message):
        """Nothing is to be ended."""

        def __init__(self, panel: ClosingPanel) -> None:
            super().__init__()
            self.panel = panel

    class ReturnAsked(Message):
        """The session is to go on at once."""

    def __init__(self, sentence: str, still: Callable[[], Sequence[str]], going: Going, *, returns: bool) -> None:
        self._sentence = sentence
        self._still = still
        self._going = going
        self._returns, self._comes_back = returns, False
        self._began = monotonic()
        self._said = words("")
        super().__init__("A moment", ())

    def body(self) -> ComposeResult:
        """Say it in a sentence."""
        yield words(self._sentence)
        yield self._said

    def on_mount(self) -> None:
        """Tell how it goes; what can be wished is shown once it takes its time."""
        self._tell()
        self.set_interval(TICK, self._go_on)

    def answer_to(self, key: str) -> str:
        """Take what can be wished now, shown or not."""
        return next((choice.answer for choice in self._ways() if choice.key == key), "")

    def choose(self, answer: str) -> None:
        """Do what is wished; the panel goes only when one stays."""
        if answer == "hurry":
            self._going.hurry()
        elif answer == "stay":
            self.post_message(self.StayAsked(self))
        elif answer == "return":
            self._returns, self._comes_back = False, True
            self.post_message(self.ReturnAsked())
        self.call_later(self._go_on)

    def _ways(self) -> tuple[Choice, ...]:
        """Return what can be wished now."""
        if not self._going.begun:
            return (STAY,)
        waits = not self._going.hurried and (self._still() or self._going.waits_for[0])
        return (*([_HURRY] if waits else []), *([_RETURN] if self._returns else []))

    async def _go_on(self) -> None:
        self._tell()
        await self.offer(self._ways())

    def _tell(self) -> None:
        seconds, left = monotonic() - self._began, ", ".join(self._still())
        what, at_most = self._going.waits_for
        lines = [f"Still ending: {left} · {span(seconds)}"] if left else [span(seconds)] if seconds >= SOON else []
        if self._going.hurried:
            lines.append("Nothing is waited for any more; the work is kept.")
        elif what and seconds >= SOON:
            lines.append(f"It waits for {what}: {span(at_most)} more at most.")
        if self._comes_back:
            lines.append("Then the session goes on.")
        self._said.update("".join(f"\n{line}" for line in lines))


def _count(workers: int) -> str:
    return "no worker is" if not workers else "1 worker is" if workers == 1 else f"{workers} workers are"

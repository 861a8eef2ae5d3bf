"""What one agent in its pane is seen and heard to do: judged when its pane rings, and told at once when it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import ceil

from agentorchestr_tui.agents.card import Card, Field
from agentorchestr_tui.agents.status import Judge, Signal, Verdict
from agentorchestr_tui.core.words import Status
from agentorchestr_tui.emulator import events as heard
from agentorchestr_tui.panes.pane import Pane

LOOK_EVERY = 0.1  # seconds between two looks at one screen that moves
WORKS_ON = 0.2  # seconds between two looks at one that moves and says the same: a spinner
TOGETHER = 0.025  # seconds; looks that are due within them come in one turn of the event loop
STARTS = 20.0  # seconds after which a screen that no rule fits is unknown, and no longer starting


class Senses:
    """Hears and looks; `judged` is told each change of status, `looked` is called after each look at the screen."""

    def __init__(self, card: Card, pane: Pane, judged: Callable[[Verdict], None], looked: Callable[[], None]) -> None:
        self.card = card
        self.pane = pane
        self.heard: dict[Field, str] = {}
        self.seen: tuple[str, ...] = ()  # the bottom of the screen at the last look
        self._judge = Judge(card.status)
        self._rows = max([self._judge.rows, *(sign.rows for sign in card.context)])
        self._judged = judged
        self._looked = looked
        self._loop = asyncio.get_running_loop()
        self._next_look = 0.0
        # What it drew before anybody listened rings no more, so the first look comes by itself.
        self._look_timer: asyncio.TimerHandle | None = self._loop.call_later(LOOK_EVERY, self.look)
        self._start_timer = self._loop.call_later(STARTS, self._settle)
        self._stops = [pane.listen(self._ring), pane.listen_events(self._hear)]

    @property
    def status(self) -> Status:
        """What it does now."""
        return self._judge.verdict.status

    @property
    def verdict(self) -> Verdict:
        """What it does now, by which rule, and on what text; a report in full."""
        verdict = self._judge.verdict
        told = next(
            (text for text in self.heard.values() if verdict.evidence and text.startswith(verdict.evidence)), ""
        )
        return Verdict(verdict.status, verdict.rule, told or verdict.evidence)

    @property
    def screen(self) -> list[str]:
        """The live screen's rows, down to the last one with text."""
        return list(self.pane.emulator.bottom(self.pane.emulator.lines))

    def hear(self, signal: Signal) -> None:
        """Take what the agent told in one way or another."""
        self.heard[signal.kind] = signal.text
        self._tell(self._judge.hear(signal))

    def take_up(self, seen: str) -> None:
        """Judge by what was heard before we came; what it told since counts more."""
        if self.status is Status.STARTING:
            self.hear(Signal(Field.TITLE, self.pane.emulator.title))
            if seen.startswith("state="):
                self.hear(Signal(Field.OSC7501, seen))

    def look(self) -> None:
        """Look at the screen now."""
        if self._look_timer is not None:
            self._look_timer.cancel()
            self._look_timer = None
        self.seen = self.pane.emulator.bottom(self._rows)
        news = self._judge.look(self.seen)
        works_on = news is None and self.status is Status.WORKING
        self._next_look = self._loop.time() + (WORKS_ON if works_on else LOOK_EVERY)
        self._tell(news)
        self._looked()

    def close(self) -> None:
        """Stop listening."""
        for stop in self._stops:
            stop()
        self._start_timer.cancel()
        if self._look_timer is not None:
            self._look_timer.cancel()

    def _ring(self, _pane: Pane) -> None:
        if self._look_timer is None:
            due = max(self._loop.time(), self._next_look)
            self._look_timer = self._loop.call_at(ceil(due / TOGETHER) * TOGETHER, self.look)

    def _hear(self, event: heard.Event) -> None:
        match event:
            case heard.Title():
                self.hear(Signal(Field.TITLE, event.text))
            case heard.ProgramStatus():
                told = f"state={event.state} kind={event.kind} msg={event.message}"
                self.hear(Signal(Field.OSC7501, told))
            case _:
                pass

    def _settle(self) -> None:
        self._tell(self._judge.settle())

    def _tell(self, verdict: Verdict | None) -> None:
        if verdict is not None and self.pane.exit is None:
            self._judged(self.verdict)

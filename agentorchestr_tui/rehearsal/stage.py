"""What the agent shows and hears: its log, its spinner, its prompt, its dialogs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from . import log
from .hands import HandsError
from .keys import Event, Key, Pasted, StatusHeard, Typed
from .log import Doing, Entry
from .screen import Painter, Question, View
from .terminal import Terminal
from .tools import ToolRefused

FRAME = 0.1  # seconds between two pictures of the spinner
WORDS_PER_SECOND = 40.0
TWICE = 2.0  # seconds within which a second Ctrl+C leaves


class Stage:
    """One agent's screen and its prompt; `on_message`, `on_interrupt` and `on_leave` hear the user."""

    def __init__(self, terminal: Terminal, name: str, pace: float) -> None:
        self.view = View(foot=name)
        self.on_message: Callable[[str], None] = lambda _text: None
        self.on_interrupt: Callable[[], None] = lambda: None
        self.on_leave: Callable[[], None] = lambda: None
        self._terminal = terminal
        self._painter = Painter(terminal.size)
        self._name, self._pace = name, pace
        self._since = 0.0  # monotonic seconds at which the turn began
        self._label = ""
        self._state = ""
        self._untold: list[tuple[str, dict[str, str]]] = []
        self._status_heard = False
        self._asked_to_leave = 0.0
        self._choice: asyncio.Future[int] | None = None
        self._answer: asyncio.Future[str] | None = None
        self._repaint: asyncio.Handle | None = None

    def open(self) -> None:
        """Draw the first picture; the first turn follows at once, so nothing is said of being idle."""
        self._terminal.write(self._painter.begin())
        self.begin_turn()

    def close(self) -> None:
        """Take the prompt away and leave the log."""
        if self._repaint is not None:
            self._repaint.cancel()
        self._terminal.write(self._painter.paint(self.view) + self._painter.leave(self.view))
        self._terminal.status("clear")
        self._terminal.title("")

    # what is shown

    def add(self, entry: Entry) -> None:
        """Put an entry at the end of the log."""
        self.view.log.append(entry)
        self.changed()

    async def say(self, text: str) -> None:
        """Say something, word by word."""
        entry = log.said("")
        self.add(entry)
        words = text.split(" ")
        for count in range(1, len(words) + 1) if self._pace else ():
            entry.say(log.said_spans(" ".join(words[:count])))
            self.changed()
            await asyncio.sleep(self._pace / WORDS_PER_SECOND)
        entry.say(log.said_spans(text))
        self.changed()

    @contextmanager
    def doing(self, tool: str, about: str = "") -> Iterator[Doing]:
        """Show a tool at work, and, if it fails, why."""
        entry = Doing(tool, about)
        self.add(entry)
        try:
            yield entry
        except (HandsError, ToolRefused) as error:
            entry.done(str(error), good=False)
            raise
        finally:
            self.changed()

    def begin_turn(self) -> None:
        """Start counting the seconds of a turn."""
        self._since = time.monotonic()
        self.working("Working")

    def working(self, label: str) -> None:
        """Show the spinner with what the agent is busy with."""
        self._label = label
        self._tell("working")
        self.tick()

    def idle(self, trouble: str = "") -> None:
        """Show that the agent waits for a message; `trouble` says what its turn ended on."""
        self._label = self.view.doing = ""
        if trouble:
            self._tell("error", msg=trouble)
        self._tell("idle")
        self.changed()

    def tick(self) -> None:
        """Move the spinner on."""
        if not self._label:
            return
        seconds = int(time.monotonic() - self._since)
        self.view.doing = f"{self._label}… ({seconds}s · esc to interrupt)"
        self.view.frame += 1
        self.changed()

    async def choose(self, text: str, choices: tuple[str, ...], kind: str) -> int:
        """Ask in a dialog and return the place of the choice."""
        label, self._label, self.view.doing = self._label, "", ""
        self.view.question = Question(text, choices)
        self._choice = asyncio.get_running_loop().create_future()
        self._tell("blocked", kind=kind)
        self.changed()
        try:
            return await self._choice
        finally:
            self._choice = self.view.question = None
            self.working(label)

    async def listen(self) -> str:
        """Wait for the user's next message, at the open prompt."""
        label, self._label, self.view.doing = self._label, "", ""
        self._answer = asyncio.get_running_loop().create_future()
        self._tell("blocked", kind="question")
        self.changed()
        try:
            return await self._answer
        finally:
            self._answer = None
            self.working(label)

    async def flood(self, chunks: int, chunk: bytes) -> None:
        """Send raw bytes past the picture, as fast as the terminal takes them, and draw anew."""
        for _ in range(chunks):
            self._terminal.write(chunk)
            await self._terminal.drain()
        self._painter.forget()
        self.changed()

    async def shown(self) -> None:
        """Return when the terminal has taken the latest picture."""
        if self._repaint is not None:
            self._repaint.cancel()
        await self._terminal.drain()
        self._paint()
        await self._terminal.drain()

    def resized(self) -> None:
        """Draw everything anew at the terminal's size."""
        self._painter.resized(self._terminal.size)
        self.changed()

    def changed(self) -> None:
        """Ask for a new picture soon."""
        if self._repaint is None:
            self._repaint = asyncio.get_running_loop().call_soon(self._paint)

    # what is heard

    def hear(self, event: Event) -> None:
        """Act on what was typed."""
        if isinstance(event, StatusHeard):
            self._status_heard = True
            self._name_window()
        elif event == Key("ctrl+c"):
            self.interrupted()
        elif self._choice is not None:
            self._hear_choice(event)
        elif event == Key("enter"):
            self._submit()
        elif event == Key("escape"):
            self.on_interrupt()
        else:
            self._write(event)
        self.changed()

    def interrupted(self) -> None:
        """Act on Ctrl+C: empty the draft, and leave when it comes twice."""
        now = time.monotonic()
        if now - self._asked_to_leave < TWICE:
            self.on_leave()
        self._asked_to_leave = now
        self.view.draft.clear()
        self.view.hint = "ctrl+c again to leave"
        self.changed()

    def _write(self, event: Event) -> None:
        self.view.hint = ""
        if isinstance(event, Typed):
            self.view.draft.type(event.text)
        elif isinstance(event, Pasted):
            self.view.draft.paste(event.text)
        elif isinstance(event, Key):
            self.view.draft.edit(event.name)

    def _submit(self) -> None:
        text = self.view.draft.text.strip()
        self.view.draft.clear()
        self.view.hint = ""
        if text and self._answer is not None and not self._answer.done():
            self._answer.set_result(text)
        elif text:
            self.on_message(text)

    def _hear_choice(self, event: Event) -> None:
        question, choice = self.view.question, self._choice
        if question is None or choice is None or choice.done():
            return
        last = len(question.choices) - 1
        match event:
            case Typed(text):
                digits = (int(char) for char in text if char in "123456789"[: last + 1])
                if chosen := next(digits, None):
                    choice.set_result(chosen - 1)
            case Key("enter"):
                choice.set_result(question.at)
            case Key("escape"):
                choice.set_result(last)
            case Key("up"):
                self.view.question = replace(question, at=max(0, question.at - 1))
            case Key("down"):
                self.view.question = replace(question, at=min(last, question.at + 1))
            case _:
                pass

    # for the terminal

    def _tell(self, state: str, **details: str) -> None:
        """Tell a new state once the picture shows it: who hears of the end of a turn may read the screen at once."""
        if state != self._state or details:
            self._state = state
            self._untold.append((state, details))
            self.changed()

    def _name_window(self) -> None:
        glyph = {"working": "◐ ", "blocked": "◆ "}.get(self._state, "✳ ")
        self._terminal.title(("" if self._status_heard else glyph) + self._name)

    def _paint(self) -> None:
        self._repaint = None
        if self._terminal.busy:
            asyncio.get_running_loop().call_later(FRAME, self.changed)
        else:
            self._terminal.write(self._painter.paint(self.view))
            self._tell_terminal()

    def _tell_terminal(self) -> None:
        if self._untold:
            for state, details in self._untold:
                self._terminal.status(state, **details)
            self._untold.clear()
            self._name_window()

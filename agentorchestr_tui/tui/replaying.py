"""The replay of a recording: our own terminal fed from the file, with a time line, at any pace, the file read aside."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from agentorchestr_tui import tasks
from agentorchestr_tui.core.phrases import span
from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.panes.replay import Frame, Replay
from agentorchestr_tui.panes.tape import Moment, Tape
from agentorchestr_tui.tui.telling import Told, marks
from agentorchestr_tui.widgets.terminal import Terminal
from agentorchestr_tui.widgets.time_line import TimeLine, TimeMark

STEP = 1 / 30  # seconds between two looks at the clock while it plays
PAUSE = 1.5  # seconds that a silence lasts at most
BATCH = 96 * 1024  # characters fed between two frames; what is behind more than that is sought instead
PACES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
LATE = 10.0  # seconds after its last output within which an agent's end is a mark at the end of its recording
GROWS = 2.0  # seconds between two looks at a recording that is being written
_POSITIONS = frozenset({"home", "end", "left", "right", "space"})
_MOVES = _POSITIONS | {"comma", "full_stop", "left_square_bracket", "right_square_bracket"}
_NONE = "Nothing was recorded of it."


class ReplayView(Widget, can_focus=True):
    """Plays the recordings of one agent, one process at a time."""

    DEFAULT_CSS = """
    ReplayView {
        layout: vertical;
        height: 1fr;

        & > Container { height: 1fr; overflow: auto; background: $panel; align: center middle; }
        & .box { width: auto; height: auto; }
        & .box.-framed:ansi { border: round $border-blurred; }
        & Terminal { width: auto; height: auto; }
        & Static { color: $foreground-muted; width: auto; }
        &:focus TimeLine { background: $panel; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.terminal = Terminal(Emulator(80, 24, 1))
        self.terminal.can_focus = False
        self._box = Container(self.terminal, classes="box")
        self.time_line = TimeLine()
        self._note = Static(_NONE, markup=False)
        self._paths: Sequence[Path] = ()
        self._told: Sequence[Told] = ()
        self._number = 0
        self._replay: Replay | None = None
        self._early: list[str] | None = []  # keys that came before the recording was read; None once it is
        self._frame: Frame | None = None
        self._coming: deque[Moment] = deque()
        self._playing = False
        self._pace = PACES.index(1.0)
        self._at = 0.0
        self._since = 0.0
        self._wanted: float | None = None
        self._seeking = self._reading = False
        self._follows = False  # the end of a recording that is being written
        self.found: list[float] = []  # times at which what was searched for is said

    def compose(self) -> ComposeResult:
        """Stack terminal and time line."""
        with Container():
            yield self._note
            yield self._box
        yield self.time_line

    def on_mount(self) -> None:
        """Keep time."""
        self._box.display = False
        self.set_interval(STEP, self._tick)
        self.set_interval(GROWS, self._grow)

    # -- public verbs

    async def show(self, paths: Sequence[Path], told: Sequence[Told]) -> None:
        """Show the newest of these recordings from where something is to be seen, with marks for what is told."""
        self._paths, self._told = paths, told
        self._number = len(paths) - 1
        await self._load()

    @property
    def path(self) -> Path | None:
        """The recording that is shown."""
        return self._paths[self._number] if self._paths else None

    @property
    def at(self) -> float:
        """The time that is shown, in seconds from the beginning."""
        return self._at

    def seek(self, at: float) -> None:
        """Show a time; of many in a row the last one counts."""
        if self._replay is None:
            return
        self._wanted = max(0.0, min(at, self._replay.tape.duration))
        self._at = self._wanted
        self._show_time()
        if not self._seeking:
            self._seeking = True
            tasks.start(self._seek(), name="seek in a recording")

    async def search(self, words: str, tell: Callable[[float], None] = lambda _: None) -> int:
        """Find words in what is shown over time; return at how many times they are said.

        `tell` is told again and again which share of the recording was read.
        """
        self.found = []
        if self._replay is not None and words:
            tape = self._replay.tape
            pieces = tape.find(words)
            while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
                self.found += piece[1]
                tell(piece[0] / max(1, tape.scanned))
        return len(self.found)

    def search_on(self, by: int) -> int:
        """Stop at the next time found, or the one before; return its number from 1, or 0."""
        if not self.found:
            return 0
        later = [n for n, at in enumerate(self.found) if at > self._at + 0.001]
        before = [n for n, at in enumerate(self.found) if at < self._at - 0.001]
        number = (later or [0])[0] if by > 0 else (before or [len(self.found) - 1])[-1]
        self._follows = self._playing = False
        self.seek(self.found[number])
        return number + 1

    def take(self, key: str) -> bool:
        """Do what a key does here; False when it does nothing."""
        if self._replay is None:
            if self._early is not None and key in _POSITIONS:
                self._early.append(key)
            return self._early is not None and key in _POSITIONS
        steps = {"left": -1, "right": 1}
        self._follows = key == "end" or (self._follows and key not in _MOVES)
        match key:
            case "space":
                self._toggle()
            case "left" | "right":
                self.seek(self.time_line.beside(self._at, steps[key]))
            case "comma" | "full_stop":
                self.seek(self._at + (5.0 if key == "full_stop" else -5.0))
            case "home":
                self.seek(0.0)
            case "end":
                self.seek(self._replay.tape.duration)
            case "plus" | "equals_sign" | "minus":
                self._pace = max(0, min(len(PACES) - 1, self._pace + (-1 if key == "minus" else 1)))
                self._show_time()
            case "left_square_bracket" | "right_square_bracket":
                self._turn(-1 if key == "left_square_bracket" else 1)
            case _:
                return False
        return True

    # -- private

    async def _load(self) -> None:
        self._playing, self._replay, self._frame, self._at = False, None, None, 0.0
        self._early = self._early or []
        self._coming.clear()
        self._note.update(_NONE)
        path = self.path
        if path is not None:
            try:
                tape = await asyncio.to_thread(Tape.open, path)
                size = max(1, (await asyncio.to_thread(path.stat)).st_size)
                while await asyncio.to_thread(tape.scan):
                    self._note.update(f"Reading {tape.scanned / size:.0%}…")
            except (OSError, ValueError):
                self._note.update(f"{path} cannot be read.")
            else:
                if path is self.path and self.is_attached:
                    self._replay = Replay(tape)
                    self._take_marks()
                    self.seek(await asyncio.to_thread(self._replay.first))
        self._note.display = self._replay is None
        self._box.display = self._replay is not None
        self._show_time()
        early, self._early = self._early, None
        for key in early or ():
            self.take(key)

    def _take_marks(self) -> None:
        if self._replay is not None:
            tape = self._replay.tape
            own = [TimeMark(at, "•", "strong", label, 2) for at, label in tape.marks]
            near = [mark for mark in marks(self._told, tape.began) if mark.at <= tape.duration + LATE]
            told = [replace(mark, at=min(mark.at, tape.duration)) for mark in near]
            self.time_line.marks = sorted([*own, *told])

    def _grow(self) -> None:
        if self._replay is not None and self.is_attached:
            tasks.start(self._scan_on(self._replay), name="follow a recording")

    async def _scan_on(self, replay: Replay) -> None:
        before = replay.tape.scanned
        await asyncio.to_thread(replay.tape.scan)
        if replay.tape.scanned != before and replay is self._replay:
            self._take_marks()
            self._show_time()
            if self._follows and not self._playing:
                self.seek(replay.tape.duration)

    async def _seek(self) -> None:
        try:
            while (at := self._wanted) is not None and (replay := self._replay) is not None:
                self._wanted = None
                frame = await asyncio.to_thread(replay.seek, at)
                if self._wanted is None and replay is self._replay:
                    self._take(frame)
        finally:
            self._seeking = False
        self._show_time()

    def _take(self, frame: Frame) -> None:
        self._frame, self._at = frame, frame.at
        self._coming.clear()
        self._since = monotonic()
        self.terminal.show(frame.emulator)
        self._fit()
        self.terminal.ring()

    def on_resize(self) -> None:
        """Frame what fits with its frame."""
        self._fit()

    def _fit(self) -> None:
        """Give the terminal the size that the recording has now, and a frame if there is room for one."""
        if self._frame is not None:
            emulator, room = self._frame.emulator, self.size
            self.terminal.styles.width, self.terminal.styles.height = emulator.columns, emulator.lines
            lines = room.height - self.time_line.size.height
            self._box.set_class(emulator.columns + 2 <= room.width and emulator.lines + 2 <= lines, "-framed")

    def _toggle(self) -> None:
        if self._replay is not None and not self._playing and self._at >= self._replay.tape.duration:
            self.seek(0.0)
        self._playing = not self._playing
        self._since = monotonic()
        self._show_time()

    def _tick(self) -> None:
        """Go on as far as the clock has."""
        now = monotonic()
        passed, self._since = now - self._since, now
        if not self._playing or self._seeking or self._frame is None or self._replay is None:
            return
        if not self._coming and self._frame.offset < self._replay.tape.scanned:
            self._read_ahead()
            return
        self._at += passed * PACES[self._pace]
        if self._coming and self._coming[0].at - self._at > PAUSE:
            self._at = self._coming[0].at - PAUSE
        self._play_on()
        if not self._coming and self._frame.offset >= self._replay.tape.scanned:
            self._playing = False
        self._show_time()

    def _play_on(self) -> None:
        frame, fed = self._frame, 0
        while frame is not None and self._coming and self._coming[0].at <= self._at and fed < BATCH:
            moment = self._coming.popleft()
            frame.take(moment)
            fed += len(moment.text)
            if moment.code == "r":
                self._fit()
        if fed >= BATCH and self._coming:
            self._at = self._coming[0].at  # no faster than it can be drawn
        if fed:
            self.terminal.ring()

    def _read_ahead(self) -> None:
        if not self._reading and self._frame is not None and self._replay is not None:
            self._reading = True
            tasks.start(self._read(self._replay, self._frame), name="read ahead in a recording")

    async def _read(self, replay: Replay, frame: Frame) -> None:
        try:
            moments = await asyncio.to_thread(replay.ahead, frame)
        finally:
            self._reading = False
        if frame is self._frame:
            self._coming.extend(moments)
            self._since = monotonic()

    def _turn(self, by: int) -> None:
        number = self._number + by
        if 0 <= number < len(self._paths):
            self._number = number
            tasks.start(self._load(), name="load a recording")

    def _show_time(self) -> None:
        length = self._replay.tape.duration if self._replay else 0.0
        which = f" · process {self._number + 1} of {len(self._paths)}" if len(self._paths) > 1 else ""
        doing = "seeking…" if self._seeking else "▶" if self._playing else "‖"
        at = f"{span(self._at)} of {span(length)}"
        self.time_line.show(self._at, length, f"{doing} {PACES[self._pace]:g}x · {at}{which}")

    # -- handlers

    @on(TimeLine.Sought)
    def _jump(self, message: TimeLine.Sought) -> None:
        message.stop()
        self.focus()
        self._follows = False
        self.seek(message.at)

    @on(Terminal.Typed)
    @on(Terminal.Resized)
    def _ignore(self, message: Terminal.Said) -> None:
        message.stop()  # nobody is there to hear it, and a recording has the size it has

    def on_key(self, event: events.Key) -> None:
        """Run the keys of a player."""
        if self.take(event.key):
            event.stop()
            event.prevent_default()

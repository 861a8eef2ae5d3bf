"""The emulator: one object that takes a program's bytes and is asked what it shows, says and wants."""

from __future__ import annotations

from pyte.screens import Cursor

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator import replies, transcript
from agentorchestr_tui.emulator.aside import Watch
from agentorchestr_tui.emulator.colors import Rgb
from agentorchestr_tui.emulator.events import Event, Progress
from agentorchestr_tui.emulator.grid import BufferView
from agentorchestr_tui.emulator.modes import Modes
from agentorchestr_tui.emulator.parser import Parser
from agentorchestr_tui.emulator.screen import Frame, Screen
from agentorchestr_tui.emulator.transcript import Line


class Emulator:
    """A terminal without a face: bytes in; cells, events, answers and a transcript out.

    `screen` is a `pyte.Screen`, and `buffer`, `display` and `cursor` read as pyte's do.
    """

    def __init__(self, columns: int, lines: int, history: int = 5000, *, tile: bool = True) -> None:
        """Make a terminal of a size in cells; `history` is the rows of scrollback, `tile` as in `Emulator.tile`."""
        self.screen = Screen(columns, lines, history)
        self.tile = tile
        self._parser = Parser(self.screen)
        self._watch = Watch(self.screen)

    def feed(self, data: bytes) -> None:
        """Take output of the program, cut anywhere; never raises."""
        self._parser.feed(data)
        if self.screen.held is None:
            self._watch.look()

    def resize(self, columns: int, lines: int) -> None:
        """Take another size in cells."""
        self.screen.resize(lines, columns)

    @property
    def tile(self) -> bool:
        """Say that it is a part of someone's screen: its size is theirs, and its titles are not told to the program.

        If not, the program has the window to itself, as in an xterm that allows window operations.
        """
        return self.screen.tile

    @tile.setter
    def tile(self, tile: bool) -> None:
        self.screen.tile = tile

    @property
    def columns(self) -> int:
        """The width in cells."""
        return self.screen.columns

    @property
    def lines(self) -> int:
        """The height in cells."""
        return self.screen.lines

    @property
    def display(self) -> list[str]:
        """The screen as text: one string a row, its blank tail as spaces, wide stubs left out."""
        return self.screen.display

    def bottom(self, count: int) -> tuple[str, ...]:
        """Return the last `count` rows with text, without trailing blanks; a frame being drawn is not seen yet."""
        rows, text = self.screen.held.rows if self.screen.held else self.screen.rows, self.screen.glyphs.text
        end = len(rows)
        while end and not rows[end - 1].text.strip():
            end -= 1
        return tuple([text(row.text).rstrip() for row in rows[max(0, end - count) : end]])

    @property
    def buffer(self) -> BufferView:
        """The cells as pyte reads them: `buffer[y][x].data`, `.fg`, `.bold`."""
        return self.screen.buffer

    @property
    def cursor(self) -> Cursor:
        """The cursor: `x`, `y`, `hidden`; `x` is `columns` when the next glyph wraps."""
        return self.screen.cursor

    @property
    def modes(self) -> Modes:
        """What the program has switched on, for keys, mouse and paste."""
        return self.screen.modes

    @property
    def title(self) -> str:
        """The window title."""
        return self.screen.title

    @property
    def bells(self) -> int:
        """How many times the bell rang."""
        return self.screen.bells

    @property
    def progress(self) -> Progress:
        """The program's progress bar (OSC 9;4)."""
        return self.screen.progress

    @property
    def alternate(self) -> bool:
        """Say whether the alternate screen is shown."""
        return self.screen.main_rows is not None

    @property
    def frame(self) -> Frame | None:
        """The last whole frame while the program draws another one (mode 2026), else None."""
        return self.screen.held

    def show_anyway(self) -> None:
        """End a synchronised update that takes too long."""
        self.screen.set_private_mode(m.SYNCHRONIZED, False)

    def take_replies(self) -> bytes:
        """Return the answers to the program's questions since last asked."""
        answers = "".join(self.screen.replies).encode("utf-8", "surrogateescape")
        self.screen.replies.clear()
        return answers

    def take_events(self) -> list[Event]:
        """Return what the program told since last asked."""
        events = list(self.screen.events)
        self.screen.events.clear()
        return events

    def take_dirty(self) -> set[int]:
        """Return the rows of the screen that changed since last asked."""
        dirty = set(self.screen.dirty)
        self.screen.mark_seen()
        return dirty

    def transcript(self, start: int | None = None, limit: int = 1000) -> list[Line]:
        """Return up to `limit` lines from number `start` on, or the last ones; numbers stay what they are."""
        return transcript.lines(self.screen, self._watch.kept, start, limit)

    @property
    def settled(self) -> int:
        """The number of the first line that may still change: a reader that stops there misses nothing."""
        return transcript.settled(self.screen)

    def take_theme(self, sixteen: list[Rgb], foreground: Rgb, background: Rgb, cursor: Rgb) -> None:
        """Take the theme's colours, which programs ask for; tell a program that wants to know (mode 2031)."""
        before = self.screen.colors.dark
        self.screen.colors.take_theme(sixteen, foreground, background, cursor)
        if m.COLOR_SCHEME in self.modes and self.screen.colors.dark != before:
            replies.color_scheme(self.screen)

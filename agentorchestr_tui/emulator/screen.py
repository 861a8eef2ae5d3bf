"""The screen: cursor motion, tabs, saved cursors, the alternate screen, reset and resize, and what it tells."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace

from pyte.screens import Cursor

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator.charsets import Charsets
from agentorchestr_tui.emulator.colors import Colors
from agentorchestr_tui.emulator.events import Bell, Event, Progress, Title
from agentorchestr_tui.emulator.moving import Mover
from agentorchestr_tui.emulator.reflow import resize_rows
from agentorchestr_tui.emulator.rows import PLAIN, Row
from agentorchestr_tui.emulator.titles import Titles

_UNTOLD = 1000  # events kept until someone takes them
_UNSENT = 1 << 16  # characters of answers kept until someone takes them
_STYLES = 10  # styles kept on the stack
HIGHEST_LEVEL, USUAL_LEVEL = 5, 4  # a VT520 can be asked for; without a word it is a VT420
LEAST_COLUMNS = 2  # a wide glyph fits
_MOST_COLUMNS, _MOST_LINES = 512, 256  # that a program may choose
_two_bytes = re.compile("\x1b([P\\[\\]\\\\])").sub
"""Of an answer: its controls that S8C1T makes single bytes, which stand in text as PEP 383 has them."""
_NARROW, _WIDE = 80, 132  # columns between which DECCOLM chooses
_BROUGHT_BY = {m.MARGINS: 4, m.KEEP_TEXT: 5}
"""The series of VT that brought a mode."""


@dataclass(frozen=True, slots=True)
class _Saved:
    """What DECSC keeps."""

    x: int
    y: int
    style: str
    charsets: Charsets
    origin: bool
    due: bool = False  # a wrap at the right margin


@dataclass(frozen=True, slots=True)
class Frame:
    """The screen as it was: rows, and the cursor or None if it is hidden."""

    rows: list[Row]
    cursor: tuple[int, int] | None


class Screen(Mover):
    """A terminal's screen, driven by a parser or, as a `pyte.Screen`, by pyte's own streams."""

    def __init__(self, columns: int, lines: int, history: int = 5000) -> None:
        super().__init__(max(LEAST_COLUMNS, columns), max(1, lines), history)
        self.events: deque[Event] = deque(maxlen=_UNTOLD)
        self.replies: list[str] = []
        self.bells = 0
        self.progress = Progress("none")
        self.colors = Colors()
        self.tile = True
        """A tile's size is its owner's, and what is told to its program is only what no one else can have written."""
        self.reset()

    def reset(self) -> None:
        """Go back to the state of the start; scrollback stays."""
        if m.COLUMNS in self.modes:
            self.take_size(columns=_NARROW)
        self.main_rows = None
        self.spare_rows: list[Row] = []
        self.rows = [Row() for _ in range(self.lines)]
        self.modes = m.Modes()
        self.charsets = Charsets()
        self.glyphs.use_graphemes(False)
        self.colors.reset()
        self.cursor = Cursor(0, 0)
        self.cursor_shape = 0
        self.style = PLAIN
        self.titles = Titles()
        self._styles_kept: list[str] = []
        self._saved: list[_Saved | None] = [None, None]
        self.held: Frame | None = None
        self.last_printed = ""
        self.guard = ""
        self.level = USUAL_LEVEL
        self.extent = 0
        self.eight_bit = False
        self.checksum_bits: int | None = None
        self.iconified, self.position = False, (0, 0)  # as a program wished: a tile can only pretend
        self.reset_tab_stops()
        self.open_margins()

    def soft_reset(self) -> None:
        """Go back to the start's modes and margins; the screen's text stays (DECSTR)."""
        self.guard = ""
        for mode in (m.ORIGIN, m.CURSOR_KEYS, m.MARGINS, m.REVERSE_WRAP, m.REVERSE_WRAP_FAR, m.NATIONAL):
            self.modes.set(mode, False)
        self.modes.set(m.WRAP, True)
        self.modes.set(m.SHOW_CURSOR, True)
        self.modes.ansi = {m.NO_ECHO}
        self.modes.keypad = False
        self.cursor.hidden = False
        self.charsets = Charsets()
        self.style = PLAIN
        self._saved[self.main_rows is not None] = None
        self.open_margins()

    def set_keypad(self, on: bool) -> None:
        """Switch the application keypad."""
        self.modes.keypad = on
        self.modes.set(m.KEYPAD, on)

    # -- saved state, screens

    def save_cursor(self) -> None:
        """Keep the cursor, its style and character sets."""
        due = self.wrap_is_due and self.cursor.x < self.columns
        self._saved[self.main_rows is not None] = _Saved(
            self.column if due else self.cursor.x, self.cursor.y, self.style, self.charsets.copy(),
            m.ORIGIN in self.modes, due,
        )  # fmt: skip

    def restore_cursor(self) -> None:
        """Take back what was kept; without it, go home plain."""
        saved = self._saved[self.main_rows is not None] or _Saved(0, 0, PLAIN, Charsets(), False)
        self.style = saved.style
        self.charsets = saved.charsets.copy()
        self.charsets.use_national(m.NATIONAL in self.modes)
        self.modes.set(m.ORIGIN, saved.origin)
        self.move(saved.x, saved.y)
        if saved.due or saved.x >= self.columns:
            self.await_wrap()

    def cover(self) -> None:
        """Show the alternate screen as it was left."""
        if self.main_rows is None:
            self.covered_at = self.finished
            self.main_rows, self.rows = self.rows, self.spare_rows or [Row() for _ in range(self.lines)]
            self.spare_rows = []
            self.modes.swap_screens()

    def uncover(self) -> None:
        """Show the main screen again."""
        if self.main_rows is not None:
            self.spare_rows, self.rows, self.main_rows = self.rows, self.main_rows, None
            self.modes.swap_screens()

    def _switch(self, mode: int, on: bool) -> None:
        """Show one or the other screen.

        1049 keeps the cursor aside on the way in, and takes it back on the way out; 1047 leaves nothing behind.
        """
        keep = mode == m.ALTERNATE_SAVE
        if on and keep:
            self.save_cursor()
        leaves = not on and self.main_rows is not None
        (self.cover if on else self.uncover)()
        if leaves and mode == m.ALTERNATE_CLEAR:
            self.spare_rows = []
        if on and keep:
            self.erase_in_display(2)
        elif keep:
            self.restore_cursor()

    @property
    def covered_place(self) -> tuple[int, int]:
        """The column and row at which the main screen's cursor was saved."""
        saved = self._saved[0]
        return (saved.x, saved.y) if saved else (0, 0)

    @covered_place.setter
    def covered_place(self, place: tuple[int, int]) -> None:
        if saved := self._saved[0]:
            self._saved[0] = replace(saved, x=place[0], y=place[1])

    def set_private_mode(self, mode: int, on: bool) -> None:
        """Switch a private mode, and do what comes with it."""
        if mode == m.COLUMNS and m.ALLOW_COLUMNS not in self.modes:
            return
        if self.level < _BROUGHT_BY.get(mode, 0):
            return
        self.modes.set(mode, on)
        if mode in {m.ALTERNATE, m.ALTERNATE_CLEAR, m.ALTERNATE_SAVE}:
            if m.SWITCHES in self.modes:
                self._switch(mode, on)
        elif mode == m.SWITCHES and not on:
            self.uncover()
        elif mode == m.SAVE_CURSOR:
            (self.save_cursor if on else self.restore_cursor)()
        elif mode == m.ORIGIN:
            self.cursor_position()
        elif mode == m.SHOW_CURSOR:
            self.cursor.hidden = not on
        elif mode == m.SYNCHRONIZED:
            self.held = (self.held or self.frame) if on else None
        elif mode == m.REVERSE:
            self.mark_unseen()
        elif mode == m.CLUSTERS:
            self.glyphs.use_graphemes(on)
        elif mode == m.KEYPAD:
            self.modes.keypad = on
        elif mode == m.MARGINS and not on:
            if self.cursor.x < self.columns:
                self.settle()
            self.left, self.right = 0, self.columns - 1
        elif mode == m.COLUMNS:
            self._change_columns()
        elif mode == m.NATIONAL:
            self.charsets.use_national(on)

    def _change_columns(self) -> None:
        """Take the width that DECCOLM stands for, and do what comes with it; a tile keeps its own."""
        self.take_size(columns=_WIDE if m.COLUMNS in self.modes else _NARROW)
        self.modes.set(m.MARGINS, False)
        self.open_margins()
        if m.KEEP_TEXT not in self.modes:
            self.erase_in_display(2)
        self.cursor_position()

    def take_size(self, lines: int = 0, columns: int = 0) -> None:
        """Take the size that a program wishes, in cells, if the window is its own; 0 leaves what there is."""
        if not self.tile:
            self.resize(min(lines, _MOST_LINES) or self.lines, min(columns, _MOST_COLUMNS) or self.columns)

    @property
    def frame(self) -> Frame:
        """A copy of the screen as it is now."""
        at = None if self.cursor.hidden else (self.column, self.cursor.y)
        return Frame([row.copy() for row in self.rows], at)

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Take another size in cells; lines that wrapped are wrapped anew on the main screen."""
        lines, columns = max(1, lines or self.lines), max(LEAST_COLUMNS, columns or self.columns)
        if (lines, columns) == (self.lines, self.columns):
            return
        resize_rows(self, lines, columns)
        if self.main_rows is not None:  # rows that it moved into scrollback come before what is still to come
            self.covered_at = self.finished
        self.widen_tab_stops(columns)
        self.lines, self.columns = lines, columns
        self.held = None
        self.open_margins()
        self.cursor.x = min(self.cursor.x, columns)
        self.cursor.y = min(self.cursor.y, lines - 1)
        self.mark_unseen()

    # -- what it tells

    def bell(self, *_: object) -> None:
        """Ring."""
        self.bells += 1
        self.events.append(Bell())

    @property
    def title(self) -> str:  # type: ignore[override]
        """The window title."""
        return self.titles.window

    def set_title(self, param: str) -> None:
        """Take a window title."""
        self._show_title(self.titles.read(param))

    def set_icon_name(self, param: str) -> None:
        """Take an icon's title."""
        self.titles.icon = self.titles.read(param)

    def pop_titles(self, which: int) -> None:
        """Take back the titles that were kept last: both (0), the icon's (1) or the window's (2)."""
        kept = self.titles.pop(which)
        if kept.icon is not None:
            self.titles.icon = kept.icon
        if kept.window is not None:
            self._show_title(kept.window)

    def _show_title(self, text: str) -> None:
        self.titles.window = text
        self.events.append(Title(text))

    def set_level(self, level: int) -> None:
        """Behave as a VT of the 100, 200, ... series from now on, after a soft reset (DECSCL)."""
        self.soft_reset()
        self.level = level

    def push_style(self) -> None:
        """Keep the style (XTPUSHSGR)."""
        self._styles_kept = [*self._styles_kept, self.style][-_STYLES:]

    def pop_style(self) -> None:
        """Take back the style that was kept last (XTPOPSGR)."""
        if self._styles_kept:
            self.style = self._styles_kept.pop()

    def rows_kept(self) -> list[Row]:
        """Return every row there is, those of a frame that is held too."""
        return [*super().rows_kept(), *self.spare_rows, *(self.held.rows if self.held else ())]

    def styles_kept(self) -> list[str]:
        """Return the style codes that are kept outside of rows."""
        return [self.style, *self._styles_kept, *(saved.style for saved in self._saved if saved)]

    def write_process_input(self, data: str) -> None:
        """Answer the program; with no one to take answers, the newest are dropped."""
        if self.eight_bit:
            data = _two_bytes(lambda match: chr(0xDC40 + ord(match[1])), data)
        if sum(map(len, self.replies)) < _UNSENT:
            self.replies.append(data)

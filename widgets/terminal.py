"""The terminal: a widget that draws an emulator and turns keys, mouse and paste into bytes; it owns no process."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar, TypeAlias

from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from agentorchestr_tui.emulator import Emulator, Progress, keys
from agentorchestr_tui.emulator.rows import Row

from . import cursor, glass, said
from .clock import FrameClock
from .ink import Ink
from .palette import Palette
from .pointer import Pointer
from .reader import Reader
from .strips import Painter
from .view import View

_HOLD = 0.150  # seconds that a synchronised update may keep the last frame on the glass


class Terminal(Widget, can_focus=True):
    """Draws an emulator that it is handed.

    Its owner feeds the emulator, calls `ring()` when there is new output or the emulator has taken another size, writes
    what `Typed` carries to the process, and resizes process and emulator on `Resized`. It has no border of its own:
    that is the parent's.
    """

    DEFAULT_CSS = """
    Terminal {
        width: 1fr;
        height: 1fr;
        background: $background;
        color: $foreground;
    }
    """
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE: ClassVar[bool | None] = False

    Said: TypeAlias = said.Said
    Typed: TypeAlias = said.Typed
    Resized: TypeAlias = said.Resized
    Copied: TypeAlias = said.Copied
    LinkClicked: TypeAlias = said.LinkClicked
    LinkHovered: TypeAlias = said.LinkHovered
    Rang: TypeAlias = said.Rang
    Progressed: TypeAlias = said.Progressed

    def __init__(
        self, emulator: Emulator, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._view = View(emulator)
        self._painter: Painter | None = None
        self._palette: Palette | None = None
        self._shown: list[Strip] = []
        self._plain: list[Strip] = []  # the same without cursor and marks
        self._cells = Size(0, 0)  # `size`, which Textual computes anew each time it is asked
        self._told_of = Size(0, 0)  # the size that `Resized` told last
        self._on_glass = True
        self._rung = False  # a frame will come
        self._drawn = 0
        self._clock: FrameClock | None = None
        self._ink: Ink | None = None
        self._held_since = 0.0
        self._pointer = Pointer(self)
        self._told: tuple[int, Progress] = (emulator.bells, emulator.progress)
        self._blinking: Timer | None = None
        self._cursor_is_off = False
        self._cursor: tuple[int, int] | None = None  # its column and row, blinking or not

    # -- public verbs

    def ring(self) -> None:
        """Say that the emulator has new output or size: it is drawn with the next frame, if anyone can see it."""
        if not self._rung and self._clock is not None and self._on_glass:
            self._rung = True
            self._clock.mark(self)

    @property
    def emulator(self) -> Emulator:
        """The emulator that is drawn."""
        return self._view.emulator

    @property
    def view(self) -> View:
        """Which of its rows are looked at, and what is marked in them."""
        return self._view

    def type(self, data: bytes) -> None:
        """Tell what was typed, if anything was."""
        if data:
            self.post_message(self.Typed(self, data))

    def show(self, emulator: Emulator) -> None:
        """Draw another emulator from now on."""
        self._view = View(emulator)
        self._told = (emulator.bells, emulator.progress)
        if self._palette is not None:
            self._take_palette()
        self._redraw()
        self._ask_for_size()

    def scroll_back(self, rows: int) -> None:
        """Scroll by rows into the scrollback, or towards the end if negative."""
        if self._view.scroll(rows):
            self.ring()

    @property
    def scrolled_back(self) -> int:
        """How many rows above the end the view stands."""
        return self._view.back

    @property
    def marked_text(self) -> str:
        """The text that is selected, or was found."""
        return self._view.marked_text

    def copy(self) -> None:
        """Copy the selected text, through the terminal outside (OSC 52), and tell with `Copied`."""
        if text := self._view.marked_text:
            self.app.copy_to_clipboard(text)
            self.post_message(self.Copied(self, text))

    def read(self) -> Reader:
        """Stand still for one who reads back with a cursor of their own, until the reader leaves."""
        self.ring()
        return Reader(self._view)

    def follow(self, address: str) -> None:
        """Tell that a link is to be opened."""
        self.post_message(self.LinkClicked(self, address))

    def search(self, text: str) -> int:
        """Find a text in scrollback and screen, show its last place, and return how many there are."""
        found = self._view.search(text)
        self.ring()
        return found

    def search_on(self, forward: bool = False) -> int:
        """Show the next place found, or the one before; return its number from 1, or 0 if there is none."""
        number = self._view.search_on(forward)
        self.ring()
        return number

    @property
    def frames_drawn(self) -> int:
        """How many frames were drawn; one that nobody sees draws none."""
        return self._drawn

    def clear_marks(self) -> None:
        """Select nothing, and show no places found."""
        self._view.forget_marks()
        self.ring()

    def draw_frame(self) -> None:
        """Bring the glass up to date: what differs from the last frame is refreshed, and nothing else."""
        self._rung = False
        if not self._is_seen:
            return
        self._drawn += 1
        self._tell_marks()
        before = self._shown
        self._compose_view()
        if self.has_focus and self._cursor is not None:
            self.app.cursor_position = self.region.offset + self._cursor  # there an input method shows its words
        changed = [y for y, strip in enumerate(self._shown) if y >= len(before) or strip is not before[y]]
        place = self._ink.place(self) if self._ink is not None and changed else None
        if self._ink is not None and place is not None and place.size == self._cells:
            self._ink.write(place, changed, self._shown)
        elif len(changed) > len(self._shown) // 2:
            self.refresh()
        elif changed:
            self.refresh(*glass.regions(changed, self._cells.width))

    # -- drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return ready strips; a slice and nothing else."""
        if self._painter is None or len(self._shown) < crop.bottom:
            self._cells = self.size  # drawn before it is told of its size
            self._compose_view()
        lines = self._shown[crop.y : crop.bottom]
        if crop.x == 0 and crop.width >= self._cells.width:
            return lines
        return [line.crop(crop.x, crop.right) for line in lines]

    def _compose_view(self) -> None:
        """Choose the rows to show, and get their strips."""
        width, height = self._cells
        painter = self._current_painter(width)
        rows, place = self._rows_and_cursor()
        self._cursor = place
        if not self.has_focus or self._cursor_is_off:
            place = None
        self._shown, self._plain = glass.compose(painter, self._view, rows[:height], place, self._plain)
        self._shown += [painter.blank()] * (height - len(self._shown))

    def _rows_and_cursor(self) -> tuple[list[Row], tuple[int, int] | None]:
        """Return the rows of the view, and the cursor's column and row in it unless it is hidden."""
        screen = self.emulator.screen
        if self._view.still is not None:
            return self._view.rows(), self._view.place
        if self._view.back:
            return self._view.rows(), None
        if (frame := self._held_frame()) is not None:
            return frame
        return screen.rows, None if screen.cursor.hidden else (screen.column, screen.cursor.y)

    def _held_frame(self) -> tuple[list[Row], tuple[int, int] | None] | None:
        """Return the last whole frame during a synchronised update that does not take too long."""
        frame = self.emulator.frame
        now = monotonic()
        if frame is None:
            self._held_since = 0.0
            return None
        self._held_since = self._held_since or now
        if now - self._held_since > _HOLD:
            self.emulator.show_anyway()
            return None
        if self._clock is not None:
            self._rung = True
            self._clock.mark(self)
        return frame.rows, frame.cursor

    def _tell_marks(self) -> None:
        """Tell of a bell and of progress, and let the cursor blink or stand as the program wants it now."""
        emulator = self.emulator
        bells, progress = self._told
        self._told = (emulator.bells, emulator.progress)
        if emulator.bells != bells:
            self.post_message(self.Rang(self))
        if emulator.progress != progress:
            self.post_message(self.Progressed(self, emulator.progress))
        if self._blinking is not None:
            if self.has_focus and self._view.still is None and cursor.blinks(emulator.screen):
                self._blinking.resume()
            else:
                self._blinking.pause()
                self._cursor_is_off = False

    def _blink(self) -> None:
        self._cursor_is_off = not self._cursor_is_off
        self.ring()

    def _current_painter(self, width: int) -> Painter:
        painter = self._painter
        if painter is None or not painter.is_current(self.emulator.screen, width):
            palette = self._palette or self._take_palette()
            painter = self._painter = Painter(self.emulator.screen, palette, width)
        return painter

    def _take_palette(self) -> Palette:
        palette = self._palette = Palette(self.app)
        self.emulator.take_theme(palette.sixteen, palette.foreground, palette.background, palette.cursor)
        return palette

    def _redraw(self) -> None:
        """Draw everything anew."""
        self._painter = None
        self._shown, self._plain = [], []
        self.refresh()

    @property
    def _is_seen(self) -> bool:
        return self._on_glass and self._cells.area > 0 and self.display and self.is_attached

    # -- handlers

    def on_mount(self) -> None:
        """Join the app's frame clock, and follow its themes."""
        self._clock, self._ink = FrameClock.of(self.app), Ink.of(self.app)
        self._blinking = self.set_interval(cursor.BLINK, self._blink, pause=True)
        self.app.theme_changed_signal.subscribe(self, lambda _: self._follow_theme())
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self._look_at_size())

    def on_unmount(self) -> None:
        """Leave the frame clock."""
        if self._clock is not None:
            self._clock.forget(self)

    def _follow_theme(self) -> None:
        self._take_palette()
        self._redraw()
        self.type(self.emulator.take_replies())  # a program may have asked to hear of it

    def on_show(self) -> None:
        """Catch up with what came while no one could see it."""
        self._on_glass = True
        self.ring()

    def on_hide(self) -> None:
        """Draw nothing while hidden."""
        self._on_glass = False

    def on_resize(self) -> None:
        """Ask for a process of this size."""
        self._look_at_size()

    def _look_at_size(self) -> None:
        """Take a new size; Textual sends no Resize when a layout follows one that only scrolled."""
        if self.size != self._told_of:
            self._told_of = self._cells = self.size
            self._view.forget_places()
            self._redraw()
            self._ask_for_size()

    def _ask_for_size(self) -> None:
        if self._cells.area:
            self.post_message(self.Resized(self, self._cells.width, self._cells.height))

    def on_focus(self) -> None:
        """Show the cursor, and tell a program that asked."""
        self._rung = False  # the focused one waits for no background frame
        self.ring()
        self.type(keys.focus(True, self.emulator.modes))

    def on_blur(self) -> None:
        """Hide the cursor, and tell a program that asked."""
        self.ring()
        self.type(keys.focus(False, self.emulator.modes))

    def on_key(self, event: events.Key) -> None:
        """Send the key to the process, or scroll."""
        if self._scroll_by_key(event.key):
            event.stop()
            event.prevent_default()
            return
        data = keys.encode(event.key, event.character, self.emulator.modes)
        if data:
            event.stop()
            event.prevent_default()
            if self._clock is not None:
                self._clock.hush()
            self._cursor_is_off = False
            self._go_on()
            self.type(data)

    def _go_on(self) -> None:
        """Look at the end again, where what is typed will show."""
        self._view.marked = None
        self.scroll_back(-self.scrolled_back)

    def _scroll_by_key(self, key: str) -> bool:
        page = max(1, self._cells.height - 1)
        steps = {"shift+pageup": page, "shift+pagedown": -page, "shift+home": 1 << 30, "shift+end": -(1 << 30)}
        if key not in steps or self.emulator.alternate:
            return False
        self.scroll_back(steps[key])
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Send pasted text as one paste."""
        event.stop()
        event.prevent_default()
        self._go_on()
        self.type(keys.paste(event.text, self.emulator.modes))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press: the program's, or the start of a selection."""
        self._pointer.press(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Release: the program's, or the end of a selection, which is copied."""
        self._pointer.release(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move: the program's, or a selection's, or over links."""
        self._pointer.move(event)

    def on_leave(self) -> None:
        """Forget the link under the mouse."""
        self._pointer.leave()

    def on_click(self, event: events.Click) -> None:
        """Open a link, or select a word (double) or a line (triple)."""
        self._pointer.click(event)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Send the wheel to the program, or scroll back."""
        self._pointer.wheel(event, up=True)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Send the wheel to the program, or scroll towards the end."""
        self._pointer.wheel(event, up=False)

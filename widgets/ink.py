"""Ink: rows written straight to the terminal outside, past Textual's compositor, where nothing lies over them.

The compositor keeps no picture: whatever it draws later it asks of the widgets anew, and so shows the same rows.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from textual.app import App
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from .strips import ReadyStrip

_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"  # of a synchronised update
_PLAIN = "\x1b[0m"
_Map = dict[Widget, tuple[Region, Region]]


class Ink:
    """Collects what the widgets of one app write in a frame, and writes it at once."""

    def __init__(self, app: App[object]) -> None:
        self._app = app
        self._wet: list[str] = []
        self._ground = ""  # the look that is in force after what is wet
        self._map: _Map | None = None
        self._places: dict[Widget, Region | None] = {}

    @classmethod
    def of(cls, app: App[object]) -> Ink:
        """Return the app's."""
        ink = _inks.get(app)
        if ink is None:
            ink = _inks[app] = cls(app)
        return ink

    def place(self, widget: Widget) -> Region | None:
        """Return where a widget stands whole, with nothing over it; None if it must be drawn as others are."""
        app = self._app
        if app._driver is None or app.is_inline or app._batch_count or not app._screen_stack:
            return None
        screen = app.screen
        if screen._layout_required or widget not in (shown := screen._compositor.visible_widgets):
            return None
        if shown is not self._map:  # a layout makes a new one
            self._map = shown
            self._places.clear()
        if widget not in self._places:
            self._places[widget] = _uncovered(widget, shown)
        return self._places[widget]

    def write(self, place: Region, rows: list[int], strips: list[Strip]) -> None:
        """Write rows of a widget that has this place; `strips` are all it shows."""
        top, left, wet, ground = place.y + 1, place.x + 1, self._wet, self._ground
        for row in rows:
            strip = strips[row]
            wanted = strip.painter.ground if isinstance(strip, ReadyStrip) else ""
            if wanted != ground:
                ground = self._turn_to(wanted)
            text = strip.written if isinstance(strip, ReadyStrip) else strip.render(self._app.console)
            wet.append(f"\x1b[{top + row};{left}H{text}")

    def _turn_to(self, ground: str) -> str:
        self._wet.append(f"{_PLAIN}{ground}")
        self._ground = ground
        return ground

    def dry(self) -> None:
        """Let what was written appear, all at once."""
        app, driver = self._app, self._app._driver
        if self._wet and driver is not None:
            x, y = app.screen.outer_size.clamp_offset(app.cursor_position)
            self._turn_to("")
            self._wet.append(f"\x1b[{y + 1};{x + 1}H")
            text = "".join(self._wet)
            driver.write(f"{_BEGIN}{text}{_END}" if app._sync_available else text)
            driver.flush()
        self._wet.clear()
        self._ground = ""


def _uncovered(widget: Widget, shown: _Map) -> Region | None:
    """Return a widget's place if all of it shows; a map begins with what lies in front."""
    region, clip = shown[widget]
    if not clip.contains_region(region):
        return None
    for other, (place, cut) in shown.items():
        if other is widget:
            return region
        if place.intersection(cut).overlaps(region):
            return None
    return None


_inks: WeakKeyDictionary[App[object], Ink] = WeakKeyDictionary()

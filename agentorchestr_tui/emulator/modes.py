"""Modes: what the program has switched on, and what that means for keys, mouse and paste."""

from __future__ import annotations

from enum import IntFlag

CURSOR_KEYS, COLUMNS, REVERSE, ORIGIN, WRAP, SHOW_CURSOR = 1, 3, 5, 6, 7, 25
ALLOW_COLUMNS, MORE_FIX, NATIONAL, KEEP_TEXT = 40, 41, 42, 95
KEYPAD, BACKARROW, MARGINS = 66, 67, 69
SWITCHES, BLINK = 1046, 12
REVERSE_WRAP, REVERSE_WRAP_FAR = 45, 1045
ALTERNATE, ALTERNATE_CLEAR, SAVE_CURSOR, ALTERNATE_SAVE = 47, 1047, 1048, 1049
MOUSE_X10, MOUSE_CLICKS, MOUSE_DRAG, MOUSE_MOTION = 9, 1000, 1002, 1003
FOCUS, MOUSE_UTF8, MOUSE_SGR, ALTERNATE_SCROLL, MOUSE_URXVT, MOUSE_PIXELS = 1004, 1005, 1006, 1007, 1015, 1016
PASTE, SYNCHRONIZED, CLUSTERS, COLOR_SCHEME = 2004, 2026, 2027, 2031
KEYS_LOCKED, INSERT, NO_ECHO, NEW_LINE = 2, 4, 12, 20  # ANSI modes

_TRACKING = (MOUSE_MOTION, MOUSE_DRAG, MOUSE_CLICKS, MOUSE_X10)
_ENCODINGS = (MOUSE_PIXELS, MOUSE_SGR, MOUSE_URXVT, MOUSE_UTF8)
_AT_START = frozenset({WRAP, SHOW_CURSOR, ALTERNATE_SCROLL, SWITCHES})
_NEVER = (2, 34, 36, 57, 60, 61, 64, 68, 73, 81, *range(96, 107))
_PERMANENT = dict.fromkeys(_NEVER, 4) | {8: 3}  # of DECRQM: 3 always on, 4 always off
_PERMANENT_ANSI = dict.fromkeys((1, 5, 7, 10, 11, 13, 14, 15, 16, 17, 18, 19), 4)
_UNSEEN = (4, 18, 19, 35)  # smooth scrolling, printing and font keys: kept and told, nothing in a tile shows them
_KNOWN = frozenset({
    CURSOR_KEYS, COLUMNS, REVERSE, ORIGIN, WRAP, BLINK, SHOW_CURSOR, SWITCHES, REVERSE_WRAP, REVERSE_WRAP_FAR,
    KEYPAD, BACKARROW, MARGINS, ALLOW_COLUMNS, MORE_FIX, NATIONAL, KEEP_TEXT, *_UNSEEN,
    1034, 1035, 1036, 1039, ALTERNATE, ALTERNATE_CLEAR, SAVE_CURSOR, ALTERNATE_SAVE, *_TRACKING, *_ENCODINGS, FOCUS,
    ALTERNATE_SCROLL, PASTE, SYNCHRONIZED, CLUSTERS, COLOR_SCHEME,
})  # fmt: skip
_KNOWN_ANSI = frozenset({KEYS_LOCKED, INSERT, NO_ECHO, NEW_LINE})
_DEPTH = 16  # kitty flags kept on a stack


class KeyFlags(IntFlag):
    """The kitty keyboard protocol's progressive enhancements."""

    DISAMBIGUATE = 1
    EVENTS = 2
    ALTERNATES = 4
    ALL_AS_ESCAPES = 8
    TEXT = 16


_ALL_FLAGS = KeyFlags(31)


class Modes:
    """The modes of one terminal; `private` are DEC's (`CSI ? n h`), `ansi` the others."""

    def __init__(self) -> None:
        self.private = set(_AT_START)
        self.ansi: set[int] = {NO_ECHO}
        self.saved: dict[int, bool] = {}
        self.modify_other_keys = 0
        self.keypad = False
        self._flags: list[KeyFlags] = [KeyFlags(0)]
        self._other_flags: list[KeyFlags] = [KeyFlags(0)]

    def __contains__(self, mode: int) -> bool:
        return mode in self.private

    @property
    def key_flags(self) -> KeyFlags:
        """The kitty flags in force."""
        return self._flags[-1]

    @property
    def mouse(self) -> int:
        """The tracking mode in force (9, 1000, 1002 or 1003), or 0."""
        return next((mode for mode in _TRACKING if mode in self.private), 0)

    @property
    def mouse_encoding(self) -> int:
        """How mouse reports are written: 1005, 1006, 1015, 1016, or 0 for the first xterm's way."""
        return next((mode for mode in _ENCODINGS if mode in self.private), 0)

    def set(self, mode: int, on: bool) -> None:
        """Switch a private mode; the mouse's trackings exclude each other, and so do its encodings."""
        # One that is not known is not kept: a stream may name a billion of them.
        for family in (_TRACKING, _ENCODINGS):
            if on and mode in family:
                self.private.difference_update(family)
        if on and mode in _KNOWN:
            self.private.add(mode)
        else:
            self.private.discard(mode)

    def set_ansi(self, mode: int, on: bool) -> None:
        """Switch an ANSI mode that is known."""
        if on and mode in _KNOWN_ANSI:
            self.ansi.add(mode)
        else:
            self.ansi.discard(mode)

    def report(self, mode: int, private: bool) -> int:
        """Answer DECRQM: 0 unknown, 1 set, 2 reset, 3 always set, 4 always reset."""
        permanent = _PERMANENT if private else _PERMANENT_ANSI
        if mode in permanent:
            return permanent[mode]
        known, active = (_KNOWN, self.private) if private else (_KNOWN_ANSI, self.ansi)
        if mode not in known:
            return 0
        return 1 if mode in active else 2

    def change_flags(self, flags: int, how: int) -> None:
        """Set (1), add (2) or take away (3) kitty flags."""
        wanted = KeyFlags(flags) & _ALL_FLAGS
        if how == 2:
            wanted |= self._flags[-1]
        elif how == 3:
            wanted = self._flags[-1] & ~wanted
        self._flags[-1] = wanted

    def push_flags(self, flags: int) -> None:
        """Keep the kitty flags and set others; the oldest is forgotten when too many are kept."""
        self._flags.append(KeyFlags(flags) & _ALL_FLAGS)
        if len(self._flags) > _DEPTH:
            del self._flags[0]

    def pop_flags(self, count: int) -> None:
        """Go back to kitty flags that were kept."""
        del self._flags[max(0, len(self._flags) - count) :]
        self._flags = self._flags or [KeyFlags(0)]

    def swap_screens(self) -> None:
        """Exchange the kitty flags of the main and the alternate screen."""
        self._flags, self._other_flags = self._other_flags, self._flags

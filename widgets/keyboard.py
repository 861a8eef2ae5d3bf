"""What a terminal sends, read at once: alt with a key, escape, pastes of any size, bytes that are no text."""

from __future__ import annotations

import contextlib
import os
import re
import select
from codecs import getincrementaldecoder
from collections.abc import Generator, Iterable, Iterator
from time import monotonic

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

ESCAPE = 0.03  # seconds after which an ESC that nothing follows was the key itself
_LOOK = 0.1  # seconds between two looks whether reading is over
_AT_ONCE = 1 << 16  # bytes
# Strings with an end are a terminal's answers. What else begins with ESC, but for CSI and SS3, is alt with a key.
_ALT = re.compile(r"\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b(?P<key>[^\x1b\[O\x1c-\x1f])", re.DOTALL)
_ALT_BIT, _SHIFT_BIT, _CTRL_BIT = 2, 1, 4  # of the kitty keyboard protocol
_CODED = {"\t": 9, "\r": 13, "\x7f": 127}  # keys that have a code of their own there
_LETTERS = 0x60  # what lies between a control character and its letter


class TerminalReader(XTermParser):
    """Textual's parser, but for what it waits for, takes for something else, or loses.

    It waits for the end of what began with ESC, so that alt+b, held down, came as `^b^b`, and what was typed right
    after alt+1 came late; here alt with a key is told at once, and its character is the two that came. It knows ESC and
    some keys as what macOS types with Option, or as other keys; here they are alt with that key. Its pastes lose what
    follows an ESC, and cost a turn of the parser for each character; here they never come to it.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasted: list[str] = []  # so far, while a paste is under way; its last piece may begin the end

    def feed(self, data: str) -> Iterator[Message]:
        """Read on; nothing at all ends it."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted:
                data = yield from self._paste(self._pasted.pop() + data)
                continue
            keys, begin, data = data.partition(BRACKETED_PASTE_START)
            self._pasted += [""] if begin else []
            yield from self._read_keys(keys)
        if self._timeout_time is not None:
            self._timeout_time = monotonic() + ESCAPE

    def _read_keys(self, text: str) -> Iterator[Message]:
        """Tell alt with a key here, and let the parser read the rest."""
        at = 0
        for found in [*_ALT.finditer(text), None]:
            if before := text[at : found.start() if found else None]:
                yield from super().feed(before)
            if found is not None and (key := found["key"]):
                if self._timeout_time is not None:  # an ESC that came before is a key of its own
                    self._timeout_time = 0.0
                    yield from self.tick()
                yield from self._sequence_to_key_events(key, alt=True)
            at = found.end() if found else at

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterator[events.Key]:
        """Name alt with a key as the kitty keyboard protocol would have it named."""
        if alt and len(sequence) == 1:
            for key in super()._sequence_to_key_events(_spelled(sequence)):
                yield events.Key(key.key, f"\x1b{sequence}")
        else:
            yield from super()._sequence_to_key_events(sequence, alt)

    def _paste(self, text: str) -> Generator[Message, None, str]:
        """Take more of a paste; returns what follows it."""
        text, end, after = text.partition(BRACKETED_PASTE_END)
        cut = len(text) if end else max(0, len(text) - len(BRACKETED_PASTE_END) + 1)
        self._pasted += [text[:cut], text[cut:]]
        if end:
            yield events.Paste("".join(self._pasted).replace("\0", ""))
            self._pasted.clear()
        return after

    def wait(self) -> float:
        """Return how many seconds may pass until `tick` has something to do."""
        return _LOOK if self._timeout_time is None else max(0.0, min(_LOOK, self._timeout_time - monotonic()))


class KeyDriver(LinuxDriver):
    """Textual's driver for Linux and macOS, with our reader."""

    def run_input_thread(self) -> None:
        """Read until it is over or the terminal is gone, and hand on what was read."""
        reader = TerminalReader(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], reader.wait())[0]:
                data = os.read(self.fileno, _AT_ONCE)
                if not data:
                    break
                if text := decode(data):
                    self._hand_on(reader.feed(text))
            self._hand_on(reader.tick())
        with contextlib.suppress(EOFError, ParseError):
            self._hand_on(reader.feed(""))

    def _hand_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


def _spelled(key: str) -> str:
    """Write alt with a key as the kitty keyboard protocol does: CSI code ; modifiers u."""
    held = _ALT_BIT
    if key < " " and key not in _CODED:
        key, held = chr(ord(key) + _LETTERS) if key != "\0" else " ", held | _CTRL_BIT
    elif len(key.lower()) == 1 and key != key.lower():
        key, held = key.lower(), held | _SHIFT_BIT
    return f"\x1b[{_CODED.get(key, ord(key))};{held + 1}u"

"""Bytes from the terminal as keys, text, pastes; answers to queries are taken out."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

ESCAPE_GAP = 0.05  # seconds after which a lone ESC is the Escape key and not the start of a sequence
_PASTE_END = b"\x1b[201~"

# xterm's ctlseqs: CSI, SS3, and the strings OSC, DCS, SOS, PM, APC up to their terminator.
_SEQUENCE = re.compile(
    rb"\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])|\x1bO(?P<ss3>[@-~])"
    rb"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b[P_^X][^\x1b]*\x1b\\|\x1b(?P<alt>[^\[\]OP_^X\x1b])|\x1b(?P<twice>(?=\x1b))"
)
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")

_CONTROLS = {
    0x01: "home",
    0x03: "ctrl+c",
    0x04: "ctrl+d",
    0x05: "end",
    0x08: "backspace",
    0x0A: "newline",
    0x0B: "ctrl+k",
    0x0D: "enter",
    0x15: "ctrl+u",
    0x17: "ctrl+w",
    0x7F: "backspace",
}
_FINALS = {b"A": "up", b"B": "down", b"C": "right", b"D": "left", b"H": "home", b"F": "end"}
_TILDES = {b"1~": "home", b"3~": "delete", b"4~": "end", b"7~": "home", b"8~": "end"}


@dataclass(frozen=True, slots=True)
class Key:
    """A key that is no text: `enter`, `left`, `ctrl+c`."""

    name: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Text that was typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """Text that came in brackets, with plain newlines."""

    text: str


@dataclass(frozen=True, slots=True)
class StatusHeard:
    """The terminal answered that it reads program status (OSC 7501)."""


Event = Key | Typed | Pasted | StatusHeard


class Keyboard:
    """A decoder that keeps what is not complete yet for the next bytes."""

    def __init__(self) -> None:
        self._held = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def undecided(self) -> bool:
        """Say whether a lone ESC waits: the Escape key, unless more follows within `ESCAPE_GAP`."""
        return self._held == b"\x1b"

    def settle(self) -> list[Event]:
        """Take a lone ESC for the Escape key."""
        if not self.undecided:
            return []
        self._held = b""
        return [Key("escape")]

    def feed(self, data: bytes) -> list[Event]:
        """Return the events that are complete with these bytes."""
        data, self._held = self._held + data, b""
        events: list[Event] = []
        while data:
            rest = self._take(data, events)
            if rest is None:
                self._held = data
                break
            data = rest
        return events

    def _take(self, data: bytes, events: list[Event]) -> bytes | None:
        """Take one event from the front; return the rest, or None while the event is incomplete."""
        if data[0] == 0x1B:
            return self._take_sequence(data, events)
        if (control := _CONTROL.match(data)) is not None:
            if name := _CONTROLS.get(data[0]):
                events.append(Key(name))
            return data[control.end() :]
        run = re.split(rb"[\x00-\x1f\x7f]", data, maxsplit=1)[0]
        if text := self._decoder.decode(run):
            events.append(Typed(text))
        return data[len(run) :]

    def _take_sequence(self, data: bytes, events: list[Event]) -> bytes | None:
        found = _SEQUENCE.match(data)
        if found is None:
            return None
        rest = data[found.end() :]
        if found["csi"] == b"200~":
            return _take_paste(rest, events)
        event = _event(found)
        if event is not None:
            events.append(event)
        return rest


def _take_paste(data: bytes, events: list[Event]) -> bytes | None:
    text, end, rest = data.partition(_PASTE_END)
    if not end:
        return None
    events.append(Pasted(text.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")))
    return rest


def _event(found: re.Match[bytes]) -> Event | None:
    if (csi := found["csi"]) is not None:
        name = _TILDES.get(csi) or _FINALS.get(csi[-1:])
        return Key(name) if name else None
    if (final := found["ss3"]) is not None:
        name = _FINALS.get(final)
        return Key(name) if name else None
    if (string := found["osc"]) is not None:
        return StatusHeard() if string.startswith(b"7501;") else None
    if (alt := found["alt"]) is not None:
        return Key("newline") if alt in b"\r\n" else None
    return Key("escape") if found["twice"] is not None else None

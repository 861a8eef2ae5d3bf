"""The last megabytes that a process printed, by absolute offset; imports next to nothing."""

from __future__ import annotations

import re

RING = 2 * 1024 * 1024  # bytes kept of each pane
SLACK = RING // 4  # bytes dropped at a time, so that dropping is rare
SEARCH = 64 * 1024  # bytes looked at for a good place to cut
DEPTH = 32  # kitty key flags kept

_CUT = re.compile(rb"\n|(?=\x1b)")  # behind a line, before a sequence
_SETTING = re.compile(
    rb"\x1b\[\?(?P<modes>[0-9;]{1,64})(?P<state>[hl])"  # DECSET, DECRST
    rb"|\x1b\[(?P<flags>[<>=][0-9;]{0,16})u"  # kitty's key flags
    rb"|(?P<keys>\x1b\[>4;?[0-9]{0,2}m)"  # modifyOtherKeys
    rb"|(?P<title>\x1b\][02];[^\x07\x1b]{0,1024}(?:\x07|\x1b\\))"
    rb"|(?P<reset>\x1bc)"
)


class Settings:
    """What a terminal was told and still holds to: modes, key flags, title."""

    def __init__(self) -> None:
        self._modes: dict[bytes, bytes] = {}
        self._flags: list[bytes] = []
        self._others: dict[str, bytes] = {}

    def _clear(self) -> None:
        self._modes.clear()
        self._flags.clear()
        self._others.clear()

    @property
    def sequence(self) -> bytes:
        """The bytes that tell it to a fresh terminal."""
        modes = (b"\x1b[?" + mode + state for mode, state in self._modes.items())
        flags = (b"\x1b[" + flags + b"u" for flags in self._flags)
        return b"".join((*modes, *flags, *self._others.values()))

    def read(self, output: bytes) -> None:
        """Note what these bytes set."""
        for found in _SETTING.finditer(output):
            kind = found.lastgroup
            if kind == "state":
                for mode in found["modes"].split(b";"):
                    self._modes.pop(mode, None)
                    self._modes[mode] = found["state"]
            elif kind == "flags":
                self._note_flags(found["flags"])
            elif kind == "reset":
                self._clear()
            elif kind is not None:
                self._others[kind] = found[0]

    def _note_flags(self, flags: bytes) -> None:
        if not flags.startswith(b"<"):
            self._flags = [*self._flags, flags][-DEPTH:]
        elif count := int(flags[1:] or b"1"):
            del self._flags[-count:]


class Ring:
    """Bytes with absolute offsets; the oldest go, but what they set in the terminal is remembered."""

    def __init__(self, size: int = RING, slack: int = SLACK) -> None:
        self.start = 0
        self._size, self._slack = size, slack
        self._kept = bytearray()
        self._settings = Settings()

    @property
    def head(self) -> int:
        """The offset of the next byte to come."""
        return self.start + len(self._kept)

    @property
    def preamble(self) -> bytes:
        """The settings made by bytes that are gone."""
        return self._settings.sequence

    def append(self, output: bytes) -> None:
        """Keep these bytes; drop the oldest past the ring's size."""
        self._kept += output
        if len(self._kept) > self._size + self._slack:
            self._drop(len(self._kept) - self._size)

    def read(self, offset: int, most: int) -> bytes:
        """Return at most `most` bytes from an offset that is not below `start`."""
        at = offset - self.start
        return bytes(memoryview(self._kept)[at : at + most])

    def clear(self) -> None:
        """Give the memory back; the offsets stay."""
        self.start = self.head
        self._kept = bytearray()

    def _drop(self, count: int) -> None:
        cut = _CUT.search(self._kept, count, count + SEARCH)
        count = count if cut is None else cut.end()
        self._settings.read(bytes(memoryview(self._kept)[:count]))
        del self._kept[:count]
        self.start += count

"""The last megabytes that a process printed, by absolute offset; imports next to nothing."""

from __future__ import annotations

import re

RING = 2 * 1024 * 1024  # bytes kept of each pane
SLACK = RING // 4  # bytes dropped at a time, so that dropping is rare

_MODES = re.compile(rb"\x1b\[\?([0-9;]{1,64})([hl])")
_CUT = re.compile(rb"\n|(?=\x1b)")
_LONGEST_MODE = 80  # bytes; a sequence of this length may lie across the place of a cut


class Ring:
    """Bytes with absolute offsets; the oldest go, but the terminal modes that they set are remembered."""

    def __init__(self, size: int = RING, slack: int = SLACK) -> None:
        self.start = 0
        self._size, self._slack = size, slack
        self._kept = bytearray()
        self._modes: dict[bytes, bytes] = {}
        self._tail = b""

    @property
    def head(self) -> int:
        """The offset of the next byte to come."""
        return self.start + len(self._kept)

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

    @property
    def preamble(self) -> bytes:
        """The private modes (DECSET: alternate screen, mouse, paste, ...) that dropped bytes had set or reset."""
        return b"".join(b"\x1b[?" + mode + state for mode, state in self._modes.items())

    def _drop(self, count: int) -> None:
        cut = _CUT.search(self._kept, count, count + self._slack)  # never begin in the middle of a sequence
        count = count if cut is None else cut.end()
        dropped = self._tail + self._kept[:count]
        for found in _MODES.finditer(dropped):
            for mode in found[1].split(b";"):
                self._modes.pop(mode, None)
                self._modes[mode] = found[2]
        self._tail = bytes(dropped[-_LONGEST_MODE:])
        del self._kept[:count]
        self.start += count

"""What a pane showed, as an asciicast v2 file (docs.asciinema.org/manual/asciicast/v2); imports next to nothing."""

from __future__ import annotations

import codecs
import json
import os
import time

CEILING = 64 * 1024 * 1024  # bytes of one recording
_ROOM_FOR_MARK = 256  # bytes kept free below the ceiling


class Recording:
    """One asciicast v2 file, written as things happen; it stops at its ceiling or when the disk says no."""

    def __init__(self, path: str, name: str, columns: int, lines: int, ceiling: int = CEILING) -> None:
        """Create the file. Raises: OSError."""
        self.path = path
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._written = 0
        self._room = ceiling - _ROOM_FOR_MARK
        self._ceiling = ceiling
        self._began = time.monotonic()
        header = {"version": 2, "width": columns, "height": lines, "timestamp": int(time.time()), "title": name}
        self._line(header)

    def output(self, printed: bytes) -> None:
        """Record bytes of the process; a character cut in two waits for its rest."""
        if self._fd >= 0 and (text := self._decoder.decode(printed)):
            self._event("o", text)

    def resize(self, columns: int, lines: int) -> None:
        """Record a new size in cells."""
        self._event("r", f"{columns}x{lines}")

    def mark(self, label: str) -> None:
        """Record a named mark."""
        self._event("m", label)

    def close(self) -> None:
        """Record the rest and close the file."""
        if self._fd >= 0 and (text := self._decoder.decode(b"", True)):
            self._event("o", text)
        self._stop()

    def _event(self, code: str, text: str) -> None:
        if self._fd >= 0:
            self._line([round(time.monotonic() - self._began, 6), code, text])

    def _line(self, value: object) -> None:
        line = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        if self._written + len(line) > self._room:
            self._end_at_ceiling()
        else:
            self._write(line)

    def _end_at_ceiling(self) -> None:
        self._room = self._ceiling
        label = f"recording stopped at its ceiling of {self._ceiling:,} bytes"
        self._write(json.dumps([round(time.monotonic() - self._began, 6), "m", label]).encode() + b"\n")
        self._stop()

    def _write(self, line: bytes) -> None:
        try:
            done = os.write(self._fd, line)
        except OSError:
            done = 0
        if done == len(line):
            self._written += done
        else:  # no room on the disk: what stands stays readable, the rest is not recorded
            self._cut()
            self._stop()

    def _cut(self) -> None:
        try:
            os.ftruncate(self._fd, self._written)
        except OSError:
            return

    def _stop(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

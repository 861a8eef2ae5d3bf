"""The frames between a pane host and its client: kind, pane, length, body; imports next to nothing."""

from __future__ import annotations

import json
import socket
import struct
import sys
from collections.abc import Iterator
from typing import TypeVar

PROTOCOL = 1  # raised whenever a frame or an order changes its meaning
LONGEST = 64 * 1024 * 1024  # bytes; an order carries a whole command line and environment

# kinds, client to host
ORDER = 1  # JSON {"id", "do", ...}
INPUT = 2  # bytes for the process
SEEN = 3  # COUNT: everything below this offset was parsed
# kinds, host to client
ANSWER = 4  # JSON {"id", ...} or {"id", "error"}
TAKEN = 5  # COUNT: how many bytes of input the kernel took so far
OUTPUT = 6  # COUNT: offset of the first byte; then bytes of the process
RESIZED = 7  # SIZE, in its place between the bytes of output
EXITED = 8  # EXIT, after the last byte of output

HEADER = struct.Struct("!BII")
COUNT = struct.Struct("!Q")
SIZE = struct.Struct("!HH")  # columns, lines
EXIT = struct.Struct("!i")  # exit code, or minus the number of a signal

LONGEST_PATH = 103 if sys.platform == "darwin" else 107  # bytes; sun_path without its final NUL


_T = TypeVar("_T")


def frame(kind: int, pane: int, body: bytes = b"") -> bytes:
    """Return one frame as it goes over the wire."""
    return HEADER.pack(kind, pane, len(body)) + body


def letter(kind: int, message: object) -> bytes:
    """Return one frame that carries JSON; characters that are no UTF-8 survive as escapes."""
    return frame(kind, 0, json.dumps(message).encode("ascii"))


class Words:
    """A JSON object that came over a wire; every reader raises ValueError when a word is missing or of another kind."""

    def __init__(self, message: bytes) -> None:
        words = json.loads(message)
        self._words: dict[str, object] = words if isinstance(words, dict) else {}

    def __contains__(self, key: str) -> bool:
        return key in self._words

    def number(self, key: str) -> int:
        """Return a whole number."""
        return self._typed(key, int)

    def seconds(self, key: str) -> float:
        """Return a number of seconds."""
        value = self._words.get(key)
        return float(value) if isinstance(value, int | float) else self._typed(key, float)

    def text(self, key: str) -> str:
        """Return a text."""
        return self._typed(key, str)

    def texts(self, key: str) -> list[str]:
        """Return a list of texts."""
        return [text for text in self._typed(key, list) if isinstance(text, str)]

    def numbers(self, key: str) -> list[int]:
        """Return a list of whole numbers."""
        return [number for number in self._typed(key, list) if isinstance(number, int)]

    def parts(self, key: str) -> list[Words]:
        """Return a list of JSON objects."""
        return [Words(json.dumps(part).encode()) for part in self._typed(key, list)]

    def _typed(self, key: str, kind: type[_T]) -> _T:
        value = self._words.get(key)
        if isinstance(value, kind):
            return value
        raise ValueError(f"{key} is missing or of another kind")


class Splitter:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, received: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Yield (kind, pane, body) for every frame completed by these bytes. Raises: ValueError."""
        held = self._held
        held += received
        at = 0
        while len(held) - at >= HEADER.size:
            kind, pane, length = HEADER.unpack_from(held, at)
            if length > LONGEST:
                raise ValueError(f"a frame of {length} bytes")
            end = at + HEADER.size + length
            if end > len(held):
                break
            yield kind, pane, bytes(memoryview(held)[at + HEADER.size : end])
            at = end
        del held[:at]


def peer_uid(connection: socket.socket) -> int:
    """Return the user id at the other end of a unix socket (SO_PEERCRED; on macOS LOCAL_PEERCRED)."""
    if hasattr(socket, "SO_PEERCRED"):
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", credentials)[1])
    credentials = connection.getsockopt(0, 1, 128)  # SOL_LOCAL, LOCAL_PEERCRED: struct xucred
    return int(struct.unpack_from("=II", credentials)[1])

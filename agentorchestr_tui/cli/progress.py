"""What takes a while, said while it lasts: one line on a terminal's stderr, taken away again; nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_ERASE = "\r\x1b[K"


@contextmanager
def told(words: str) -> Iterator[None]:
    """Say what is under way, for as long as the block lasts."""
    if not sys.stderr.isatty():
        yield
        return
    _write(f"{words} (ctrl+c stops)")
    try:
        yield
    finally:
        _write(_ERASE)


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()

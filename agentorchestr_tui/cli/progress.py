"""What takes a while, said while it lasts: one line on a terminal's stderr, taken away again; nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ERASE = "\r\x1b[K"


@contextmanager
def told(words: str) -> Iterator[Callable[[str], None]]:
    """Say what is under way, for as long as the block lasts; what it is given says other words instead."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return

    def say(now: str) -> None:
        _write(f"{_ERASE}{now} (ctrl+c stops)")

    say(words)
    try:
        yield say
    finally:
        _write(_ERASE)


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()

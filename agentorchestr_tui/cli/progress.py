"""What takes a while, said while it lasts: one line on a terminal's stderr, taken away again; nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_ERASE = "\r\x1b[K"


@contextmanager
def told(words: str, key: str = "ctrl+c stops") -> Iterator[Callable[[str], None]]:
    """Say what is under way, for as long as the block lasts; what it is given says other words instead.

    `key` says what a key does about it.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return

    def say(now: str) -> None:
        _write(f"{_ERASE}{now} ({key})")

    say(words)
    try:
        yield say
    finally:
        _write(_ERASE)


def _write(text: str) -> None:
    with suppress(OSError):  # the terminal may go away meanwhile
        sys.stderr.write(text)
        sys.stderr.flush()

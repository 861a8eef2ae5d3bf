"""Very many objects that last a while: no search for garbage stops the screen for them.

A whole search goes through all there are: of a change of 100,000 lines it takes a fifth of a second, and finds nothing,
for these objects make no cycles and go when nobody names them any more.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 10_000  # objects that are worth it
_NEVER = 1 << 30  # searches of the younger ones between two whole searches
_holders: set[int] = set()
_usual = gc.get_threshold()[2]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Build many objects; what is garbage meanwhile is found afterwards."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def hold(holder: object, objects: int) -> None:
    """Say how many objects somebody holds: while it is many, nobody searches through all there are.

    Who goes says 0, and lets go of them before.
    """
    (_holders.add if objects > MANY else _holders.discard)(id(holder))
    first, second, _ = gc.get_threshold()
    gc.set_threshold(first, second, _NEVER if _holders else _usual)

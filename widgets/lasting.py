"""What lasts: while very many objects without cycles are built, and later, no search for garbage goes through them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 20_000  # objects; a whole search through ten times as many stops everything for a fifth of a second


@contextmanager
def lasting() -> Iterator[None]:
    """Build many objects that are to last; they go, as all do, when nobody names them any more.

    No garbage is looked for meanwhile, so what is built in here makes no cycles of its own.
    """
    gc.collect(0)  # what is young and dead, for all that is left goes to those that last
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            if gc.get_count()[0] > MANY:
                gc.freeze()
            gc.enable()

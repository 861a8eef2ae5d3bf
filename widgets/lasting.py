"""Very many objects that are made at once and do not last: no search for garbage stops the screen for them.

A search goes through all that is new: of a change of 100,000 lines it takes a fifth of a second, and finds nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Make many objects; those that go meanwhile are never searched, what is garbage is found afterwards."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()

"""The ground of a rehearsal, which is thrown away: held while somebody plays on it, and found when nobody does."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentorchestr_tui.core.errors import PaneError
from agentorchestr_tui.panes.client import HostedPanes
from agentorchestr_tui.paths import SOCKET

PREFIX = "agentorchestr-demo-"
_HELD = "held"  # a file that is locked as long as the rehearsal lives


@contextmanager
def ground() -> Iterator[Path]:
    """Make a folder to rehearse in, and remove it after that."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        made = folder / f"{_HELD}.new"
        with made.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            made.rename(folder / _HELD)  # so that it is never seen unlocked
            yield folder


def is_dead(folder: Path, fresh: bool) -> bool:
    """Say whether nobody rehearses in a folder; one without the file is being made while it is fresh."""
    try:
        with (folder / _HELD).open() as held:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return not fresh
    except OSError:
        return False
    return True


async def end(folder: Path) -> None:
    """End what runs of a rehearsal that nobody watches any more. Raises: PaneError."""
    for socket in await asyncio.to_thread(lambda: list(folder.glob(f"*/{SOCKET}"))):
        with contextlib.suppress(PaneError):  # nobody serves there
            panes = await HostedPanes.connect(socket)
            await panes.close()

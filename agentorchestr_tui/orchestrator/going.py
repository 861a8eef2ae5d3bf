"""How the end of a session goes: what it waits for and how long at most, and the wish to wait no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager

from agentorchestr_tui import tasks


class Going:
    """One session's end; a face shows how it goes, calls it off before anything was ended, or hurries it."""

    def __init__(self) -> None:
        self.begun = False  # something was ended: there is no way back
        self._hurried = asyncio.Event()
        self._what = ""
        self._until = 0.0  # in the event loop's time

    @property
    def hurried(self) -> bool:
        """Whether nobody wants to wait."""
        return self._hurried.is_set()

    def hurry(self) -> None:
        """Wait for nothing any more that is not needed to keep the work; every process is killed at once."""
        self._hurried.set()

    async def until_hurried(self) -> None:
        """Return when nobody wants to wait."""
        await self._hurried.wait()

    @property
    def waits_for(self) -> tuple[str, float]:
        """What is waited for now, and for how many seconds more at most; nothing and 0 when for nothing."""
        left = self._until - asyncio.get_running_loop().time() if self._what else 0.0
        return self._what, max(0.0, left)

    @contextmanager
    def waiting(self, what: str, seconds: float) -> Iterator[None]:
        """Say what is waited for meanwhile, and for how long at most."""
        self._what, self._until = what, asyncio.get_running_loop().time() + seconds
        try:
            yield
        finally:
            self._what = ""

    async def wait(self, what: str, seconds: float, work: Coroutine[object, object, object]) -> None:
        """Do `work`, which is for `what`, for so long at most, or until nobody wants to wait; then it is cancelled."""
        tried, hurried = tasks.start(work, name=f"wait for {what}"), tasks.start(self._hurried.wait(), name="hurry")
        try:
            with self.waiting(what, seconds):
                await asyncio.wait({tried, hurried}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await tasks.end([tried, hurried])
        if not tried.cancelled():
            tried.result()

"""What is done before an agent starts: its hooks, its folder made ready; ended when nobody wants the agent any more."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import LaunchError

_T = TypeVar("_T")


class Preludes:
    """What is being done for the starts of one session, one thing at a time for each agent."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[object]] = {}  # by `lead` or the worker's id

    async def do(self, who: str, doing: str, work: Coroutine[object, object, _T]) -> _T:
        """Do `work`, which `doing` names: "its folder was made ready".

        Raises: LaunchError when the agent was given up meanwhile, and what `work` raises.
        """
        task = tasks.start(work, name=f"{doing}: {who}")
        self._running[who] = task
        try:
            await asyncio.wait({task})
        finally:
            await tasks.end([task])
            del self._running[who]
        if task.cancelled():
            raise LaunchError(f"{who} was ended while {doing}.")
        return task.result()

    async def give_up(self, who: str) -> None:
        """End what is being done for one agent, if anything is, with all processes it started."""
        if running := self._running.get(who):
            await tasks.end([running])

    async def stop(self) -> None:
        """End all: the session closes."""
        await tasks.end([*self._running.values()])

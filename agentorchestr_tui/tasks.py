"""The one helper that starts an asyncio task, keeps it alive, and logs what it died of."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine, Iterable
from typing import TypeVar

_log = logging.getLogger(__name__)
_running: set[asyncio.Task[object]] = set()
_T = TypeVar("_T")


def run(work: Coroutine[object, object, _T]) -> _T:
    """Run `work` in a loop of its own, to its end or until Ctrl-C, which cancels it. Raises: KeyboardInterrupt."""
    if callable(signal.getsignal(signal.SIGINT)):  # not where it is ignored
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return asyncio.run(work)


def start(work: Coroutine[object, object, _T], *, name: str) -> asyncio.Task[_T]:
    """Start `work` as a named task; a strong reference is kept, and a failure goes to the log."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_settle)
    return task


async def end(tasks: Iterable[asyncio.Task[object]]) -> None:
    """Cancel tasks and return when all of them have ended."""
    pending = [task for task in tasks if not task.done()]
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)


async def whole(work: Coroutine[object, object, _T], *, name: str) -> _T:
    """Do `work` to its end: a caller that is cancelled meanwhile goes only then."""
    task = start(work, name=name)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _settle(task: asyncio.Task[_T]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("task %s failed", task.get_name(), exc_info=error)

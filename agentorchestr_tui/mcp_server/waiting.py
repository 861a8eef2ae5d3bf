"""Long tools: progress while they wait, and back before any client's own time-out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

from mcp.server.mcpserver import Context

from agentorchestr_tui import tasks

LONGEST = 140.0  # seconds; one client cancels a silent call at 180, and every client calls again
LONGEST_SILENT = 50.0  # seconds for a client that wants no progress: the shortest known time-out is 60
PROGRESS_EVERY = 5.0  # seconds; a limit of 60 s is reset by each
_T = TypeVar("_T")


async def patiently(
    work: Coroutine[object, object, _T], seconds: float, context: Context, message: Callable[[], str]
) -> _T | None:
    """Wait for `work`, telling the client so; None when the time is up, and then `work` is cancelled."""
    limit = max(0.0, min(seconds, longest(context)))
    task = tasks.start(work, name=f"tool: {message()}")
    spent = 0.0
    try:
        while spent < limit:
            pause = min(PROGRESS_EVERY, limit - spent)
            done, _ = await asyncio.wait({task}, timeout=pause)
            if done:
                return task.result()
            spent += pause
            await context.report_progress(spent, limit, message())
        return task.result() if task.done() else None
    finally:
        task.cancel()


def longest(context: Context) -> float:
    """Return how long, in seconds, this client can be kept waiting."""
    meta = context.request_context.meta
    return LONGEST if meta and meta.get("progress_token") is not None else LONGEST_SILENT

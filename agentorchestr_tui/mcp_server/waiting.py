"""Long tools: progress while they wait, and back before any client's own time-out."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from mcp.server.mcpserver import Context

from agentorchestr_tui import tasks

LONGEST = 140.0  # seconds; Copilot cancels a silent call at 180, and every client calls again
PROGRESS_EVERY = 5.0  # seconds; OpenCode's 60 s limit is reset by each
_T = TypeVar("_T")


async def patiently(work: Coroutine[object, object, _T], seconds: float, context: Context, message: str) -> _T | None:
    """Wait for `work`, telling the client so; None when the time is up, and then `work` is cancelled."""
    task = tasks.start(work, name=f"tool: {message}")
    limit = max(0.0, min(seconds, LONGEST))
    spent = 0.0
    try:
        while spent < limit:
            pause = min(PROGRESS_EVERY, limit - spent)
            done, _ = await asyncio.wait({task}, timeout=pause)
            if done:
                return task.result()
            spent += pause
            await context.report_progress(spent, limit, message)
        return task.result() if task.done() else None
    finally:
        task.cancel()

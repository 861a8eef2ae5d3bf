"""A worker's tools: how it says that its task has ended; docstrings are what the model reads."""

from __future__ import annotations

from collections.abc import Callable

from mcp.server.mcpserver.exceptions import ToolError

from agentorchestr_tui.core.commands import ReportOutcome
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.words import NOTHING, Outcome, Source
from agentorchestr_tui.mcp_server.shapes import AcknowledgedShape
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator


class WorkerTools:
    """The tools that a worker's token opens; `caller` names the worker."""

    def __init__(self, orchestrator: Orchestrator, caller: Callable[[], str]) -> None:
        self._orchestrator = orchestrator
        self._caller = caller

    async def report_done(self, summary: str) -> AcknowledgedShape:
        """Report that your task is done, as your last act: what you changed, and how you checked it."""
        return await self._report(Outcome.DONE, summary)

    async def report_blocked(self, reason: str) -> AcknowledgedShape:
        """Report that you cannot go on without something: say what is missing, and what is done so far."""
        return await self._report(Outcome.BLOCKED, reason)

    async def report_failed(self, reason: str) -> AcknowledgedShape:
        """Report that the task cannot be done: say what you tried, and what happened."""
        return await self._report(Outcome.FAILED, reason)

    async def _report(self, outcome: Outcome, words: str) -> AcknowledgedShape:
        if not words.strip():
            raise ToolError("Say in a sentence or two what happened.")
        wish = ReportOutcome(self._caller(), outcome, words, Source.REPORT, confirmed=True, evidence=NOTHING)
        granted = await self._orchestrator.perform(wish)
        if isinstance(granted, Refused):
            raise ToolError(granted.reason)
        return AcknowledgedShape(acknowledged=True, state=outcome)

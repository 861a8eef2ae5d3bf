"""A worker's tools: how it asks, and says that its task has ended; docstrings are what the model reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import NotRequired  # pydantic wants this one below Python 3.12

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from agentorchestr_tui.core.commands import AskLead, ReportOutcome
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.words import NOTHING, Finding, Outcome, Source
from agentorchestr_tui.mcp_server.shapes import AcknowledgedShape, AnswerShape
from agentorchestr_tui.mcp_server.waiting import LONGEST, patiently
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

STRICT = ConfigDict(extra="forbid")  # a key that is misspelt would count as left out


@with_config(STRICT)
class FindingWish(TypedDict):
    """One finding, as a reviewer writes it."""

    text: str
    path: NotRequired[str]
    line: NotRequired[int]
    severity: NotRequired[str]


class WorkerTools:
    """The tools that a worker's token opens; `caller` names the worker."""

    def __init__(self, orchestrator: Orchestrator, caller: Callable[[], str]) -> None:
        self._orchestrator = orchestrator
        self._caller = caller

    async def report_done(self, summary: str, findings: list[FindingWish] | None = None) -> AcknowledgedShape:
        """Report that your task is done, as your last act: what you changed, and how you checked it. A reviewer gives
        what it found as findings: path, line, severity (high, medium, low) and text, one each.
        """
        return await self._report(Outcome.DONE, summary, findings or ())

    async def report_blocked(self, reason: str) -> AcknowledgedShape:
        """Report that you cannot go on without something: say what is missing, and what is done so far."""
        return await self._report(Outcome.BLOCKED, reason)

    async def report_failed(self, reason: str) -> AcknowledgedShape:
        """Report that the task cannot be done: say what you tried, and what happened."""
        return await self._report(Outcome.FAILED, reason)

    async def ask_lead(self, question: str, *, context: Context) -> AnswerShape:
        """Ask the lead something that you cannot decide, and wait for the answer. state "waiting": nobody has answered
        yet; call again with the same question to go on waiting, or decide sensibly and go on. An answer that comes
        later reaches you as a message.
        """
        granted = await self._orchestrator.perform(AskLead(self._caller(), question))
        if isinstance(granted, Refused):
            raise ToolError(granted.reason)
        mine = [each for each in self._orchestrator.state.questions.values() if each.worker_id == self._caller()]
        asked = next((each.id for each in mine if each.text == question.strip()), None)
        if asked is None:
            raise ToolError("The question was answered just now: the answer reaches you as a message.")
        letters = self._orchestrator.letters
        with letters.awaiting(asked):
            over = self._orchestrator.until(lambda session: asked not in session.questions)
            await patiently(over, LONGEST, context, lambda: "the lead thinks about it")
        answer = letters.answered(asked)
        return AnswerShape(state="waiting" if answer is None else "answered", answer=answer or "")

    async def _report(
        self, outcome: Outcome, words: str, findings: list[FindingWish] | tuple[()] = ()
    ) -> AcknowledgedShape:
        if not words.strip():
            raise ToolError("Say in a sentence or two what happened.")
        found = tuple(_finding(each) for each in findings)
        wish = ReportOutcome(self._caller(), outcome, words, Source.REPORT, True, NOTHING, found)
        granted = await self._orchestrator.perform(wish)
        if isinstance(granted, Refused):
            raise ToolError(granted.reason)
        return AcknowledgedShape(acknowledged=True, state=outcome)


def _finding(wish: FindingWish) -> Finding:
    return Finding(wish.get("path", ""), max(0, wish.get("line", 0)), wish.get("severity", "").lower(), wish["text"])

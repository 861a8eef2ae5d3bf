"""The lead's tools for reviews; docstrings are what the model reads."""

from __future__ import annotations

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from agentorchestr_tui.core.commands import SendToWorker
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.events import MessageQueued
from agentorchestr_tui.core.state import Review, Session
from agentorchestr_tui.core.words import Receipt
from agentorchestr_tui.mcp_server import shapes
from agentorchestr_tui.mcp_server.desk import Desk
from agentorchestr_tui.orchestrator.reviews import ask_review, letter


class ReviewTools:
    """The tools that a lead's token opens for reviews."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def cross_review(self, worker_a: str, worker_b: str, focus: str = "correctness") -> shapes.ReviewShape:
        """Have two workers' changes reviewed, each by a fresh reviewer that gets both diffs and, where possible, runs
        on the other worker's agent. The same id twice: one change, one reviewer. Needs a free seat for each reviewer.
        Next: wait_for_review with the review_id.
        """
        about = tuple(dict.fromkeys((self._desk.worker(worker_a).id, self._desk.worker(worker_b).id)))
        asked = await ask_review(self._desk.orchestrator, about, focus)
        if isinstance(asked, Refused):
            raise ToolError(asked.reason)
        return shapes.review(self._desk.session, self._review(asked))

    async def wait_for_review(self, review_id: str, timeout_s: float = 300, *, context: Context) -> shapes.ReviewShape:
        """Wait until the reviewers have ended, and return their findings by file and line. state "running" means: read
        `news` if there is any, and call again. Next: send_findings, or integrate when there is nothing to mend.
        """
        review = self._review(review_id)
        news = await self._desk.until(
            lambda session: not _open(session, review), timeout_s, context, lambda: f"{review_id} goes on"
        )
        return shapes.review(self._desk.session, review, news)

    async def send_findings(self, review_id: str, worker_id: str | None = None) -> list[shapes.SentShape]:
        """Send a review's findings to be mended: to each reviewed worker those about its own change, or all of them to
        the one worker that you name. Next: wait_for_worker.
        """
        review, session = self._review(review_id), self._desk.session
        if busy := _open(session, review):
            raise ToolError(f"{', '.join(busy)} still reviews: wait_for_review first.")
        receivers = (self._desk.worker(worker_id).id,) if worker_id else review.about
        letters = {each: letter(session, review, each if each in review.about else None) for each in receivers}
        if not any(letters.values()):
            raise ToolError(f"Review {review_id} found nothing to mend: go on with integrate and verify.")
        return [await self._send(each, text) for each, text in letters.items() if text]

    async def _send(self, worker_id: str, text: str) -> shapes.SentShape:
        granted = await self._desk.orchestrator.perform(SendToWorker(worker_id, text))
        if isinstance(granted, Refused):
            return shapes.sent(worker_id, Receipt.REFUSED, granted.reason)
        queued = next(each.event.message_id for each in granted if isinstance(each.event, MessageQueued))
        message = self._desk.session.messages[queued]
        return shapes.sent(worker_id, message.receipt, message.reason or self._desk.orchestrator.why_waits(message))

    def _review(self, review_id: str) -> Review:
        found = next((each for each in self._desk.session.reviews if each.id == review_id), None)
        if found is None:
            known = ", ".join(each.id for each in self._desk.session.reviews) or "none yet"
            raise ToolError(f"There is no review {review_id!r}. There are: {known}.")
        return found


def _open(session: Session, review: Review) -> list[str]:
    return [each for each in review.reviewers if session.workers[each].live]

"""What waits to be read: news for the lead, and answers for workers that asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2_000  # characters of news that are read at once
KEPT_NEWS = 50  # sentences that wait at most; the oldest go first, and the log has them all


class Letters:
    """Each piece is read once: with a tool's result, or, where nobody waits in a tool, typed as a message."""

    def __init__(self) -> None:
        self._news: list[str] = []
        self._unread = 0  # sentences that had to go unread
        self._answers: dict[str, str] = {}
        self._awaited: set[str] = set()
        self._readers = 0

    # -- news for the lead --------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> bool:
        """Say whether there is news that nobody has read."""
        return bool(self._news)

    @property
    def lead_listens(self) -> bool:
        """Say whether the lead waits in a tool, which returns with the news."""
        return self._readers > 0

    def tell(self, news: str) -> None:
        """Leave a sentence for the lead; the same one is not left twice while it waits."""
        if news not in self._news:
            waiting = [*self._news, news]
            self._unread += max(0, len(waiting) - KEPT_NEWS)
            self._news = waiting[-KEPT_NEWS:]

    def take(self) -> list[str]:
        """Return the oldest news, as much as is read at once, which then counts as read; the rest waits."""
        taken: list[str] = []
        room = AT_ONCE
        if self._unread:
            taken.append(f"{self._unread} older pieces of news went unread: list_workers and list_plan tell how it is.")
            room, self._unread = room - len(taken[0]), 0
        told = len(taken)
        for news in self._news:
            room -= len(news)
            if room < 0 and len(taken) > told:
                break
            taken.append(news)
        self._news = self._news[len(taken) - told :]
        return taken

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Say that the lead waits in a tool while the block lasts."""
        self._readers += 1
        try:
            yield
        finally:
            self._readers -= 1

    # -- answers for workers ------------------------------------------------------------------------------------------

    @contextmanager
    def awaiting(self, question_id: str) -> Iterator[None]:
        """Say that a worker waits in a tool for this answer while the block lasts."""
        self._awaited.add(question_id)
        try:
            yield
        finally:
            self._awaited.discard(question_id)

    def answer(self, question_id: str, text: str) -> bool:
        """Hand an answer to who waits for it; False when nobody does."""
        if question_id not in self._awaited:
            return False
        self._answers[question_id] = text
        return True

    def answered(self, question_id: str) -> str | None:
        """Return an answer and let go of it; None while there is none."""
        return self._answers.pop(question_id, None)

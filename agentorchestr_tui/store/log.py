"""The event log: appended to and read in a thread of its own, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from agentorchestr_tui.core.errors import StoreError
from agentorchestr_tui.core.events import Event, Recorded, kind
from agentorchestr_tui.store.codec import decode, encode
from agentorchestr_tui.store.migrations import migrate

BUSY_TIMEOUT = 5000  # milliseconds; another session's write takes a few
SUMMARY_KINDS = (
    "session_created",
    "goal_set",
    "worker_spawned",
    "outcome_reached",
    "message_sent",
    "goal_done",
    "goal_failed",
    "session_paused",
    "session_resumed",
    "session_closed",
)
_T = TypeVar("_T")


class EventLog:
    """An append-only log of all sessions in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._open: sqlite3.Connection | None = None

    @classmethod
    async def open(cls, path: Path) -> EventLog:
        """Open or make the file. Raises: StoreError."""
        log = cls(path)
        try:
            await log._run(log._connect)
        except BaseException:
            log._thread.shutdown(wait=False)
            raise
        return log

    async def append(self, session: str, after: int, events: Sequence[Event], at: float) -> tuple[Recorded, ...]:
        """Write events behind number `after`, durably. Raises: StoreError, also when another process wrote first."""
        return await self._run(lambda: self._append(session, after, events, at))

    async def read(self, session: str) -> tuple[Recorded, ...]:
        """Read a session's whole log, oldest first; empty when there is none."""
        return await self._run(lambda: self._read(session, ()))

    async def count(self, session: str) -> int:
        """Return how many events a session's log has. Raises: StoreError."""
        return await self._run(lambda: self._count(session))

    async def page(self, session: str, after: int, most: int) -> tuple[Recorded, ...]:
        """Read a session's next events behind number `after`, oldest first. Raises: StoreError."""
        return await self._run(lambda: self._page(session, after, most))

    async def summaries(self, most: int = 50) -> tuple[tuple[Recorded, ...], ...]:
        """Read the events that a list of sessions needs, the newest sessions first."""
        return await self._run(lambda: self._summaries(most))

    async def goals(self, project: str, most: int = 200) -> tuple[str, ...]:
        """Read the goals that a project's sessions had, each once, the newest first."""
        return await self._run(lambda: self._goals(project, most))

    async def close(self) -> None:
        """Close the file and end the thread."""
        await self._run(self._disconnect)
        self._thread.shutdown(wait=False)

    async def _run(self, work: Callable[[], _T]) -> _T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"The event log {self.path} cannot be used: {error}.") from error

    # -- in the thread ------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = sqlite3.connect(self.path, isolation_level=None, timeout=BUSY_TIMEOUT / 1000)
        try:
            self.path.chmod(0o600)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")  # an event is durable before anyone sees its effect
            migrate(database)
        except BaseException:
            database.close()
            raise
        self._open = database

    @property
    def _database(self) -> sqlite3.Connection:
        if self._open is None:
            raise StoreError(f"The event log {self.path} is closed.")
        return self._open

    def _append(self, session: str, after: int, events: Sequence[Event], at: float) -> tuple[Recorded, ...]:
        recorded = tuple(Recorded(after + number, at, event) for number, event in enumerate(events, 1))
        rows = [(session, each.seq, at, kind(each.event), encode(each.event)) for each in recorded]
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        try:
            database.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", rows)
        except sqlite3.IntegrityError as error:
            database.execute("ROLLBACK")
            raise StoreError(f"Another agentorchestr runs session {session}; close one of the two.") from error
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")
        return recorded

    def _read(self, session: str, kinds: Sequence[str]) -> tuple[Recorded, ...]:
        chosen = f" AND kind IN ({','.join('?' * len(kinds))})" if kinds else ""
        rows = self._database.execute(
            f"SELECT seq, at, kind, payload FROM events WHERE session = ?{chosen} ORDER BY seq",  # noqa: S608
            (session, *kinds),
        )
        return tuple(Recorded(seq, at, decode(name, payload)) for seq, at, name, payload in rows)

    def _count(self, session: str) -> int:
        rows = self._database.execute("SELECT count(*) FROM events WHERE session = ?", (session,))
        return int(rows.fetchone()[0])

    def _page(self, session: str, after: int, most: int) -> tuple[Recorded, ...]:
        rows = self._database.execute(
            "SELECT seq, at, kind, payload FROM events WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?",
            (session, after, most),
        )
        return tuple(Recorded(seq, at, decode(name, payload)) for seq, at, name, payload in rows)

    def _summaries(self, most: int) -> tuple[tuple[Recorded, ...], ...]:
        rows = self._database.execute(
            "SELECT session FROM events WHERE kind = 'session_created' ORDER BY at DESC LIMIT ?", (most,)
        )
        return tuple(self._read(session, SUMMARY_KINDS) for (session,) in rows.fetchall())

    def _goals(self, project: str, most: int) -> tuple[str, ...]:
        rows = self._database.execute(
            "SELECT json_extract(goal.payload, '$.goal') FROM events AS goal JOIN events AS began"
            " ON began.session = goal.session AND began.kind = 'session_created'"
            " WHERE goal.kind = 'goal_set' AND json_extract(began.payload, '$.project') = ?"
            " ORDER BY goal.at DESC LIMIT ?",
            (project, most),
        )
        return tuple(dict.fromkeys(goal for (goal,) in rows))

    def _disconnect(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

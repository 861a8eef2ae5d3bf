"""The database's shape as numbered steps; `user_version` says how many were taken."""

from __future__ import annotations

import sqlite3

from agentorchestr_tui.core.errors import StoreError

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE events (
        session TEXT NOT NULL,
        seq INTEGER NOT NULL,
        at REAL NOT NULL,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (session, seq)
    ) WITHOUT ROWID;
    CREATE INDEX events_by_kind ON events (kind, session);
    """,
)


def migrate(database: sqlite3.Connection) -> None:
    """Bring a database to the newest shape. Raises: StoreError when it is of a newer version."""
    if _version(database) == len(STEPS):
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        taken = _version(database)  # again, now that no other process can take a step
        if taken > len(STEPS):
            raise StoreError(f"state.db has shape {taken}, this version knows {len(STEPS)}; upgrade agentorchestr.")
        for step in STEPS[taken:]:
            for statement in filter(str.strip, step.split(";")):
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(STEPS)}")
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _version(database: sqlite3.Connection) -> int:
    row: tuple[int] = database.execute("PRAGMA user_version").fetchone()
    return row[0]

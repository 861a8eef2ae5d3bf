"""Sessions as an append-only event log in SQLite."""

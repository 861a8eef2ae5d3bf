"""`--explain WID`: which rule or signal decided each status of an agent, on what text, as the log has it."""

from __future__ import annotations

import json as jsons
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from agentorchestr_tui.core.apply import replay
from agentorchestr_tui.core.errors import UsageError
from agentorchestr_tui.core.events import Recorded, StatusChanged
from agentorchestr_tui.paths import user_paths
from agentorchestr_tui.store.log import EventLog


async def explain(who: str, session: str, *, json: bool) -> int:
    """Print how a status was judged, change by change; an empty `session` means the latest. Raises: UsageError."""
    log = await EventLog.open(user_paths().database)
    try:
        found = session or next((replay(events).id for events in await log.summaries(1)), "")
        events = await log.read(found) if found else ()
    finally:
        await log.close()
    if not events:
        raise UsageError(f"There is no session {session!r}. See: agentorchestr --list-sessions")
    state = replay(events)
    known = ["lead", *state.workers]
    if who not in known:
        raise UsageError(f"Session {state.id} has no {who!r}. There are: {', '.join(known)}.")
    changes = list(_changes(events, who))
    if json:
        sys.stdout.write(jsons.dumps([_row(at, change) for at, change in changes], ensure_ascii=False) + "\n")
        return 0
    sys.stdout.write(f"{who} of session {state.id}, {state.agent_of(who)}\n")
    for at, change in changes:
        clock = datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S")
        seen = " ".join("".join(each if each.isprintable() else " " for each in change.seen).split())
        sys.stdout.write(f"  {clock} {change.status:<12} by {change.rule!r}{f' on: {seen}' if seen else ''}\n")
    if not changes:
        sys.stdout.write("  Nothing was seen of it yet that tells what it does: it is starting, or ended at once.\n")
    return 0


def _changes(events: Sequence[Recorded], who: str) -> Iterator[tuple[float, StatusChanged]]:
    return ((each.at, each.event) for each in events if isinstance(each.event, StatusChanged) and each.event.who == who)


def _row(at: float, change: StatusChanged) -> dict[str, str]:
    time = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return {"time": time, "status": change.status, "rule": change.rule, "seen": change.seen}

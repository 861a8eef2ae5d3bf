"""`--explain WID`: which rule or signal decided each status of an agent, on what text, as the log has it."""

from __future__ import annotations

import json as jsons
import sys
from datetime import UTC, datetime

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.core.apply import replay
from agentorchestr_tui.core.errors import UsageError
from agentorchestr_tui.core.events import StatusChanged
from agentorchestr_tui.orchestrator.explaining import authority, changes, source, told
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
        which = f"There is no session {session!r}" if session else "There was no session yet"
        raise UsageError(f"{which}. See: agentorchestr --list-sessions")
    state = replay(events)
    known = ["lead", *state.workers]
    if who not in known:
        raise UsageError(f"Session {state.id} has no {who!r}. There are: {', '.join(known)}.")
    found_changes = list(changes(events, who))
    if json:
        sys.stdout.write(jsons.dumps([_row(at, change) for at, change in found_changes], ensure_ascii=False) + "\n")
        return 0
    paths, agent = user_paths(), state.agent_of(who)
    card = load_cards([SHIPPED, paths.config / "agents"]).get(agent)
    sys.stdout.write(f"{who} of session {state.id}, {agent}{f': it goes by {authority(card)}' if card else ''}\n")
    for at, change in found_changes:
        sys.stdout.write(f"  {told(at, change)}\n")
    if card and found_changes and (where := source(card, found_changes[-1][1].rule)):
        sys.stdout.write(f"  “{found_changes[-1][1].rule}” is {where}.\n")
    if not found_changes:
        sys.stdout.write("  Nothing was seen of it yet that tells what it does: it is starting, or ended at once.\n")
    return 0


def _row(at: float, change: StatusChanged) -> dict[str, str]:
    time = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return {"time": time, "status": change.status, "rule": change.rule, "seen": change.seen}

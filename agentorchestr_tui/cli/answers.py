"""Questions that the command line answers without a session."""

from __future__ import annotations

import json as jsons
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from agentorchestr_tui.agents.card import SHIPPED, Card, load_cards
from agentorchestr_tui.agents.detection import Detected
from agentorchestr_tui.agents.detection import detect as detect_agents
from agentorchestr_tui.cli.progress import told
from agentorchestr_tui.core.apply import replay
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Outcome, Phase, shortened
from agentorchestr_tui.orchestrator.asking import asking
from agentorchestr_tui.orchestrator.holding import as_it_stands
from agentorchestr_tui.paths import environment, user_paths
from agentorchestr_tui.store.log import EventLog
from agentorchestr_tui.times import moment


async def detect(*, json: bool) -> int:
    """Print the agents of all cards, installed or not."""
    paths, env = user_paths(), environment()
    cards = load_cards([SHIPPED, paths.config / "agents"])
    with told("Asking the installed agents for their versions…"):
        async with asking(paths) as run:
            found = {each.card.name: each for each in await detect_agents(cards, env.get("PATH", ""), env, run)}
    shown = [card for card in cards.values() if not card.hidden]
    rows = [_agent_row(card, found.get(card.name)) for card in shown]
    if json:
        _say(jsons.dumps([row.as_json() for row in rows], ensure_ascii=False))
        return 0
    for row in sorted(rows, key=lambda row: (not row.binary, row.name)):
        _say(row.as_text())
    if not found:
        _say("No agent is installed. Try it without one: agentorchestr --demo")
    return 0


@dataclass(frozen=True, slots=True)
class _AgentRow:
    name: str
    title: str
    leads: bool
    binary: str
    version: str
    unverified: str
    checked: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "title": self.title,
            "installed": bool(self.binary),
            "binary": self.binary,
            "version": self.version,
            "can_lead": self.leads,
            "unverified": self.unverified,
            "checked": list(self.checked),
        }

    def as_text(self) -> str:
        if not self.binary:
            return f"  - {self.name:<12} not found on PATH{self._trial}"
        role = "leads and works" if self.leads else "works"
        return f"  ✓ {self.name:<12} {self.version or 'version unknown':<18} {role}  {self.binary}{self._trial}"

    @property
    def _trial(self) -> str:
        """Say what its card was tried with, where that is not what is installed."""
        if self.unverified:
            return f"  (untried: {self.unverified})"
        if self.binary and self.checked and self.version not in self.checked:
            return f"  (tried with {', '.join(self.checked)})"
        return ""


def _agent_row(card: Card, found: Detected | None) -> _AgentRow:
    binary, version = (str(found.binary), found.version) if found else ("", "")
    return _AgentRow(card.name, card.title, card.mcp is not None, binary, version, card.unverified, card.checked)


async def list_sessions(*, json: bool) -> int:
    """Print recent sessions, the newest first; the resumable ones are marked, and those whose agents run now."""
    paths = user_paths()
    database = paths.database
    sessions: list[Session] = []
    if database.exists():
        log = await EventLog.open(database)
        try:
            sessions = [as_it_stands(paths, replay(events)) for events in await log.summaries()]
        finally:
            await log.close()
    begun = [session for session in sessions if session.goal]
    if json:
        _say(jsons.dumps([_session_json(session) for session in begun], ensure_ascii=False))
        return 0
    for session in begun:
        _say(_session_text(session))
    if not begun:
        _say('No sessions yet. Start one with: agentorchestr --goal "..."')
    return 0


def _session_json(session: Session) -> dict[str, object]:
    return {
        "id": session.id,
        "goal": session.goal,
        "status": str(session.phase),
        "resumable": session.resumable,
        "created_at": _time(session.created),
        "updated_at": _time(session.updated),
        "workers_total": len(session.workers),
        "workers_done": _done(session),
    }


def _session_text(session: Session) -> str:
    when = moment(session.updated or session.created, time.time())
    sign = "●" if session.phase is Phase.RUNNING else "‖"
    mark = f"{sign} resumable" if session.resumable else str(session.phase)
    columns = max(20, shutil.get_terminal_size().columns - 56)
    done = f"{_done(session)} of {len(session.workers)} done" if session.workers else "no workers"
    return f"{session.id}  {when:<17}  {mark:<11}  {done:<12}  {shortened(session.goal, columns)}"


def _done(session: Session) -> int:
    return sum(worker.outcome is Outcome.DONE for worker in session.workers.values())


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _say(line: str) -> None:
    print(line)

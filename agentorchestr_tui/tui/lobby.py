"""The lobby: what is known, and can be done, without a session; the roof builds it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Outcome, Phase, shortened
from agentorchestr_tui.times import moment
from agentorchestr_tui.tui.looks import ACCENT, BAD, GOOD, MUTED, WARNING
from agentorchestr_tui.widgets.options import Option

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.archive import Archive

GOAL = 120  # characters of a goal in the list
NEW, RESUME, KEPT, LOOK = "new", "resume ", "kept ", "look "  # what an answer begins with
_PHASES = {
    Phase.RUNNING: ("●", ACCENT),
    Phase.PAUSED: ("▸", WARNING),
    Phase.DONE: ("✓", GOOD),
    Phase.FAILED: ("✗", BAD),
}


@dataclass(frozen=True, slots=True)
class Found:
    """An agent that there is a card for: its version where it is installed, the command where it is not."""

    name: str
    title: str
    installed: bool
    version: str = ""
    install: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found here; `trouble` says why no session can begin, `amiss` what of that the folder is to blame for."""

    agents: tuple[Found, ...] = ()
    project: str = ""
    git: str = ""
    keys: tuple[str, ...] = ()  # the names of the environment's keys for a planner
    trouble: str = ""
    amiss: str = ""
    asked: tuple[str, ...] = ()  # agents that have not told their version yet


@dataclass(frozen=True, slots=True)
class KeptWork:
    """Work that was kept from a removed worktree."""

    ref: str
    worker: str
    files: tuple[str, ...]
    note: str


class Lobby(Protocol):
    """What stands before a session."""

    async def look(self, tell: Callable[[Findings], None]) -> Findings:
        """Find agents, keys and the state of the folder; `tell` hears what is known so far. Cancelled, it ends so."""

    async def sessions(self) -> tuple[Session, ...]:
        """Return the sessions there were, the newest first. Raises: StoreError."""

    async def kept(self, session_id: str) -> tuple[KeptWork, ...]:
        """Return the work that was kept of a session. Raises: OrchestraError."""

    async def archive(self, session_id: str) -> Archive:
        """Open a session to look into, without running it. Raises: OrchestraError."""

    async def bring_back(self, ref: str) -> str:
        """Put kept work on a branch; returns a sentence that names it. Raises: OrchestraError."""


def session_options(sessions: Iterable[Session], present: str) -> Iterable[Option]:
    """Give a line for each session: those that can be gone on with first; the others are looked into."""
    for session in sorted(sessions, key=lambda each: not each.resumable):
        glyph, style = _PHASES.get(session.phase, ("○", MUTED))
        done = sum(worker.outcome is Outcome.DONE for worker in session.workers.values())
        about = f"{session.phase} {moment(session.updated or session.created, time.time())}"
        if session.workers:
            about += f" · {done} of {len(session.workers)} done"
        verb = RESUME if session.resumable else LOOK
        why_not = "This is the session you are in." if session.id == present else ""
        yield Option(
            shortened(session.goal, GOAL), f"{verb}{session.id}", about, session.id, why_not, glyph=glyph, style=style
        )


def kept_options(kept: Iterable[KeptWork]) -> Iterable[Option]:
    """Give a line for each piece of kept work."""
    for each in kept:
        files = ", ".join(each.files[:3]) + (f" and {len(each.files) - 3} more" if len(each.files) > 3 else "")
        why_not = "" if each.files else "It holds no file, so there is nothing to bring back."
        yield Option(f"{each.worker}: {files or 'no files'}", f"{KEPT}{each.ref}", each.note, why_not=why_not)

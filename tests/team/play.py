"""Sessions of a team, each a lead's score: played with rehearsal agents, and counted."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from agentorchestr_tui.core.commands import SetGoal
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.orchestrator.tally import Tally
from tests.house import Place, make_place, session

HERE = Path(__file__).parent
LIMIT = 90.0  # seconds for one session on a busy machine
RIGHT = ("grep -q right answer.txt",)


@dataclass(frozen=True)
class Piece:
    """One session: its score's name, what verifies it, how many seats it has, and what it is in words."""

    name: str
    title: str
    verify: tuple[str, ...] = RIGHT
    seats: int = 8


@dataclass(frozen=True)
class Played:
    """How a session went: its place, its last state, and what the lead's tools cost."""

    place: Place
    state: Session
    tally: Tally = field(repr=False)
    seconds: float

    def show(self, path: str) -> str:
        """Return a file of the integrated tree."""
        return self.place.git("show", f"{self.state.integration}:{path}")


PIECES = {
    piece.name: piece
    for piece in (
        Piece("three_workers", "three workers, one conflict settled by a worker", ("grep -q purple colour.txt",)),
        Piece("failing_verify", "verify fails, a fix, verify passes"),
        Piece("meddling_reviewer", "a reviewer whose edits are kept out"),
        Piece("lying_worker", "a worker that lies"),
        Piece("hasty_lead", "a lead that is done too early"),
        Piece("dying_lead", "a lead that dies and is replaced"),
        Piece("five_tasks", "five dependent tasks on two seats, one tried again", seats=2),
    )
}


async def play(piece: Piece, folder: Path) -> Played:
    """Play one session to its end."""
    place = make_place(folder)
    place.agent("lead", (HERE / f"{piece.name}.toml").read_text(encoding="utf-8"), rank=2)
    place.agent("told", "does_as_told")
    place.agent("lies", rank=0)
    place.agent("meddles", rank=0)
    began = time.monotonic()
    async with session(place.opening(lead="lead", verify=piece.verify, max_workers=piece.seats)) as orchestrator:
        await orchestrator.perform(SetGoal(f"Rehearse: {piece.title}"))
        await orchestrator.until(lambda state: state.over or bool(state.lead and not state.lead.running), LIMIT)
        seconds = time.monotonic() - began
    return Played(place, orchestrator.state, orchestrator.tally, seconds)

"""What a team's sessions cost their lead: tool calls, tokens returned, wall time; with rehearsal agents."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from tests.speed.table import Row
from tests.team.play import PIECES, play


async def measure() -> list[Row]:
    """Play every session of the team once."""
    rows = []
    for piece in PIECES.values():
        folder = Path(tempfile.mkdtemp(prefix="ao-team-"))
        os.environ["HOME"] = str(folder)
        try:
            played = await play(piece, folder / "place")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        calls, tokens = played.tally.calls_of("lead"), played.tally.tokens_of("lead")
        what = f"{piece.title}: {calls} calls, {tokens} tokens"
        rows.append(Row(what, played.seconds, "s", bar=str(played.state.phase)))
    return rows

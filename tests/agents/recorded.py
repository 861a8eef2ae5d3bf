"""The moments that `tests/real/record.py` took of real CLIs: what they told, and what stood on their screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agentorchestr_tui.agents.rules import Field
from agentorchestr_tui.agents.status import Signal
from agentorchestr_tui.core.words import Status

# What a line reader shows of a draft is what it shows of a message that it works on: the cursor alone tells them apart.
UNTOLD = frozenset({"aider.draft.idle", "aider.draft_80.idle"})
_NOTES = ("first", "exit")
SCREENS = sorted((Path(__file__).parent / "screens").glob("*.txt"))


@dataclass(frozen=True, slots=True)
class Moment:
    """One recorded moment: of which agent, in which scene, what was true, the signals and the rows."""

    agent: str
    scene: str
    status: Status
    signals: tuple[Signal, ...]
    screen: tuple[str, ...]
    first: Status | None = (
        None  # what the rules made of it when they saw it for the first time; None: it made the rules
    )
    ended: bool = False  # its process had ended

    @property
    def heard(self) -> dict[Field, str]:
        """The last signal of each kind."""
        return {signal.kind: signal.text for signal in self.signals}


def moment(path: Path) -> Moment:
    """Read one recorded moment."""
    agent, scene, status = path.stem.split(".")
    text = path.read_text()
    head, _, screen = text.partition("\n\n") if text[0] != "\n" else ("", "", text)
    lines = [(kind, told) for kind, _, told in (line.partition(": ") for line in head.splitlines())]
    notes = {kind: told for kind, told in lines if kind in _NOTES}
    signals = tuple(Signal(Field(kind), told) for kind, told in lines if kind not in _NOTES)
    first = Status(notes["first"]) if "first" in notes else None
    return Moment(agent, scene, Status(status), signals, tuple(screen.splitlines()), first, "exit" in notes)


MOMENTS = {path.stem: moment(path) for path in SCREENS}
AGENTS = sorted({each.agent for each in MOMENTS.values()})


def moments_of(agent: str, which: Callable[[Moment], bool] = lambda _: True) -> dict[str, Moment]:
    """Return an agent's moments by name, or some of them."""
    return {name: each for name, each in MOMENTS.items() if each.agent == agent and which(each)}

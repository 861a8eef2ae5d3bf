"""What stands behind the screen: a session that can be opened once and ended once; the roof builds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from textual.theme import Theme

from agentorchestr_tui.core.words import Team
from agentorchestr_tui.panes.desktop import Desktop
from agentorchestr_tui.tui.keymap import Keymap
from agentorchestr_tui.tui.lobby import Lobby
from agentorchestr_tui.tui.notices import Loudness

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.going import Going
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator


class Parting(StrEnum):
    """How a person, or the system, left the screen."""

    ENDED = "ended"  # the goal was reached or given up
    PAUSED = "paused"  # to be resumed later
    LEFT = "left"  # the agents go on without us
    NEXT = "next"  # for another goal, in a session of its own
    UNUSED = "unused"  # nothing was begun
    CUT_OFF = "cut off"  # a signal, or the terminal went away
    INTERRUPTED = "interrupted"  # SIGINT from outside
    BROKEN = "broken"  # it could not be opened, or something of ours failed


class House(Protocol):
    """One session's life, as the screen needs it."""

    at: str
    """What opening the session is at, in words, or nothing: `reads event 4,000 of 90,000`."""

    async def open(self) -> Orchestrator:
        """Open the session and its door for agents; asked again, the same. Raises: OrchestraError."""

    async def end(self, parting: Parting) -> None:
        """Close or leave the session; one that is not open yet is given up. Asked again, wait for the same end.

        Raises: OrchestraError.
        """

    @property
    def going(self) -> Going:
        """How that end goes."""

    async def stay(self) -> bool:
        """Call the end off, if nothing was ended yet; say whether."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a person wants to go from here: to another session, to the rehearsal, or to a new one."""

    resume: str = ""
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """What the screen is to do: a goal, or None to ask for one; or go on with a session."""

    goal: str | None = None
    team: Team | None = None  # what was chosen with the goal
    resume: bool = False
    keeps: bool = True  # whether what is paused or left can be come back to
    theme: str = ""
    keymap: Keymap | None = None  # None: the table's own keys
    lobby: Lobby | None = None  # None: there is nothing before or beside this session
    config: Path | None = None  # the user's folder of choices; None: nothing is kept there
    loudness: Loudness = field(default_factory=Loudness)
    folder: str = ""  # of the project, as it was named
    drafts: Path | None = None  # where they are kept; None: nowhere
    themes: Mapping[str, Theme] | None = None  # None: those that ship
    plain_signs: bool = False  # whether the terminal shows ASCII only
    desktop: Desktop = field(default_factory=Desktop)

"""The one protocol of a place where a process lives, and what one asks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.emulator.events import Event

GRACE = 3.0  # seconds between hang-up, terminate and kill


@dataclass(frozen=True, slots=True)
class Launch:
    """A process to start: argv with an absolute path first, its folder, its whole environment, its size in cells.

    What it leaves running and whose command line (words joined by blanks) matches one of the `spare` patterns is not
    ended with it: several share such a process, and whoever ends the last of them ends that too.
    """

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    columns: int = 120
    lines: int = 32
    spare: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended: its exit code, or the number of the signal that ended it."""

    code: int | None = None
    signal: int | None = None

    @property
    def sentence(self) -> str:
        """Say it in words."""
        return f"ended by signal {self.signal}" if self.signal else f"exited with code {self.code}"


class Pane(Protocol):
    """A place where one process lives; everything it printed stands in `emulator`."""

    @property
    def name(self) -> str:
        """The pane's name, unique in its session: `lead`, `w01`, `verify-1`."""

    @property
    def pid(self) -> int:
        """The process id of the program itself."""

    @property
    def emulator(self) -> Emulator:
        """The live screen; fed by the pane alone."""

    @property
    def exit(self) -> Exit | None:
        """How the process ended, or None while it runs."""

    @property
    def recording(self) -> Path | None:
        """Its asciicast v2 recording."""

    async def write(self, data: bytes) -> None:
        """Hand bytes to the process; return when the kernel took them. Raises: PaneGone."""

    async def resize(self, columns: int, lines: int) -> None:
        """Tell process and emulator a new size in cells."""

    async def mark(self, label: str) -> None:
        """Put a named mark into the recording."""

    async def reader(self) -> int:
        """Return the process group that the terminal's keys go to; 0 where that cannot be told."""

    async def wait(self) -> Exit:
        """Return when the process has ended and all it printed was fed to the emulator."""

    async def end(self, grace: float = GRACE) -> Exit:
        """End the whole process tree: hang up, terminate, kill, `grace` seconds apart; return when none is left."""

    def listen(self, bell: Callable[[Pane], None]) -> Callable[[], None]:
        """Ring `bell` after every batch of output and at the end; the returned call stops it."""

    def listen_events(self, ear: Callable[[Event], None]) -> Callable[[], None]:
        """Tell `ear` each typed event of the emulator once; the returned call stops it."""


class PaneBackend(Protocol):
    """A maker and keeper of panes for one session."""

    @property
    def host(self) -> int:
        """The process id that the mark of everything in its panes begins with."""

    @property
    def panes(self) -> Mapping[str, Pane]:
        """The panes there are, by name."""

    async def open(self, name: str, launch: Launch) -> Pane:
        """Start a process in a new pane. Raises: LaunchError."""

    def favour(self, name: str | None) -> None:
        """Parse this pane's output before any other's: a person types into it."""

    async def leave(self) -> None:
        """Let go of the panes; their processes live on."""

    async def close(self, grace: float = GRACE) -> None:
        """End every pane's process tree, `grace` seconds between steps, then the keeper itself."""

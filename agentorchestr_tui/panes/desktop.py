"""The desktop of whoever sits at the terminal: programs that take a copied text, or open an address, there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LIMIT = 5.0  # seconds that such a program may take
_SAFE = ("http://", "https://", "mailto:")  # what a program in a pane may have opened; a file could be run
_CLIPBOARDS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard", "-in")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    ("TERMUX_VERSION", ("termux-clipboard-set",)),
)
_OPENERS = (
    ("WSL_DISTRO_NAME", ("wslview",)),
    ("WAYLAND_DISPLAY", ("xdg-open",)),
    ("DISPLAY", ("xdg-open",)),
    ("TERMUX_VERSION", ("termux-open-url",)),
)
"""By the variable of the environment without which the program has nothing to talk to."""
_MAC = "darwin"
_lasting: list[subprocess.Popen[bytes]] = []
"""Programs that were let go; one that is forgotten while it runs would be complained of."""


@dataclass(frozen=True, slots=True)
class Desktop:
    """What this environment reaches; an empty one reaches nothing."""

    environment: Mapping[str, str] = field(default_factory=dict)
    limit: float = LIMIT  # seconds

    async def copy(self, text: str) -> bool:
        """Put a text into the system's clipboard, and into tmux's buffer inside tmux; say if anything took it.

        tmux takes no OSC 52 from programs in it as it is set up at first, but hands on what is loaded with -w.
        """
        data = text.encode("utf-8", "surrogateescape")
        taken = False
        if "TMUX" in self.environment:
            taken = await self._run(("tmux", "load-buffer", "-w", "-"), data) or await self._run(
                ("tmux", "load-buffer", "-"),
                data,  # before tmux 3.2
            )
        for argv in self._reached(_CLIPBOARDS, ("pbcopy",)):
            if await self._run(argv, data):
                return True
        return taken

    async def open(self, address: str) -> bool:
        """Open a web address as the desktop does; say if a program took it, which text-mode browsers may not."""
        if not address.startswith(_SAFE):
            return False
        for argv in self._reached(_OPENERS, ("open",)):
            if await asyncio.to_thread(self._let_go, (*argv, address)):
                return True
        return False

    def _let_go(self, argv: Sequence[str]) -> bool:
        """Start a program that may outlive us, a browser; say if it ended well or still runs. Blocks for a moment."""
        if (path := self._path(argv[0])) is None:
            return False
        quiet = subprocess.DEVNULL
        try:
            process = subprocess.Popen(
                [path, *argv[1:]], stdin=quiet, stdout=quiet, stderr=quiet, env=self.environment, start_new_session=True
            )
        except OSError:
            return False
        try:
            return process.wait(self.limit / 3) == 0
        except subprocess.TimeoutExpired:
            _lasting.append(process)
            return True

    def _path(self, program: str) -> str | None:
        return shutil.which(program, path=self.environment.get("PATH", os.defpath))

    def _reached(self, programs: Sequence[tuple[str, tuple[str, ...]]], mac: tuple[str, ...]) -> list[tuple[str, ...]]:
        reached = [argv for variable, argv in programs if self.environment.get(variable)]
        return [mac, *reached] if sys.platform == _MAC and self.environment else reached

    async def _run(self, argv: Sequence[str], data: bytes) -> bool:
        """Feed a program, silent and with no terminal; say if it ended well within its time."""
        if (path := self._path(argv[0])) is None:
            return False
        quiet = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                path, *argv[1:], stdin=asyncio.subprocess.PIPE, stdout=quiet, stderr=quiet, env=self.environment,
                start_new_session=True,
            )  # fmt: skip
        except OSError:
            return False
        try:
            async with asyncio.timeout(self.limit):
                await process.communicate(data)
        except TimeoutError:
            return False
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        return process.returncode == 0

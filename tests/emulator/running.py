"""A real program in a PTY with our emulator behind it, which answers its questions; nothing is waited for but facts."""

from __future__ import annotations

import os
import select
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import ptyprocess
import pytest

from agentorchestr_tui.emulator import Emulator, keys, mouse

COLUMNS, LINES = 100, 30
PATIENCE = 30  # seconds for what a step leads to


def need(program: str) -> None:
    """Skip where a program is missing, but never in CI, which installs them all."""
    if shutil.which(program) is None:
        message = f"{program} is not installed (.ci/run installs it)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the whole environment of a program: nothing of this machine's but its programs."""
    return {
        "PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor",
        "LANG": "C.UTF-8", "PS1": "$ ", "SHELL": "/bin/sh", "TMPDIR": tempfile.gettempdir(),
    } | more  # fmt: skip


class Running:
    """A program; `with Running(argv, folder) as program`. `beside` hears its output too."""

    def __init__(
        self,
        argv: list[str],
        folder: Path,
        *,
        env: dict[str, str] | None = None,
        beside: Callable[[bytes], object] | None = None,
        size: tuple[int, int] = (COLUMNS, LINES),
    ) -> None:
        self.emulator = Emulator(*size)
        self.ended = False
        self._beside = beside
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forkpty beside threads
            self._process = ptyprocess.PtyProcess.spawn(
                argv, cwd=str(folder), env=env or environment(folder), dimensions=size[::-1]
            )

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate(force=True)
        self._process.close()

    @property
    def modes(self):
        return self.emulator.modes

    @property
    def rows(self) -> list[str]:
        return [row.rstrip() for row in self.emulator.display]

    def take(self, seconds: float) -> bool:
        """Take what it prints next, if it comes in time; say if any came."""
        if self.ended or not select.select([self._process.fd], [], [], seconds)[0]:
            return False
        try:
            said = self._process.read(65536)
        except EOFError:
            self.ended = True
            return False
        self.emulator.feed(said)
        if self._beside:
            self._beside(said)
        self.type(self.emulator.take_replies())
        return True

    def until(self, fact: str | Callable[[], object], what: str = "", patience: float = PATIENCE) -> None:
        """Return when a text stands on the screen or a fact holds; fail with the screen when it does not in time."""
        holds = fact if callable(fact) else lambda: any(fact in row for row in self.emulator.display)
        end = time.monotonic() + patience
        while not holds():
            assert time.monotonic() < end, [what or fact, *filter(None, self.rows)]
            assert not self.ended, [f"it ended before this: {what or fact}", *filter(None, self.rows)]
            self.take(0.05)

    def settle(self, quiet: float = 0.4, at_most: float = 3) -> None:
        """Take what it prints until it is quiet for a while, but not for ever: a spinner never is."""
        end = time.monotonic() + at_most
        while time.monotonic() < end and self.take(quiet):
            pass

    def resize(self, columns: int, lines: int) -> None:
        """Give it another size in cells, as a window does: the terminal first."""
        self.emulator.resize(columns, lines)
        self._process.setwinsize(lines, columns)

    def type(self, said: str | bytes) -> None:
        """Write bytes to it."""
        data = said.encode() if isinstance(said, str) else said
        if data and not self.ended:
            self._process.write(data)

    def press(self, key: str, character: str | None = None) -> None:
        """Press a key, by Textual's name."""
        self.type(keys.encode(key, character or (key if len(key) == 1 else None), self.modes))

    def paste(self, text: str) -> None:
        """Paste a text."""
        self.type(keys.paste(text, self.modes))

    def focus(self, gained: bool) -> None:
        """Give it the focus, or take it."""
        self.type(keys.focus(gained, self.modes))

    def point(self, act: mouse.Act, button: int, column: int, line: int, **held: bool) -> None:
        """Let the mouse do something at a cell counted from 0."""
        self.type(mouse.encode(act, button, column, line, self.modes, **held))

    def click(self, column: int, line: int, button: int = mouse.LEFT) -> None:
        """Press and release a button at a cell counted from 0."""
        self.point(mouse.Act.PRESS, button, column, line)
        self.point(mouse.Act.RELEASE, button, column, line)

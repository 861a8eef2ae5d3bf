"""A person at a real terminal: the installed command in a PTY, a screen to look at, and keys to press."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from pathlib import Path

import ptyprocess
import pytest

from agentorchestr_tui.emulator import Emulator

LIMIT = 60.0  # seconds that any wait may last
COMMAND = Path(sys.executable).parent / "agentorchestr"


class Person:
    """Types into the command and reads its screen; the terminal answers what it is asked."""

    def __init__(self, argv, folder, size):
        columns, lines = size
        self.screen = Emulator(columns, lines)
        self.raw = b""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forkpty beside threads
            self.process = ptyprocess.PtyProcess.spawn(
                list(argv), cwd=str(folder), env=dict(os.environ), dimensions=(lines, columns)
            )
        os.set_blocking(self.process.fd, False)

    def press(self, keys: bytes) -> None:
        os.write(self.process.fd, keys)

    def until_shown(self, *words: str) -> None:
        self._until(lambda: all(word in self.text for word in words), f"{words}")

    def until_ended(self) -> int | None:
        """Read to the end; returns the exit code."""
        self._until(lambda: not self.process.isalive(), "the end")
        self._read()
        return self.process.exitstatus

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def end(self) -> None:
        if self.process.isalive():
            os.kill(self.process.pid, signal.SIGTERM)
            self.until_ended()
        self.process.fileobj.close()
        self.process.closed = True

    def _until(self, fact, what) -> None:
        end = time.monotonic() + LIMIT
        while not fact():
            if time.monotonic() > end:
                raise AssertionError(f"never came: {what}\n{self.text}")
            self._read()
            time.sleep(0.01)

    def _read(self) -> None:
        try:
            while data := os.read(self.process.fd, 65536):
                self.raw += data
                self.screen.feed(data)
        except (BlockingIOError, OSError):
            pass
        if (replies := self.screen.take_replies()) and self.process.isalive():
            os.write(self.process.fd, replies)


@pytest.fixture
def person(tmp_path):
    """Start the command with a person before it; ended with the test."""
    people = []

    def sit_down(*words, size=(120, 40), command=(str(COMMAND),)):
        people.append(Person((*command, *words), tmp_path, size))
        return people[-1]

    yield sit_down
    for one in people:
        one.end()

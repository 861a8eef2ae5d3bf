"""A person at a real terminal: the installed command in a PTY or in tmux, a screen to look at, and keys to press."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path

import psutil
import ptyprocess
import pytest

from agentorchestr_tui.agents.card import SHIPPED
from agentorchestr_tui.emulator import Emulator
from tests.house import make_place, processes_of
from tests.journeys.glass import Glass, surroundings

LIMIT = 60.0  # seconds that any wait may last
COMMAND = Path(sys.executable).parent / "agentorchestr"
TEAM = ("--agents", "chief", "asker", "--lead", "chief")
LEAD = """
[[opening]]
call = "spawn_worker"
arguments = { task = "Say hello in hello.txt.", agent_hint = "asker" }
as = "worker"
[[opening]]
say = "I wait for a word."
[[reply]]
say = "A note came: {{message}}"
"""
ASKER = """
[[opening]]
permission = "npm test"
as = "npm"
[[opening]]
write = "hello.txt"
text = "hello\\nnpm test: {{npm.answer}}\\n"
[[opening]]
commit = "Say hello"
[[opening]]
call = "report_done"
arguments = { summary = "hello.txt says hello" }
[[reply]]
append = "hello.txt"
text = "mended\\n"
[[reply]]
commit = "Mend it"
[[reply]]
call = "report_done"
arguments = { summary = "hello.txt is mended" }
"""


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


@pytest.fixture
def place(tmp_path):
    """A project, and two agents that play what they are told, by the rehearsal's own card."""
    made = make_place(tmp_path, {"Makefile": "test:\n\ttrue\n"})
    card = (SHIPPED / "rehearsal.toml").read_text("utf-8").replace("hidden = true\n", "")
    folder = made.paths.config / "agents"
    folder.mkdir(parents=True)
    for name, score, rank in (("chief", LEAD, 2), ("asker", ASKER, 1)):
        path = folder.parent / f"{name}.score"
        path.write_text(score, "utf-8")
        text = card.replace('name = "rehearsal"', f'name = "{name}"', 1).replace("rank = 1", f"rank = {rank}")
        argv = f'"--score", {str(path)!r}, "--pace", "0", "@model"'
        (folder / f"{name}.toml").write_text(text.replace('"@model"', argv), "utf-8")
    return made


@pytest.fixture
def glass(place):
    """A terminal of a user of that place; everything in it ends with the test."""
    one = Glass(place.runtime, surroundings(place), (120, 40))
    yield one
    one.end()
    for process in processes_of(place):
        with suppress(psutil.NoSuchProcess):
            process.kill()


@pytest.fixture
def asked(place, glass):
    """A terminal with a session whose only worker asks for permission."""
    glass.run(*TEAM, "--goal", "Say hello", cwd=place.project)
    glass.until_shown("lead · chief", "1 w01 implementer · asker", "◆ 1 needs you", "Allow running `npm test`?")
    return glass


@pytest.fixture
def done(asked):
    """A terminal with a session whose only worker has reported; it was answered by a key in its pane."""
    asked.press("M-1")
    asked.until_shown("┏ 1 w01 implementer")
    asked.press("1")
    asked.until_shown("✓ 1 done")
    return asked

"""The whole program in a terminal: how soon it first shows, how soon it is all there, and what it costs at rest."""

from __future__ import annotations

import asyncio
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import ptyprocess

from agentorchestr_tui.emulator import Emulator
from tests.speed.table import Row, median

TIMES = 10
LATEST = 30.0  # seconds
REST = 10.0  # seconds watched at rest
BARE = "python -c 'import textual.app'"
COMMAND = Path(sys.executable).parent / "agentorchestr"


class Screen:
    """The installed command in a terminal that answers what it is asked."""

    def __init__(self, folder: str) -> None:
        env = {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        self.began = time.perf_counter()
        self.process = ptyprocess.PtyProcess.spawn([str(COMMAND)], cwd=folder, env=env, dimensions=(40, 120))
        self.glass = Emulator(120, 40)

    def until(self, fact: Callable[[str], bool]) -> float:
        """Read until what is shown fulfils a fact; returns the seconds since the start."""
        while not fact("\n".join(self.glass.display)):
            if time.perf_counter() - self.began > LATEST:
                raise TimeoutError(f"It did not come in {LATEST:.0f} s.")
            self.read(0.05)
        return time.perf_counter() - self.began

    def read(self, seconds: float) -> None:
        """Take what comes within so long."""
        if select.select([self.process.fd], [], [], seconds)[0]:
            self.glass.feed(os.read(self.process.fd, 65536))
            if replies := self.glass.take_replies():
                os.write(self.process.fd, replies)

    def cpu(self) -> float:
        """Seconds of CPU of launcher and screen so far."""
        launcher = psutil.Process(self.process.pid)
        return sum(sum(each.cpu_times()[:2]) for each in (launcher, *launcher.children()))

    def end(self) -> None:
        """Ask it to go, and take its end."""
        self.process.kill(15)
        end = time.monotonic() + LATEST
        while self.process.isalive() and time.monotonic() < end:
            try:
                self.read(0.05)
            except OSError:
                break
        self.process.terminate(force=True)


async def measure() -> list[Row]:
    """Measure from exec to what is shown."""
    return await asyncio.to_thread(_measure)


def _measure() -> list[Row]:
    firsts, wholes, costs, rest, bare = [], [], [], 0.0, []
    for number in range(TIMES):
        with tempfile.TemporaryDirectory(prefix="ao-paint-", ignore_cleanup_errors=True) as folder:
            subprocess.run(["git", "init", "-q", folder], check=True)
            bare.append(_import_alone(folder))
            screen = Screen(folder)
            try:
                firsts.append(screen.until(lambda text: "agentorchestr" in text))
                wholes.append(screen.until(lambda text: "╭" in text and "╯" in text))
                costs.append(screen.cpu())
                if number == TIMES - 1:
                    rest = _at_rest(screen)
            finally:
                screen.end()
    return [
        Row("exec to first paint: the curtain", median(firsts), "s", bar="at most 0.5 s"),
        Row("exec to the whole first screen", median(wholes), "s", BARE, median(bare), "at most 0.5 s"),
        Row("CPU up to there", median(costs), "s"),
        Row("CPU of the first screen at rest", rest * 100, "%", bar="at most 1 % of a core"),
    ]


def _import_alone(folder: str) -> float:
    """Return the seconds that the screen's library takes to be imported, and nothing else."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", BARE.split(maxsplit=2)[2].strip("'")], cwd=folder, check=True)
    return time.perf_counter() - began


def _at_rest(screen: Screen) -> float:
    """Return the share of a core that it takes when nothing happens."""
    _watch(screen, 5.0)
    before, began = screen.cpu(), time.monotonic()
    _watch(screen, REST)
    return (screen.cpu() - before) / (time.monotonic() - began)


def _watch(screen: Screen, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        screen.read(left)

"""Many terminals at once beside tmux with as many panes: CPU while they repaint, frames, and how soon typing shows.

Both stand in a terminal of ours that only reads. What they show is written straight into their inner terminals, so no
program's own cost is in the figures.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import ptyprocess

from tests.speed.table import Row

COLUMNS, LINES = 320, 96  # of the outer terminal
COUNTS = (4, 8, 16, 32)
RATE = 20  # repaints a second of every tile
WATCHED, GLANCED = 3.0, 1.5  # seconds, for counts that have a bar and for those that have none
JUDGED = 16  # tiles from which there is a bar
KEYS = 40  # typed for one figure
PAUSE = 0.03  # seconds between an echo and the next key
LATEST = 3.0  # seconds after which an echo counts as lost
READY = 60.0  # seconds until everything is up
_GLYPHS = [chr(0x430 + n) for n in range(32)] + [chr(0x3B1 + n) for n in range(16)]
_KINDS = {"every row new": (1, 8), "one row in six new": (6, 8), "no row ever seen before": (1, 600)}
"""Of a picture's rows one in so many is new, and it is one of so many; agents write all of it again for a spinner."""
_LOADS = {"idle": 0, "one flooding": 1, "seven flooding": 7}
_WORDS = ("alpha", "beta", "error", "def main():", "│ ok", "12:33:01")


@dataclass
class Scene:
    """A contender at work: what it shows on `outer`, its inner ttys, and whose CPU counts."""

    outer: ptyprocess.PtyProcess
    ttys: list[str]
    processes: list[psutil.Process]
    said: bytearray = field(default_factory=bytearray)

    def read(self, seconds: float) -> None:
        """Take what it shows, for at most so long until there is something."""
        if select.select([self.outer.fd], [], [], max(0.0, seconds))[0]:
            self.said += os.read(self.outer.fd, 65536)

    def cpu(self) -> float:
        """Seconds of CPU so far."""
        return sum(sum(process.cpu_times()[:2]) for process in self.processes)


async def measure() -> list[Row]:
    """Measure what a wall of terminals costs."""
    return await asyncio.to_thread(_measure_walls)


async def measure_echo() -> list[Row]:
    """Measure how soon typing shows."""
    return await asyncio.to_thread(_measure_echo)


def _scenes() -> dict[str, Callable[[int], AbstractContextManager[Scene]]]:
    return {"ours": _ours} | ({"tmux": tmux} if shutil.which("tmux") else {})


def _measure_walls() -> list[Row]:
    rows: list[Row] = []
    for count in COUNTS:
        seen: dict[tuple[str, str], tuple[float, float]] = {}
        for name, scene in _scenes().items():
            with scene(count) as running:
                for kind, (parts, variants) in _KINDS.items():
                    seconds = WATCHED if count >= JUDGED else GLANCED
                    seen[name, kind] = repainting(running, parts, variants, seconds)
        rows += [row for kind in _KINDS for row in _repaint_rows(count, kind, seen)]
    return rows


def _measure_echo() -> list[Row]:
    rows: list[Row] = []
    for load, flooding in _LOADS.items():
        echoes = {}
        for name, scene in _scenes().items():
            with scene(8) as running, _floods(running.ttys[8 - flooding :]):
                echoes[name] = echo(running)
        rows += _echo_rows(load, echoes)
    return rows


def _repaint_rows(count: int, kind: str, seen: dict[tuple[str, str], tuple[float, float]]) -> list[Row]:
    cpu, frames = seen["ours", kind]
    tmux_cpu, tmux_frames = seen.get(("tmux", kind), (None, None))
    return [
        Row(f"{count} tiles repainting at {RATE} Hz, {kind}: CPU", cpu * 100, "%", "tmux",
            tmux_cpu and tmux_cpu * 100, "at most 2.5x" if count >= JUDGED else ""),
        Row(f"{count} tiles repainting at {RATE} Hz, {kind}: pictures", frames, "fps", "tmux", tmux_frames,
            "at least 20" if count == COUNTS[-1] else ""),
    ]  # fmt: skip


def _echo_rows(load: str, echoes: dict[str, list[float]]) -> list[Row]:
    bars = {"idle": "at most 5 ms", "one flooding": "at most 12 ms", "seven flooding": "at most 1.5x"}
    tmux = echoes.get("tmux")
    ours = echoes["ours"]
    return [
        Row(f"typing echo, 8 tiles, {load}, median", statistics.median(ours) * 1e3, "ms", "tmux",
            statistics.median(tmux) * 1e3 if tmux else None, bars[load]),
        Row(f"typing echo, 8 tiles, {load}, slowest of {KEYS}", max(ours) * 1e3, "ms", "tmux",
            max(tmux) * 1e3 if tmux else None, "p99 at most 100 ms"),
    ]  # fmt: skip


# -- the contenders


@contextmanager
def _ours(count: int) -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="ao-wall-") as folder:
        told = Path(folder) / "ttys"
        outer = _spawn([sys.executable, "-m", "tests.speed.wall", str(count), str(told)], folder)
        scene = Scene(outer, [], [psutil.Process(outer.pid)])
        try:
            until(told.exists, scene)
            scene.ttys = told.read_text().split("\n")
            settle(scene)
            yield scene
        finally:
            outer.terminate(force=True)


@contextmanager
def tmux(count: int) -> Iterator[Scene]:
    """Run tmux with so many panes."""
    with tempfile.TemporaryDirectory(prefix="ao-tmux-") as folder:
        tmux = ["tmux", "-u", "-S", f"{folder}/socket", "-f", "/dev/null"]
        outer = _spawn([*tmux, "new-session", "sleep 600"], folder)
        scene = Scene(outer, [], [])

        def ask(*words: str) -> str:
            return subprocess.run([*tmux, *words], check=False, capture_output=True, text=True, timeout=20).stdout

        try:
            until(lambda: bool(ask("list-panes")), scene)
            for _ in range(count - 1):
                ask("split-window", "-d", "sleep 600")
                ask("select-layout", "tiled")
            scene.ttys = ask("list-panes", "-F", "#{pane_tty}").split()
            scene.processes = [psutil.Process(int(pid)) for pid in ask("display", "-p", "#{pid} #{client_pid}").split()]
            settle(scene)
            yield scene
        finally:
            ask("kill-server")
            outer.terminate(force=True)


def _spawn(argv: list[str], folder: str) -> ptyprocess.PtyProcess:
    env = {
        "PATH": os.environ["PATH"], "HOME": folder, "TERM": "xterm-256color", "LANG": "C.UTF-8",
        "COLORTERM": "truecolor", "PYTHONPATH": os.getcwd(),
    }  # fmt: skip
    return ptyprocess.PtyProcess.spawn(argv, env=env, dimensions=(LINES, COLUMNS))


def until(fact: Callable[[], bool], scene: Scene) -> None:
    """Read until a fact comes true."""
    end = time.monotonic() + READY
    while not fact():
        if time.monotonic() > end:
            raise TimeoutError(f"It did not come up in {READY:.0f} s: {bytes(scene.said[-400:])!r}")
        scene.read(0.05)


def settle(scene: Scene) -> None:
    """Read until nothing more comes."""
    quiet = time.monotonic()
    while time.monotonic() - quiet < 0.3:
        before = len(scene.said)
        scene.read(0.1)
        if len(scene.said) > before:
            quiet = time.monotonic()
    scene.said.clear()


# -- what is measured


def repainting(scene: Scene, parts: int, variants: int = 8, seconds: float = WATCHED) -> tuple[float, float]:
    """Return the share of one core that repainting tiles take, and how many pictures a second show on the outside."""
    with repainter(parts, scene.ttys, variants):
        watch(scene, 0.5)
        scene.said.clear()
        before, began = scene.cpu(), time.monotonic()
        watch(scene, seconds)
        took = time.monotonic() - began
        cpu = (scene.cpu() - before) / took
        shown = {int(number) for number in _pictures(bytes(scene.said))}
    return cpu, len(shown) / took


def _pictures(said: bytes) -> list[bytes]:
    """Find the numbers of the last tile's pictures: it alone writes them between these brackets."""
    return re.findall(rb"<<(\d+)>>", said)


def watch(scene: Scene, seconds: float) -> None:
    """Read for so long."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        scene.read(left)


@contextmanager
def repainter(parts: int, ttys: list[str], variants: int = 8) -> Iterator[None]:
    """Repaint inner terminals, from another process."""
    writer = subprocess.Popen([sys.executable, "-m", "tests.speed.tiles", str(parts), str(variants), *ttys],
                              stdout=subprocess.PIPE)  # fmt: skip
    assert writer.stdout is not None
    writer.stdout.readline()  # its rows are made
    try:
        yield
    finally:
        writer.terminate()
        writer.communicate()


def repaint(parts: int, variants: int, ttys: list[str]) -> None:
    """Write twenty pictures a second to every tty until killed; one row in `parts` is new, and one of `variants`."""
    outs = [os.open(tty, os.O_WRONLY | os.O_NOCTTY) for tty in ttys]
    size = os.get_terminal_size(outs[0])
    chance = random.Random(1)
    rows = [[_row(chance, y, size.columns) for _ in range(variants)] for y in range(2, size.lines + 1)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    began, number = time.monotonic(), 0
    while True:
        for place, out in enumerate(outs):
            mark = f"<<{number}>>" if place == len(outs) - 1 else f"{number}"
            picture = "".join(row[((number + y) // parts + place) % variants] for y, row in enumerate(rows))
            os.write(out, f"{picture}\x1b[1;1H{mark}".encode())
        number += 1
        time.sleep(max(0.0, began + number / RATE - time.monotonic()))


def _row(chance: random.Random, y: int, columns: int) -> str:
    """Make a row as agents draw it: cleared, and written with some words in colour."""
    left, row = columns - 2, f"\x1b[{y};1H\x1b[2K\x1b[38;2;{y * 9 % 256};100;200m│\x1b[0m "
    while left > 12:
        word = chance.choice(_WORDS)
        color = chance.randrange(31, 37)
        row += chance.choice((f"\x1b[{color}m{word}\x1b[39m ", f"\x1b[1m{word}\x1b[22m ", f"{word} "))
        left -= len(word) + 1
    return row


@contextmanager
def _floods(ttys: list[str]) -> Iterator[None]:
    """Write to inner terminals as fast as they take it."""
    floods = []
    for tty in ttys:
        with open(tty, "wb", buffering=0) as out:
            floods.append(subprocess.Popen(["yes", "a flood of words that never ends"], stdout=out))
    try:
        yield
    finally:
        for flood in floods:
            flood.kill()
            flood.wait()


def echo(scene: Scene) -> list[float]:
    """Type characters, one after the other, and time until each stands on the outside."""
    watch(scene, 0.5)
    samples = []
    for number in range(KEYS):
        glyph = _GLYPHS[number % len(_GLYPHS)].encode()
        scene.said.clear()
        began = time.perf_counter()
        os.write(scene.outer.fd, glyph)
        while glyph not in scene.said and time.perf_counter() - began < LATEST:
            scene.read(0.1)
        samples.append(time.perf_counter() - began)
        watch(scene, PAUSE)
    return samples


if __name__ == "__main__":
    repaint(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])

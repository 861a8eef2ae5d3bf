"""The whole program with a team at work, beside tmux with as many panes: typing, pictures, CPU; and its cost at rest.

Its workers only hold their terminals open; what they show is written straight into these, as in the bench of tiles.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import ptyprocess

from tests.house import Place, make_place, processes_of
from tests.speed import tiles
from tests.speed.table import Row

TEAM = 16  # tiles: a lead and its workers
PARTS = 6  # of a picture's rows one in so many is new
QUIET = 8  # workers while nothing happens
REST = 10.0  # seconds watched at rest
COMMAND = Path(sys.executable).parent / "agentorchestr"
_QUIET = """\
name = "quiet"
title = "Quiet"
binaries = ["{python}"]
implement_rank = 1
[launch]
argv = ["{python}", "-S", "-E", "-c", "import signal; print('here', flush=True); signal.pause()", "{prompt_file}"]
[[status]]
name = "works"
field = "screen"
match = '.'
status = "working"
"""
_LEAD = """\
[[opening]]
call = "spawn_worker"
arguments = { task = "Hold terminal %d open.", agent_hint = "quiet" }
"""


async def measure() -> list[Row]:
    """Measure a busy team of sixteen, and a quiet one of eight."""
    return await asyncio.to_thread(_measure)


def _measure() -> list[Row]:
    scenes = {"ours": _team} | ({"tmux": tiles.tmux} if shutil.which("tmux") else {})
    walls: dict[str, tuple[float, float]] = {}
    echoes: dict[str, list[float]] = {}
    for name, scene in scenes.items():
        with scene(TEAM) as running:
            walls[name] = tiles.repainting(running, PARTS)
            with tiles.repainter(PARTS, running.ttys[1:]):
                echoes[name] = tiles.echo(running)
    return [*_rows(walls, echoes), _rest()]


async def measure_idle() -> list[Row]:
    """Measure the quiet team of eight alone."""
    return [await asyncio.to_thread(_rest)]


def _rest() -> Row:
    with _team(QUIET + 1) as running:
        return Row(f"{QUIET} quiet agents: CPU", _at_rest(running) * 100, "%", bar="at most 1 % of a core")


def _rows(walls: dict[str, tuple[float, float]], echoes: dict[str, list[float]]) -> list[Row]:
    what = f"{TEAM} agents repainting at {tiles.RATE} Hz"
    cpu, frames = walls["ours"]
    other_cpu, other_frames = walls.get("tmux", (None, None))
    ours, other = echoes["ours"], echoes.get("tmux")
    return [
        Row(f"{what}: CPU", cpu * 100, "%", "tmux", other_cpu and other_cpu * 100, "at most 2.5x"),
        Row(f"{what}: pictures", frames, "fps", "tmux", other_frames, "at least 15"),
        Row(f"{what}: typing echo, median", statistics.median(ours) * 1e3, "ms", "tmux",
            statistics.median(other) * 1e3 if other else None, "at most 20 ms"),
        Row(f"{what}: typing echo, p99", _late(ours) * 1e3, "ms", "tmux",
            _late(other) * 1e3 if other else None, "at most 100 ms"),
    ]  # fmt: skip


def _late(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=100, method="inclusive")[-1]


def _at_rest(scene: tiles.Scene) -> float:
    """Return the share of a core that a team takes that does nothing."""
    tiles.watch(scene, 5.0)
    before, began = scene.cpu(), time.monotonic()
    tiles.watch(scene, REST)
    return (scene.cpu() - before) / (time.monotonic() - began)


@contextmanager
def _team(count: int) -> Iterator[tiles.Scene]:
    """The installed command with a lead and workers, the first worker focused."""
    with tempfile.TemporaryDirectory(prefix="ao-app-", ignore_cleanup_errors=True) as folder, ExitStack() as after:
        place = _place(Path(folder), count - 1)
        after.callback(_end, place)
        outer = _start(place, count - 1)
        after.callback(outer.terminate, force=True)
        scene = tiles.Scene(outer, [], [])
        tiles.until(lambda: len(_holders(place)) == count - 1, scene)
        scene.ttys = [each.terminal() for each in _holders(place)]
        os.write(outer.fd, b"\x1b1")  # to the first worker
        scene.processes = _program(place, outer.pid)
        tiles.settle(scene)
        yield scene


def _place(folder: Path, workers: int) -> Place:
    place = make_place(folder)
    place.agent("chief", "".join(_LEAD % number for number in range(workers)), rank=2)
    (place.paths.config / "agents" / "quiet.toml").write_text(_QUIET, encoding="utf-8")
    return place


def _start(place: Place, workers: int) -> ptyprocess.PtyProcess:
    env = {
        "PATH": os.environ["PATH"], "HOME": str(place.home), "TERM": "xterm-256color", "LANG": "C.UTF-8",
        "COLORTERM": "truecolor", "XDG_DATA_HOME": str(place.home / "data"),
        "XDG_CONFIG_HOME": str(place.home / "config"), "XDG_CACHE_HOME": str(place.home / "cache"),
        "XDG_RUNTIME_DIR": str(place.runtime), "TMPDIR": str(place.runtime),
    }  # fmt: skip
    words = ["--agents", "chief", "quiet", "--lead", "chief", "--max-workers", str(workers), "--goal", "Hold terminals"]
    size = (tiles.LINES, tiles.COLUMNS)
    return ptyprocess.PtyProcess.spawn([str(COMMAND), *words], cwd=str(place.project), env=env, dimensions=size)


def _holders(place: Place) -> list[psutil.Process]:
    """Return the workers' processes, the first started first."""
    held = [each for each in processes_of(place) if "signal.pause()" in _words(each)]
    return sorted(held, key=lambda each: each.create_time())


def _program(place: Place, launcher: int) -> list[psutil.Process]:
    """Return the processes of the program itself: launcher, screen, and the host of the panes, but no agent."""
    ours = psutil.Process(launcher)
    hosts = [each for each in processes_of(place) if each.terminal() not in _ttys(place)]
    return list({each.pid: each for each in [*hosts, ours, *ours.children()]}.values())


def _ttys(place: Place) -> set[str]:
    agents = [each for each in processes_of(place) if "--prompt-file" in _words(each)]
    return {each.terminal() for each in [*agents, *_holders(place)]}


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _end(place: Place) -> None:
    for process in processes_of(place):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    shutil.rmtree(place.runtime, ignore_errors=True)

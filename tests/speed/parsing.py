"""How fast output is parsed, and what scrollback costs, beside stock pyte, bittty and a tmux server, on process CPU."""

from __future__ import annotations

import importlib.util
import math
import os
import shutil
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import psutil
import pyte

from agentorchestr_tui.emulator import Emulator
from tests.speed.streams import COLUMNS, LINES, Stream, streams
from tests.speed.table import Row

ROUNDS = 3
PIECE = 65536  # bytes fed at once
LEAST = 0.03  # seconds of CPU that one sample takes at least
FOR_TMUX = 2_000_000  # bytes of each stream: a server's CPU is counted in hundredths of a second
HISTORY = 5000  # lines
FOREMOST = {"plain log", "git log -p", "agent repaint"}

Feed = Callable[[bytes], object]
T = TypeVar("T")


class Forgiving(pyte.HistoryScreen):
    """Stock pyte, but for answering what makes it raise: it takes no private SGR and no DA with a prefix."""

    def select_graphic_rendition(self, *attrs: int, **_kwargs: bool) -> None:
        """Take the attributes alone."""
        pyte.Screen.select_graphic_rendition(self, *attrs)


class Plain(pyte.Screen):
    """The same for the screen without history."""

    select_graphic_rendition = Forgiving.select_graphic_rendition


def _ours() -> Feed:
    return Emulator(COLUMNS, LINES).feed


def _pyte() -> Feed:
    return pyte.ByteStream(Plain(COLUMNS, LINES)).feed


def _bittty() -> Feed:
    from bittty import Board

    return Board(COLUMNS, LINES).feed_host_data


async def measure() -> list[Row]:
    """Measure every stream in every parser, and the memory of 5,000 lines."""
    kinds = streams()
    makers = {"ours": _ours, "pyte": _pyte}
    if importlib.util.find_spec("bittty"):
        makers["bittty"] = _bittty
    speeds: dict[str, list[float]] = {name: [] for name in makers}
    rows = []
    for stream in kinds:
        best = _fastest(makers, stream.data)
        for name, speed in best.items():
            speeds[name].append(speed)
        what = f"parse {stream.name} ({'recorded' if stream.recorded else 'generated'})"
        bar = "at least 20x" if stream.name in FOREMOST else "at least 3x"
        rows.append(Row(what, best["ours"], "MB/s", "pyte", best["pyte"], bar))
    ours = _mean(speeds["ours"])
    rows.append(Row("parse, geometric mean", ours, "MB/s", "pyte", _mean(speeds["pyte"]), "at least 15x"))
    if "bittty" in speeds:
        rows.append(Row("parse, geometric mean", ours, "MB/s", "bittty", _mean(speeds["bittty"]), "at least 4x"))
    if shutil.which("tmux"):
        rows.append(Row("parse, geometric mean", ours, "MB/s", "tmux server", _tmux(kinds), "at least 0.4x"))
    return [*rows, _memory()]


def _mean(speeds: Sequence[float]) -> float:
    return math.exp(sum(map(math.log, speeds)) / len(speeds))


def _fastest(makers: dict[str, Callable[[], Feed]], data: bytes) -> dict[str, float]:
    """Take the parsers in turn, and of each its best round, in MB per CPU-second."""
    best = dict.fromkeys(makers, 0.0)
    for _ in range(ROUNDS):
        for name, make in makers.items():
            best[name] = max(best[name], _speed(make, data))
    return best


def _speed(make: Callable[[], Feed], data: bytes) -> float:
    """Feed a stream to new parsers: one that was fed it before may remember it."""
    pieces = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
    fed = 0
    took = 0.0
    while took < LEAST:
        feed = make()
        began = time.process_time()
        for piece in pieces:
            feed(piece)
        took += time.process_time() - began
        fed += len(data)
    return fed / took / 1e6


def _tmux(kinds: Sequence[Stream]) -> float:
    """Let tmux servers, one a stream, swallow the same bytes in a pane of the same size."""
    speeds = []
    for stream in kinds:
        # A folder each: a server that is still ending would refuse a session on its socket.
        with tempfile.TemporaryDirectory(prefix="ao-tmux-", ignore_cleanup_errors=True) as folder:
            speeds.append(_swallow(stream.data, Path(folder)))
    return _mean(speeds)


def _swallow(data: bytes, folder: Path) -> float:
    times = -(-FOR_TMUX // len(data))
    (folder / "stream").write_bytes(data * times)
    tmux = ["tmux", "-S", str(folder / "socket"), "-f", "/dev/null"]
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "xterm-256color", "LANG": "C.UTF-8"}

    def ask(*words: str) -> str:
        return subprocess.run([*tmux, *words], env=env, check=True, capture_output=True, text=True, timeout=60).stdout

    wait = "tmux wait-for"
    script = f"stty raw -echo; {wait} -S ready; {wait} go; cat stream; {wait} -S done; sleep 600"
    ask("new-session", "-d", "-x", str(COLUMNS), "-y", str(LINES), "-c", str(folder), script)
    try:
        server = psutil.Process(int(ask("display-message", "-p", "#{pid}")))
        ask("wait-for", "ready")
        before = sum(server.cpu_times()[:2])
        ask("wait-for", "-S", "go")
        ask("wait-for", "done")
        return len(data) * times / max(0.01, sum(server.cpu_times()[:2]) - before) / 1e6
    finally:
        ask("kill-server")


def _memory() -> Row:
    """Count what 5,000 lines of scrollback hold on to."""
    text = "".join(
        f"\x1b[{31 + n % 6}m{'+-'[n % 2]} {'word ' * 12}{n}\x1b[m\r\n" for n in range(HISTORY + LINES)
    ).encode()
    ours = _held(lambda: Emulator(COLUMNS, LINES, HISTORY), lambda emulator: emulator.feed(text))
    stock = _held(
        lambda: Forgiving(COLUMNS, LINES, HISTORY),
        lambda screen: pyte.ByteStream(screen).feed(text),
    )
    return Row(f"scrollback of {HISTORY:,} lines", ours / 1e6, "MB", "HistoryScreen", stock / 1e6, "at most 0.067x")


def _held(make: Callable[[], T], fill: Callable[[T], object]) -> int:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        screen = make()
        fill(screen)
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

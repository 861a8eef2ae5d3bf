"""Processes that agents of ours left running on their own: found by the mark that all in a pane inherit, and ended."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

from .keeper import MARKER

GRACE = 3.0  # seconds between terminate and kill

Asks = Callable[[Sequence[str]], bool]  # is a process with this argv meant?


@dataclass(frozen=True, slots=True)
class Stray:
    """A process: its argv, its home, and the pane host below which it was started, 0 when it was none of ours."""

    pid: int
    argv: tuple[str, ...]
    home: str
    host: int
    process: psutil.Process


def running(is_meant: Asks) -> list[Stray]:
    """Return this user's processes that are meant; blocks."""
    return [stray for stray in _all() if is_meant(stray.argv)]


def stands(host: int) -> bool:
    """Say whether a pane host runs."""
    try:
        process = psutil.Process(host)
        return process.status() != psutil.STATUS_ZOMBIE and "agentorchestr_tui.panes.host" in " ".join(
            process.cmdline()
        )
    except psutil.Error:
        return False


def end(strays: Sequence[Stray], grace: float = GRACE) -> list[Stray]:
    """Terminate them with all below them, then kill; return those that stand even so. Blocks."""
    found = {each.pid: each for stray in strays for each in _tree(stray.process)}
    _send(found.values(), signal.SIGTERM)
    _, alive = psutil.wait_procs(list(found.values()), grace)
    _send(alive, signal.SIGKILL)
    _, left = psutil.wait_procs(alive, grace)
    pids = {process.pid for process in left}
    return [stray for stray in strays if stray.pid in pids]


def _all() -> Iterator[Stray]:
    mine = os.getuid()
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.uids().real == mine and process.status() != psutil.STATUS_ZOMBIE:
                environment = process.environ()
                argv, home = tuple(process.cmdline()), environment.get("HOME", "")
                yield Stray(process.pid, argv, home, _host(environment.get(MARKER, "")), process)
        except (psutil.Error, OSError):
            continue


def _host(marker: str) -> int:
    """Return the host's process id, which a mark begins with."""
    first = marker.partition("-")[0]
    return int(first) if first.isdecimal() else 0


def _tree(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return [process, *process.children(recursive=True)]
    return [process]


def _send(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(number)

"""What the tests of panes share: launches, waits for facts, process ids."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from agentorchestr_tui.panes.client import HostedPanes
from agentorchestr_tui.panes.hosted import HostedPane
from agentorchestr_tui.panes.pane import Launch

PATIENCE = 20.0  # seconds until a fact that does not come true fails a test
ENV = {"PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8"}


async def until(fact: Callable[[], object]) -> None:
    """Return when a fact holds; fail after a while."""
    async with asyncio.timeout(PATIENCE):
        while not fact():
            await asyncio.sleep(0.01)


def shell(script: str, cwd: Path = Path("/"), **env: str) -> Launch:
    """Return the launch of a shell script."""
    return Launch(("/bin/sh", "-c", script), cwd, {**ENV, **env}, 80, 24)


def python(code: str, *arguments: str, cwd: Path = Path("/")) -> Launch:
    """Return the launch of a Python program."""
    return Launch((sys.executable, "-I", "-S", "-c", code, *arguments), cwd, ENV, 80, 24)


def alive(pid: int) -> bool:
    """Say whether a process runs; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(pid: int) -> None:
    """Kill a process that may be gone."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def screen(pane: HostedPane) -> str:
    """Return what a pane shows, without trailing blanks."""
    return "\n".join(row.rstrip() for row in pane.emulator.display).rstrip()


async def finish(backend: HostedPanes) -> None:
    """End a host and everything below it, over its own door or by process id."""
    if alive(backend.host) and backend.left:
        backend = await HostedPanes.connect(backend.socket_path)
    below = psutil.Process(backend.host).children(recursive=True) if alive(backend.host) else []
    try:
        for pane in list(backend.panes.values()):
            await pane.end(0.2)
        await backend.close()
    finally:
        for process in [*below, backend.host]:
            kill(process if isinstance(process, int) else process.pid)

"""The project's own commands, each in a pane: seen, recorded, bounded in time, and with nothing left behind."""

from __future__ import annotations

import asyncio
import shlex
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from agentorchestr_tui import tasks
from agentorchestr_tui.agents.environment import inherited
from agentorchestr_tui.core.errors import LaunchError
from agentorchestr_tui.core.words import CommandRun
from agentorchestr_tui.orchestrator.ground import Ground
from agentorchestr_tui.panes.pane import Exit, Launch, Pane

KEPT = 20_000  # characters of a command's output that are kept as evidence; the recording has all
MISSING, TOO_LONG = 127, 124  # exit codes, as shells and timeout(1) have them
SHELL_SIGNS = frozenset("|&;<>()$`\\\"'*?[]#~=%\n")


async def run_command(
    ground: Ground, pane_name: str, line: str, folder: Path, *, limit: float, also: Mapping[str, str]
) -> CommandRun:
    """Run a command line in a folder for at most `limit` seconds, with variables beside the user's own.

    A caller that is cancelled ends the command with all it started.
    """
    began = ground.clock()
    try:
        argv = command_argv(line, ground.environment.get("PATH", ""))
        pane = await _opened(ground, pane_name, Launch(argv, folder, {**inherited(ground.environment), **also}))
    except LaunchError as error:
        return CommandRun(line, MISSING, 0.0, str(error))
    ended, note = await _bounded(pane, limit)
    code = ended.code if ended.code is not None else 128 + (ended.signal or 0)
    return CommandRun(line, TOO_LONG if note else code, ground.clock() - began, _output(pane) + note)


def command_argv(line: str, path: str) -> tuple[str, ...]:
    """Split a command line; one with shell signs is handed to sh. Raises: LaunchError when its program is missing."""
    if SHELL_SIGNS.intersection(line):
        return ("/bin/sh", "-c", line)
    words = shlex.split(line)
    program = shutil.which(words[0], path=path) if words else None
    if program is None:
        raise LaunchError(f"The command {line!r} cannot run: {words[0] if words else 'nothing'} is not on PATH.")
    return (str(Path(program).absolute()), *words[1:])


async def _opened(ground: Ground, name: str, launch: Launch) -> Pane:
    """Open a pane; one that was being opened when its caller was cancelled is ended again. Raises: LaunchError."""
    opening = tasks.start(ground.panes.open(name, launch), name=f"open {name}")
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        with suppress(LaunchError):
            await (await opening).end()
        raise


async def _bounded(pane: Pane, limit: float) -> tuple[Exit, str]:
    try:
        async with asyncio.timeout(limit):
            return await pane.wait(), ""
    except asyncio.CancelledError:
        await pane.end()
        raise
    except TimeoutError:
        return await pane.end(), f"\nIt was ended after {limit:.0f} s without an end of its own."


def _output(pane: Pane) -> str:
    return "\n".join(line.text for line in pane.emulator.transcript(limit=KEPT))[-KEPT:]

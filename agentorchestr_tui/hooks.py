"""The user's own commands at moments of a session: read from hooks.json, told the moment as JSON, bounded in time."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import json
import os
import signal
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from agentorchestr_tui import tasks
from agentorchestr_tui.core.errors import CannotRun

FILE = "hooks.json"
LIMIT = 30.0  # seconds for one command
GRACE = 2.0  # seconds between the request to end and the end
OUTPUT = 4_000  # bytes of a command's output that are kept, from its end
SHELL = "/bin/sh"


class Moment(StrEnum):
    """When a command runs; what fails at a `pre_` moment stops what was to follow."""

    PRE_SESSION = "pre_session"
    POST_SESSION = "post_session"
    PRE_TASK = "pre_task"
    POST_TASK = "post_task"
    PRE_EVAL = "pre_eval"
    POST_EVAL = "post_eval"
    ON_FAILURE = "on_failure"
    ON_PAUSE = "on_pause"
    ON_RESUME = "on_resume"


class Scope(StrEnum):
    """Whose hooks.json a command stands in."""

    GLOBAL = "global"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Hook:
    """One command line, run by sh in the project's folder."""

    moment: Moment
    scope: Scope
    command: str


@dataclass(frozen=True, slots=True)
class Ran:
    """How a hook went; `code` None: it was ended after its time; 127: it could not be started."""

    hook: Hook
    code: int | None
    seconds: float
    output: str

    @property
    def sentence(self) -> str:
        """Say what went wrong."""
        how = f"did not end within {LIMIT:.0f} s" if self.code is None else f"exited with code {self.code}"
        said = self.output.strip().splitlines()
        which = f"The {self.hook.scope} hook {self.hook.moment} ({self.hook.command})"
        return f"{which} {how}: {said[-1]}" if said else f"{which} {how}."


def load_hooks(config: Path, project: Path | None) -> tuple[Hook, ...]:
    """Read the user's hooks and then a trusted project's (None: it is not trusted). Raises: CannotRun."""
    mine = _read(config / FILE, Scope.GLOBAL)
    return (*mine, *(_read(project / FILE, Scope.PROJECT) if project else ()))


def has_hooks(folder: Path) -> bool:
    """Say whether a folder's hooks.json names a command, or something that nobody can read."""
    try:
        return bool(_read(folder / FILE, Scope.PROJECT))
    except CannotRun:
        return True


async def run_hook(hook: Hook, context: Mapping[str, object], folder: Path, environment: Mapping[str, str]) -> Ran:
    """Run one hook to its end, or to the end of its time; its whole process group goes with it.

    A caller that is cancelled ends the hook with all it started.
    """
    began = time.monotonic()
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:  # files: nothing can block on a full pipe
        told.write(json.dumps(context, ensure_ascii=False).encode())
        told.seek(0)
        try:
            process = await _started(hook.command, told, said, folder, environment)
        except OSError as error:
            return Ran(hook, 127, 0.0, str(error))
        code = await _ended(process)
        return Ran(hook, code, time.monotonic() - began, await asyncio.to_thread(_tail, said))


async def _started(
    command: str, told: IO[bytes], said: IO[bytes], folder: Path, environment: Mapping[str, str]
) -> asyncio.subprocess.Process:
    """Start a command; one that was being started when its caller was cancelled is ended again. Raises: OSError."""
    starting = tasks.start(
        asyncio.create_subprocess_exec(
            SHELL,
            "-c",
            command,
            stdin=told,
            stdout=said,
            stderr=said,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
        ),
        name="start a hook",
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with contextlib.suppress(OSError):
            await _end(await starting)
        raise


async def _ended(process: asyncio.subprocess.Process) -> int | None:
    try:
        async with asyncio.timeout(LIMIT):
            return await process.wait()
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a hook whose time is up, with all that it started."""
    _signal_group(process.pid, signal.SIGTERM)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GRACE):
            await process.wait()
    _signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def _signal_group(group: int, how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, how)


def _tail(said: IO[bytes]) -> str:
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - OUTPUT))
    return said.read().decode("utf-8", "replace")


def _read(file: Path, scope: Scope) -> tuple[Hook, ...]:
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError) as error:
        raise CannotRun(f"{file} cannot be read: {error}.") from error
    if not isinstance(table, dict):
        raise CannotRun(f'{file} must be a table of moments: {{"post_session": "notify-send done"}}.')
    found = [(_moment(key, file), _lines(key, value, file)) for key, value in table.items()]
    return tuple(Hook(moment, scope, line) for moment, lines in found for line in lines)


def _moment(key: str, file: Path) -> Moment:
    try:
        return Moment(key)
    except ValueError as error:
        near = difflib.get_close_matches(key, list(Moment), n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(Moment)}."
        raise CannotRun(f"{file} names a moment {key!r}; {hint}") from error


def _lines(key: str, value: object, file: Path) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [] if value is None else [value]
    lines = [line for line in given if isinstance(line, str)]
    if len(lines) < len(given):
        raise CannotRun(f"{file}: {key} must be a command, a list of commands, or null.")
    return tuple(line for line in lines if line.strip())

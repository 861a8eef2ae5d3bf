"""One run of the installed command with published CLIs: started, heard event by event, and looked after at its end."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.real import rig, scripts
from tests.real.conversation import Script
from tests.real.model_server import ModelServer
from tests.real.place import Place, git, make_place
from tests.real.processes import processes_of
from tests.real.untouched import Settings

LOOK = 0.1  # seconds between two looks at a fact that no event tells
LIMIT = 300  # seconds for one session on a busy machine
Heard = dict[str, Any]


@dataclass
class Run:
    """A running command, and what it told so far."""

    place: Place
    model: ModelServer
    process: asyncio.subprocess.Process
    runtime: Path
    events: list[Heard] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # what was no event
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def told(self) -> str:
        """All of it, to look at when something went wrong."""
        return "\n".join([*(json.dumps(event) for event in self.events), *self.said])[-8000:]

    def heard(self, kind: str, **fields: object) -> list[Heard]:
        """Return the events of a kind whose fields are these."""
        return [each for each in self.events if each["kind"] == kind and fields.items() <= each.items()]

    async def until(self, fact: Callable[[], object], what: str) -> None:
        """Return when a fact holds; fail with all that was told when the command ends before."""
        while not fact():
            assert self.process.returncode is None, f"it ended before this: {what}\n{self.told}"
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LOOK)
            self._changed.clear()

    async def end(self) -> int:
        """Wait for its end; return the exit code."""
        return await self.process.wait()

    async def listen(self) -> None:
        """Take what it prints, to its end."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            try:
                event = json.loads(line)
                self.events.append(event)
            except ValueError:
                self.said.append(line.decode(errors="replace").rstrip())
            self._changed.set()
        await self.process.wait()
        self._changed.set()


@asynccontextmanager
async def running(
    setting: Setting, *words: str, env: dict[str, str] | None = None, limit: float = LIMIT
) -> AsyncIterator[Run]:
    """Run the command with these words until the end of the block; whatever still runs then is ended."""
    argv = [sys.executable, "-m", "agentorchestr_tui", "--no-tui", "--json", "--backend", "pty", *words]
    process = await asyncio.create_subprocess_exec(
        *argv,
        env=setting.env | (env or {}),
        cwd=setting.place.home,
        limit=2**24,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    run = Run(setting.place, setting.model, process, setting.runtime)
    listening = asyncio.ensure_future(run.listen())
    try:
        async with asyncio.timeout(limit):
            yield run
    except TimeoutError:
        raise AssertionError(f"not within {limit} s\n{run.told}") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
        await listening


@dataclass(frozen=True)
class Setting:
    """A user of these CLIs: place, model server, environment, and the settings that are not to be touched."""

    names: tuple[str, ...]
    place: Place
    model: ModelServer
    runtime: Path
    env: dict[str, str]
    settings: list[Settings]

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the command line that begin a session: the first CLI leads, the last one works."""
        return (
            "--agents", *dict.fromkeys(self.names), "--lead", self.names[0],
            "--goal", scripts.GOAL, "--project", str(self.place.project),
        )  # fmt: skip

    def check_untouched(self) -> None:
        """Check that the user's settings and checkout are what they were, and that nothing is left behind."""
        for each in self.settings:
            each.check()
        assert git(self.place.project, "status", "--porcelain", "--branch").splitlines() == ["## main"]
        assert processes_of(self.place.home) == []
        assert not [each.name for each in self.runtime.glob("agentorchestr*")]
        launches = self.place.home / ".local/share/agentorchestr/launches"
        assert list(launches.iterdir()) == []


@asynccontextmanager
async def setting(folder: Path, names: Iterable[str], script: Script) -> AsyncIterator[Setting]:
    """Make a user of these CLIs in a folder, whose models answer from a script; what they started ends with it."""
    chosen, place = tuple(names), make_place(folder)
    runtime = Path(tempfile.mkdtemp(prefix=""))  # short: sockets live in it
    async with ModelServer(script) as model:
        env: dict[str, str] = {}
        settings: list[Settings] = []
        arguments = {}
        for name in dict.fromkeys(chosen):
            settings.append(rig.settle(name, place.home, place.project, model))
            own = rig.environment(name, place.home, model)
            path = os.pathsep.join(filter(None, [env.get("PATH", ""), own["PATH"]]))
            env = env | own | {"PATH": path}
            arguments[name] = rig.model_arguments(name, model)
        env |= {
            "TERM": "xterm-256color",
            "TMPDIR": str(runtime),
            "AGENTORCHESTR_VERIFY": "grep -q hello hello.txt",
            "AGENTORCHESTR_AGENT_ARGS": json.dumps(arguments),
        }
        try:
            yield Setting(chosen, place, model, runtime, env, settings)
        finally:
            for process in processes_of(place.home):
                with suppress(psutil.Error):
                    process.send_signal(signal.SIGKILL)
            shutil.rmtree(runtime, ignore_errors=True)

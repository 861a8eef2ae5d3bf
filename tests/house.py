"""Whole sessions for tests: a real repository, the rehearsal agents at full speed, and everything under one folder."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from agentorchestr_tui.mcp_server.door import serve
from agentorchestr_tui.orchestrator.closing import close_session
from agentorchestr_tui.orchestrator.opening import open_session
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.prospect import Opening
from agentorchestr_tui.paths import Paths, environment
from agentorchestr_tui.settings import load

LIMIT = 100.0  # seconds for one run of the command
DONE_LEAD = """
[[opening]]
call = "mark_goal_done"
arguments = { summary = "there was nothing to do" }
[[opening]]
hang = "Thinking about it still"
"""
FAKES = Path(__file__).parent / "fakes"
_CARD = """\
name = "{name}"
title = "Rehearsal for a test"
binaries = ["{{python}}"]
lead_rank = {rank}
implement_rank = {rank}
[launch]
argv = ["{{python}}", "-P", "-m", "agentorchestr_tui.rehearsal", "--role", "{{role}}",
    "--prompt-file", "{{prompt_file}}", "--score", {score!r}, "--pace", "0", "@model"]
{mcp}
[[status]]
name = "works"
field = "osc7501"
match = '^state=working'
status = "working"
[[status]]
name = "asks"
field = "osc7501"
match = '^state=blocked'
status = "needs_input"
[[status]]
name = "idle"
field = "osc7501"
match = '^state=(idle|done)'
status = "idle"
"""
_READER = """\
name = "{name}"
title = "Reader"
binaries = ["{{python}}"]
implement_rank = 1
[launch]
argv = ["{{python}}", "-S", "-E", {program!r}, "{name}", {log!r}, "1", "{{prompt_file}}"]
[submit]
gap_seconds = {gap}
"""
_PASTES = """
[[status]]
name = "working"
field = "osc7501"
match = '^state=working'
status = "working"
[[status]]
name = "idle"
field = "osc7501"
match = '^state=idle'
status = "idle"
[[status]]
name = "title: working"
field = "title"
match = '^✦'
status = "working"
[[status]]
name = "title: ready"
field = "title"
match = '^◇'
status = "idle"
[[status]]
name = "interruptible"
field = "screen"
match = 'esc interrupt'
rows = 1
status = "working"
[[status]]
name = "at rest"
field = "screen"
match = 'for shortcuts'
rows = 1
status = "idle"
[[prompts]]
name = "permission"
match = '^─{20,}\\n (?P<asked>Do you want[^\\n]*)\\n ❯ 1. Yes\\n   2. No\\n\\n Esc to cancel\\s*\\Z'
once = ["1"]
deny = ["\\u001b"]
"""
_LINES = """bracketed = false
opens = "{{name}"
closes = "{name}}"
[[status]]
name = "at its prompt"
field = "screen"
match = '^> ?$'
rows = 1
status = "idle"
[[status]]
name = "no prompt"
field = "screen"
match = '.'
rows = 1
status = "working"
"""
_PROMPT = """
[shell]
begins = '^● Bash (?P<line>.+)$'
goes_on = '^  (?!⎿)(?P<line>\\S.*)$'
[[prompts]]
name = "permission"
match = '^│ (?P<asked>[^\\n]*?) *│\\n│ [ ❯] 1 Yes +│\\n│ [ ❯] 2 Yes, always +│\\n│ [ ❯] 3 No +│\\n╰─+╯(\\n[^\\n]*)?\\Z'
once = ["1"]
always = ["2"]
deny = ["3"]
"""
_MCP = '[mcp.env]\nAGENTORCHESTR_MCP_URL = "{mcp_url}"\nAGENTORCHESTR_MCP_TOKEN = "{token}"\n'


@dataclass(frozen=True)
class Place:
    """Where a test's session happens: its own folders, and a project."""

    home: Path
    project: Path
    runtime: Path

    @property
    def paths(self) -> Paths:
        """The folders of a user of this test."""
        data, config, cache = (self.home / name / "agentorchestr" for name in ("data", "config", "cache"))
        return Paths(data, config, cache, self.runtime)

    def git(self, *words: str) -> str:
        """Run git in the project."""
        return git(self.project, *words)

    def agent(self, name: str, score: str | None = None, *, mcp: bool = True, rank: int = 1) -> None:
        """Add an agent that plays a score: one of tests/fakes by name, or TOML text."""
        folder = self.paths.config / "agents"
        folder.mkdir(parents=True, exist_ok=True)
        path = FAKES / f"{score or name}.toml"
        if score and "\n" in score:
            path = folder.parent / f"{name}.score"
            path.write_text(score, encoding="utf-8")
        text = _CARD.format(name=name, score=str(path), rank=rank, mcp=_MCP if mcp else "") + _PROMPT
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")

    def reader(self, kind: str, gap: float = 0.05, program: str = "readers.py") -> Path:
        """Add an agent that only reads, by the rules of one kind of a program of tests/fakes; returns its log."""
        log = self.home / f"{kind}.log"
        path = self.paths.config / "agents" / f"{kind}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = _READER.format(name=kind, program=str(FAKES / program), log=str(log), gap=gap)
        path.write_text(text + (_LINES if kind == "aider" else _PASTES), encoding="utf-8")
        return log

    def opening(self, **flags: object) -> Opening:
        """Say how to open a session here; flags are settings."""
        if "agents" not in flags:
            flags["agents"] = tuple(sorted(path.stem for path in (self.paths.config / "agents").glob("*.toml")))
        settings = load(flags, user=self.paths.config)
        return Opening(self.project, self.paths, settings, environment(), os.geteuid(), rehearsal=False)


def slow_merges(place: Place, nap: str) -> None:
    """Have git run a command wherever both sides changed README.md, before it calls them a clash."""
    place.git("config", "merge.slow.driver", f"{nap}; exit 1")
    (place.project / ".git" / "info" / "attributes").write_text("README.md merge=slow\n", encoding="utf-8")


def slow_checkout(place: Place, path: str, nap: str) -> None:
    """Have git run a command whenever it writes a file of this name."""
    place.git("config", "filter.slow.smudge", f"{nap}; cat")
    (place.project / ".git" / "info" / "attributes").write_text(f"{path} filter=slow\n", encoding="utf-8")


def slow_git(place: Place, word: str, nap: str) -> Path:
    """Put a git on a PATH of its own that naps before it does what names `word`; it does while the file is there."""
    folder, real = place.home / "bin", shutil.which("git")
    folder.mkdir()
    slow = folder / "slow"
    git_ = folder / "git"
    git_.write_text(
        f'#!/bin/sh\ncase "$*" in *{word}*) if test -e {slow}; then {nap}; fi;; esac\nexec {real} "$@"\n',
        encoding="utf-8",
    )
    git_.chmod(0o755)
    return slow


def running(line: str) -> list[int]:
    """Return the processes that were started with just these words."""
    return [each.pid for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"] == line.split()]


async def pull_the_plug(place: Place) -> None:
    """Kill all that runs of a place's sessions, as a power cut does."""
    processes = processes_of(place)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    await asyncio.to_thread(psutil.wait_procs, processes, LIMIT)


async def until(fact: Callable[[], object]) -> None:
    """Wait for a fact of the world outside, which no event tells."""
    async with asyncio.timeout(LIMIT):
        while not fact():
            await asyncio.sleep(0.02)


def make_place(folder: Path, files: dict[str, str] | None = None) -> Place:
    """Make a project with one commit, and folders for a user."""
    project = folder / "project"
    project.mkdir(parents=True)
    for name, text in ({"README.md": "hello\n"} | (files or {})).items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", "--all")
    git(project, "-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "--quiet", "-m", "start")
    runtime = Path(tempfile.mkdtemp(prefix=""))  # short: sockets live in it
    atexit.register(shutil.rmtree, runtime, ignore_errors=True)  # for a bench; the tests' own conftest removes it, too
    return Place(folder / "home", project, runtime)


def git(folder: Path, *words: str) -> str:
    """Run git in a folder; returns what it printed."""
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


@asynccontextmanager
async def session(opening: Opening) -> AsyncIterator[Orchestrator]:
    """Open a session with its MCP server, and close it at the end."""
    orchestrator = await open_session(opening)
    async with serve(orchestrator):
        try:
            yield orchestrator
        finally:
            await close_session(orchestrator)


def processes_of(place: Place) -> list[psutil.Process]:
    """Find every process that works in, or was started for, a place."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join(process.cmdline()) + process.cwd()
        except (psutil.Error, OSError):
            continue
        if str(place.home) in words or str(place.runtime) in words:
            found.append(process)
    return [process for process in found if process.pid != os.getpid()]


async def command_line(
    place: Place, *words: str, folder: Path | None = None, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Done:
    """Run the command in the project, without a terminal, to its end."""
    return await _to_end(await started(place, *words, folder=folder, env=env), stdin, LIMIT)


async def run_to_end(argv: tuple[str, ...], folder: Path, env: Mapping[str, str], *, seconds: float) -> Done:
    """Run a program without a terminal, with just this environment, to its end."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv, cwd=folder, env=env, stdin=pipe, stdout=pipe, stderr=pipe)
    return await _to_end(process, b"", seconds)


async def _to_end(process: asyncio.subprocess.Process, stdin: bytes, seconds: float) -> Done:
    try:
        async with asyncio.timeout(seconds):
            out, err = await process.communicate(stdin)
    except TimeoutError:
        process.terminate()
        out, err = await process.communicate()
        return Done(-1, out.decode(), err.decode() + f"\nended by the test after {seconds} s")
    return Done(process.returncode or 0, out.decode(), err.decode())


async def started(
    place: Place, *words: str, folder: Path | None = None, env: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    """Start the command in the project, without a terminal."""
    ours = {
        "XDG_DATA_HOME": str(place.home / "data"),
        "XDG_CONFIG_HOME": str(place.home / "config"),
        "XDG_CACHE_HOME": str(place.home / "cache"),
        "TMPDIR": str(place.runtime),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "agentorchestr_tui",
        *words,
        cwd=folder or place.project,
        env={**os.environ, **ours, **(env or {})},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

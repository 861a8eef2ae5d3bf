"""A whole session of the installed command with a published CLI as lead and worker, its model scripted."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from tests.real import rig, scripts
from tests.real.model_server import ModelServer
from tests.real.place import git, make_place

LIMIT = 240  # seconds for one session on a busy machine

pytestmark = pytest.mark.timeout(LIMIT + 60)


def processes_of(home: Path) -> list[str]:
    """Name the processes that run with this home: all that a session of its user has started."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("HOME") == str(home) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline())[:200])
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize("name", ["codex", "opencode"])
async def test_a_real_cli_brings_a_goal_to_its_end(name, roomy, installed):
    installed(name)
    place = make_place(roomy)
    runtime = Path(tempfile.mkdtemp(prefix="ao-"))  # short: sockets live in it
    kept = (place.project / ".git" / "config").read_bytes()
    async with ModelServer(scripts.session) as model:
        settings = {path: path.read_bytes() for path in rig.settle(name, place.home, place.project, model)}
        env = rig.environment(name, place.home, model) | {
            "TERM": "xterm-256color",
            "TMPDIR": str(runtime),
            "AGENTORCHESTR_VERIFY": "grep -q hello hello.txt",
            "AGENTORCHESTR_AGENT_ARGS": json.dumps({name: rig.model_arguments(name, model)}),
        }
        argv = [sys.executable, "-m", "agentorchestr_tui", "--no-tui", "--backend", "pty", "--agents", name]
        argv += ["--goal", scripts.GOAL, "--project", str(place.project)]
        running = await asyncio.create_subprocess_exec(
            *argv, env=env, cwd=place.home, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        try:
            output, _ = await asyncio.wait_for(running.communicate(), LIMIT)
        finally:
            if running.returncode is None:
                running.terminate()
                await running.wait()
    told = output.decode()
    assert running.returncode == 0, told
    (branch,) = git(
        place.project, "branch", "--list", "agentorchestr/*/integration", "--format=%(refname:short)"
    ).split()
    assert git(place.project, "show", f"{branch}:hello.txt") == "hello\n"
    assert git(place.project, "status", "--porcelain", "--branch").splitlines() == ["## main"]
    assert settings == {path: path.read_bytes() for path in settings}
    assert (place.project / ".git" / "config").read_bytes() == kept
    assert processes_of(place.home) == []
    assert not [each.name for each in runtime.glob("agentorchestr*")]
    assert list((place.home / ".local/share/agentorchestr/launches").iterdir()) == []
    shutil.rmtree(runtime, ignore_errors=True)

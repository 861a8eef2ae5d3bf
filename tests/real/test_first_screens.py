"""First screens: what each published CLI shows in an empty home looks as in libghostty, row for row."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.emulator.oracle import compare
from tests.emulator.running import Running, environment
from tests.real import rig, scripts
from tests.real.install import PACKAGES
from tests.real.model_server import ModelServer
from tests.real.place import git
from tests.real.test_launch import clis

pyghostty = pytest.importorskip("pyghostty")
SIZE = 110, 34
STEPS = ["", "\x1b[B", "hello 漢字"]  # a menu moves, a field is filled

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("name", clis(*PACKAGES, act="first screen", in_ci=("codex", "claude")))
async def test_a_first_screen_looks_as_in_libghostty(name, installed, roomy):
    installed(name)
    for folder in ("home", "project"):
        (roomy / folder).mkdir()
    git(roomy / "project", "init", "-q")  # Aider writes a name into the repository around it
    async with ModelServer(scripts.session) as model:
        env = environment(roomy / "home", **rig.environment(name, roomy / "home", model))
        if await asyncio.to_thread(look, name, roomy / "project", env):
            rig.settle(name, roomy / "home", roomy / "project", model)  # it ended, for its maker cannot be reached
            await asyncio.to_thread(look, name, roomy / "project", env)


def look(name: str, project: Path, env: dict[str, str]) -> bool:
    """Compare the screens after each step; say if the CLI ended."""
    command = shutil.which(PACKAGES[name].command, path=env["PATH"])
    theirs = pyghostty.Terminal(*SIZE)
    with Running([str(command)], project, env=env, beside=theirs.feed, size=SIZE) as cli:
        cli.until(lambda: sum(map(bool, cli.rows)) > 3, "a screen", 120)
        for keys in STEPS:
            cli.type(keys)
            cli.settle()
            assert not compare(cli.emulator, theirs, styles=True), (keys, cli.rows)
        return cli.ended

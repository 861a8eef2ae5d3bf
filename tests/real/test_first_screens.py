"""First screens: what each published CLI shows in an empty home looks as in libghostty, row for row."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.emulator.oracle import compare
from tests.emulator.running import Running, environment
from tests.real.install import PACKAGES, install
from tests.real.test_launch import clis

pyghostty = pytest.importorskip("pyghostty")
SIZE = 110, 34
STEPS = ["", "\x1b[B", "hello 漢字", "\x1b"]  # a menu moves, a field is filled, a dialog may close

pytestmark = pytest.mark.timeout(300)


def path(name: str) -> str:
    """Return a PATH on which the CLI is first, and then only what every machine has."""
    tools = [os.path.dirname(found) for tool in ("node", "git", "sh") if (found := shutil.which(tool))]
    return os.pathsep.join([*map(str, install(name)), *dict.fromkeys([*tools, "/usr/bin", "/bin"])])


@pytest.mark.parametrize("name", clis(*PACKAGES))
def test_a_first_screen_looks_as_in_libghostty(name, installed, roomy):
    installed(name)
    home, project = roomy / "home", roomy / "project"
    home.mkdir()
    project.mkdir()
    theirs = pyghostty.Terminal(*SIZE)
    env = environment(home, PATH=path(name))
    command = shutil.which(PACKAGES[name].command, path=env["PATH"])
    with Running([str(command)], project, env=env, beside=theirs.feed, size=SIZE) as cli:
        for keys in STEPS:
            cli.type(keys)
            cli.settle()
            assert not compare(cli.emulator, theirs, styles=True), (keys, cli.rows)
        assert sum(map(bool, cli.rows)) > 3, cli.rows

"""What every test stands on: an environment without anything of the person who runs it, and nothing left at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from agentorchestr_tui.panes.host import HOST_IDLE

KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "CI", "VIRTUAL_ENV", "PYTHONPATH", "COVERAGE_PROCESS_START")

LONG = ("real", "cli", "journeys", "headless", "team", "tui")  # these folders' tests take seconds each
LINGERS = HOST_IDLE + 10  # seconds that a process of the last test gets to end, as a host does that nobody joins
_GROUND = pytest.StashKey[Path]()


def pytest_configure(config):
    """Give the whole run one temporary folder; the short name leaves room for the sockets in it."""
    if hasattr(config, "workerinput"):  # a worker of xdist has that of the run
        return
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())  # what failed is looked into later
    config.stash[_GROUND] = Path(tempfile.mkdtemp(prefix="ao-"))
    config.stash[_GROUND].chmod(0o711)  # each folder in it is for its owner alone; one test lets somebody through
    os.environ["TMPDIR"] = tempfile.tempdir = str(config.stash[_GROUND])


def pytest_collection_modifyitems(config, items):
    """Begin with what takes long: one that comes last would keep its worker busy while the others are done."""
    here = config.rootpath / "tests"

    def rank(item):
        folder = item.path.relative_to(here).parts[0] if item.path.is_relative_to(here) else ""
        return LONG.index(folder) if folder in LONG else len(LONG)

    items.sort(key=rank)


def pytest_unconfigure(config):
    if ground := config.stash.get(_GROUND, None):
        shutil.rmtree(ground, ignore_errors=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session):
    """Fail a run that leaves a process behind, and end that."""
    told = yield
    if ground := session.config.stash.get(_GROUND, None):
        _, left = psutil.wait_procs([*_processes_of(ground)], LINGERS)
        for process in left:
            with suppress(psutil.Error):
                words = " ".join(process.cmdline())[:200]
                session.config.get_terminal_writer().line(f"left running: {process.pid} {words}", red=True)
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
                process.kill()
    return told


def _processes_of(ground: Path) -> Iterator[psutil.Process]:
    """Find what still runs with this temporary folder, beside ourselves and the workers of xdist."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            theirs = Path(process.environ().get("TMPDIR", "/"))
            if theirs.is_relative_to(ground) and os.getpid() not in (process.pid, process.ppid()):
                yield process


@pytest.fixture(autouse=True)
def clean_environment(tmp_path_factory, monkeypatch):
    """Give each test an environment of its own: a fresh home, no agent's or git's variables."""
    for name in set(os.environ) - set(KEPT):
        if not name.startswith(("PYTEST", "COV_", "NPM_", "npm_", "PIP_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("TERM", "xterm-256color")

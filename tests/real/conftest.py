"""Real CLIs are installed once; where that is impossible the tests say so, and in CI they fail."""

from __future__ import annotations

import os
import pwd
import shutil
import uuid
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.real.install import CACHE, NotInstallable, install
from tests.real.matrix import table
from tests.real.processes import processes_of

pytest.register_assert_rewrite("tests.real.session")


def pytest_configure(config):
    config.addinivalue_line("markers", "real_all: runs a CLI that only `-m real_all` asks for: it takes minutes")
    config.addinivalue_line("markers", "act(name): what a CLI is shown to do, for the table at the end of `make real`")


def pytest_collection_modifyitems(config, items):
    for item in items:
        act = item.get_closest_marker("act")
        if act and hasattr(item, "callspec"):
            item.user_properties += [("act", act.args[0]), ("cli", item.callspec.params["name"])]
    if "real_all" in config.option.markexpr:
        return
    asked = [item for item in items if item.get_closest_marker("real_all")]
    config.hook.pytest_deselected(items=asked)
    items[:] = [item for item in items if item not in asked]


def pytest_terminal_summary(terminalreporter):
    seen = {}
    for outcome in ("passed", "skipped", "failed", "error"):  # the worst one of a CLI's runs of an act stands
        for report in terminalreporter.stats.get(outcome, ()):
            told = dict(getattr(report, "user_properties", ()))
            if "act" in told and (outcome != "passed" or report.when == "call"):
                seen[told["cli"], told["act"]] = outcome
    _show_costs(terminalreporter)
    lines = list(table(seen))
    if lines:
        terminalreporter.section("what published agents were seen to do")
        for line in lines:
            terminalreporter.write_line(line)


def _show_costs(terminalreporter):
    """Say what each session of a team cost its lead."""
    reports = [each for each in terminalreporter.stats.get("passed", ()) if each.when == "call"]
    told = [(each.nodeid.partition("::")[2], dict(each.user_properties).get("team")) for each in reports]
    if any(cost for _, cost in told):
        terminalreporter.section("what a team of published agents costs its lead")
        for name, cost in told:
            if cost:
                terminalreporter.write_line(f"{name}: {cost}")


@pytest.fixture
def installed():
    """Return a call that installs a CLI by name, or skips the test (fails it in CI) where it cannot be."""

    def call(name: str) -> None:
        try:
            install(name)
        except NotInstallable as problem:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(problem))

    return call


@pytest.fixture
def roomy():
    """Make a folder outside /tmp (some CLIs refuse settings where others can write); end what still runs from it."""
    folder = _safe_base().resolve() / "runs" / uuid.uuid4().hex
    folder.mkdir(parents=True, mode=0o700)
    yield folder
    for process in processes_of(folder):  # a CLI run without a session of ours leaves its daemons
        with suppress(psutil.Error):
            process.kill()
    shutil.rmtree(folder, ignore_errors=True)


def _safe_base() -> Path:
    """Find a folder that nobody else can write to or above: beside the installed CLIs, else in the real home."""
    home = Path(pwd.getpwuid(os.getuid()).pw_dir) / ".cache" / "agentorchestr-tests"
    return next((base for base in (CACHE, home) if not any(map(_shared, base.parents))), CACHE)


def _shared(folder: Path) -> bool:
    return folder.is_dir() and bool(folder.stat().st_mode & 0o022)

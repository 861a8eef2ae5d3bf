"""What every test stands on: an environment without anything of the person who runs it."""

from __future__ import annotations

import os

import pytest

KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "CI", "VIRTUAL_ENV", "PYTHONPATH", "COVERAGE_PROCESS_START")


@pytest.fixture(autouse=True)
def clean_environment(tmp_path_factory, monkeypatch):
    """Give each test an environment of its own: a fresh home, no agent's or git's variables."""
    for name in set(os.environ) - set(KEPT):
        if not name.startswith(("PYTEST", "COV_", "NPM_", "npm_", "PIP_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("TERM", "xterm-256color")

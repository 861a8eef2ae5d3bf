"""Ctrl-C while the command line is at work: one sentence, 130, and nothing left running."""

from __future__ import annotations

import os
import subprocess
import tempfile
import termios

import psutil
import pytest

from tests.journeys.conftest import LIMIT, person  # noqa: F401  # the fixture
from tests.journeys.test_leaving import is_as_found

STOPPED = "agentorchestr: Stopped by Ctrl-C."
SLOW = "#!/bin/sh\ncase $1 in --version) sleep 60;; *) exec cat;; esac\n"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A project, and one agent that is slow to say its version; the whole of it known by a variable."""
    subprocess.run(
        ["sh", "-c", "git init -q . && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m Begin"],
        cwd=tmp_path, check=True,
    )  # fmt: skip
    agent = tmp_path / "bin" / "claude"
    agent.parent.mkdir()
    agent.write_text(SLOW)
    agent.chmod(0o755)
    monkeypatch.setenv("PATH", f"{agent.parent}:{os.environ['PATH']}")
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", tempfile.mkdtemp(prefix=""))  # short: sockets live in it
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def left_in(place):
    """Return the processes that a place's command left."""
    found = []
    for each in psutil.process_iter():
        try:
            if each.pid != os.getpid() and str(place) in " ".join(each.cmdline()):
                found.append(each)
        except psutil.Error:
            continue
    return found


def stop(someone, place):
    """Press Ctrl-C; returns the exit code once nothing is left."""
    someone.press(b"\x03")
    code = someone.until_ended()
    psutil.wait_procs(left_in(place), timeout=LIMIT)
    assert left_in(place) == []
    assert b"Traceback" not in someone.raw
    return code


def test_a_detection_says_what_it_waits_for_and_is_stopped(person, place):  # noqa: F811
    someone = person("--detect")
    someone.until_shown("Asking the installed agents for their versions…", "ctrl+c stops")
    assert stop(someone, place) == 130
    assert STOPPED in someone.text
    assert "Asking" not in someone.text


@pytest.mark.parametrize("words", [(), ("--goal", "Say hello")])
def test_a_screen_that_is_being_loaded_is_stopped(person, place, words):  # noqa: F811
    someone = person(*words)
    before = termios.tcgetattr(someone.process.fd)
    someone.until_shown("Opening...")
    assert stop(someone, place) == 130
    is_as_found(someone, before)
    assert STOPPED in someone.text


def test_a_session_that_is_being_opened_is_stopped_by_the_same_key(person, place):  # noqa: F811
    someone = person("--goal", "Say hello")
    before = termios.tcgetattr(someone.process.fd)
    someone.until_shown("Opening the session")
    assert stop(someone, place) == 130
    is_as_found(someone, before)
    assert "Stopped by Ctrl-C before anything began." in someone.text or "--resume" in someone.text

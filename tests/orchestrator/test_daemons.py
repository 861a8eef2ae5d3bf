"""Daemons that agents leave behind: shared while the session lasts, ended with it, and never taken from somebody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from agentorchestr_tui.agents.card import load_cards
from agentorchestr_tui.core.commands import KillWorker, SetGoal, SpawnWorker
from agentorchestr_tui.core.words import NOTHING
from agentorchestr_tui.orchestrator import daemons
from tests.house import FAKES, make_place, session

LIMIT = 60.0
DAEMON = """
[[daemons]]
name = "daemon"
match = 'mimic-daemon$'
"""


@pytest.fixture
def place(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", "hangs", rank=2)
    place.agent("hangs")
    path = place.paths.config / "agents" / "hangs.toml"
    text = path.read_text().replace('"-P", "-m", "agentorchestr_tui.rehearsal"', f'"{FAKES / "daemonic.py"}"')
    path.write_text(text.replace('binaries = ["{python}"]', 'binaries = ["{python}", "daemonic"]') + DAEMON)
    return place


def home() -> Path:
    return Path(os.environ["HOME"])


def daemon() -> psutil.Process:
    return psutil.Process(int((home() / "daemon.pid").read_text()))


def runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


async def two_at_work(orchestrator) -> None:
    await orchestrator.perform(SetGoal("Say hello"))
    for number in (1, 2):
        await orchestrator.perform(SpawnWorker(f"Task {number}", agent_hint="hangs"))
        who = f"w0{number}"
        assert await orchestrator.until(lambda state, who=who: state.workers[who].status == "working", LIMIT)


async def test_a_daemon_that_two_workers_share_outlives_the_first_and_ends_with_the_session(place):
    async with session(place.opening(lead="lead", agents=("lead", "hangs"))) as orchestrator:
        await two_at_work(orchestrator)
        shared = daemon()
        await orchestrator.perform(KillWorker("w01", "enough", NOTHING))
        assert orchestrator.pane("w01").exit is not None
        assert runs(shared)
    assert not runs(shared)


async def test_a_daemon_that_was_there_before_is_left_alone(place):
    before = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "mimic-daemon"])
    (home() / "daemon.pid").write_text(str(before.pid))
    try:
        async with session(place.opening(lead="lead", agents=("lead", "hangs"))) as orchestrator:
            await two_at_work(orchestrator)
        assert before.poll() is None
    finally:
        before.kill()
        before.wait()


async def test_a_daemon_that_a_persons_own_agent_uses_meanwhile_stays_and_is_told_of_and_swept_later(place):
    person = home() / "daemonic"
    person.symlink_to("/bin/sleep")
    async with session(place.opening(lead="lead", agents=("lead", "hangs"))) as orchestrator:
        await two_at_work(orchestrator)
        ours = daemon()
        theirs = subprocess.Popen([str(person), "600"])
    try:
        assert runs(ours)
        assert [words for words in orchestrator.state.notices if "something else uses it" in words]
        cards = load_cards([place.paths.config / "agents"])
        (left,) = daemons.left_by_the_dead(cards.values())
        assert (left.stray.pid, left.used) == (ours.pid, True)
    finally:
        theirs.kill()
        theirs.wait()
    (left,) = daemons.left_by_the_dead(cards.values())
    assert not left.used
    assert daemons.end([left]) == []
    assert not runs(ours)

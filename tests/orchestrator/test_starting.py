"""Many starts of one agent on one home: one after the other, again where that is needed, and no login is lost."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from agentorchestr_tui.core.commands import SetGoal, SpawnWorker
from agentorchestr_tui.core.state import Session
from tests.house import FAKES, make_place, session

LIMIT = 60.0
LOGIN = """
[login]
home = ""
variable = "SHY_HOME"
file = "auth.json"
expires = ["expires"]
lost = 'refresh token was already used[^.]*'
[[status]]
name = "logged out"
field = "screen"
match = '^.*refresh token was already used.*'
status = "needs_input"
"""
LOCKED = """
[starts]
retry = "database is locked"
"""


@pytest.fixture
def place(tmp_path):
    return make_place(tmp_path)


def shy(place, extra: str, *, database: bool = False) -> Path:
    """Add the agent that shares its home badly; returns that home."""
    home = place.home / "shy"
    home.mkdir(parents=True)
    place.agent("hangs")
    path = place.paths.config / "agents" / "hangs.toml"
    env = {"SHY_HOME": str(home)} | ({"SHY_DATABASE": "1"} if database else {})
    table = "".join(f'{name} = "{value}"\n' for name, value in env.items())
    text = path.read_text().replace('"-P", "-m", "agentorchestr_tui.rehearsal"', f'"{FAKES / "shy.py"}"')
    path.write_text(text.replace("[launch]", f"[launch.env]\n{table}[launch]") + extra)
    return home


async def four_at_once(place, fact) -> Session:
    place.agent("lead", "hangs", rank=2)
    opening = place.opening(lead="lead", agents=("lead", "hangs"))
    async with session(opening) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        wishes = [SpawnWorker(f"Task {number}", agent_hint="hangs") for number in range(4)]
        spawning = asyncio.gather(*(orchestrator.perform(wish) for wish in wishes))
        assert await orchestrator.until(fact, LIMIT), orchestrator.state
        if fact is all_work:
            await spawning
    return orchestrator.state


def all_work(state: Session) -> bool:
    return len(state.workers) == 4 and all(worker.status == "working" for worker in state.workers.values())


async def test_starts_that_meet_a_locked_database_are_tried_again_until_all_run(place):
    home = shy(place, LOCKED, database=True)
    state = await four_at_once(place, all_work)
    notes = (home / "notes").read_text().split()
    assert notes.count("started") == 4
    assert all(worker.outcome == "killed" or worker.live for worker in state.workers.values())


async def test_starts_with_a_gap_never_meet_at_all(place):
    home = shy(place, LOCKED.replace("[starts]", "[starts]\ngap_seconds = 0.1\nalone = true"), database=True)
    state = await four_at_once(place, all_work)
    assert (home / "notes").read_text().split().count("started") == 4
    assert len(state.workers) == 4


async def test_one_start_renews_a_login_and_the_others_wait_for_it(place, monkeypatch):
    home = shy(place, LOGIN)
    (home / "auth.json").write_text(json.dumps({"token": 1, "expires": time.time() + 5}))
    monkeypatch.setenv("SHY_HOME", str(home))
    state = await four_at_once(place, all_work)
    assert (home / "notes").read_text().split() == ["started"] * 4
    assert json.loads((home / "auth.json").read_text())["token"] == 2
    assert [words for words in state.notices if "renews it" in words]


async def test_a_lost_login_is_told_and_nobody_else_is_started_until_it_is_there_again(place, monkeypatch):
    home = shy(place, LOGIN)
    (home / "auth.json").write_text(json.dumps({"token": 1, "expires": time.time() - 5}))
    (home / "used-1").touch()  # somebody else renewed it and told nobody
    monkeypatch.setenv("SHY_HOME", str(home))

    def held_back(state: Session) -> bool:
        return any("no other one is started" in words for words in state.notices)

    place.agent("lead", "hangs", rank=2)
    async with session(place.opening(lead="lead", agents=("lead", "hangs"))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        wishes = [SpawnWorker(f"Task {number}", agent_hint="hangs") for number in range(4)]
        spawning = asyncio.gather(*(orchestrator.perform(wish) for wish in wishes))
        assert await orchestrator.until(held_back, LIMIT)
        assert (home / "notes").read_text().split() == ["logged-out"]
        aside = home / "aside"
        aside.write_text(json.dumps({"token": 7, "expires": time.time() + 3600}))
        aside.replace(home / "auth.json")
        assert await orchestrator.until(all_work, LIMIT), orchestrator.state
        await spawning
    assert (home / "notes").read_text().split().count("started") == 4

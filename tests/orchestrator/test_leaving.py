"""How agents leave when a session closes: by their own keys when they rest, and ended when they do not."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core.commands import SetGoal, SpawnWorker
from tests.house import make_place, session

LIMIT = 60.0
HUNG_UP = 128 + 1  # its exit code after a hang-up
EXIT = """
[[exit]]
keys = "/exit"
wait_seconds = 0.1
[[exit]]
keys = "\\r"
"""


@pytest.fixture
def place(tmp_path):
    place = make_place(tmp_path)
    for name, score in (("lead", "hangs"), ("works", "works"), ("hangs", "hangs")):
        place.agent(name, score, rank=2 if name == "lead" else 1)
        with (place.paths.config / "agents" / f"{name}.toml").open("a") as card:
            card.write(EXIT)
    return place


async def both(orchestrator) -> None:
    """Have one worker that rests after its task, and one that works for ever."""
    await orchestrator.perform(SetGoal("Say hello"))
    await orchestrator.perform(SpawnWorker("Say hello", agent_hint="works"))
    await orchestrator.perform(SpawnWorker("Think", agent_hint="hangs"))
    workers = ("w01", "idle"), ("w02", "working")
    for who, status in workers:
        assert await orchestrator.until(lambda now, who=who, status=status: now.workers[who].status == status, LIMIT)


async def test_whoever_rests_leaves_by_its_own_keys_and_whoever_works_is_ended(place):
    async with session(place.opening(lead="lead")) as orchestrator:
        await both(orchestrator)
    assert orchestrator.pane("w01").exit.code == 0
    assert orchestrator.pane("w02").exit.code == HUNG_UP


async def test_a_line_that_a_person_has_half_typed_is_not_sent_with_the_keys_that_end(place):
    async with session(place.opening(lead="lead")) as orchestrator:
        await both(orchestrator)
        await orchestrator.type("w01", b"and then")
    assert orchestrator.pane("w01").exit.code == HUNG_UP

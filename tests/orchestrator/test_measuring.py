"""What is seen of workers' changes while they work: counts, overlaps, and files outside their worktrees."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core.commands import SetGoal, SpawnWorker
from agentorchestr_tui.core.events import EscapeSeen, OverlapsFound
from agentorchestr_tui.core.words import NeedKind, Overlap
from tests.house import make_place, session

LIMIT = 60.0
WRITES = """
[[opening]]
write = "README.md"
text = "%s\\n"
[[opening]]
say = "I think about it."
[[opening]]
hang = "Thinking"
"""
WANDERS = """
[[opening]]
run = ["sh", "-c", "echo lost > %s/lost.txt"]
[[opening]]
hang = "Thinking"
"""
TRESPASSES = """
[[opening]]
run = ["sh", "-c", "echo alien > ../implementer-w01/alien.txt"]
[[opening]]
hang = "Thinking"
"""
WAITS = """
[[opening]]
say = "I wait."
[[reply]]
say = "A note came: {{message}}"
"""


@pytest.fixture
def place(tmp_path):
    """A project, and a lead that waits."""
    made = make_place(tmp_path)
    made.agent("lead", WAITS, rank=2)
    return made


async def test_two_who_change_the_same_lines_are_told_of_before_they_clash(place):
    place.agent("one", WRITES % "one")
    place.agent("two", WRITES % "two")
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        heard = []
        orchestrator.listen(lambda recorded, _: heard.append(recorded.event))
        await orchestrator.perform(SetGoal("Say hello"))
        for agent in ("one", "two"):
            await orchestrator.perform(SpawnWorker(f"Write {agent}", agent_hint=agent))
        assert await orchestrator.until(lambda now: now.overlaps, LIMIT)
        state = orchestrator.state
        assert state.overlaps == (Overlap("w01", "w02", "README.md", ((1, 1),), ((1, 1),)),)
        assert [each.evidence.files for each in state.workers.values()] == [("README.md",)] * 2
        assert state.workers["w01"].live
        assert await orchestrator.until(
            lambda now: any("Before it conflicts" in each.text for each in now.messages.values()), LIMIT
        )
        assert sum(isinstance(event, OverlapsFound) for event in heard) == 1


async def test_a_worker_that_writes_into_the_users_checkout_is_seen_and_named(place):
    place.agent("wanders", WANDERS % place.project)
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        seen = []
        orchestrator.listen(lambda recorded, _: seen.append(recorded.event))
        await orchestrator.perform(SetGoal("Say hello"))
        await orchestrator.perform(SpawnWorker("Wander", agent_hint="wanders"))
        assert await orchestrator.until(lambda now: now.workers["w01"].escaped, LIMIT)
        assert EscapeSeen("w01", ("lost.txt",), True) in seen
        assert await orchestrator.until(lambda now: any(n.kind is NeedKind.ESCAPE for n in now.needs.values()), LIMIT)


async def test_what_the_user_writes_meanwhile_accuses_nobody(place):
    place.agent("writes", WRITES % "one")
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        seen = []
        orchestrator.listen(lambda recorded, _: seen.append(recorded.event))
        await orchestrator.perform(SetGoal("Say hello"))
        await orchestrator.perform(SpawnWorker("Write", agent_hint="writes"))
        assert await orchestrator.until(lambda now: now.workers["w01"].evidence.files, LIMIT)
        (place.project / "mine.txt").write_text("mine\n")
        orchestrator.hands.measurer._stir("w01")
        assert await orchestrator.until(lambda now: now.workers["w01"].escaped, LIMIT)
        assert EscapeSeen("w01", ("mine.txt",), False) in seen
        assert not any(need.kind is NeedKind.ESCAPE for need in orchestrator.state.needs.values())


async def test_a_worker_that_writes_into_anothers_worktree_is_named_to_lead_and_person_at_once(place):
    place.agent("writes", WRITES % "one")
    place.agent("trespasses", TRESPASSES)
    async with session(place.opening(lead="lead", lead_silence_s=600.0)) as orchestrator:
        seen = []
        orchestrator.listen(lambda recorded, _: seen.append(recorded.event))
        await orchestrator.perform(SetGoal("Say hello"))
        await orchestrator.perform(SpawnWorker("Write", agent_hint="writes"))
        assert await orchestrator.until(lambda now: now.workers["w01"].evidence.files, LIMIT)
        await orchestrator.perform(SpawnWorker("Trespass", agent_hint="trespasses"))
        assert await orchestrator.until(lambda now: now.workers["w02"].escaped, LIMIT)
        assert orchestrator.state.workers["w02"].escaped == ("w01: alien.txt",)
        assert EscapeSeen("w02", ("alien.txt",), True, "w01") in seen
        assert await orchestrator.until(lambda now: any(n.kind is NeedKind.ESCAPE for n in now.needs.values()), LIMIT)
        (need,) = [each for each in orchestrator.state.needs.values() if each.kind is NeedKind.ESCAPE]
        assert need.text == "w02 wrote outside its worktree, into the worktree of w01: alien.txt"
        assert await orchestrator.until(
            lambda now: any("into the worktree of w01" in each.text for each in now.messages.values()), LIMIT
        )
        assert not orchestrator.state.workers["w01"].escaped

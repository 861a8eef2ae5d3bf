"""Each published CLI leads and works when it is launched exactly as its card says."""

from __future__ import annotations

import asyncio

import pytest

from agentorchestr_tui.agents.files import remove_files, write_files
from agentorchestr_tui.core.words import Permissions, Status
from tests.real import house, rig, scripts
from tests.real.conversation import Conversation, Fail
from tests.real.model_server import ModelServer
from tests.real.place import PROMPT_TAIL, Place, git, launch, make_place
from tests.real.terminal import Terminal

TOKEN = "token-0123456789abcdef"

pytestmark = pytest.mark.timeout(300)


def rested_after_work(terminal: Terminal) -> bool:
    statuses = terminal.statuses
    return Status.WORKING in statuses and statuses[-1] is Status.IDLE


async def lead(name: str, place: Place) -> None:
    async with ModelServer(scripts.session) as model, house.serve(TOKEN) as at:
        settings = {path: path.read_bytes() for path in rig.settle(name, place.home, place.project, model)}
        card, composed = launch(name, "lead", place, model, at)
        write_files(composed)
        async with Terminal(card, composed, place.worktree) as terminal:
            await terminal.until(lambda: at.called("mark_goal_done"), "the lead marks the goal done")
            await terminal.until(lambda: rested_after_work(terminal), f"idle after work: {terminal.verdicts}")
            assert await terminal.leave() == 0
        remove_files(composed)
    called = [tool for tool, _ in at.calls]
    assert called == ["spawn_worker", *["wait_for_worker"] * 3, "verify", "mark_goal_done"]
    assert PROMPT_TAIL.strip() in model.requests[-1].conversation.prompt
    assert not any(TOKEN in word for word in composed.argv)
    assert settings == {path: path.read_bytes() for path in settings}
    assert list(place.private.iterdir()) == []


async def work(name: str, place: Place) -> None:
    async with ModelServer(scripts.session) as model, house.serve(TOKEN) as at:
        settings = {path: path.read_bytes() for path in rig.settle(name, place.home, place.project, model)}
        card, composed = launch(name, "worker", place, model, at)
        write_files(composed)
        async with Terminal(card, composed, place.worktree) as terminal:
            await terminal.until(lambda: at.called("report_done"), "the worker reports done")
            await terminal.until(lambda: rested_after_work(terminal), f"idle after work: {terminal.verdicts}")
            assert await terminal.leave() == 0
    assert git(place.worktree, "show", "work:hello.txt") == "hello\n"
    assert git(place.worktree, "status", "--porcelain") == ""
    assert git(place.project, "status", "--porcelain") == ""
    assert settings == {path: path.read_bytes() for path in settings}


@pytest.mark.parametrize("name", ["codex", "opencode", "claude", "gemini"])
async def test_a_cli_leads_and_works_as_its_card_launches_it(name, roomy, installed):
    installed(name)
    await asyncio.gather(lead(name, make_place(roomy / "lead")), work(name, make_place(roomy / "worker")))


@pytest.mark.parametrize("name", ["opencode", "claude", "gemini"])
async def test_a_permission_prompt_is_seen_as_needing_input(name, roomy, installed):
    installed(name)
    place = make_place(roomy)
    async with ModelServer(scripts.session) as model, house.serve(TOKEN) as at:
        rig.settle(name, place.home, place.project, model)
        card, composed = launch(name, "worker", place, model, at, Permissions.ASK)
        write_files(composed)
        async with Terminal(card, composed, place.worktree) as terminal:
            await terminal.until(lambda: Status.NEEDS_INPUT in terminal.statuses, "the prompt is seen")
            assert not (place.worktree / "hello.txt").exists()


@pytest.mark.parametrize("name", ["codex", "opencode", "claude"])
async def test_a_rate_limit_is_seen_as_limited(name, roomy, installed):
    def limited(_: Conversation) -> Fail:
        return Fail(429, "Rate limit reached for requests", retry_after=3600)

    installed(name)
    place = make_place(roomy)
    async with ModelServer(limited) as model, house.serve(TOKEN) as at:
        rig.settle(name, place.home, place.project, model)
        card, composed = launch(name, "worker", place, model, at)
        write_files(composed)
        async with Terminal(card, composed, place.worktree) as terminal:
            await terminal.until(lambda: Status.LIMITED in terminal.statuses, "the limit is seen")

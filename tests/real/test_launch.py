"""Each published CLI leads, works, asks, stops at a limit and goes on again, launched exactly as its card says."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agentorchestr_tui.agents.card import Card
from agentorchestr_tui.agents.conversations import kept, told
from agentorchestr_tui.agents.files import remove_files, write_files
from agentorchestr_tui.agents.launch import Composed
from agentorchestr_tui.agents.standing import Choice, PromptStands, standing
from agentorchestr_tui.core.words import Permissions, Status
from tests.real import house, rig, scripts
from tests.real.clis import MUTE, SPEAKING, clis
from tests.real.conversation import Conversation, Fail, Say, Script
from tests.real.days import FAR
from tests.real.model_server import ModelServer
from tests.real.place import PROMPT_TAIL, Place, git, launch, make_place
from tests.real.terminal import Terminal

TOKEN = "token-0123456789abcdef"

pytestmark = pytest.mark.timeout(300)


def rested_after_work(terminal: Terminal) -> bool:
    statuses = terminal.statuses
    return Status.WORKING in statuses and statuses[-1] is Status.IDLE


async def start(terminal: Terminal, composed: Composed) -> None:
    """Submit the first message, where the agent takes none at its start."""
    if composed.message:
        await terminal.until(lambda: terminal.judge.verdict.status is Status.IDLE, "it can be spoken to")
        await terminal.submit(composed.message)


async def lead(name: str, place: Place) -> None:
    async with ModelServer(scripts.session) as model, house.serve(TOKEN) as at:
        settings = rig.settle(name, place.home, place.project, model)
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
    settings.check()
    assert secrets_in(place) == []  # what the agent itself left there goes with the session's folder


def secrets_in(place: Place) -> list[Path]:
    """Return the files of a launch that still hold the token."""
    left = [path for path in place.private.rglob("*") if path.is_file()]
    return [path for path in left if TOKEN.encode() in path.read_bytes()]


def is_committed(place: Place) -> bool:
    return "hello.txt" in git(place.worktree, "ls-tree", "--name-only", "work").splitlines()


def left_in(place: Place, card: Card) -> list[str]:
    """Return what stands in the worktree uncommitted, beside what the card says that its agent litters."""
    excluded = [f"--exclude={pattern}" for pattern in card.litter]
    return git(place.worktree, "ls-files", "--others", "--modified", *excluded).splitlines()


async def work(name: str, place: Place) -> None:
    async with ModelServer(scripts.session) as model, house.serve(TOKEN) as at:
        settings = rig.settle(name, place.home, place.project, model)
        card, composed = launch(name, "worker", place, model, at)
        write_files(composed)
        async with Terminal(card, composed, place.worktree) as terminal:
            await start(terminal, composed)
            if card.mcp:
                await terminal.until(lambda: at.called("report_done"), "the worker reports done")
            await terminal.until(lambda: is_committed(place), "the worker commits its file")
            await terminal.until(lambda: rested_after_work(terminal), f"idle after work: {terminal.verdicts}")
            assert await terminal.leave() == 0
    assert git(place.worktree, "show", "work:hello.txt") == "hello\n"
    assert left_in(place, card) == []
    assert git(place.project, "status", "--porcelain") == ""
    settings.check()


@pytest.mark.parametrize("name", clis(*SPEAKING, act="launch", in_ci=("claude",)))
async def test_a_cli_leads_and_works_as_its_card_launches_it(name, roomy, installed):
    installed(name)
    await asyncio.gather(lead(name, make_place(roomy / "lead")), work(name, make_place(roomy / "worker")))


@pytest.mark.parametrize("name", clis(*MUTE, act="launch"))
async def test_a_cli_that_speaks_no_mcp_works_as_its_card_launches_it(name, roomy, installed):
    installed(name)
    await work(name, make_place(roomy))


@asynccontextmanager
async def worker(
    name: str, place: Place, script: Script, permissions: Permissions = Permissions.SKIP
) -> AsyncIterator[tuple[Terminal, house.House]]:
    """Run a CLI as a worker whose model answers from a script, as far as its first message."""
    async with ModelServer(script) as model, house.serve(TOKEN) as at:
        rig.settle(name, place.home, place.project, model)
        card, composed = launch(name, "worker", place, model, at, permissions)
        write_files(composed)
        async with Terminal(card, composed, place.worktree) as terminal:
            await start(terminal, composed)
            yield terminal, at


ASKING = ("opencode", "claude", "gemini", "codex", "qwen", "copilot", "kilocode", "vibe", "cline")


@pytest.mark.parametrize("name", clis(*ASKING, act="permission", in_ci=("codex", "gemini")))
async def test_a_permission_prompt_is_answered_from_outside(name, roomy, installed):
    installed(name)
    place = make_place(roomy)
    async with worker(name, place, scripts.asking, Permissions.ASK) as (terminal, at):

        def asked() -> PromptStands | None:
            stands = standing(terminal.card, terminal.emulator.display)
            return stands if isinstance(stands, PromptStands) else None

        await terminal.until(asked, "a prompt is seen")
        assert terminal.judge.verdict.status is Status.NEEDS_INPUT
        assert not (place.worktree / "hello.txt").exists()
        while not at.called("report_done"):
            await terminal.until(lambda: asked() or at.called("report_done"), "the next prompt, or the end")
            if stands := asked():
                assert stands.text
                await terminal.answer(stands, Choice.ONCE)
                await terminal.until(lambda before=stands: asked() != before, "the prompt is gone")
        assert is_committed(place)


@pytest.mark.parametrize("name", clis(*ASKING, act="denial", in_ci=()))
async def test_a_permission_prompt_is_denied_from_outside(name, roomy, installed):
    installed(name)
    place = make_place(roomy)
    async with worker(name, place, scripts.asking, Permissions.ASK) as (terminal, _):
        await terminal.until(
            lambda: isinstance(standing(terminal.card, terminal.emulator.display), PromptStands), "a prompt"
        )
        stands = standing(terminal.card, terminal.emulator.display)
        await terminal.answer(stands, Choice.DENY)
        await terminal.until(lambda: standing(terminal.card, terminal.emulator.display) != stands, "the prompt is gone")
        assert not (place.worktree / "hello.txt").exists()


@pytest.mark.parametrize(
    "name",
    clis(
        "codex",
        "opencode",
        "claude",
        "copilot",
        "kilocode",
        "vibe",
        "aider",
        "cline",
        act="limit",
        in_ci=(),  # a day at a limit has it
    ),
)
async def test_a_rate_limit_is_seen_as_limited(name, roomy, installed):
    def limited(conversation: Conversation) -> Fail | Say:
        if not scripts.is_asked(conversation):
            return Say("Hello")
        return Fail(429, "Rate limit reached for requests", retry_after=3600, after=FAR)

    installed(name)
    place = make_place(roomy)
    async with worker(name, place, limited) as (terminal, _):
        await terminal.until(lambda: Status.LIMITED in terminal.statuses, "the limit is seen")


RESUMED = ("codex", "opencode", "claude", "gemini", "qwen", "copilot", "kilocode", "vibe", "cline", "pi")


@pytest.mark.parametrize("name", clis(*RESUMED, act="launch", in_ci=()))
async def test_a_conversation_goes_on_where_it_was_left(name, roomy, installed):
    installed(name)
    place = make_place(roomy)
    began = time.time()
    async with ModelServer(scripts.session) as model, house.serve(TOKEN) as at:
        rig.settle(name, place.home, place.project, model)
        conversation = str(uuid.uuid4())
        card, composed = launch(name, "worker", place, model, at, conversation=conversation)
        write_files(composed)
        async with Terminal(card, composed, place.worktree) as terminal:
            await terminal.until(lambda: rested_after_work(terminal) and is_committed(place), "the first turn is over")
            await terminal.leave()
            rows = [*terminal.emulator.display]
        ways = card.conversation
        known = kept(ways, composed.env, place.worktree, began) or told(ways, rows)
        identity = conversation if ways.start else known
        assert identity, f"no conversation is known\n{terminal.screen}"
        before = len(model.requests)
        _, again = launch(name, "worker", place, model, at, resume=identity, prompt="And now SAY-MORE.")
        write_files(again)
        async with Terminal(card, again, place.worktree) as terminal:

            def goes_on() -> bool:
                turns = [asked.conversation.prompt for asked in model.requests[before:]]
                return any("SAY-MORE" in prompt and scripts.WORKER_MARK in prompt for prompt in turns)

            await start(terminal, again)
            await terminal.until(goes_on, "the second turn knows the first")

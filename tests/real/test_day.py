"""A hard day for each published CLI: messages in mid-turn and after it, a kill at work, a crash of everything."""

from __future__ import annotations

import asyncio
import signal

import psutil
import pytest

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from tests.real import scripts
from tests.real.clis import MUTE, SPEAKING, clis
from tests.real.conversation import Conversation
from tests.real.days import AFTER, MID, CutOff, HardDay, Limited, Throttled
from tests.real.place import git
from tests.real.processes import processes_of, words_of
from tests.real.session import LIMIT, Run, Setting, running, setting

pytestmark = pytest.mark.timeout(2 * LIMIT + 60)
CARDS = load_cards([SHIPPED])
RETURNING = (*SPEAKING, *MUTE)


def prompts(at: Setting) -> list[str]:
    """Return what workers were told, as their models saw it: request by request."""
    asked = [each.conversation.prompt for each in at.model.requests]
    return [prompt for prompt in asked if scripts.WORKER_MARK in prompt and scripts.LEAD_MARK not in prompt]


async def hard_day(at: Setting) -> None:
    # Three agents start one after the other: each start of OpenCode and Kilo takes a minute on a crowded machine.
    async with running(at, *at.words, limit=2 * LIMIT) as run:
        await run.until(lambda: run.heard("outcome_reached", worker_id="w02", outcome="killed"), "w02 is killed")
        assert await run.end() == 0, run.told
    assert any(MID in prompt for prompt in prompts(at)), run.told
    assert any(MID in prompt and AFTER in prompt for prompt in prompts(at)), run.told
    assert len(run.heard("outcome_reached", worker_id="w01", outcome="done")) >= 2, run.told
    integration = "agentorchestr/*/integration"
    (branch,) = git(at.place.project, "branch", "--list", integration, "--format=%(refname:short)").split()
    assert git(at.place.project, "show", f"{branch}:hello.txt") == "hello\n"
    at.check_untouched()


@pytest.mark.parametrize("name", clis(*SPEAKING, *MUTE, act="follow-ups, kill", in_ci=("codex",)))
async def test_a_cli_hears_messages_in_mid_turn_and_after_it_and_is_killed_at_work(name, roomy, installed):
    names = [name] if name in SPEAKING else ["codex", name]
    for each in names:
        installed(each)
    async with setting(roomy, names, HardDay()) as at:
        await hard_day(at)


LASTS = 8.0  # seconds of a limit
LIMITED = ("codex", "opencode", "claude", "copilot", "kilocode", "vibe", "aider")
RECKON = ("opencode", "kilocode")  # they say when they try again; others wait a short while without a word


@pytest.mark.parametrize("name", clis(*LIMITED, act="limited day", in_ci=("claude",)))
async def test_at_a_limit_nothing_goes_to_its_account_and_after_it_all_goes_on(name, roomy, installed):
    names = ["claude" if name == "codex" else "codex", name]
    for each in names:
        installed(each)
    script = Limited(LASTS, name, retry_after=None if name in RECKON else 3600)
    async with setting(roomy, names, script) as at:
        async with running(at, *at.words, env={"AGENTORCHESTR_LIMIT_WAIT_S": str(LASTS)}) as run:
            await run.until(lambda: run.heard("limit_met", who="w01", account=name), "it meets the limit")
            script.parked.set()
            await run.until(lambda: run.heard("message_delivered", message_id="m1"), "it hears what was held back")
            script.heard.set()
            assert await run.end() == 0, run.told
        check_limited_day(at, run, name)


def check_limited_day(at: Setting, run: Run, name: str) -> None:
    (lifted, *_) = run.heard("limit_lifted", account=name)
    assert run.heard("status_changed", who="w01", status="limited"), run.told
    assert {each["outcome"] for each in run.heard("outcome_reached", worker_id="w01")} == {"done"}, run.told
    later = ("outcome_reached", "message_typing", "message_delivered")
    early = [each for kind in later for each in run.heard(kind) if each["seq"] < lifted["seq"]]
    assert early == [], run.told
    assert [each["worker_id"] for each in run.heard("worker_spawned")] == ["w01", "w02"], run.told
    spawns = [text for each in at.model.requests for text in each.conversation.results_of("spawn_worker")]
    assert any(f"{name} has met a limit" in text for text in spawns), sorted(set(spawns))
    at.check_untouched()


PATIENT = ("gemini", "qwen", "pi", "cline")  # they try again by themselves, most of them without a word


@pytest.mark.parametrize("name", clis(*PATIENT, act="limited day", in_ci=()))
async def test_a_limit_that_a_cli_waits_out_by_itself_is_no_end_of_its_task(name, roomy, installed):
    names = [name] if name in SPEAKING else ["codex", name]
    for each in names:
        installed(each)
    script = Throttled(LASTS)
    async with setting(roomy, names, script) as at:
        async with running(at, *at.words, env={"AGENTORCHESTR_LIMIT_WAIT_S": str(LASTS)}) as run:
            assert await run.end() == 0, run.told
        assert script.refused
        assert {each["outcome"] for each in run.heard("outcome_reached")} == {"done"}, run.told
        told = [each for each in run.heard("status_changed", who="w01") if each["rule"] != "notice"]  # of news
        assert {each["status"] for each in told} <= {"starting", "working", "limited", "idle"}, run.told
        at.check_untouched()


def crash(run: Run, at: Setting) -> None:
    """Kill the command and the host of its panes, as a power cut would."""
    for process in processes_of(at.place.home):
        if process.pid == run.process.pid or "agentorchestr_tui.panes.host" in " ".join(words_of(process)):
            process.send_signal(signal.SIGKILL)


def own_processes(at: Setting) -> list[psutil.Process]:
    """Find what still runs, but for daemons: those are ended by whoever comes back."""
    daemons = [daemon for name in at.names for daemon in CARDS[name].daemons]
    found = processes_of(at.place.home)
    return [each for each in found if not any(daemon.is_it(words_of(each)) for daemon in daemons)]


def knows_conversations(at: Setting, run: Run) -> bool:
    """Say whether both conversations are on record; some agents can be asked for theirs later."""
    for name, who in ((at.names[0], "lead"), (at.names[-1], "w01")):
        ways = CARDS[name].conversation
        unnamed = ways.latest and not ways.kept  # its folder holds no other
        if not (ways.start or ways.listed or unnamed or run.heard("conversation_known", who=who)):
            return False
    return True


def knows(conversation: Conversation) -> bool:
    """Say whether it holds what was done before; where a model has no tools, its words are all there is."""
    return bool(conversation.results) or not conversation.tools


@pytest.mark.parametrize("name", clis(*RETURNING, act="resume", in_ci=("codex",)))
async def test_after_a_crash_of_everything_lead_and_worker_go_on_with_what_they_knew(name, roomy, installed):
    names = [name] if name in SPEAKING else ["codex", name]
    for each in names:
        installed(each)
    script = CutOff()
    async with setting(roomy, names, script) as at:
        async with running(at, *at.words) as run:
            await run.until(script.at_work.is_set, "the worker is in mid-turn")
            await run.until(lambda: knows_conversations(at, run), "both conversations are known")
            crash(run, at)
            await run.end()
        await asyncio.to_thread(psutil.wait_procs, own_processes(at), 20)
        assert [words_of(process) for process in own_processes(at)] == []
        script.crashed.set()
        before = len(at.model.requests)
        (session,) = (at.place.home / ".local/share/agentorchestr/worktrees").iterdir()
        async with running(at, "--resume", session.name) as run:
            assert await run.end() == 0, run.told
        assert run.heard("lead_started", resumed=True), run.told
        assert run.heard("worker_started", resumed=True), run.told
        later = [each.conversation for each in at.model.requests[before:]]
        for mark in (scripts.LEAD_MARK, scripts.WORKER_MARK):
            assert any(mark in each.prompt and each.turns > 1 and knows(each) for each in later), (mark, run.told)
        at.check_untouched()

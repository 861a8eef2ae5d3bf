"""The diff screen, driven by keys over a real session: commented, sent back, accepted, taken out, merged."""

from __future__ import annotations

import asyncio
import os

import pytest

from agentorchestr_tui.cli.screen import SessionHouse
from agentorchestr_tui.core.words import Phase
from agentorchestr_tui.tui.diff import DiffScreen, Remarks
from tests.house import running, slow_checkout, slow_git, slow_merges

LEAD = """
[[opening]]
call = "spawn_worker"
arguments = { task = "Say hello in hello.txt." }
as = "worker"
[[opening]]
call = "wait_for_worker"
arguments = { worker_id = "{{worker.worker_id}}" }
again_while = "state is running"
[[opening]]
call = "verify"
[[opening]]
say = "I wait for a word."
[[reply]]
say = "A note came: {{message}}"
"""

LEAD_OF_TWO = """
[[opening]]
call = "spawn_worker"
arguments = { task = "Say one", agent_hint = "one" }
as = "one"
[[opening]]
call = "spawn_worker"
arguments = { task = "Say two", agent_hint = "two" }
[[opening]]
call = "wait_for_worker"
arguments = { worker_id = "{{one.worker_id}}" }
again_while = "state is running"
[[opening]]
call = "integrate"
arguments = { worker_ids = ["w01"] }
[[opening]]
say = "I wait for a word."
[[reply]]
say = "A note came: {{message}}"
"""
WRITES = """
[[opening]]
write = "README.md"
text = "{name}\\n"
[[opening]]
commit = "Say {name}"
[[opening]]
call = "report_done"
arguments = {{ summary = "said it" }}
"""


@pytest.fixture
def team(place):
    """A lead that integrates and then waits, and a worker that changes a file."""
    place.agent("lead", LEAD, rank=2)
    place.agent("works")
    return place


def patient(team):
    """A house that does not remind a lead which waits."""
    return SessionHouse(team.opening(lead_silence_s=600.0), None)


def toasts(stage):
    return [toast.message for toast in stage.app._notifications]


async def integrated(stage):
    await stage.until(lambda: stage.session.verifications, "a verification")
    await stage.press("ctrl+b", "1", "ctrl+b", "d")
    await stage.until(lambda: isinstance(stage.app.screen, DiffScreen), "the diff")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_it_opens_on_the_focused_worker_with_its_lines_and_turns_to_the_whole(team, play, size):
    async with play(size=size, house=patient(team)) as stage:
        await integrated(stage)
        await stage.until_shown("[w01 implementer", "hello.txt", "integrated", "new file", "c comment", "a accept")
        await stage.press("tab")
        await stage.until_shown("[integrated", "of w01 · ", "verify passed", "hello.txt")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")


async def test_comments_are_kept_over_a_visit_and_go_back_to_the_worker(team, play):
    async with play(house=patient(team)) as stage:
        await integrated(stage)
        await stage.until_shown("hello.txt", "+")
        await stage.press("n", "c")
        await stage.until_shown("hello.txt:1")
        await stage.press(*"Why?", "ctrl+s")
        await stage.until_shown("▌ Why?", "send back 1")
        await stage.press("escape", "ctrl+b", "d")
        await stage.until_shown("▌ Why?")
        await stage.press("b")
        await stage.until_shown("Send back to w01", "hello.txt:1  Why?")
        await stage.press(*"Shorter", "ctrl+s")
        await stage.until(lambda: stage.session.workers["w01"].turn == 2, "another turn")
        (message,) = [each for each in stage.session.messages.values() if each.to == "w01"]
        assert "hello.txt:1: Why?\nShorter" in message.text
        await stage.until(lambda: "▌ Why?" not in stage.text, "no comment left")


async def test_integrated_work_is_taken_out_and_put_in_again(team, play):
    async with play(house=patient(team)) as stage:
        await integrated(stage)
        await stage.press("u")
        await stage.until(lambda: not stage.session.integration, "nothing integrated")
        await stage.press("i")
        await stage.until(lambda: stage.session.workers["w01"].integrated, "integrated again")
        await stage.press("a")
        await stage.until(lambda: stage.session.workers["w01"].accepted, "accepted")


async def test_merging_says_first_what_it_does_and_then_the_users_branch_has_it(team, play):
    async with play(house=patient(team)) as stage:
        await integrated(stage)
        await stage.press("M")
        await stage.until_shown("Merge the result?", "goes into main", "Verify passed", "w01 implementer: +")
        assert not team.git("log", "--format=%s", "main").startswith("Merge")
        await stage.press("y")
        await stage.until(lambda: stage.session.merged, "merged")
        assert "hello.txt" in team.git("ls-tree", "--name-only", "main")
        await stage.press("u")
        await stage.until(lambda: any("git revert" in said for said in toasts(stage)), "a reason")


async def test_a_merge_that_cannot_be_says_why_and_changes_nothing(team, play):
    async with play(house=patient(team)) as stage:
        await integrated(stage)
        before = team.git("rev-parse", "main")
        (team.project / "README.md").write_text("mine\n")
        await stage.press("M", "y")
        await stage.until(lambda: any("uncommitted changes" in said for said in toasts(stage)), "a reason")
        assert team.git("rev-parse", "main") == before
        assert not stage.session.merged
        assert stage.session.phase is Phase.RUNNING


async def test_the_merge_into_the_users_branch_says_how_far_it_is_and_is_cancelled_whole(team, play):
    nap = f"sleep {8600 + os.getpid()}"
    async with play(size=(80, 24), house=patient(team)) as stage:
        await integrated(stage)
        await stage.until(lambda: not stage.session.verifying, "its end")
        before = team.git("rev-parse", "main")
        for where in ("diff", "stage"):
            slow_checkout(team, "hello.txt", nap)
            await stage.press("M", "y")
            await stage.until(lambda: running(nap), "git writes")
            await stage.until_shown("merge into main: writes 1 file", "x cancel merge")
            if where == "stage":
                await stage.press("escape")
                await stage.until_shown("merge into main: writes 1 file", "cancel merge")
                await stage.press("ctrl+b", "c")
            else:
                await stage.press("x")
            await stage.until_shown("The merge is cancelled")
            await stage.until(lambda: not stage.session.merging and not running(nap), "its end")
            assert team.git("rev-parse", "main") == before
            assert team.git("status", "--porcelain") == ""
            assert not (team.project / "hello.txt").exists()
        slow_checkout(team, "hello.txt", "true")
        await stage.press("ctrl+b", "d")
        await stage.until_shown("hello.txt", "M merge into main")
        await stage.press("M", "y")
        await stage.until(lambda: stage.session.merged, "merged")
        await stage.until_shown("Merged into main as")


async def test_what_cannot_be_done_says_why(team, play):
    async with play(house=patient(team)) as stage:
        await integrated(stage)
        await stage.press("tab", "c")
        await stage.until(lambda: any("tab turns to its changes" in said for said in toasts(stage)), "a reason")
        await stage.press("f")
        await stage.until(lambda: stage.app.focused is stage.app.screen._list, "the files")
        await stage.press("enter")
        await stage.until(lambda: stage.app.focused is stage.app.screen._view, "the lines")
        await stage.press("s")
        assert stage.app.screen._view.beside


async def test_an_integration_shows_how_far_it_is_and_is_cancelled_from_the_diff_or_the_stage(place, play):
    place.agent("lead", LEAD_OF_TWO, rank=2)
    for name in ("one", "two"):
        place.agent(name, WRITES.format(name=name))
    nap = f"sleep {8400 + os.getpid()}"
    slow_merges(place, nap)
    async with play(size=(80, 24), house=patient(place)) as stage:
        await stage.until(lambda: stage.session.integration and not stage.session.live_workers, "both done")
        for where in ("diff", "stage"):
            await stage.press("ctrl+b", "2", "ctrl+b", "d")
            await stage.until(lambda: isinstance(stage.app.screen, DiffScreen), "the diff")
            await stage.until_shown("i integrate")
            await stage.press("i")
            await stage.until_shown("integrates w02, 1 of 1", "x cancel integrating")
            if where == "stage":
                await stage.press("escape")
                await stage.until_shown("integrates w02, 1 of 1", "^b c cancel integration")
                await stage.press("ctrl+b", "c")
            else:
                await stage.press("x")
            await stage.until_shown("The integration is cancelled")
            await stage.until(lambda: not stage.session.integrating and not running(nap), "its end")
            await stage.press("escape")
            await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        assert stage.session.workers["w01"].integrated
        assert not stage.session.workers["w02"].integrated


async def test_a_change_that_takes_its_time_is_seen_to_be_read_and_leaving_ends_git(team, play, monkeypatch):
    nap = f"sleep {4200 + os.getpid()}"
    slow = slow_git(team, "--patch", nap)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    async with play(size=(80, 24), house=patient(team)) as stage:
        await stage.until(lambda: stage.session.verifications, "a verification")
        slow.touch()
        await stage.press("ctrl+b", "0", "ctrl+b", "d")
        await stage.until_shown("Reading… 00:0", "  esc leaves.", "[integrated")
        await stage.until(lambda: running(nap), "a slow git")
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is stage.stage, "the stage")
        await stage.until(lambda: not running(nap), "its end")
        await stage.press("ctrl+b", "d")
        await stage.until(lambda: running(nap), "a slow git")
        slow.unlink()
        await stage.press("tab")  # to the worker: the reading of the other side ends with its git
        await stage.until(lambda: not running(nap), "its end")
        await stage.until_shown("[w01 implementer", "hello.txt")


async def test_an_act_that_takes_its_time_is_shown_and_not_begun_twice(team, play):
    free, wished = asyncio.Event(), []

    async def slow(command):
        wished.append(command)
        await free.wait()
        return "It came to nothing."

    async with play(house=patient(team)) as stage:
        await integrated(stage)
        await stage.press("escape")
        stage.app.push_screen(DiffScreen(stage.app.orchestrator, slow, Remarks(), "w01"))
        await stage.until_shown("u undo")
        await stage.press("u")
        await stage.until_shown("Taking it out of the integration…")
        await stage.press("u")
        await stage.until(lambda: any("A moment, then again." in toast for toast in toasts(stage)), "the word")
        assert len(wished) == 1
        free.set()
        await stage.until(lambda: "⚠ It came to nothing." in toasts(stage), "the end")
        await stage.until_shown("done · integrated")

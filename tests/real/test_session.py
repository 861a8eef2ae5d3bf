"""A whole session of the installed command with each published CLI as lead and worker, its model scripted."""

from __future__ import annotations

import pytest

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from tests.real import scripts
from tests.real.clis import MUTE, SPEAKING, clis
from tests.real.days import Asked
from tests.real.place import git
from tests.real.session import LIMIT, Setting, running, setting

pytestmark = pytest.mark.timeout(LIMIT + 60)
CARDS = load_cards([SHIPPED])


async def goal_reached(at: Setting, *, confirmed: bool = True) -> None:
    async with running(at, *at.words) as run:
        assert await run.end() == 0, run.told
    (started,) = run.heard("worker_started")
    assert run.heard("worker_spawned", agent=at.names[-1]), run.told
    (over,) = run.heard("outcome_reached", worker_id=started["worker_id"], outcome="done", confirmed=confirmed)
    assert over["evidence"]["files"] == ["hello.txt"], run.told
    integration = "agentorchestr/*/integration"
    (branch,) = git(at.place.project, "branch", "--list", integration, "--format=%(refname:short)").split()
    assert git(at.place.project, "show", f"{branch}:hello.txt") == "hello\n"
    at.check_untouched()


@pytest.mark.parametrize("name", clis(*SPEAKING, act="session"))
async def test_a_cli_leads_itself_to_the_goal(name, roomy, installed):
    installed(name)
    async with setting(roomy, [name], scripts.session) as at:
        await goal_reached(at)


@pytest.mark.parametrize("name", clis(*MUTE, act="session"))
async def test_a_cli_that_speaks_no_mcp_works_for_another_lead(name, roomy, installed):
    installed("codex")
    installed(name)
    async with setting(roomy, ["codex", name], scripts.session) as at:
        await goal_reached(at, confirmed=name != "aider")  # it edits by text, and so ends with a line of text


ASKING = ("codex", "opencode", "claude", "gemini", "qwen", "copilot", "kilocode", "vibe", "cline")


@pytest.mark.parametrize("name", clis(*ASKING, act="answer_worker", in_ci=()))
async def test_a_workers_permission_prompts_are_answered_by_its_lead(name, roomy, installed):
    installed(name)
    async with setting(roomy, [name], Asked()) as at:
        async with running(at, *at.words, "--permissions", "ask") as run:
            assert await run.end() == 0, run.told
        assert run.heard("need_answered", choice="once", by="lead"), run.told
        assert run.heard("outcome_reached", worker_id="w01", outcome="done", confirmed=True), run.told
        if CARDS[name].http:
            assert run.heard("status_changed", who="w01", rule="its server says that it asks"), run.told
        at.check_untouched()

"""What agents ask on their screens: seen, raised as needs, answered by keys, confirmed gone."""

from __future__ import annotations

import pytest

from agentorchestr_tui.agents.versions import Versions
from agentorchestr_tui.core.commands import AnswerNeed, SendToWorker, SetGoal, SpawnWorker
from agentorchestr_tui.core.events import NeedArose, NeedSettled
from agentorchestr_tui.core.words import NeedKind, Outcome, Status
from tests.house import make_place, session
from tests.mcp_server.client import connected
from tests.sending import IDLE_LEAD, settle

LIMIT = 30.0
ASKS = """
[[opening]]
permission = "npm test"
as = "npm"
[[opening]]
call = "report_done"
arguments = { summary = "npm test: {{npm.answer}}" }
"""
TRUST = """
[[dialogs]]
name = "trust, the cursor on no"
match = '^ ❯ No, exit\\n   Yes, I trust this folder'
keys = ["\\u001b[B"]
[[dialogs]]
name = "trust, the cursor on yes"
match = '^   No, exit\\n ❯ Yes, I trust this folder'
keys = ["\\r"]
"""
STRANGE = """
[[dialogs]]
name = "a question of trust"
match = 'No, exit\\n[^\\n]*Yes, I trust this folder'
ask = true
"""


async def asked(orchestrator, who="w01"):
    """Wait for a need of a worker, and return it."""
    assert await orchestrator.until(lambda now: now.needs_of(who), LIMIT), orchestrator.state.workers[who]
    return orchestrator.state.needs_of(who)[0]


async def test_a_permission_prompt_becomes_a_need_that_the_lead_answers_over_mcp(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    place.agent("asks", ASKS)
    async with session(place.opening(lead="lead")) as orchestrator:
        told = []
        orchestrator.listen(lambda recorded, _: told.append(recorded.event))
        await orchestrator.perform(SetGoal("Test it"))
        async with connected(orchestrator) as client:
            await client.call_tool("spawn_worker", {"task": "Run the tests."})
            await asked(orchestrator)
            need = next(each for each in orchestrator.state.needs_of("w01") if each.kind is NeedKind.PERMISSION)
            assert need.text == "Allow running `npm test`?"
            assert [choice.name for choice in need.choices] == ["once", "always", "deny"]
            wrong = await client.call_tool("answer_worker", {"worker_id": "w01", "choice": "perhaps"})
            assert wrong.is_error
            answer = (
                await client.call_tool("answer_worker", {"worker_id": "w01", "choice": "deny"})
            ).structured_content
            assert (answer["answered"], answer["choice"]) == (True, "deny")
            assert await orchestrator.until(lambda now: not now.workers["w01"].live, LIMIT)
        assert orchestrator.state.workers["w01"].summary == "npm test: no"
    assert [type(each) for each in told if isinstance(each, NeedArose | NeedSettled)] == [NeedArose, NeedSettled]


async def test_a_prompt_that_is_answered_in_its_terminal_settles_by_itself_and_messages_wait_for_that(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    log = place.reader("codex")
    async with session(place.opening(lead="lead")) as orchestrator:
        (reader,) = await settle(orchestrator, place, ["codex"], {"codex": log})
        await orchestrator.type("w01", b"\x07")
        need = await asked(orchestrator)
        assert need.text == "Do you want to run rm -rf build?"
        await orchestrator.type("w01", b"2")
        assert await orchestrator.until(lambda now: not now.needs, LIMIT)
        assert reader.answered() == ["2"]
        await orchestrator.type("w01", b"\x07")
        need = await asked(orchestrator)
        await orchestrator.perform(AnswerNeed(need.id, "once"))
        assert await orchestrator.until(lambda now: not now.needs, LIMIT)
        assert reader.answered() == ["2", "1"]
        assert await orchestrator.until(lambda now: now.workers["w01"].status is Status.IDLE, LIMIT)


@pytest.mark.parametrize("told", [True, False])
async def test_a_prompt_that_takes_no_keys_at_first_is_answered_once_it_does(told, tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    log = place.reader("cautious")
    card = place.paths.config / "agents" / "cautious.toml"
    deaf = "deaf_seconds = 0.8\n" if told else ""
    card.write_text(card.read_text().replace("[[prompts]]\n", f"[[prompts]]\n{deaf}"))
    async with session(place.opening(lead="lead")) as orchestrator:
        (reader,) = await settle(orchestrator, place, ["cautious"], {"cautious": log})
        await orchestrator.type("w01", b"\x07")
        need = await asked(orchestrator)
        await orchestrator.perform(AnswerNeed(need.id, "once"))
        assert await orchestrator.until(lambda now: not now.needs, LIMIT)
        assert reader.answered() == ["1"]
        assert not (told and reader.answered("lost"))
        assert await orchestrator.until(lambda now: now.workers["w01"].status is Status.IDLE, LIMIT)


async def test_a_screen_that_no_rule_fits_is_told_with_agent_and_version(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    place.reader("pi")
    card = place.paths.config / "agents" / "pi.toml"
    told = "import sys; open(sys.argv[1], 'a').write('asked '); print('reader 7.8.9')"
    argv = ["{python}", "-c", told, str(tmp_path / "asked")]
    version = f'checked = ["7.0", "7.1"]\n[version]\nargv = {argv}\n[launch]'
    text = card.read_text().replace("for shortcuts", "a footer of another version").replace("[launch]", version)
    card.write_text(text)
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Read"))
        await orchestrator.perform(SpawnWorker("Read", agent_hint="pi"))
        orchestrator.hands.watcher._watches["w01"].senses._settle()
        need = await asked(orchestrator)
        assert need.kind is NeedKind.DRIFT
        assert need.text.startswith(
            "Reader 7.8.9 does not show, as 7.0 and 7.1 do, whether it works, waits or asks. On its "
        )
        assert orchestrator.state.workers["w01"].status is Status.UNKNOWN
    again = Versions(place.paths.cache, {}, None)
    assert await again.of(orchestrator.ground.agents["pi"]) == "7.8.9"
    assert (tmp_path / "asked").read_text() == "asked "


async def test_a_known_dialog_is_answered_by_what_stands_there_and_another_goes_to_the_inbox(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    log = place.reader("wary", program="wary.py")
    place.reader("strange", program="wary.py")
    for name, dialogs in (("wary", TRUST), ("strange", STRANGE)):
        card = place.paths.config / "agents" / f"{name}.toml"
        card.write_text(card.read_text() + dialogs)
    async with session(place.opening(lead="lead")) as orchestrator:
        told = []
        orchestrator.listen(lambda recorded, _: told.append(recorded.event))
        (reader,) = await settle(orchestrator, place, ["wary"], {"wary": log})
        await orchestrator.perform(SendToWorker(reader.worker, "Now work."))
        assert await orchestrator.until(lambda _: reader.got() == ["Now work."], LIMIT)
        assert not [each for each in told if isinstance(each, NeedArose)]
        await orchestrator.perform(SpawnWorker("Ask", agent_hint="strange"))
        need = await asked(orchestrator, "w02")
        assert (need.kind, need.text.splitlines()[0]) == (NeedKind.DIALOG, "a question of trust: No, exit")
        for key in (b"\x1b[B", b"\x1b[B", b"\r"):
            await orchestrator.type("w02", key)
            await orchestrator.until(lambda now: not now.needs, 0.5)
        assert await orchestrator.until(lambda now: not now.needs, LIMIT)
        assert await orchestrator.until(lambda now: now.workers["w02"].status is Status.IDLE, LIMIT)


async def test_a_question_in_words_is_answered_in_words(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    place.agent("asks_user")
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Style it"))
        await orchestrator.perform(SpawnWorker("Style it", agent_hint="asks_user"))
        need = await asked(orchestrator)
        assert need.kind is NeedKind.QUESTION
        assert need.text.startswith("● Tabs or spaces?")  # and not with what stands above it
        await orchestrator.perform(AnswerNeed(need.id, "", "spaces"))
        assert await orchestrator.until(lambda now: not now.needs, LIMIT)
        assert await orchestrator.until(lambda now: now.workers["w01"].status is Status.IDLE, LIMIT)
        worktree = orchestrator.state.workers["w01"].worktree
    assert worktree
    assert orchestrator.state.workers["w01"].outcome is not Outcome.FAILED

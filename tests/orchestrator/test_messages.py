"""Messages into running agents: each arrives once, whole, in order, and ends in a receipt."""

from __future__ import annotations

import asyncio

import pytest

from agentorchestr_tui.core.commands import SendToWorker
from tests.house import make_place, session
from tests.sending import IDLE_LEAD, KINDS, fates, send_all, settle


async def test_messages_of_any_kind_arrive_once_whole_and_in_order_whatever_a_person_does_meanwhile(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    logs = {kind: place.reader(kind) for kind in KINDS}
    async with session(place.opening(lead="lead", max_workers=len(KINDS))) as orchestrator:
        readers = await settle(orchestrator, place, KINDS, logs)
        tally = await send_all(orchestrator, readers, 12)
    assert tally.clean, (tally, {each.kind: [each.wanted, each.got()] for each in readers})


async def test_nothing_is_typed_into_a_shell_that_an_agent_opened_in_its_terminal(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    log = place.reader("codex")
    async with session(place.opening(lead="lead")) as orchestrator:
        (reader,) = await settle(orchestrator, place, ["codex"], {"codex": log})
        pane, agent = orchestrator.pane("w01"), orchestrator.inputs["w01"]
        await orchestrator.type("w01", b"\x1a")
        async with asyncio.timeout(30):
            while await pane.reader() == pane.pid or "the shell:" not in "\n".join(pane.emulator.display):
                await asyncio.sleep(0.05)
        receipt = await orchestrator.perform(SendToWorker("w01", "touch typed"))
        async with asyncio.timeout(30):
            while agent.why_not(None) != "another program reads its terminal now":
                await asyncio.sleep(0.05)
        assert reader.got() == [], receipt
        await orchestrator.type("w01", b"exit\r")
        assert await orchestrator.until(lambda now: not now.queued("w01"), 30)
    assert reader.got() == ["touch typed"]


@pytest.mark.parametrize(
    ("got", "wrong"),
    [
        (["one", "two", "three"], {}),
        (["one", "three"], {"lost": 1}),
        (["one", "two", "two", "three"], {"doubled": 1}),
        (["one", "t", "wo", "three"], {"split": 2}),
        (["onetwo", "three"], {"fused": 1}),
        (["person 7 saysone", "two", "three"], {"fused": 1}),
        (["one", "2", "three"], {"changed": 1, "lost": 1}),
        (["two", "one", "three"], {"disordered": 2}),
    ],
)
def test_what_goes_wrong_with_messages_is_counted_by_its_kind(got, wrong):
    assert +fates(["one", "two", "three"], got) == wrong

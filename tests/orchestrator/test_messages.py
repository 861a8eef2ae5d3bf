"""Messages into running agents: each arrives once, whole, in order, and ends in a receipt."""

from __future__ import annotations

import pytest

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

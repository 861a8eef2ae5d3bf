"""Messages into running agents: each arrives once, whole, in order, and ends in a receipt."""

from __future__ import annotations

from tests.house import make_place, session
from tests.sending import IDLE_LEAD, KINDS, send_all, settle


async def test_messages_of_any_kind_arrive_once_whole_and_in_order_whatever_a_person_does_meanwhile(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD, rank=2)
    logs = {kind: place.reader(kind) for kind in KINDS}
    async with session(place.opening(lead="lead", max_workers=len(KINDS))) as orchestrator:
        readers = await settle(orchestrator, place, KINDS, logs)
        tally = await send_all(orchestrator, readers, 12)
    assert tally.clean, (tally, {each.kind: [each.wanted, each.got()] for each in readers})

"""`--explain`: why an agent's status was what it was."""

from __future__ import annotations

import json

from agentorchestr_tui.core.commands import SetGoal
from tests.house import command_line, make_place, session
from tests.sending import IDLE_LEAD


async def test_each_change_of_status_is_told_with_its_rule_and_its_text(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", IDLE_LEAD)
    async with session(place.opening(lead="lead")) as orchestrator:
        await orchestrator.perform(SetGoal("Wait"))
        assert await orchestrator.until(lambda now: now.lead is not None and now.lead.status == "working", 30)
    told = await command_line(place, "--explain", "lead")
    assert told.code == 0, told.err
    assert "lead: it goes by its own reports (OSC 7501)\n" in told.out
    assert "working      it reports: working (rule “works”)\n" in told.out
    assert "“works” is a rule that is looked for in its own reports (OSC 7501)." in told.out
    rows = json.loads((await command_line(place, "--explain", "lead", "--json")).out)
    assert (rows[0]["status"], rows[0]["rule"]) == ("working", "works")
    nobody = await command_line(place, "--explain", "w09", "--session", orchestrator.state.id)
    assert nobody.code == 2
    assert "There are: lead." in nobody.err

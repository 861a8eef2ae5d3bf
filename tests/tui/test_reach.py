"""Keys alone reach everything at 80x24: every act of the table, every control of every modal, and the way back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.screen import ModalScreen

from agentorchestr_tui.tui import keymap
from agentorchestr_tui.tui.asking import ClosingPanel
from agentorchestr_tui.tui.panel import Panel
from tests.tui.looks.rest import at_rest, text
from tests.tui.looks.scenes import SCENES
from tests.tui.looks.taking import MIDDLE, SMALL, standing

KEYS = keymap.standard()
STAGES = {
    "a session at work": replace(SCENES["leave-rehearsal"], keys=(), until="[lead"),
    "a session that is over": replace(SCENES["goal-next"], then=None, until="[lead"),
}
UNSEEN = {"send_leader"}  # it types into the agent
ENDS = {"leave"}  # of a session that is over there is nothing to ask


async def back_to_the_stage(pilot):
    """Leave whatever is over the stage by Esc alone."""
    app = pilot.app
    for _ in range(3):
        if app.screen is app.stage:
            return
        await pilot.press("escape")
        await at_rest(pilot)
    assert app.screen is app.stage, f"esc does not lead back from {app.screen}"


@pytest.mark.parametrize("name", STAGES)
async def test_every_key_of_the_table_does_something_that_is_seen_or_says_why_not(name):
    """What is seen: another screen, another focus or order, or a sentence."""
    async with standing(STAGES[name], SMALL, toasts=True) as pilot:
        app = pilot.app
        presses = [(("ctrl+b", key), act) for key, act in KEYS.after.items()]
        presses += [((key,), act) for key, act in KEYS.direct.items()]
        for keys, act in presses:
            if act.name in UNSEEN or (act.name in ENDS and app.stage.session.over):
                continue
            app.clear_notifications()
            for start in (3, 2):  # the middle, so that one goes elsewhere, wherever the act goes
                app.stage.action_enter(start)
                await at_rest(pilot)
            if act.name == "worker_2":
                app.stage.action_enter(1)
            await at_rest(pilot)
            before = app.screen, text(app)
            await pilot.press(*keys)
            said = [notice.message for notice in app._notifications]  # before they have gone again
            await at_rest(pilot)
            seen = (app.screen, text(app)) != before
            assert seen or any(said), f"{keys} of {act.name} does nothing that can be seen\n{text(app)}"
            await back_to_the_stage(pilot)


@pytest.mark.parametrize("name", SCENES)
async def test_every_control_of_a_modal_is_reached_by_tab_and_every_choice_by_its_key(name):
    async with standing(SCENES[name], MIDDLE) as pilot:
        screen = pilot.app.screen
        if not isinstance(screen, ModalScreen):
            return
        await pilot.resize_terminal(*SMALL)
        await at_rest(pilot, lambda: tuple(screen.size) == SMALL)
        controls = {each for each in screen.walk_children() if each.focusable}
        reached = {screen.focused} & controls
        for _ in range(len(controls) + 1 if controls else 0):
            await pilot.press("tab")
            await at_rest(pilot)
            reached |= {screen.focused} & controls
        assert reached == controls
        if isinstance(screen, Panel):
            for choice in screen._choices:
                assert screen.answer_to(choice.key) or screen.answer_to(choice.key) == choice.answer, choice
            assert screen._choices or isinstance(screen, ClosingPanel)

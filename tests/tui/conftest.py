"""Sessions on a stage: a real house, a real orchestrator, rehearsal agents, and a pilot at the keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest

from agentorchestr_tui.cli.screen import SessionHouse
from agentorchestr_tui.tui.app import OrchestraApp
from agentorchestr_tui.tui.house import Parting, Visit
from agentorchestr_tui.tui.stage import Stage
from tests.house import make_place

LIMIT = 100.0  # seconds that any wait may last
TESTS = {"test_project.py": "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        pass\n"}


@pytest.fixture
def place(tmp_path):
    """Give a project and a user."""
    return make_place(tmp_path, TESTS)


@pytest.fixture
def team(place):
    """A lead, and a worker that finishes at once."""
    place.agent("lead", "plain_lead", rank=2)
    place.agent("works")
    return place


class Play:
    """A pilot with eyes: presses keys, and waits for what can be seen."""

    def __init__(self, app, pilot, house):
        self.app, self.pilot, self.house = app, pilot, house

    async def press(self, *keys):
        await self.pilot.press(*keys)

    async def until(self, fact: Callable[[], object], what: str = ""):
        """Wait for a fact; what is on the screen tells why it did not come."""
        try:
            async with asyncio.timeout(LIMIT):
                while not fact():
                    await self.pilot.pause(0.02)
        except TimeoutError:
            raise AssertionError(f"never came: {what or fact}\n{self.text}") from None

    async def until_shown(self, *words):
        await self.until(lambda: all(word in self.text for word in words), f"{words}")

    @property
    def lines(self) -> list[str]:
        """The rows on the glass."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).replace("\u00a0", " ")

    @property
    def stage(self) -> Stage:
        return self.app.stage

    @property
    def session(self):
        return self.stage.session


@pytest.fixture
def play(place):
    """Give a way to show a session of the place."""

    @asynccontextmanager
    async def playing(goal="Say hello", *, size=(120, 40), house=None, resume=None):
        house = house or SessionHouse(place.opening(), resume)
        app = OrchestraApp(house, Visit(goal=goal, resume=resume is not None))
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                yield Play(app, pilot, house)
        finally:
            await house.end(Parting.CUT_OFF)

    return playing

"""Who plays a score: memory, hands and tools, one step after the other."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable

from . import log, rows
from .conditions import Facts
from .hands import Hands, HandsError
from .performing import perform
from .score import Score, ScoreError, Step, fill
from .stage import Stage
from .tools import ToolRefused, Tools
from .verbs import Verb


class Setback(Exception):
    """The score cannot go on as written; the message says why."""


class Actor:
    """One agent that plays; `memory` holds what the prompt said and what steps were named."""

    def __init__(self, score: Score, stage: Stage, hands: Hands, tools: Tools, *, pace: float, memory: Facts) -> None:
        self.stage, self.hands, self.tools, self.pace = stage, hands, tools, pace
        self.allowed: set[str] = set()
        self.deaf = False
        self._score = score
        self._memory = {"mcp": "yes" if tools.given else "", **memory}

    async def open(self) -> str:
        """Play the first turn; return what went wrong in the end, or nothing."""
        return await self._play(self._score.opening)

    async def answer(self, message: str) -> str:
        """Play a later turn on a message; return as `open`."""
        self._memory["message"] = message
        if not self._score.reply:
            await self.stage.say("My score has no answer to that.")
        return await self._play(self._score.reply)

    async def _play(self, steps: Iterable[Step]) -> str:
        try:
            await self._all(steps)
        except Setback as setback:
            self._memory["reason"] = str(setback)
            with contextlib.suppress(Setback):  # a second one has nothing to fall back on
                await self._all(self._score.setback)
            return str(setback)
        return ""

    async def _all(self, steps: Iterable[Step]) -> None:
        for step in steps:
            try:
                await self._step(step)
            except ScoreError as error:
                self.stage.add(log.noted(str(error), rows.RED))
                raise Setback(str(error)) from error
            except (HandsError, ToolRefused) as error:  # the stage has shown it already
                raise Setback(str(error)) from error

    async def _step(self, step: Step) -> None:
        if step.when is not None and not step.when.holds(self._memory):
            return
        facts = await self._perform(step.verb)
        if step.name:
            self._memory |= {f"{step.name}.{key}": value for key, value in facts.items()} | {step.name: "yes"}
        if step.expect is not None and not step.expect.holds(facts):
            reason = _unmet(step, facts)
            self.stage.add(log.noted(reason, rows.RED))
            raise Setback(reason)

    async def _perform(self, verb: Verb) -> Facts:
        self.stage.working("Working")
        filled = {field.name: fill(getattr(verb, field.name), self._memory) for field in dataclasses.fields(verb)}
        return await perform(dataclasses.replace(verb, **filled), self)


def _unmet(step: Step, facts: Facts) -> str:
    assert step.expect is not None
    name = step.expect.name
    said = facts.get("summary") or facts.get("output", "").strip().rpartition("\n")[2]
    return f"{step.name or name}: {name} is {facts.get(name) or 'empty'}" + (f" ({said})" if said else "")

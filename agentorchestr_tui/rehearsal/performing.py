"""How each verb of a score is performed: on the stage, by the hands, through the tools."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from functools import singledispatch
from typing import TYPE_CHECKING

from . import log, verbs
from .conditions import Facts
from .hands import Change, shown_argv
from .tools import ToolRefused
from .verbs import Argument, Verb

if TYPE_CHECKING:
    from .actor import Actor

NOTHING: Facts = {}
FLAG = ".agentorchestr/done.flag"
BREATH = 0.1  # seconds between two tries of a call
FLOOD_LINE = b"the quick brown fox jumps over the lazy dog, again and again and again\r\n"
FLOOD_CHUNK = FLOOD_LINE * 100
CHOICES = ("Yes", "Yes, always", "No")
ANSWERS = ("yes", "always", "no")


class Left(Exception):
    """The score says that the program ends here."""

    def __init__(self, code: int) -> None:
        self.code = code


@singledispatch
async def perform(verb: Verb, actor: Actor) -> Facts:
    """Perform a verb and return what a later step may want to know."""
    raise TypeError(f"{actor} cannot perform {verb}")


@perform.register(verbs.Say)
async def _(verb: verbs.Say, actor: Actor) -> Facts:
    await actor.stage.say(verb.text.strip())
    return NOTHING


@perform.register(verbs.Think)
async def _(verb: verbs.Think, actor: Actor) -> Facts:
    actor.stage.working(verb.about)
    await asyncio.sleep(verb.seconds * actor.pace)
    return NOTHING


@perform.register(verbs.Read)
async def _(verb: verbs.Read, actor: Actor) -> Facts:
    with actor.stage.doing("Read", verb.path) as doing:
        text = actor.hands.read(verb.path)
        doing.done(f"{len(text.splitlines())} lines")
    return {"text": text}


@perform.register(verbs.Write)
async def _(verb: verbs.Write, actor: Actor) -> Facts:
    with actor.stage.doing("Write", verb.path) as doing:
        return _changed(doing, verb.path, actor.hands.write(verb.path, verb.text))


@perform.register(verbs.Append)
async def _(verb: verbs.Append, actor: Actor) -> Facts:
    with actor.stage.doing("Edit", verb.path) as doing:
        return _changed(doing, verb.path, actor.hands.append(verb.path, verb.text))


@perform.register(verbs.Edit)
async def _(verb: verbs.Edit, actor: Actor) -> Facts:
    with actor.stage.doing("Edit", verb.path) as doing:
        return _changed(doing, verb.path, actor.hands.edit(verb.path, verb.old, verb.new))


@perform.register(verbs.Run)
async def _(verb: verbs.Run, actor: Actor) -> Facts:
    with actor.stage.doing("Bash", shown_argv(verb.argv)) as doing:
        ran = await actor.hands.run(verb.argv)
        lines = [line for line in ran.output.splitlines() if line.strip(" -=")]  # neither blanks nor rules
        doing.done(*(lines[-log.SHOWN_LINES :] or ["(no output)"]), good=ran.code == 0)
    return {"exit": str(ran.code), "output": ran.output.strip()}


@perform.register(verbs.Commit)
async def _(verb: verbs.Commit, actor: Actor) -> Facts:
    with actor.stage.doing("Bash", shown_argv(("git", "commit", "-m", verb.message))) as doing:
        commit = await actor.hands.commit(verb.message)
        doing.done(commit)
    return {"commit": commit}


@perform.register(verbs.Call)
async def _(verb: verbs.Call, actor: Actor) -> Facts:
    actor.stage.working(verb.about or f"Calling {verb.tool}")
    try:
        with actor.stage.doing(verb.tool, _shown_arguments(verb.arguments)) as doing:
            facts = await _call(verb, actor)
            doing.done(*_shown_facts(facts))
    except ToolRefused as refusal:
        if not verb.may_fail:
            raise
        return {"error": str(refusal)}
    return facts


@perform.register(verbs.Permission)
async def _(verb: verbs.Permission, actor: Actor) -> Facts:
    if verb.command in actor.allowed:
        return {"answer": "always"}
    place = await actor.stage.choose(f"Allow running `{verb.command}`?", CHOICES, "permission")
    actor.stage.add(log.noted(f"{verb.command}: {CHOICES[place].lower()}"))
    if ANSWERS[place] == "always":
        actor.allowed.add(verb.command)
    return {"answer": ANSWERS[place]}


@perform.register(verbs.Ask)
async def _(verb: verbs.Ask, actor: Actor) -> Facts:
    await actor.stage.say(verb.question)
    answer = await actor.stage.listen()
    actor.stage.add(log.asked(answer))
    return {"answer": answer}


@perform.register(verbs.Print)
async def _(verb: verbs.Print, actor: Actor) -> Facts:
    actor.stage.add(log.printed(verb.line))
    return NOTHING


@perform.register(verbs.Flag)
async def _(verb: verbs.Flag, actor: Actor) -> Facts:
    with actor.stage.doing("Write", FLAG) as doing:
        return _changed(doing, FLAG, actor.hands.write(FLAG, f"{verb.word} {verb.nonce}\n{verb.summary}\n"))


@perform.register(verbs.Flood)
async def _(verb: verbs.Flood, actor: Actor) -> Facts:
    await actor.stage.flood(-(-verb.size // len(FLOOD_CHUNK)), FLOOD_CHUNK)
    return NOTHING


@perform.register(verbs.Hang)
async def _(verb: verbs.Hang, actor: Actor) -> Facts:
    actor.stage.working(verb.about)
    await asyncio.Event().wait()
    return NOTHING


@perform.register(verbs.IgnoreSignals)
async def _(verb: verbs.IgnoreSignals, actor: Actor) -> Facts:
    actor.deaf = verb.on
    return NOTHING


@perform.register(verbs.Crash)
async def _(verb: verbs.Crash, actor: Actor) -> Facts:
    await actor.stage.shown()
    if verb.code < 0:
        signal.signal(-verb.code, signal.SIG_DFL)
        os.kill(os.getpid(), -verb.code)
    os.write(sys.stderr.fileno(), b"\r\nFatal: the score says that it ends here.\r\n")
    os._exit(verb.code)


@perform.register(verbs.Exit)
async def _(verb: verbs.Exit, _actor: Actor) -> Facts:
    raise Left(verb.code)


async def _call(verb: verbs.Call, actor: Actor) -> Facts:
    while True:
        facts = await actor.tools.call(verb.tool, verb.arguments)
        if verb.again_while is None or not verb.again_while.holds(facts):
            return facts
        await asyncio.sleep(BREATH)


def _changed(doing: log.Doing, path: str, change: Change) -> Facts:
    doing.done(*change.lines, about=f"{path} ({change})")
    return {"added": str(change.added), "removed": str(change.removed)}


def _shown_arguments(arguments: Mapping[str, Argument]) -> str:
    return ", ".join(f"{name}: {_short(str(value), 60)}" for name, value in arguments.items())


def _shown_facts(facts: Facts) -> list[str]:
    return [f"{name}: {_short(value, 200)}" for name, value in facts.items() if value] or ["ok"]


def _short(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"

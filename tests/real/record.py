"""`python -m tests.real.record [NAME[.STORY]...]`: what real CLIs tell and show, into tests/agents/screens."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
import sys
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

from agentorchestr_tui.agents.files import write_files
from agentorchestr_tui.core.words import Permissions
from tests.real import house, rig, stories, strange
from tests.real.install import CACHE, install
from tests.real.model_server import ModelServer
from tests.real.place import launch, make_place
from tests.real.stories import STRANGE_FOLDER, Moment, Stage, without_trust
from tests.real.terminal import Terminal

STORIES = stories.STORIES | strange.STORIES
ASKING = stories.ASKING | strange.ASKING
FIRST = "first: "
SCREENS = Path(__file__).resolve().parents[1] / "agents" / "screens"
AT_ONCE = int(os.environ.get("AT_ONCE", "2"))  # CLIs that are recorded at the same time


async def record(name: str, story: str) -> None:
    """Play a story and write down its moments: the signals, and the bottom of the screen."""
    tell = STORIES[story]
    folder = Path(os.path.realpath(CACHE)) / "runs" / uuid.uuid4().hex  # agents keep their trust by the real path
    place = make_place(folder)
    sizes = strange.SIZES if story in strange.STORIES else stories.SIZES
    stage = Stage(name, place.worktree, lambda moment: _keep(name, moment, folder), sizes)
    try:
        async with ModelServer(stage.script) as model, house.serve("token") as at:
            rig.settle(name, place.home, folder if story in STRANGE_FOLDER else place.project, model)
            permissions = Permissions.ASK if story in ASKING else Permissions.SKIP
            card, composed = launch(name, "worker", place, model, at, permissions)
            write_files(composed)
            shown = without_trust(composed) if story in STRANGE_FOLDER else composed
            async with Terminal(card, shown, place.worktree, sizes[0]) as stage.terminal:
                if composed.message:
                    await stage.terminal.until(lambda: stage.status == "idle", "it can be spoken to")
                    await stage.terminal.submit(composed.message)
                await _told(name, story, stage, tell)
                stage.over()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _recorded(name: str, story: str) -> None:
    try:
        await record(name, story)
    except (AssertionError, OSError) as error:  # the others go on
        sys.stdout.write(f"{name}.{story} cannot be told: {str(error)[:1500]}\n")


async def _told(name: str, story: str, stage: Stage, tell: Callable[[Stage], Awaitable[None]]) -> None:
    try:
        await tell(stage)
    except (AssertionError, OSError) as error:
        sys.stdout.write(f"{name}.{story} ends early: {str(error)[:1500]}\n")


def _keep(name: str, moment: Moment, folder: Path) -> None:
    """Write a moment down; what the rules made of it when it was seen for the first time stays with it."""
    path = SCREENS / f"{name}.{moment.scene}.{moment.status}.txt"
    first = f"{FIRST}{moment.judged}\n"
    if path.exists():
        first = "".join(line for line in path.read_text().splitlines(keepends=True)[:1] if line.startswith(FIRST))
    path.write_text(_without_this_machine(first + moment.text.replace(str(folder), "/home/me"), folder))


def _without_this_machine(text: str, folder: Path) -> str:
    """Take this machine's own path out, also where the screen shows only its beginning, or breaks it."""
    roots = {str(CACHE.parent), os.path.realpath(CACHE).removesuffix("/.real")}
    for root in roots:
        text = text.replace(root, "/home/me").replace(f"/{root.split('/')[1]}/", "/home/")
    text = re.sub(r"/(work|home)/\w+(/\.real)?(?=/runs|/…)", "/home/me", text)
    return re.sub(folder.name[:8] + r"\w*", "a1b2", text)


def _stories_of(name: str) -> list[str]:
    """Return the stories that can be told of an agent."""
    here = {story for story in STORIES if name in stories.ONLY.get(story, (name,))}
    never = stories.NEVER | strange.NEVER
    return [story for story in STORIES if story in here and name not in never.get(story, ())]


async def main(names: list[str]) -> None:
    """Record every story of the CLIs named."""
    logging.disable(logging.CRITICAL)
    SCREENS.mkdir(exist_ok=True)
    room = asyncio.Semaphore(AT_ONCE)

    async def one(name: str, wanted: str) -> None:
        async with room:
            await asyncio.to_thread(install, name)
            for story in _stories_of(name):
                if wanted in ("", story):
                    await _recorded(name, story)

    await asyncio.gather(*(one(name, story) for name, _, story in (each.partition(".") for each in names)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or list(rig.NAMES)))

"""`python -m tests.real.record [NAME[.SCENE]...]`: what real CLIs tell and show, into tests/agents/screens."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
import time
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from agentorchestr_tui.agents.files import write_files
from agentorchestr_tui.agents.launch import Composed
from agentorchestr_tui.core.words import Permissions
from tests.real import house, rig, scripts
from tests.real.conversation import Answer, Conversation, Fail
from tests.real.install import CACHE, install
from tests.real.model_server import ModelServer
from tests.real.place import Place, launch, make_place
from tests.real.terminal import Terminal

SCREENS = Path(__file__).resolve().parents[1] / "agents" / "screens"
THINKS = 60.0  # seconds that a slow model takes: longer than any look at it


@dataclass(frozen=True)
class Scene:
    """A moment in an agent's life, and the status that is true in it."""

    what: str
    status: str
    permissions: Permissions = Permissions.SKIP
    slow: bool = False
    limited: bool = False
    retry_after: int | None = 3600  # seconds; as a header of the refusal, which some CLIs wait for without a word
    unknown_folder: bool = False

    def script(self, conversation: Conversation) -> Answer:
        if self.slow and scripts.is_asked(conversation):
            time.sleep(THINKS)
        if self.limited and scripts.is_asked(conversation):
            return Fail(429, "Rate limit reached for requests", retry_after=self.retry_after)
        return scripts.asking(conversation) if self.permissions is Permissions.ASK else scripts.session(conversation)


THINKING = Scene("thinking", "working", slow=True)
OVER = Scene("turn_over", "idle")
ASKS = Scene("write_prompt", "needs_input", Permissions.ASK)
LIMITED = Scene("rate_limit", "limited", limited=True)
BUSY = Scene("rate_limit", "limited", limited=True, retry_after=None)
TRUST = Scene("trust_dialog", "needs_input", Permissions.ASK, unknown_folder=True)
SCENES = {
    "claude": (THINKING, OVER, ASKS, LIMITED, TRUST),
    "codex": (THINKING, OVER, ASKS, LIMITED, TRUST),
    "gemini": (THINKING, OVER, ASKS),
    "opencode": (THINKING, OVER, ASKS, LIMITED),
    "qwen": (THINKING, OVER, ASKS),
    "copilot": (THINKING, OVER, ASKS, LIMITED, TRUST),
    "kilocode": (THINKING, OVER, ASKS, LIMITED),
    "pi": (THINKING, OVER, BUSY),
    "vibe": (THINKING, OVER, ASKS, LIMITED),
    "cline": (THINKING, OVER, ASKS),
    "aider": (THINKING, OVER, LIMITED),
}
AFTER = {"opencode": 18.0, "kilocode": 20.0, "aider": 15.0}  # seconds after the start
AFTER_OTHERS = 10.0
RETRIES = 12.0  # more, for the CLIs that try again a few times


async def record(name: str, scene: Scene) -> None:
    """Play a scene and write down its signals and the bottom of its screen."""
    folder = CACHE / "runs" / uuid.uuid4().hex
    place = make_place(folder)
    try:
        async with ModelServer(scene.script) as model, house.serve("token") as at:
            rig.settle(name, place.home, folder if scene.unknown_folder else place.project, model)
            card, composed = launch(name, "worker", place, model, at, scene.permissions)
            write_files(composed)
            shown = _without_trust(composed) if scene.unknown_folder else composed
            async with Terminal(card, shown, place.worktree) as terminal:
                if composed.message:
                    await terminal.until(lambda: terminal.judge.verdict.status == "idle", "it can be spoken to")
                    await terminal.submit(composed.message)
                seconds = AFTER.get(name, AFTER_OTHERS) + (RETRIES if scene.limited else 0)
                await (asyncio.sleep(seconds) if scene.unknown_folder else terminal.pause(seconds))
                text, verdict = _written(terminal, place), terminal.judge.verdict
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    SCREENS.mkdir(exist_ok=True)
    (SCREENS / f"{name}.{scene.what}.{scene.status}.txt").write_text(text)
    mark = "" if verdict.status == scene.status else "   WRONG"
    sys.stdout.write(f"{name} {scene.what}: {verdict.status} by {verdict.rule!r}{mark}\n")


def _without_trust(composed: Composed) -> Composed:
    argv = list(composed.argv)
    for at, word in enumerate(argv):
        if word.startswith("projects="):
            del argv[at - 1 : at + 1]
            break
    return replace(composed, argv=tuple(argv))


def _written(terminal: Terminal, place: Place) -> str:
    rows = [row.rstrip() for row in terminal.emulator.display]
    while rows and not rows[-1]:
        rows.pop()
    signals = [f"{kind}: {text}" for kind, text in terminal.heard.items()]
    text = "\n".join([*signals, "", *rows, ""])
    text = text.replace(str(place.worktree), "/home/me/worktree").replace(str(place.project), "/home/me/project")
    return _without_this_machine(text)


def _without_this_machine(text: str) -> str:
    """Take the checkout's own path out, also where the screen shows only its beginning."""
    return text.replace(str(CACHE.parent), "/home/me").replace(f"/{CACHE.parts[1]}/", "/home/")


async def main(names: list[str]) -> None:
    """Record every scene of the CLIs named."""
    logging.disable(logging.CRITICAL)
    for name, _, what in (wanted.partition(".") for wanted in names):
        install(name)
        for scene in SCENES[name]:
            if what in ("", scene.what):
                await record(name, scene)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or list(SCENES)))

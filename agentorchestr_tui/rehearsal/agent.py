"""The agent's life: from its prompt through turns and messages to a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path

from . import log, prompt
from .actor import Actor
from .hands import Hands
from .keys import ESCAPE_GAP, Keyboard
from .performing import Left
from .score import Score
from .stage import FRAME, Stage
from .terminal import Terminal
from .tools import Tools

COMMANDS = "/status who and where I am · /quit leave · esc interrupts · alt+enter new line"
_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Engagement:
    """What an agent is started with."""

    role: str
    part: str
    score: Score
    prompt: str
    folder: Path
    pace: float
    mcp_url: str
    mcp_token: str


class Agent:
    """One running agent."""

    def __init__(self, engagement: Engagement) -> None:
        self._engagement = engagement
        self._terminal = Terminal()
        self._keyboard = Keyboard()
        name = engagement.part if engagement.role == engagement.part else f"{engagement.role} · {engagement.part}"
        self._stage = Stage(self._terminal, f"rehearsal {name}", engagement.pace)
        self._tools = Tools(engagement.mcp_url, engagement.mcp_token)
        text = engagement.prompt
        self._actor = Actor(
            engagement.score,
            self._stage,
            Hands(engagement.folder),
            self._tools,
            pace=engagement.pace,
            memory={**prompt.facts(text), "python": sys.executable},
        )
        self._messages: deque[str] = deque()
        self._message_came = asyncio.Event()
        self._turn: asyncio.Task[None] | None = None
        self._turns = 0
        self._group = asyncio.TaskGroup()
        self._over: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def run(self) -> int:
        """Live until told to leave; return the exit code."""
        self._open()
        try:
            async with self._group as group:
                life = [group.create_task(self._live()), group.create_task(self._tick())]
                code = await self._over
                for task in life:
                    task.cancel()
                self._interrupt()
        finally:
            self._stage.close()
            self._terminal.close()
        return code

    def _open(self) -> None:
        self._stage.on_message, self._stage.on_interrupt = self._hear_message, self._interrupt
        self._stage.on_leave = lambda: self._leave(0)
        self._terminal.open(self._hear, self._stage.resized, lambda: self._hear_signal(signal.SIGHUP))
        loop = asyncio.get_running_loop()
        for number in _ENDING_SIGNALS:
            loop.add_signal_handler(number, self._hear_signal, number)
        loop.add_signal_handler(signal.SIGINT, self._hear_signal, signal.SIGINT)
        self._stage.add(log.heading("rehearsal", f"{self._engagement.part} · {self._engagement.folder.name}"))
        self._stage.open()

    async def _live(self) -> None:
        if self._engagement.prompt.strip():
            self._stage.add(log.asked(self._engagement.prompt))
        await self._take_turn(self._actor.open())
        while True:
            while self._messages:
                await self._answer(self._messages.popleft())
            self._message_came.clear()
            await self._message_came.wait()

    async def _answer(self, message: str) -> None:
        self._stage.view.queued = list(self._messages)
        self._stage.add(log.asked(message))
        if message.startswith("/"):
            self._stage.add(log.said(self._status() if message == "/status" else COMMANDS))
            return
        await self._take_turn(self._actor.answer(message))

    async def _take_turn(self, turn: Coroutine[None, None, str]) -> None:
        self._turns += 1
        self._stage.begin_turn()
        self._turn = self._group.create_task(self._finish(turn))
        await asyncio.wait([self._turn])
        if self._turn.cancelled():
            self._stage.add(log.noted("Interrupted."))
            self._stage.idle()
        self._turn = None

    async def _finish(self, turn: Coroutine[None, None, str]) -> None:
        try:
            self._stage.idle(await turn)
        except Left as left:
            self._leave(left.code)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(FRAME)
            self._stage.tick()

    def _status(self) -> str:
        engaged = self._engagement
        turns = f"{self._turns} turn{'s' * (self._turns != 1)}"
        return f"{engaged.part}, {turns}\nfolder: {engaged.folder}\nMCP server: {engaged.mcp_url or 'none'}"

    def _hear(self, data: bytes) -> None:
        for event in self._keyboard.feed(data):
            self._stage.hear(event)
        if self._keyboard.undecided:
            asyncio.get_running_loop().call_later(ESCAPE_GAP, self._settle)

    def _settle(self) -> None:
        for event in self._keyboard.settle():
            self._stage.hear(event)

    def _hear_message(self, text: str) -> None:
        if text in {"/quit", "/exit"}:
            self._leave(0)
            return
        self._messages.append(text)
        self._message_came.set()
        if self._turn is not None:
            self._stage.view.queued = list(self._messages)

    def _interrupt(self) -> None:
        if self._turn is not None:
            self._turn.cancel()

    def _hear_signal(self, number: int) -> None:
        if number == signal.SIGINT:
            self._stage.interrupted()
        else:
            self._leave(128 + number)

    def _leave(self, code: int) -> None:
        if self._actor.deaf:
            return
        with contextlib.suppress(asyncio.InvalidStateError):
            self._over.set_result(code)

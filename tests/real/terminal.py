"""A PTY with our emulator behind it: a program runs in it, its questions are answered, its status is judged."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from ptyprocess import PtyProcess

from agentorchestr_tui.agents.card import Card, Field
from agentorchestr_tui.agents.launch import Composed
from agentorchestr_tui.agents.standing import KEY_GAP, Choice, DialogStands, PromptStands, standing
from agentorchestr_tui.agents.status import Judge, Signal, Verdict
from agentorchestr_tui.core.words import Status
from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.emulator.events import Event, ProgramStatus, Title
from agentorchestr_tui.orchestrator.needing import ANSWERED, TRIES

COLUMNS, LINES = 120, 32
LOOK = 0.05  # seconds between two looks at a fact that is waited for


class Terminal:
    """One running program: `async with Terminal(card, composed, folder) as terminal`."""

    def __init__(self, card: Card, composed: Composed, folder: Path, size: tuple[int, int] = (COLUMNS, LINES)) -> None:
        self.card = card
        self.emulator = Emulator(*size)
        self.judge = Judge(card.status)
        self.verdicts: list[Verdict] = []
        self.answered: list[str] = []  # the dialogs that were answered
        self.heard: dict[Field, str] = {}  # the last signal of each kind
        self._rows_and_columns = (size[1], size[0])
        self._composed = composed
        self._folder = folder
        self._over = asyncio.Event()

    async def __aenter__(self) -> Terminal:
        composed = self._composed
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forkpty beside threads
            self._process = PtyProcess.spawn(
                list(composed.argv), cwd=str(self._folder), env=dict(composed.env), dimensions=self._rows_and_columns
            )
        os.set_blocking(self._process.fd, False)
        asyncio.get_running_loop().add_reader(self._process.fd, self._read)
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._over.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await asyncio.wait_for(self._over.wait(), 10)
        await asyncio.to_thread(self._process.wait)
        self._process.fileobj.close()
        self._process.closed = True

    @property
    def screen(self) -> str:
        """The screen's text without blank rows."""
        return "\n".join(row.rstrip() for row in self.emulator.display if row.strip())

    @property
    def statuses(self) -> list[Status]:
        """The statuses so far, one after the other."""
        return [verdict.status for verdict in self.verdicts]

    def write(self, keys: str) -> None:
        """Type keys."""
        os.write(self._process.fd, keys.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Give program and emulator another size in cells."""
        self.emulator.resize(columns, lines)
        self._process.setwinsize(lines, columns)

    async def submit(self, text: str) -> None:
        """Hand a message over as the card says."""
        how = self.card.submit
        self.write(f"\x1b[200~{text}\x1b[201~" if how.bracketed else text)
        await asyncio.sleep(how.gap_seconds)
        self.write(how.keys)

    async def answer_dialogs(self) -> None:
        """Answer a first-run dialog that stands on the screen as the card says."""
        stands = standing(self.card, self.emulator.display)
        if isinstance(stands, DialogStands) and stands.keys:
            self.answered.append(stands.name)
            await asyncio.sleep(stands.deaf_seconds)
            await self.type(stands.keys)

    async def answer(self, stands: PromptStands, choice: Choice) -> None:
        """Answer a prompt that stands on the screen as the card says, again where it lost the keys."""
        for _ in range(TRIES):
            await asyncio.sleep(stands.deaf_seconds)
            await self.type(stands.keys[choice])
            end = asyncio.get_running_loop().time() + ANSWERED
            while asyncio.get_running_loop().time() < end:
                if standing(self.card, self.emulator.display) != stands:
                    return
                await asyncio.sleep(LOOK)

    async def type(self, keys: Iterable[str]) -> None:
        """Type keys one after the other, with the gap that menus need."""
        for key in keys:
            self.write(key)
            await asyncio.sleep(KEY_GAP)

    async def pause(self, seconds: float) -> None:
        """Let it go on for a while, answering its dialogs."""
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            await self.answer_dialogs()
            await asyncio.sleep(LOOK)

    async def until(self, fact: Callable[[], object], what: str, seconds: float = 150) -> None:
        """Return when a fact holds; fail with the screen when it does not in time, or the program ends before it."""
        end = asyncio.get_running_loop().time() + seconds
        while not fact():
            assert not self._over.is_set(), f"it ended before this: {what}\n{self.screen}"
            assert asyncio.get_running_loop().time() < end, f"not within {seconds:g} s: {what}\n{self.screen}"
            await self.answer_dialogs()
            await asyncio.sleep(LOOK)

    async def leave(self, seconds: float = 15) -> int | None:
        """Leave by the card's exit keys; return the exit code."""
        for step in self.card.exit:
            self.write(step.keys)
            await asyncio.sleep(step.wait_seconds)
        try:
            await asyncio.wait_for(self._over.wait(), seconds)
        except TimeoutError:
            raise AssertionError(f"its exit keys do not end it\n{self.screen}") from None
        await asyncio.to_thread(self._process.wait)
        return self._process.exitstatus

    def _read(self) -> None:
        try:
            data = os.read(self._process.fd, 65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._process.fd)
            self._over.set()
            return
        self.emulator.feed(data)
        with contextlib.suppress(OSError):
            os.write(self._process.fd, self.emulator.take_replies())
        for event in self.emulator.take_events():
            if heard := _signal(event):
                self.heard[heard.kind] = heard.text
                self._note(self.judge.hear(heard))
        self._note(self.judge.look(self.emulator.display))

    def _note(self, verdict: Verdict | None) -> None:
        if verdict:
            self.verdicts.append(verdict)


def _signal(event: Event) -> Signal | None:
    if isinstance(event, Title):
        return Signal(Field.TITLE, event.text)
    if isinstance(event, ProgramStatus):
        return Signal(Field.OSC7501, f"state={event.state} kind={event.kind} msg={event.message}")
    return None

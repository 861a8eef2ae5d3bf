"""How text gets into a running agent: one queue a pane, each message as one, confirmed, and never where it harms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.agents.control import ControlLost
from agentorchestr_tui.agents.standing import standing
from agentorchestr_tui.agents.status import Verdict
from agentorchestr_tui.core.commands import NoteMessageDelivered, NoteMessageRefused, NoteMessageTyping
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import PaneGone
from agentorchestr_tui.core.events import Event, MessageQueued
from agentorchestr_tui.core.state import Message
from agentorchestr_tui.core.words import Status, When
from agentorchestr_tui.emulator import modes
from agentorchestr_tui.orchestrator import echoes
from agentorchestr_tui.orchestrator.inputs import Input
from agentorchestr_tui.orchestrator.linking import Link
from agentorchestr_tui.orchestrator.senses import Senses
from agentorchestr_tui.orchestrator.submitting import cleaned, keys_of
from agentorchestr_tui.times import until

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

TAKEN_UP = 1.5  # seconds that an agent gets to take a message up after Enter, before Enter is typed once more
GONE = 0.3  # seconds that a message must be gone from the input line, where no status tells that it was taken
SHOWS = 0.5  # seconds that a pasted message gets to appear before Enter
STEADY = 0.3  # seconds after a change of size in which nothing is typed
ENTERS = 4  # times that Enter is typed at most while a message is seen to stand in the input line
OVER = 1.5  # seconds that it must rest before its turn counts as over: some rest for a moment between two acts
AGAIN = 0.5  # seconds between two looks whether what kept a message back is over, where nothing rings
LEFT = "It was typed, but the agent did not take it up: it stands in its input line."
Size = tuple[int, int]
_FREE = frozenset({Status.IDLE, Status.WORKING, Status.LIMITED})


class Went(Enum):
    """How handing a message over went."""

    TAKEN = "taken"
    LEFT = "left"
    INTERRUPTED = "interrupted"


class Post:
    """The queue of one agent's pane."""

    def __init__(
        self,
        orchestrator: Orchestrator,
        who: str,
        senses: Senses,
        link: Link,
        began: Callable[[bool], None],
        first: str,
    ) -> None:
        self.first = first  # the message that an agent is started with, where its argv cannot hold it
        self._orchestrator = orchestrator
        self._who = who
        self._senses = senses
        self._link = link
        self._pane = senses.pane
        self._submit = senses.card.submit
        self._began = began
        self._input: Input = orchestrator.inputs[who]
        self._input.begin(self.stir, self.why_not)
        self._stirred = asyncio.Event()
        self._edges = 0  # changes of status, ever
        self._over_at = float("-inf")  # when its turn counts as over, if it rests until then
        self._size = (0, 0)
        self._sized = float("-inf")
        self._pastes = False  # it has been seen to take pastes
        self._readers: set[int] = set()  # the process groups that are the agent
        self._lent = False  # another program reads the terminal's keys: a shell that the agent opened
        self._busy = False  # something waits, or is being handed over
        self.task = tasks.start(self._run(), name=f"messages for {who}")

    def stir(self) -> None:
        """Look whether something may go now."""
        self._stirred.set()

    def happened(self, event: Event) -> None:
        """Take an event of the session: a message for this one, or what may set one free."""
        if self._busy or (isinstance(event, MessageQueued) and event.to == self._who):
            self._stirred.set()

    def judged(self, verdict: Verdict) -> None:
        """Take a change of status."""
        self._edges += 1
        self._over_at = self._now() + OVER if verdict.status is Status.IDLE else self._over_at
        asked = self._input.asking
        self._input.now_asking(asking=verdict.status is Status.NEEDS_INPUT)
        if verdict.status is Status.WORKING and not asked and not self._input.typing.locked():
            self._input.draft.clear()  # whatever a person typed has begun a turn
        self._stirred.set()

    def looked(self) -> None:
        """Take that the screen may have changed."""
        size = (self._pane.emulator.columns, self._pane.emulator.lines)
        if size != self._size:
            self._size, self._sized = size, self._now()
        self._pastes = self._pastes or modes.PASTE in self._pane.emulator.modes
        if self._busy:
            self._stirred.set()

    def why_not(self, message: Message | None = None) -> str:
        """Say what keeps a message back now; nothing when it may go."""
        session, status = self._orchestrator.state, self._senses.status
        if (limit := session.limit_of(self._senses.card.name)) is not None:
            return f"its account has met a limit {until(limit.until, limit.since)}"
        if status is Status.NEEDS_INPUT or any(need.answer for need in session.needs_of(self._who)):
            return "it waits for an answer in its terminal"
        if status not in _FREE and self._senses.card.status:
            return "it shows a screen that is not known" if status is Status.UNKNOWN else f"it is {status}"
        after = message is not None and (message.when is When.AFTER_TURN or not self._submit.steers)
        if after and (status is Status.WORKING or self._now() < self._over_at):
            return "its turn is not over"
        if self._link.takes:
            return ""  # what a person has begun to type stays as it is
        if self._lent:
            return "another program reads its terminal now"
        if self._submit.bracketed and self._pastes and modes.PASTE not in self._pane.emulator.modes:
            return "its terminal takes no text now"
        if self._input.draft.stands(self._senses.screen, self._now()):
            return "a person has begun to type there"
        return ""

    async def submit_first(self) -> None:
        """Submit the message that it is started with."""
        text, self.first = self.first, ""
        await self._to_the_end(text, "first")

    async def _run(self) -> None:
        self._readers = {self._pane.pid, await self._pane.reader()}  # who reads at first is the agent
        while self._pane.exit is None:
            self._stirred.clear()
            waiting = self._orchestrator.state.queued(self._who)
            self._busy = bool(waiting or self.first)
            await self._see_who_reads(waiting)
            message = next((each for each in waiting if not self.why_not(each)), None)
            if message is not None and not self.first:
                await self._deliver(message)
            else:
                draft = self._input.draft
                again = self._lent or draft.text or draft.recalled or self._now() < self._over_at
                await self._bell(AGAIN if waiting and again else None)

    async def _see_who_reads(self, waiting: Sequence[Message]) -> None:
        """Ask the terminal, where nothing else keeps back what waits."""
        self._lent = False
        if any(not self.why_not(each) for each in waiting) and not self._link.takes:
            group = await self._pane.reader()
            self._lent = bool(group) and group not in self._readers

    async def _bell(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        except TimeoutError:
            pass

    async def _deliver(self, message: Message) -> None:
        if isinstance(await self._orchestrator.perform(NoteMessageTyping(message.id)), Refused):
            return
        self._began(message.new_turn)
        try:
            by_server = self._link.takes and await self._link.prompt(cleaned(message.text))
            taken = by_server or await self._to_the_end(message.text, message.id)
        except PaneGone as error:
            await self._orchestrator.perform(NoteMessageRefused(message.id, str(error)))
            return
        except ControlLost as error:
            words = f"It was sent, but its server did not say whether it took it: {error}."
            await self._orchestrator.perform(NoteMessageRefused(message.id, words))
            return
        note = NoteMessageDelivered(message.id) if taken else NoteMessageRefused(message.id, LEFT)
        await self._orchestrator.perform(note)

    # -- one message --------------------------------------------------------------------------------------------------

    async def _to_the_end(self, text: str, name: str) -> bool:
        """Hand a message over, however often a prompt comes between; False when it is left. Raises: PaneGone."""
        before: list[str] = []
        while True:
            async with self._input.typing:
                before, went = await self._hand_over(text, name, before)
            if went is not Went.INTERRUPTED:
                return went is Went.TAKEN
            while self.why_not() and self._pane.exit is None:
                self._stirred.clear()
                await self._bell(None)

    async def _hand_over(self, text: str, name: str, before: list[str]) -> tuple[list[str], Went]:
        """Type a message, unless it stands there since before, and submit it; return the screen before it."""
        await self._steady()
        if not (before and echoes.echo(before, self._senses.screen, text)):
            before = self._senses.screen
            for keys in keys_of(text, self._submit, self._pane.emulator.modes, name):
                await self._pane.write(keys)
        shown = await self._shown(before, text)
        size = self._size
        for _ in range(ENTERS if shown else 2):
            self._senses.look()  # a prompt that came up meanwhile would take the Enter for its answer
            if self._asks():
                return before, Went.INTERRUPTED
            edges, status = self._edges, self._senses.status
            await self._pane.write(self._submit.keys.encode())
            if await self._taken_up(shown, size, edges, status) or not self._submit.bracketed:  # no line is swallowed
                return before, Went.TAKEN
        if not shown:
            return before, Went.TAKEN  # it shows nothing of what is typed: nothing says that it was not taken
        self._input.draft.text, self._input.draft.at = text, self._now()
        return before, Went.LEFT

    async def _steady(self) -> None:
        self.looked()
        while (rest := self._sized + STEADY - self._now()) > 0:
            self._stirred.clear()
            await self._bell(rest)

    async def _shown(self, before: list[str], text: str) -> echoes.Echo:
        """Wait for the gap that the agent needs, and for the message to show; return where it does."""
        until = self._now() + max(SHOWS, self._submit.gap_seconds)
        await asyncio.sleep(self._submit.gap_seconds)
        while not (shown := echoes.echo(before, self._senses.screen, text)) and self._now() < until:
            self._stirred.clear()
            await self._bell(until - self._now())
        return shown

    def _asks(self) -> bool:
        return self._senses.status is Status.NEEDS_INPUT or standing(self._senses.card, self._senses.screen) is not None

    async def _taken_up(self, shown: echoes.Echo, size: Size, edges: int, status: Status) -> bool:
        """Wait until a turn began, or the message has left the input line for good."""
        until, gone_since = self._now() + TAKEN_UP, None
        while (now := self._now()) < until:
            if self._edges != edges and status is not Status.WORKING:
                return True
            gone = bool(shown) and not echoes.stands(shown, self._senses.screen, moved=size != self._size)
            gone_since = (gone_since or now) if gone else None
            if gone_since is not None and now >= gone_since + GONE:
                return True
            self._stirred.clear()
            await self._bell(min(until, gone_since + GONE if gone_since else until) - now)
        return False

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

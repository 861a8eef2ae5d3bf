"""The running agents, each with what watches it: its senses, its turns, what it asks, and its queue of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.agents.card import Card, Field
from agentorchestr_tui.agents.context import ContextReader
from agentorchestr_tui.agents.hooks import Told
from agentorchestr_tui.agents.status import Signal, Verdict
from agentorchestr_tui.core.commands import NoteContext, NoteConversation, NoteShell, NoteStatus
from agentorchestr_tui.core.events import Event, NeedAnswered
from agentorchestr_tui.core.messages import LEAD
from agentorchestr_tui.core.words import Status
from agentorchestr_tui.orchestrator.beginning import NOTHING_FIRST, Beginning, First
from agentorchestr_tui.orchestrator.linking import Link
from agentorchestr_tui.orchestrator.messages import Post
from agentorchestr_tui.orchestrator.needing import Asker
from agentorchestr_tui.orchestrator.parking import Parking
from agentorchestr_tui.orchestrator.senses import Senses
from agentorchestr_tui.orchestrator.turns import Turns
from agentorchestr_tui.panes.pane import Pane

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

REREAD = 100  # lines before the last reading that are read again: a line may have begun there
WHOLE = 100_000  # lines; more than any terminal keeps
SEEN = 500  # characters of the text that decided a status, as the log keeps them


class Watcher:
    """Watches every running agent of a session."""

    def __init__(self) -> None:
        self.parking = Parking()
        self._watches: dict[str, Watch] = {}

    def watch(self, orchestrator: Orchestrator, who: str, card: Card, pane: Pane, first: First = NOTHING_FIRST) -> None:
        """Watch an agent from now on, and see that it begins with its `first` turn."""
        self._watches[who] = Watch(orchestrator, self.parking, who, card, pane, first)

    def watch_again(
        self, orchestrator: Orchestrator, who: str, card: Card, pane: Pane, seen: str, first: First = NOTHING_FIRST
    ) -> None:
        """Watch an agent that ran on while nobody looked; `seen` is what last decided its status."""
        self.watch(orchestrator, who, card, pane, first)
        self._watches[who].take_up(seen)

    async def read_shell(self, who: str) -> None:
        """Note what an agent's screen shows as run since the last reading."""
        if who in self._watches:
            await self._watches[who].read_shell()

    async def answer(self, who: str, event: NeedAnswered) -> None:
        """Carry an answer to an agent's screen."""
        if who in self._watches:
            await self._watches[who].asker.answer(event)

    async def drop(self, who: str) -> None:
        """Watch an agent no more: another takes its place."""
        if watch := self._watches.pop(who, None):
            watch.close()
            await tasks.end(watch.tasks)

    async def stop(self) -> None:
        """Stop watching."""
        self.parking.close()
        for watch in self._watches.values():
            watch.close()
        await tasks.end([task for watch in self._watches.values() for task in watch.tasks])


class Watch:
    """What watches one agent in its pane."""

    def __init__(
        self, orchestrator: Orchestrator, parking: Parking, who: str, card: Card, pane: Pane, first: First
    ) -> None:
        self._orchestrator = orchestrator
        self._parking = parking
        self._who = who
        self._open = False
        self._read = 0  # the line of its transcript that was unsettled at the last reading
        self._ran: list[str] = []  # shell lines that its hooks told since then
        self._context = ContextReader(card.context)
        self.senses = Senses(card, pane, self._judged, self._looked)
        private = orchestrator.ground.paths.launches(orchestrator.state.id) / who
        self._told = Told(private) if card.hooks else None
        self.link = Link(orchestrator, who, self.senses, self._linked)
        self.asker = Asker(orchestrator, who, self.senses, self.link)
        self.post = Post(
            orchestrator, who, self.senses, self.link, lambda new: self.turns.began(new=new), first.message
        )
        self.turns = Turns(orchestrator, who, self.senses, self.post)
        self.beginning = Beginning(orchestrator, who, self.senses, self.turns, first)
        self._unlisten = orchestrator.listen(lambda recorded, _: self._happened(recorded.event))
        self._hear_hooks(last=True)
        self._open = True
        self.tasks = [self.post.task, tasks.start(self.turns.run(), name=f"watch {who}")]
        if card.http is not None:
            self.tasks.append(tasks.start(self.link.run(), name=f"server of {who}"))
        if self.senses.status is not Status.STARTING:
            self._judged(self.senses.verdict)

    def take_up(self, seen: str) -> None:
        """Judge by what was heard before, and call the turn over if it is idle."""
        self.turns.took_up()
        self.senses.take_up(seen)

    async def read_shell(self) -> None:
        """Note the shell lines that its hooks told, or its transcript shows, since shortly before the last time."""
        self._hear_hooks()
        lines, self._ran = tuple(self._ran), []
        sign, emulator = self.senses.card.shell, self.senses.pane.emulator
        if sign is not None and self.senses.status is not Status.NEEDS_INPUT:
            # What it asks to run stands on its screen too, and was not run yet.
            told = [line.text for line in emulator.transcript(start=max(0, self._read - REREAD), limit=WHOLE)]
            self._read = emulator.settled
            lines += sign.read(told)
        if lines and self._who != LEAD:
            await self._orchestrator.perform(NoteShell(self._who, lines))

    def close(self) -> None:
        """Stop listening."""
        self._unlisten()
        self.senses.close()
        self.asker.close()
        self.turns.close()
        self.beginning.close()

    def _began(self, new: bool) -> None:
        self.turns.began(new=new)

    def _happened(self, event: Event) -> None:
        self.post.happened(event)
        self.beginning.happened(event)

    def _judged(self, verdict: Verdict) -> None:
        if not self._open:
            return  # told while all this was being put together; told again at its end
        self._orchestrator.perform_later(NoteStatus(self._who, verdict.status, verdict.rule, verdict.evidence[:SEEN]))
        if verdict.status is Status.LIMITED:
            self._parking.note(self._orchestrator, self._who, self.senses)
        elif verdict.status is Status.WORKING:
            self._parking.worked(self._orchestrator, self._who, self.senses)
        if verdict.status is Status.IDLE:
            tasks.start(self.read_shell(), name=f"what {self._who} ran")
        self.turns.judged(verdict)
        self.post.judged(verdict)
        self.asker.judged(verdict)
        self.beginning.judged(verdict)

    def _hear_hooks(self, *, last: bool = False) -> None:
        """Hear what the agent's hooks told; of what they told before we came, only the `last`."""
        if (hooks := self.senses.card.hooks) is None or self._told is None:
            return
        news = self._told.news()
        self._ran += filter(None, map(hooks.line_of, news))
        for told in news[-1:] if last else news:
            self.senses.hear(Signal(Field.HOOK, hooks.words(told)))
            if conversation := hooks.conversation_of(told):
                self._goes_on_in(conversation)

    def _goes_on_in(self, conversation: str) -> None:
        """Note another conversation than that which is known: a person has begun it, or gone back to it."""
        session = self._orchestrator.state
        holder = session.lead if self._who == LEAD else session.workers.get(self._who)
        if holder is not None and holder.conversation != conversation:
            self._orchestrator.perform_later(NoteConversation(self._who, conversation))

    def _looked(self) -> None:
        if self._open:
            self._hear_hooks()
            if use := self._context.look(self.senses.seen, self.senses.pane.emulator.title):
                self._orchestrator.perform_later(NoteContext(self._who, use))
            self.turns.ring()
            self.post.looked()
            self.asker.looked()

    def _linked(self) -> None:
        if self._open and self.senses.pane.exit is None:
            self.asker.looked()
            self.post.stir()

"""Whether an agent has begun with what it was started with; if that was lost, it is sent once more, as a message."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.agents.files import write_file
from agentorchestr_tui.agents.launch import PASTE_LIMIT, in_a_file
from agentorchestr_tui.agents.status import Verdict
from agentorchestr_tui.core.commands import NoteNeed, NoteNeedGone, Notice, SendToWorker, TellLead
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.events import Event, MessageQueued, MessageRefused
from agentorchestr_tui.core.messages import HOUSE, LEAD
from agentorchestr_tui.core.words import NeedKind, Status
from agentorchestr_tui.orchestrator import echoes
from agentorchestr_tui.orchestrator.senses import Senses
from agentorchestr_tui.orchestrator.turns import Turns

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

PROBE = 24  # characters of a line of the prompt, without blanks, that show that it arrived
UNBEGUN = "It was given its task twice, and has not begun with it"
_BEGUN = frozenset({Status.WORKING, Status.LIMITED})


@dataclass(frozen=True, slots=True)
class First:
    """What an agent's first turn begins with: in its argv, or as a message once it rests; and where it works."""

    told: str = ""
    message: str = ""
    worktree: Path = Path()


NOTHING_FIRST = First()


class Beginning:
    """Waits for one agent's first turn, for as long as its card says that one may take to begin."""

    def __init__(self, orchestrator: Orchestrator, who: str, senses: Senses, turns: Turns, first: First) -> None:
        self._orchestrator = orchestrator
        self._who = who
        self._senses = senses
        self._turns = turns
        self._prompt = first.told  # "" where it is handed over in another way, or was long ago
        self._worktree = first.worktree
        self._timer: asyncio.TimerHandle | None = None
        self._sent = ""  # the message that brings it again
        self._need = ""  # the words of what a person was told

    def judged(self, verdict: Verdict) -> None:
        """Take a change of status."""
        self.close()
        if verdict.status in _BEGUN:
            self._prompt = ""
            self._settle()
        elif verdict.status is Status.IDLE and self._prompt:
            patience = self._senses.card.launch.begins_seconds
            self._timer = asyncio.get_running_loop().call_later(patience, self._is_due)

    def happened(self, event: Event) -> None:
        """Take an event of the session: what became of the message that brings it again."""
        match event:
            case MessageQueued() if event.to == self._who and event.by != HOUSE:
                self._prompt = ""  # somebody else speaks to it
            case MessageRefused() if event.message_id == self._sent:
                self._tell(event.reason)
            case _:
                pass

    def close(self) -> None:
        """Wait no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _is_due(self) -> None:
        self._timer = None
        typed = self._orchestrator.typed_at(self._who) > float("-inf")  # a person has it in hand
        if self._prompt and not typed and self._senses.status is Status.IDLE and self._senses.pane.exit is None:
            tasks.start(self._begin_again(), name=f"begin again with {self._who}")

    async def _begin_again(self) -> None:
        prompt, self._prompt = self._prompt, ""
        if self._stands(prompt):  # it came to nothing so quickly that no status told of it, or was left unsubmitted
            self._turns.took_up()
            self._turns.ring_again()
            return
        words = f"{self._who}: what {self._senses.card.title} was started with was lost; it is sent again."
        await self._orchestrator.perform(Notice(words))
        try:
            text = await self._short(prompt)
        except OSError as error:
            self._tell(str(error))
            return
        wish = TellLead(text, by=HOUSE) if self._who == LEAD else SendToWorker(self._who, text, by=HOUSE)
        granted = await self._orchestrator.perform(wish)
        if isinstance(granted, Refused):
            self._tell(granted.reason)
            return
        self._sent = next((each.event.message_id for each in granted if isinstance(each.event, MessageQueued)), "")

    async def _short(self, prompt: str) -> str:
        """Return the prompt, or what to say where it is too long to be pasted. Raises: OSError."""
        if len(prompt.encode()) <= PASTE_LIMIT:
            return prompt
        text, file = in_a_file(prompt, self._worktree)
        await asyncio.to_thread(write_file, file)
        return text

    def _stands(self, prompt: str) -> bool:
        """Say whether the beginning or the end of the prompt, or a stand-in for it, was ever shown."""
        lines = [squeezed for line in prompt.splitlines() if (squeezed := echoes.squeezed(line))]
        shown = [line.text for line in self._senses.pane.emulator.transcript()]
        whole = echoes.squeezed("".join(shown))
        return any(line[:PROBE] in whole for line in (lines[:1] + lines[-1:])) or any(map(echoes.stands_in, shown))

    def _tell(self, why: str) -> None:
        self._need = f"{UNBEGUN}: {why}"
        self._orchestrator.perform_later(NoteNeed(self._who, NeedKind.STALLED, self._need))

    def _settle(self) -> None:
        for need in self._orchestrator.state.needs_of(self._who) if self._need else ():
            if need.text == self._need:
                self._orchestrator.perform_later(NoteNeedGone(need.id, "it has begun"))
        self._need = ""

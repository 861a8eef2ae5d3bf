"""What an agent's screen asks of a person: dialogs and prompts seen, raised as needs, answered, confirmed gone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentorchestr_tui import tasks
from agentorchestr_tui.agents.control import Asked
from agentorchestr_tui.agents.standing import KEY_GAP, Choice, DialogStands, PromptStands, standing, words
from agentorchestr_tui.agents.status import Verdict
from agentorchestr_tui.core.commands import NoteAnswerFailed, NoteNeed, NoteNeedGone
from agentorchestr_tui.core.events import NeedAnswered
from agentorchestr_tui.core.phrases import asked
from agentorchestr_tui.core.state import Need
from agentorchestr_tui.core.words import ON_SCREEN, NeedChoice, NeedKind, Status
from agentorchestr_tui.orchestrator.inputs import Input
from agentorchestr_tui.orchestrator.linking import Link
from agentorchestr_tui.orchestrator.senses import Senses
from agentorchestr_tui.orchestrator.submitting import keys_of

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

DRAWN = 0.25  # seconds that a prompt gets to be drawn to its end
WORDLESS = 0.75  # seconds that an agent that says that it waits gets to show what for
STRANGE = 3.0  # seconds after which a screen that no rule fits is told
ANSWERED = 3.0  # seconds within which a prompt must be gone after the keys that answer it
TRIES = 2  # times that keys are typed at what still stands: a dialog, then a person is asked; a prompt, then it is told
_ROWS = 14  # of the screen's bottom that show what is asked, where no rule picks it out
_ASKS = re.compile(r"\w[^\w\s]?\?(?:\s|$)")  # a question in a row; a sign for help is none
_EDGES = " │┃║"  # of a frame around it
Stands = Asked | DialogStands | PromptStands
_SAID = {Choice.ONCE: "Yes, this time", Choice.ALWAYS: "Yes, always", Choice.DENY: "No"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A need as the screen shows it."""

    kind: NeedKind
    text: str
    choices: tuple[NeedChoice, ...] = ()


class Asker:
    """Looks for what one agent asks, and carries answers to it."""

    def __init__(self, orchestrator: Orchestrator, who: str, senses: Senses, link: Link) -> None:
        self._orchestrator = orchestrator
        self._who = who
        self._senses = senses
        self._link = link
        self._input: Input = orchestrator.inputs[who]
        self._loop = asyncio.get_running_loop()
        self._wanted: Wanted | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tries: dict[str, int] = {}
        self._busy = False
        self._changed = asyncio.Event()

    def judged(self, _verdict: Verdict) -> None:
        """Take a change of status."""
        self.looked()

    def looked(self) -> None:
        """Take that the screen may have changed."""
        self._changed.set()
        if self._busy:
            return
        found = self._stands() if self._asks else None
        if isinstance(found, DialogStands) and self._known(found):
            self._busy = True
            tasks.start(self._answer_from_card(found), name=f"dialog of {self._who}")
        else:
            self._want(self._as_need(found))

    def close(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()

    async def answer(self, event: NeedAnswered) -> None:
        """Type what an answer takes, and see whether the prompt went."""
        need = self._orchestrator.state.needs.get(event.need_id)
        if need is None:
            return
        self._busy = True
        try:
            failed = await self._typed(need, event)
        finally:
            self._busy = False
        how = f"{event.choice or 'answered in words'}, by {'the lead' if event.by == 'lead' else 'a person'}"
        note = NoteAnswerFailed(need.id, failed) if failed else NoteNeedGone(need.id, how)
        self._wanted = self._wanted if failed else None
        await self._orchestrator.perform(note)
        self.looked()

    # -- what stands there --------------------------------------------------------------------------------------------

    @property
    def _asks(self) -> bool:
        return self._senses.status is Status.NEEDS_INPUT

    def _known(self, dialog: DialogStands) -> bool:
        return bool(dialog.keys) and self._tries.get(dialog.name, 0) < TRIES

    def _as_need(self, found: Stands | None) -> Wanted | None:
        match found:
            case Asked():
                offered = tuple(NeedChoice(each.value, _SAID[each]) for each in Choice if each in found.ask.choices)
                return Wanted(NeedKind.PERMISSION if offered else NeedKind.QUESTION, found.text, offered)
            case PromptStands():
                choices = tuple(NeedChoice(choice.value, _SAID[choice]) for choice in Choice if choice in found.keys)
                return Wanted(NeedKind.PERMISSION, found.text, choices)
            case DialogStands():
                kind = NeedKind.LOGIN if "log" in found.name and "in" in found.name else NeedKind.DIALOG
                return Wanted(kind, f"{found.name}: {found.text}")
            case None if self._asks:
                return self._wordless()
            case None if self._senses.status is Status.UNKNOWN and self._senses.card.status:
                return Wanted(NeedKind.DRIFT, self._drift())
            case None:
                return None

    def _wordless(self) -> Wanted:
        told = self._senses.verdict.evidence
        kind = NeedKind.PERMISSION if "kind=permission" in told else NeedKind.QUESTION
        return Wanted(kind, (asked(told) if told.startswith("state=") else "") or self._question())

    def _drift(self, version: str = "") -> str:
        card = self._senses.card
        known = f", as {' and '.join(card.checked)} {'do' if card.checked[1:] else 'does'}," if card.checked else ""
        who = f"{card.title} {version or '(version unknown)'}"
        return f"{who} does not show{known} whether it works, waits or asks. On its screen: {self._bottom()}"

    def _question(self) -> str:
        """Return the bottom of the screen from the paragraph on that asks something, or all of it if none does."""
        rows = [row.strip() for row in self._senses.screen]
        asks = next((place for place in reversed(range(len(rows))) if _ASKS.search(rows[place])), None)
        if asks is None:
            return self._bottom()
        first = next((place + 1 for place in reversed(range(asks)) if not rows[place].strip(_EDGES)), 0)
        return words("\n".join([row for row in rows[first:] if any(map(str.isalnum, row))][-_ROWS:]))

    def _bottom(self) -> str:
        rows = [row for row in self._senses.screen if row.strip()]
        return words("\n".join(rows[-_ROWS:]))

    # -- raised and settled -------------------------------------------------------------------------------------------

    def _want(self, wanted: Wanted | None) -> None:
        if wanted == self._wanted or _same(wanted, self._wanted):
            return
        self.close()
        self._wanted = wanted
        if wanted is not None:
            self._timer = self._loop.call_later(_patience(wanted), self._raise)
        self._settle_others(wanted)

    def _raise(self) -> None:
        if (wanted := self._wanted) is not None and self._senses.pane.exit is None:
            if wanted.kind is NeedKind.DRIFT:
                tasks.start(self._raise_drift(), name=f"drift of {self._who}")
            else:
                self._orchestrator.perform_later(NoteNeed(self._who, wanted.kind, wanted.text, wanted.choices))

    async def _raise_drift(self) -> None:
        """Raise what no rule fits once it is known which version shows it, which is known or takes a moment."""
        ground = self._orchestrator.ground
        version = await ground.versions.of(ground.agents[self._senses.card.name])
        if self._wanted is not None and self._wanted.kind is NeedKind.DRIFT and self._senses.pane.exit is None:
            self._wanted = Wanted(NeedKind.DRIFT, self._drift(version))
            await self._orchestrator.perform(NoteNeed(self._who, self._wanted.kind, self._wanted.text))

    def _settle_others(self, wanted: Wanted | None) -> None:
        for need in self._orchestrator.state.needs_of(self._who):
            if need.kind in ON_SCREEN and not (wanted and (need.kind, need.text) == (wanted.kind, wanted.text)):
                self._orchestrator.perform_later(NoteNeedGone(need.id, "it no longer stands on the screen"))

    # -- answers ------------------------------------------------------------------------------------------------------

    async def _answer_from_card(self, dialog: DialogStands) -> None:
        self._tries[dialog.name] = self._tries.get(dialog.name, 0) + 1
        try:
            if await self._hears(dialog):
                await self._press(dialog.keys)
            if await self._until_gone(lambda: self._stands() != dialog) and dialog.recurs:
                self._tries[dialog.name] = 0
        finally:
            self._busy = False
        self.looked()

    async def _typed(self, need: Need, event: NeedAnswered) -> str:
        """Type an answer; return why it did not do, or nothing."""
        found = self._stands()
        if isinstance(found, Asked) and event.choice in found.ask.choices:
            return await self._replied(found, need, event.choice)
        if isinstance(found, PromptStands) and need.kind is NeedKind.PERMISSION and event.choice:
            return await self._answered(found, need, Choice(event.choice))
        if event.text.strip() and self._asks and found is None:
            await self._say(event.text, need.id)
            return "" if await self._until_gone(lambda: not self._asks) else "It still waits for an answer."
        return "What was asked does not stand on its screen any more." if not self._asks else "Answer in its terminal."

    async def _answered(self, found: PromptStands, need: Need, choice: Choice) -> str:
        """Answer a prompt by its keys, again where it lost them; return why it did not do, or nothing."""
        for _ in range(TRIES):
            if found.text != need.text or not await self._hears(found):
                return "Another prompt stands there now."
            await self._press(found.keys[choice])
            if await self._until_gone(lambda: self._stands() != found):
                return ""
        return "The prompt is still there."

    async def _replied(self, found: Asked, need: Need, choice: str) -> str:
        """Answer a question by the agent's own server; return why it did not do, or nothing."""
        if found.text != need.text:
            return "Another prompt stands there now."
        if failed := await self._link.reply(found, choice):
            return failed
        return "" if await self._until_gone(lambda: self._link.stands() != found) else "The prompt is still there."

    async def _hears(self, stands: DialogStands | PromptStands) -> bool:
        """Wait until what stands there takes keys; say whether it still stands then."""
        await asyncio.sleep(stands.deaf_seconds)
        return self._stands() == stands

    async def _press(self, keys: Sequence[str]) -> None:
        async with self._input.typing:
            for place, key in enumerate(keys):
                if place:
                    await asyncio.sleep(KEY_GAP)
                await self._senses.pane.write(key.encode())

    async def _say(self, text: str, name: str) -> None:
        submit = self._senses.card.submit
        async with self._input.typing:
            for keys in keys_of(text, submit, self._senses.pane.emulator.modes, name):
                await self._senses.pane.write(keys)
            await asyncio.sleep(submit.gap_seconds)
            await self._senses.pane.write(submit.keys.encode())

    def _stands(self) -> Stands | None:
        return self._link.stands() or standing(self._senses.card, self._senses.screen)

    async def _until_gone(self, gone: Callable[[], bool]) -> bool:
        until = self._loop.time() + ANSWERED
        while not gone() and (rest := until - self._loop.time()) > 0:
            self._changed.clear()
            try:
                async with asyncio.timeout(rest):
                    await self._changed.wait()
            except TimeoutError:
                break
        return gone()


def _patience(wanted: Wanted) -> float:
    if wanted.kind is NeedKind.DRIFT:
        return STRANGE
    return DRAWN if wanted.choices else WORDLESS


def _same(one: Wanted | None, other: Wanted | None) -> bool:
    """Say whether two are one need though their words differ: a strange screen that moves is still that one screen."""
    return one is not None and other is not None and one.kind is other.kind is NeedKind.DRIFT

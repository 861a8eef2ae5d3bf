"""Adversarial messages to readers that imitate each CLI's paste rules, and what became of every one of them."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agentorchestr_tui.core.commands import SendToWorker, SetGoal, SpawnWorker
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.words import NeedKind, Receipt, When
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.submitting import cleaned
from tests.house import Place

KINDS = ("codex", "claude", "gemini", "opencode", "qwen", "copilot", "pi", "vibe", "drowsy", "aider")
IDLE_LEAD = '[[opening]]\nhang = "Waiting"\n'
FATES = ("lost", "doubled", "split", "fused", "changed", "disordered")
PATIENCE = 300.0  # seconds until every message has its receipt, after the last was sent
_WORDS = (
    "fix",
    "the",
    "login",
    "größe",
    "目標",
    "🚀",
    "a\tb",
    "[1]",
    "y",
    "1",
    "/help",
    "@file",
    "naïve",
    "👩‍🚀",
    "{}",
    "\\",
)


@dataclass
class Sent:
    """What was sent to one reader, in order, and what it says that it got."""

    kind: str
    worker: str
    log: Path
    wanted: list[str] = field(default_factory=list)

    def got(self) -> list[str]:
        """Return what arrived, in order."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return [each for line in lines if isinstance(each := json.loads(line), str)]

    def answered(self, how: str = "answered") -> list[str]:
        """Return the keys that answered its prompts, or those that were `lost` on them."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return [each[how] for line in lines if isinstance(each := json.loads(line), dict) and how in each]


@dataclass(frozen=True)
class Tally:
    """How many messages there were, and what went wrong with any."""

    sent: int
    accepted: int
    refused: int
    without_receipt: int
    lost: int
    doubled: int
    split: int
    fused: int
    changed: int  # arrived as nothing that was sent
    disordered: int

    @property
    def wrong(self) -> int:
        """Count what did not arrive once, whole, as it was, and in its place."""
        return self.lost + self.doubled + self.split + self.fused + self.changed + self.disordered

    @property
    def clean(self) -> bool:
        """Say whether nothing went wrong."""
        return self.sent == self.accepted and not (self.wrong or self.without_receipt)


def words(dice: random.Random, number: int) -> str:
    """Make up a message: from one letter to 64 KB, of one line or many; each is one of a kind."""
    size = dice.choices([1, 20, 300, 4_000, 60_000], [10, 50, 30, 8, 2])[0]
    if size == 1:
        return chr(ord("A") + number % 26)
    parts, length = [f"m{number}:"], 0
    while length < size:
        word = dice.choice(_WORDS)
        parts.append(word if dice.random() < 0.85 else f"{word}\n" * dice.choice([1, 1, 2]))
        length += len(word) + 1
    return (" ".join(parts).strip() + ".").encode()[:65_000].decode("utf-8", "ignore").strip()


async def settle(orchestrator: Orchestrator, place: Place, kinds: Sequence[str], logs: dict[str, Path]) -> list[Sent]:
    """Start one worker of each kind, each at rest."""
    await orchestrator.perform(SetGoal("Read what comes"))
    readers = []
    for kind in kinds:
        granted = await orchestrator.perform(SpawnWorker(f"Read as {kind}", agent_hint=kind))
        assert not isinstance(granted, Refused), granted.reason
        worker = list(orchestrator.state.workers)[-1]
        readers.append(Sent(kind, worker, logs[kind]))
    for reader in readers:
        name = reader.worker
        assert await orchestrator.until(lambda now, name=name: now.workers[name].status == "idle", 30), reader.kind
    return readers


async def send(orchestrator: Orchestrator, reader: Sent, count: int, seed: int) -> None:
    """Send messages to one reader while a person types, prompts come up and the window changes its size."""
    dice = random.Random(seed)
    keyed = reader.kind != "aider"  # a line reader shows a person's half line, and has no menus
    for number in range(count):
        text = words(dice, number)
        what = dice.random()
        if keyed and what < 0.04:
            await _draft(orchestrator, reader, dice, number)
        elif keyed and what < 0.08:
            await orchestrator.pane(reader.worker).resize(dice.randrange(60, 160), dice.randrange(20, 50))
        elif keyed and what < 0.10:
            await orchestrator.type(reader.worker, b"\x07")
        reader.wanted.append(cleaned(text))
        when = When.AFTER_TURN if dice.random() < 0.1 else When.NOW
        while isinstance(granted := await orchestrator.perform(SendToWorker(reader.worker, text, when)), Refused):
            assert "waits for an answer" in granted.reason
            await _answer(orchestrator, reader)
        if when is When.AFTER_TURN or dice.random() < 0.5:
            await _quiet(orchestrator, reader)
        elif dice.random() < 0.3:
            await asyncio.sleep(dice.random() * 0.05)
        await _answer(orchestrator, reader)
    await _quiet(orchestrator, reader)


async def _draft(orchestrator: Orchestrator, reader: Sent, dice: random.Random, number: int) -> None:
    """Type half a thought, think, and submit it or let it go."""
    text = f"person {number} says"
    await _quiet(orchestrator, reader)
    for letter in text:
        await orchestrator.type(reader.worker, letter.encode())
    keep = dice.random() < 0.5

    async def finish() -> None:
        await asyncio.sleep(dice.random() * 0.4)
        await orchestrator.type(reader.worker, b"\r" if keep else b"\x15")
        while await _still(orchestrator, reader, text):
            await orchestrator.type(reader.worker, b"\x15")

    finishing = asyncio.ensure_future(finish())
    finishing.add_done_callback(lambda _: None)
    _held.add(finishing)


async def _still(orchestrator: Orchestrator, reader: Sent, text: str) -> bool:
    """Say whether a half thought stands there yet: a prompt that came up took the keys."""
    await asyncio.sleep(0.4)
    await orchestrator.until(lambda now: now.workers[reader.worker].status != "needs_input")
    await asyncio.sleep(0.2)
    rows = orchestrator.pane(reader.worker).emulator.display
    return any(row.strip(" │") == f"❯ {text}" for row in rows)


_NOT_OURS = re.compile(r"person \d+ says|You stopped without.*", re.DOTALL)  # a person's, and the reminder of a worker
_held: set[asyncio.Future[None]] = set()


async def _answer(orchestrator: Orchestrator, reader: Sent) -> None:
    """Answer a prompt that stands, as a person would."""
    if orchestrator.state.workers[reader.worker].status != "needs_input":
        return
    if not await orchestrator.until(
        lambda now: any(need.kind is NeedKind.PERMISSION for need in now.needs_of(reader.worker)), 5
    ):
        return  # an Enter that was meant for a draft has answered it meanwhile
    await orchestrator.type(reader.worker, b"2")
    await orchestrator.until(lambda now: now.workers[reader.worker].status != "needs_input", 5)
    if any(row.strip(" │") == "❯ 2" for row in orchestrator.pane(reader.worker).emulator.display):
        await orchestrator.type(reader.worker, b"\x15")  # it came too late, and is a draft now: take it back


async def _quiet(orchestrator: Orchestrator, reader: Sent) -> None:
    """Wait until nothing waits for a reader, answering what it asks."""
    for _ in range(int(PATIENCE)):
        await _answer(orchestrator, reader)
        if await orchestrator.until(lambda now: not now.queued(reader.worker), 1.0):
            return
    waits = [orchestrator.why_waits(each) for each in orchestrator.state.queued(reader.worker)]
    raise AssertionError(f"{reader.kind} got nothing for {PATIENCE:.0f} s: {waits}")


async def send_all(orchestrator: Orchestrator, readers: Sequence[Sent], count: int, seed: int = 1) -> Tally:
    """Send `count` messages to each reader at once."""
    receipts: dict[str, Receipt] = {}
    stop = orchestrator.listen(
        lambda _, now: receipts.update({each.id: each.receipt for each in now.messages.values() if each.by == "lead"})
    )
    await asyncio.gather(*(send(orchestrator, each, count, seed + place) for place, each in enumerate(readers)))
    stop()
    return tally(readers, receipts)


def tally(readers: Sequence[Sent], receipts: Mapping[str, Receipt]) -> Tally:
    """Compare what was sent with what arrived."""
    found: Counter[str] = Counter()
    for reader in readers:
        found += fates(reader.wanted, [each for each in reader.got() if not _NOT_OURS.fullmatch(each)])
    ended = Counter(receipts.values())
    sent = sum(len(reader.wanted) for reader in readers)
    receipt = (ended[Receipt.ACCEPTED], ended[Receipt.REFUSED], sent - ended[Receipt.ACCEPTED] - ended[Receipt.REFUSED])
    return Tally(sent, *receipt, *(found[fate] for fate in FATES))


def fates(wanted: Sequence[str], got: Sequence[str]) -> Counter[str]:
    """Count what went wrong between what was sent to a reader and what it read, by FATES."""
    missing, surplus = Counter(wanted) - Counter(got), Counter(got) - Counter(wanted)
    found: Counter[str] = Counter()
    came: set[str] = set()
    for text in surplus.elements():
        parts = [each for each in missing if each in text]
        wholes = [each for each in missing if text in each]
        fate = "doubled" if text in wanted else "fused" if parts else "split" if wholes else "changed"
        found[fate] += 1
        came.update(parts or wholes)
    found["lost"] = sum(count for text, count in missing.items() if text not in came)
    if not missing and not surplus:
        found["disordered"] = sum(one != other for one, other in zip(wanted, got, strict=True))
    return found

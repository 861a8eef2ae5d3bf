"""Scripts for harder days: messages in mid-turn and after it, a kill at work, a crash of everything, a limit."""

from __future__ import annotations

import math
import re
import threading
import time

from tests.real import scripts
from tests.real.conversation import Answer, Conversation, Fail, Say

MID, AFTER, SLOW = "MID-NOTE", "AFTER-NOTE", "SLOW-TASK"
HOLD = 120.0  # seconds that an answer is held back at most
FAR = 2.0  # seconds after which a limit is told: Codex draws over one that it meets while its servers start
_OURS = ("spawn_worker", "send_to_worker", "wait_for_worker", "kill_worker", "integrate", "verify", "mark_goal_done")
_ASKS = re.compile(r"needs_input")
_RUNS = re.compile(r"state\W{1,6}running")
Step = tuple[str, dict[str, object]]
_ENDING: tuple[Step, ...] = (
    ("integrate", {}),
    ("verify", {}),
    ("mark_goal_done", {"summary": "hello.txt says hello."}),
)


class Day:
    """A lead that goes through steps, one call after the other, and workers; `SLOW` ones work until killed."""

    steps: tuple[Step, ...] = ()

    def __init__(self) -> None:
        self.told = threading.Event()  # the lead has sent its first worker a message
        self.slow_at_work = threading.Event()  # a slow worker is in mid-turn
        self.killed = threading.Event()

    def __call__(self, conversation: Conversation) -> Answer:
        """Answer one request."""
        if not scripts.is_asked(conversation):
            return Say("Hello")
        if _leads(conversation):
            return self._lead(conversation)
        if SLOW in conversation.prompt:
            self.slow_at_work.set()
            self.killed.wait(HOLD)
            return Say("Too late.")
        return self._worker(conversation)

    def _lead(self, conversation: Conversation) -> Answer:
        done = len(_ours(conversation))
        if done > self._index("send_to_worker"):
            self.told.set()
        if done > self._index("kill_worker"):
            self.killed.set()
        if done >= len(self.steps):
            return Say("The goal is reached.")
        self._await(done)
        tool, arguments = self.steps[done]
        return scripts.call(conversation, tool, **arguments)

    def _await(self, step: int) -> None:
        """Wait until it is time for a step."""
        if self.steps[step][0] == "kill_worker":
            self.slow_at_work.wait(HOLD)

    def _index(self, tool: str) -> int:
        return next(index for index, (name, _) in enumerate(self.steps) if name == tool)

    def _worker(self, conversation: Conversation) -> Answer:
        return scripts.worker_with_notes(conversation, (MID, AFTER))


class HardDay(Day):
    """A lead that speaks to its worker in mid-turn and after it, kills another at work, and reaches the goal."""

    steps: tuple[Step, ...] = (
        ("spawn_worker", {"task": scripts.TASK, "perspective": "implementer"}),
        ("send_to_worker", {"worker_id": "w01", "message": f"{MID}: mind the spelling."}),
        ("wait_for_worker", {"worker_id": "w01", "timeout_s": 100}),
        ("send_to_worker", {"worker_id": "w01", "message": f"{AFTER}: say once more that it is done."}),
        ("wait_for_worker", {"worker_id": "w01", "timeout_s": 100}),
        ("spawn_worker", {"task": f"{SLOW}: think for ever.", "perspective": "implementer"}),
        ("kill_worker", {"worker_id": "w02"}),
        *_ENDING,
    )

    def __init__(self) -> None:
        super().__init__()
        self.at_work = threading.Event()  # w01 is in mid-turn

    def _await(self, step: int) -> None:
        super()._await(step)
        if self.steps[step][0] == "send_to_worker" and not self.told.is_set():
            self.at_work.wait(HOLD)

    def _worker(self, conversation: Conversation) -> Answer:
        if not conversation.results:
            self.at_work.set()
            self.told.wait(HOLD)
        return super()._worker(conversation)


class Limited(Day):
    """A worker whose account is at its limit for a while; its lead wants another one and sends a message meanwhile."""

    def __init__(self, lasts: float, agent: str, retry_after: int | None = None) -> None:
        super().__init__()
        more = {"task": f"{SLOW}: think for ever.", "perspective": "implementer", "agent_hint": agent}
        self.steps = (
            ("spawn_worker", {"task": scripts.TASK, "perspective": "implementer"}),
            ("spawn_worker", more),  # refused
            ("send_to_worker", {"worker_id": "w01", "message": f"{MID}: mind the spelling."}),  # it waits
            ("wait_for_worker", {"worker_id": "w01", "timeout_s": 100}),
            ("spawn_worker", more),
            ("kill_worker", {"worker_id": "w02"}),
            *_ENDING,
        )
        self.parked = threading.Event()  # we know of the limit
        self.heard = threading.Event()  # the message has arrived
        self._lasts = lasts  # seconds
        self._retry_after = retry_after  # seconds that are told; None: the truth
        self._ends = math.inf

    def _await(self, step: int) -> None:
        super()._await(step)
        if step == 1:
            self.parked.wait(HOLD)
        if step == self._index("wait_for_worker") + 1:
            self.heard.wait(HOLD)

    def _worker(self, conversation: Conversation) -> Answer:
        self._ends = min(self._ends, time.monotonic() + self._lasts)
        if (rest := self._ends - time.monotonic()) > 0:
            told = self._retry_after or math.ceil(rest)
            return Fail(429, "Rate limit reached for requests", retry_after=told, after=FAR)
        return super()._worker(conversation)


class Throttled:
    """A worker whose account is at its limit for a while; nobody but its CLI does anything about that."""

    def __init__(self, lasts: float) -> None:
        self.refused = 0
        self._lasts = lasts  # seconds
        self._ends = math.inf

    def __call__(self, conversation: Conversation) -> Answer:
        """Answer one request."""
        if scripts.is_asked(conversation) and not _leads(conversation):
            self._ends = min(self._ends, time.monotonic() + self._lasts)
            if (rest := self._ends - time.monotonic()) > 0:
                self.refused += 1
                return Fail(429, "Rate limit reached for requests", retry_after=math.ceil(rest))
        return scripts.session(conversation)


class Asked:
    """A lead whose worker asks before it acts: each prompt is answered with `once` until the task is done."""

    def __call__(self, conversation: Conversation) -> Answer:
        """Answer one request."""
        if not (scripts.is_asked(conversation) and _leads(conversation)):
            return scripts.asking(conversation)
        waited = conversation.results_of("wait_for_worker")
        answered = len(conversation.results_of("answer_worker"))
        asks = sum(bool(_ASKS.search(text)) for text in waited)
        if waited and asks > answered and _ASKS.search(waited[-1]):
            return scripts.call(conversation, "answer_worker", worker_id="w01", choice="once")
        if conversation.results_of("spawn_worker") and scripts.is_waiting(conversation):
            return scripts.call(conversation, "wait_for_worker", worker_id="w01", timeout_s=3)
        return scripts.lead(conversation)


class CutOff:
    """A worker that is in mid-turn, with something done already, when everything is killed; then both go on."""

    def __init__(self) -> None:
        self.at_work = threading.Event()
        self.crashed = threading.Event()

    def __call__(self, conversation: Conversation) -> Answer:
        """Answer one request."""
        works = scripts.is_asked(conversation) and not _leads(conversation)
        begun = conversation.results or not conversation.tools  # without tools it is done in one turn
        if works and begun and not self.crashed.is_set():
            self.at_work.set()
            self.crashed.wait(HOLD)
        return scripts.session(conversation)


def _leads(conversation: Conversation) -> bool:
    return scripts.LEAD_MARK in conversation.prompt


def _ours(conversation: Conversation) -> list[str]:
    """Return what came of the lead's own calls, in order; a wait that did not see the end is none."""
    results = [result for result in conversation.results if any(map(result.is_of, _OURS))]
    return [result.text for result in results if not (result.is_of("wait_for_worker") and _RUNS.search(result.text))]

"""Scripts for harder days: messages in mid-turn and after it, a worker killed at work, a crash of everything."""

from __future__ import annotations

import re
import threading

from tests.real import scripts
from tests.real.conversation import Answer, Conversation, Say

MID, AFTER, SLOW = "MID-NOTE", "AFTER-NOTE", "SLOW-TASK"
HOLD = 60.0  # seconds that an answer is held back at most
_OURS = ("spawn_worker", "send_to_worker", "wait_for_worker", "kill_worker", "integrate", "verify", "mark_goal_done")
_ASKS = re.compile(r"needs_input")
_RUNS = re.compile(r"state\W{1,6}running")
Step = tuple[str, dict[str, object]]


class HardDay:
    """A lead that speaks to its worker in mid-turn and after it, kills another at work, and reaches the goal."""

    STEPS: tuple[Step, ...] = (
        ("spawn_worker", {"task": scripts.TASK, "perspective": "implementer"}),
        ("send_to_worker", {"worker_id": "w01", "message": f"{MID}: mind the spelling."}),
        ("wait_for_worker", {"worker_id": "w01", "timeout_s": 100}),
        ("send_to_worker", {"worker_id": "w01", "message": f"{AFTER}: say once more that it is done."}),
        ("wait_for_worker", {"worker_id": "w01", "timeout_s": 100}),
        ("spawn_worker", {"task": f"{SLOW}: think for ever.", "perspective": "implementer"}),
        ("kill_worker", {"worker_id": "w02"}),
        ("integrate", {}),
        ("verify", {}),
        ("mark_goal_done", {"summary": "hello.txt says hello."}),
    )

    def __init__(self) -> None:
        self.at_work = threading.Event()  # w01 is in mid-turn
        self.told = threading.Event()  # the lead has sent it a message
        self.slow_at_work = threading.Event()  # w02 is in mid-turn
        self.killed = threading.Event()

    def __call__(self, conversation: Conversation) -> Answer:
        """Answer one request."""
        if not scripts.is_asked(conversation):
            return Say("Hello")
        if SLOW in conversation.prompt and not _leads(conversation):
            self.slow_at_work.set()
            self.killed.wait(HOLD)
            return Say("Too late.")
        return self._lead(conversation) if _leads(conversation) else self._worker(conversation)

    def _lead(self, conversation: Conversation) -> Answer:
        done = len(_ours(conversation))
        if done > 1:
            self.told.set()
        if done > self._index("kill_worker"):
            self.killed.set()
        if done >= len(self.STEPS):
            return Say("The goal is reached.")
        tool, arguments = self.STEPS[done]
        if tool == "send_to_worker" and not self.told.is_set():
            self.at_work.wait(HOLD)
        if tool == "kill_worker":
            self.slow_at_work.wait(HOLD)
        return scripts.call(conversation, tool, **arguments)

    def _index(self, tool: str) -> int:
        return next(index for index, (name, _) in enumerate(self.STEPS) if name == tool)

    def _worker(self, conversation: Conversation) -> Answer:
        if not conversation.results:
            self.at_work.set()
            self.told.wait(HOLD)
        return scripts.worker_with_notes(conversation, (MID, AFTER))


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
        if works and conversation.results and not self.crashed.is_set():
            self.at_work.set()
            self.crashed.wait(HOLD)
        return scripts.session(conversation)


def _leads(conversation: Conversation) -> bool:
    return scripts.LEAD_MARK in conversation.prompt


def _ours(conversation: Conversation) -> list[str]:
    """Return what came of the lead's own calls, in order; a wait that did not see the end is none."""
    results = [result for result in conversation.results if any(map(result.is_of, _OURS))]
    return [result.text for result in results if not (result.is_of("wait_for_worker") and _RUNS.search(result.text))]

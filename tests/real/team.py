"""Scripts for a whole team: a lead that goes through steps, and workers that do as their tasks say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.real import scripts
from tests.real.conversation import Answer, Conversation, Say, Script

SUCCESSOR = "You take over from another lead"
_RUNNING = re.compile(r"state\W{1,6}running")
_LINE = re.compile(r"SHELL: (.+?) :END")
_LIE = "LIE-TASK"
_SELF = "-c user.name=Worker -c user.email=worker@example.invalid -c commit.gpgsign=false"


@dataclass(frozen=True)
class Step:
    """One call of the lead; a wait is called again while it says running. `line` is for its own shell instead."""

    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    line: str = ""


def step(tool: str, **arguments: Any) -> Step:
    """Call a tool."""
    return Step(tool, arguments)


def spawn(line: str, **arguments: Any) -> Step:
    """Spawn a worker that runs a line and commits."""
    return step("spawn_worker", task=told(line), **arguments)


def wait(worker_id: str) -> Step:
    """Wait for a worker."""
    return step("wait_for_worker", worker_id=worker_id, timeout_s=100)


def told(line: str) -> str:
    """Say to a worker what to run."""
    return f"SHELL: {line} && git add -A && git {_SELF} commit -q --allow-empty -m done :END"


def lie() -> str:
    """Say to a worker that it is to lie."""
    return f"{_LIE}: write hello.txt."


def team(steps: list[Step], successor: list[Step] | None = None) -> Script:
    """Return a script for all: who has a lead's tools leads, everyone else works."""

    def answer(conversation: Conversation) -> Answer:
        if not conversation.tools:
            return Say("A title")
        if conversation.tool("spawn_worker"):
            mine = (successor or []) if SUCCESSOR in conversation.prompt else steps
            return _lead(conversation, mine)
        return _worker(conversation)

    return answer


def _lead(conversation: Conversation, steps: list[Step]) -> Answer:
    taken: Counter[str] = Counter()
    for each in steps:
        name = each.tool or "shell"
        results = conversation.results_of(each.tool) if each.tool else scripts.shell_results(conversation)
        while True:
            if taken[name] >= len(results):
                if each.line:
                    return scripts.in_shell(conversation, each.line)
                return scripts.call(conversation, each.tool, **each.arguments)
            result = results[taken[name]]
            taken[name] += 1
            if not (each.tool.startswith("wait_") and _RUNNING.search(result)):
                break
    return Say("That was all.")


def _worker(conversation: Conversation) -> Answer:
    lines = list(dict.fromkeys(_LINE.findall(conversation.prompt)))
    reported = len(conversation.results_of("report_done"))
    if _LIE in conversation.prompt:
        return Say("Lied.") if reported else scripts.call(conversation, "report_done", summary="It is all done.")
    ran = len(scripts.shell_results(conversation))
    if ran < len(lines):
        return scripts.in_shell(conversation, lines[ran])
    if reported < len(lines):
        return scripts.call(conversation, "report_done", summary=f"Ran {len(lines)} lines.")
    return Say("Reported.")

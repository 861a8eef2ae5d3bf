"""Events as lines: sentences with the time for people, JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from agentorchestr_tui.core.events import Recorded, kind
from agentorchestr_tui.core.phrases import change
from agentorchestr_tui.core.sentences import sentence
from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import Phase, shortened
from agentorchestr_tui.times import clock, until

REHEARSED = 'That was a rehearsal in a throw-away repository. On your own: agentorchestr --goal "..."'
SUMMARY_WIDTH = 100  # characters of a worker's own summary


def print_sentence(recorded: Recorded, session: Session) -> None:
    """Print an event as a sentence, if it says anything to a person."""
    if words := sentence(recorded.event, session, until):
        say(f"{clock(recorded.at)} {printable(words)}")


def print_json(recorded: Recorded, _session: Session) -> None:
    """Print an event as one line of JSON: seq, time (UTC, RFC 3339), kind, and its payload."""
    time = datetime.fromtimestamp(recorded.at, UTC).isoformat(timespec="milliseconds")
    head = {"seq": recorded.seq, "time": time, "kind": kind(recorded.event)}
    say(json.dumps(head | asdict(recorded.event), ensure_ascii=False))


def print_summary(session: Session, stat: str, merged: str, *, kept: bool = True) -> None:
    """Print how a session ended: outcome, workers, branch, diff stat, and what to do next.

    `kept` is false for a rehearsal, whose repository is thrown away.
    """
    say("")
    say(_headline(session))
    for worker in session.workers.values():
        say(f"  {_worker(worker)}")
    if session.integration:
        say(f"  branch agentorchestr/{session.id}/integration at {session.integration[:10]}")
        for line in stat.rstrip().splitlines():
            say(f"    {printable(line.strip())}")
    for line in (merged, _next(session, bool(merged)) if kept else REHEARSED):
        if line:
            say(f"  {line}")


def say(line: str) -> None:
    """Print one line at once; when nobody reads any more, the session goes on in silence."""
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # for as long as the program runs


def printable(words: str) -> str:
    """Replace control characters, so that an agent's words cannot steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in words)


def _headline(session: Session) -> str:
    match session.phase:
        case Phase.DONE:
            return f"✓ done: {printable(shortened(session.why, 400))}"
        case Phase.FAILED:
            return f"✗ failed: {printable(shortened(session.why, 400))}"
        case _:
            return f"▸ stopped before its end: {printable(session.why)}"


def _worker(worker: Worker) -> str:
    if worker.live:
        return f"{worker.id} {worker.perspective} unfinished, its work so far is on {worker.branch}"
    merged = ", integrated" if worker.integrated else ""
    said = f": {printable(shortened(worker.summary, SUMMARY_WIDTH))}" if worker.summary else ""
    return f"{worker.id} {worker.perspective} {worker.outcome} ({change(worker.evidence)}{merged}){said}"


def _next(session: Session, merged: bool) -> str:
    if not session.over:
        return f"go on with: agentorchestr --resume {session.id}"
    if session.integration and not merged:
        return f"take it with: git merge agentorchestr/{session.id}/integration"
    return ""

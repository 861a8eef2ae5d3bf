"""What the tools for the integrated tree return: what merged, what clashes, what the checks said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NotRequired  # pydantic wants this one below Python 3.12

from typing_extensions import TypedDict

from agentorchestr_tui.core.state import Session, Verification
from agentorchestr_tui.core.words import CommandRun, Conflict, Overlap
from agentorchestr_tui.mcp_server import bounds

CLASHES = 2_500  # characters of the names of files that clash
PASSED = 300  # characters of a passed command's output
OVERLAPS = 6_500  # characters of all overlaps of one result
MOST_RANGES = 6  # of one file
NAMES = 60  # characters of a clash's keys


class OverlapShape(TypedDict):
    """Lines of one file that two workers both change, as [first, last]; none: the file itself clashes."""

    worker_a: str
    worker_b: str
    path: str
    lines_a: list[list[int]]
    lines_b: list[list[int]]
    hint: NotRequired[str]


class ConflictShape(TypedDict):
    """One file that does not merge."""

    worker_id: str
    path: str
    text: str


class IntegratedShape(TypedDict):
    """What is in the integration branch now, and what did not merge; state `running` means: call integrate again."""

    integrated: list[str]
    conflicts: list[ConflictShape]
    commit: str
    branch: str
    state: NotRequired[str]
    hint: NotRequired[str]


class CommandShape(TypedDict):
    """One verify command as it ran; `more` is what read_worker_output calls its terminal, where not all is shown."""

    command: str
    exit_code: int
    seconds: float
    output: str
    more: NotRequired[str]


class VerifiedShape(TypedDict):
    """What the project's commands said of the integrated tree; state `running` means: call verify again."""

    state: str
    passed: bool
    commands: list[CommandShape]
    verifier_id: str | None
    commit: str
    note: str


def overlaps(found: Sequence[Overlap]) -> list[OverlapShape]:
    """Show where workers meet, as many as a result may hold; the first says how many more there are."""
    shown = [overlap(each) for each in found]
    number = max(1, bounds.fitting((len(json.dumps(each)) for each in shown), OVERLAPS))
    if more := len(shown) - number:
        shown[0]["hint"] = f"{more} more are not shown: settle these first, then look again."
    return shown[:number]


def overlap(of: Overlap) -> OverlapShape:
    """Show where two workers meet."""
    return OverlapShape(
        worker_a=of.worker_a,
        worker_b=of.worker_b,
        path=of.path,
        lines_a=[list(lines) for lines in of.lines_a[:MOST_RANGES]],
        lines_b=[list(lines) for lines in of.lines_b[:MOST_RANGES]],
    )


def integrated(session: Session, clashes: list[tuple[str, Conflict]], *, running: bool) -> IntegratedShape:
    """Show the integration branch, as far as it is."""
    told = clashes[: bounds.fitting((len(each.path) + NAMES for _, each in clashes), CLASHES)]
    parts = bounds.shared([bounds.weight(each.text) for _, each in told], bounds.MOST - CLASHES)
    conflicts = [
        ConflictShape(worker_id=who, path=each.path, text=bounds.head(each.text, part))
        for (who, each), part in zip(told, parts, strict=True)
    ]
    branch = f"agentorchestr/{session.id}/integration" if session.integration else ""
    shape = IntegratedShape(
        integrated=[worker.id for worker in session.workers.values() if worker.integrated],
        conflicts=conflicts,
        commit=session.tip,
        branch=branch,
    )
    if running:
        shape["state"], shape["hint"] = "running", "The branches are still being merged. Call integrate again."
    elif clashes:
        more = len(clashes) - len(told)
        rest = f" {more} more clashes are not shown." if more else ""
        shape["hint"] = f"Have it settled: spawn_worker with resolves=[{clashes[0][0]!r}], wait, then integrate.{rest}"
    elif not shape["integrated"]:
        shape["hint"] = "No worker that is done has work to merge: wait_for_any first, or look at list_workers."
    else:
        shape["hint"] = "Next: verify."
    return shape


def verified(check: Verification) -> VerifiedShape:
    """Show a finished verification: of what passed the last lines, of what failed as much as a result may hold."""
    weights = [(bounds.weight(run.output), run.exit_code) for run in check.commands]
    parts = bounds.shared([length if failed else min(PASSED, length) for length, failed in weights])
    return VerifiedShape(
        state="done",
        passed=check.passed,
        commands=[
            _command(run, part, f"verify-{check.id}-{number}")
            for number, (run, part) in enumerate(zip(check.commands, parts, strict=True), 1)
        ],
        verifier_id=None,
        commit=check.commit,
        note=check.note,
    )


def verifying(commit: str) -> VerifiedShape:
    """Show a verification that still runs."""
    note = "The checks still run. Call verify again to wait for them."
    return VerifiedShape(state="running", passed=False, commands=[], verifier_id=None, commit=commit, note=note)


def _command(run: CommandRun, most: int, name: str) -> CommandShape:
    shape = CommandShape(
        command=run.command,
        exit_code=run.exit_code,
        seconds=round(run.seconds, 2),
        output=bounds.tail(run.output, most) if most else "",
    )
    if run.exit_code and most < bounds.weight(run.output):
        shape["more"] = name
    return shape

"""`--gc` and `--rescue`: what dead sessions left, cleared away; the work that was kept, listed and brought back."""

from __future__ import annotations

import asyncio
import json as jsons
import sys
import time
from pathlib import Path

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.cli.progress import told
from agentorchestr_tui.core.errors import UsageError
from agentorchestr_tui.orchestrator.sweeping import Sweep, sweep
from agentorchestr_tui.paths import environment, user_paths
from agentorchestr_tui.times import moment
from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.snapshots import ROOM, Kept
from agentorchestr_tui.worktrees.worktrees import Worktrees

UNITS = ("B", "KB", "MB", "GB", "TB")
SHOWN = 3  # file names in one line


async def gc(*, json: bool) -> int:
    """Clear away what dead sessions left, and print it."""
    paths = user_paths()
    cards = load_cards([SHIPPED, paths.config / "agents"])
    done = Sweep()
    try:
        with told("Sweeping what dead sessions left…"):
            await sweep(paths, environment(), cards.values(), time.time(), done)
    finally:  # also when it is stopped: what was swept by then is gone
        _say(jsons.dumps(_as_json(done), ensure_ascii=False)) if json else _tell(done)
    return 0


def _as_json(done: Sweep) -> dict[str, object]:
    return {
        "freed_bytes": done.freed,
        "swept": [
            {"what": each.what, "session": each.session, "where": each.where, "freed_bytes": each.freed}
            for each in done.swept
        ],
        "kept": [{"session": each.session, "why": each.why} for each in done.kept],
    }


def _tell(done: Sweep) -> None:
    for each in done.swept:
        whose = f" of session {each.session}" if each.session else ""
        size = f"  {size_of(each.freed)}" if each.freed else ""
        _say(f"  ✓ {each.what}{whose}: {each.where}{size}")
    for rest in done.kept:
        _say(f"  - {f'session {rest.session}' if rest.session else 'kept'}: {rest.why}")
    _say(f"Freed {size_of(done.freed)}." if done.swept else "Nothing is left of dead sessions.")


def size_of(count: int) -> str:
    """Say a number of bytes: `3.4 MB`."""
    size, unit = float(count), 0
    while size >= 1000 and unit < len(UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.0f} {UNITS[unit]}" if unit == 0 else f"{size:.1f} {UNITS[unit]}"


async def rescue(folder: Path, ref: str, *, json: bool) -> int:
    """Print the work kept in a project, or bring one piece of it back on a branch. Raises: GitError, UsageError."""
    repository = await Repository.open(folder, environment())
    if ref:
        return await _restore(repository, ref, json=json)
    with told("Looking at the kept work…") as say:
        kept = await Worktrees.all_kept(repository, lambda done, of: say(f"Looking at the kept work, {done} of {of}…"))
    if json:
        _say(jsons.dumps([_kept_json(each) for each in kept], ensure_ascii=False))
        return 0
    for each in kept:
        _say(_kept_text(each))
    _say("Bring one back with: agentorchestr --rescue REF" if kept else f"No work is kept in {repository.root}.")
    return 0


async def _restore(repository: Repository, ref: str, *, json: bool) -> int:
    full = ref if ref.startswith(f"{ROOM}/") else f"{ROOM}/{ref}"
    parts = full.removeprefix(f"{ROOM}/").split("/")
    if len(parts) != 3 or not all(parts):
        raise UsageError(f"{ref} names no kept work: say SESSION/WORKER/NUMBER as `agentorchestr --rescue` lists it.")
    branch = f"rescue/{'-'.join(parts)}"
    there = await Worktrees.stands(repository, branch)
    try:
        with told(f"Bringing {ref} back…"):
            commit = await Worktrees(repository, parts[0], Path()).restore(full, branch)
    except asyncio.CancelledError:
        made = not there and await Worktrees.stands(repository, branch)
        _tell_stopped(f"The branch {branch} is made." if made else f"No branch is made; {ref} is kept as it was.")
        raise
    if json:
        _say(jsons.dumps({"ref": full, "branch": branch, "commit": commit}))
    else:
        _say(f"It stands on the branch {branch} now ({commit[:10]}). Look at it with: git switch {branch}")
    return 0


def _kept_json(kept: Kept) -> dict[str, object]:
    return {
        "ref": kept.ref,
        "session": kept.session,
        "worker": kept.worker,
        "files": list(kept.files),
        "created_at": kept.created_at.isoformat(timespec="seconds"),
    }


def _kept_text(kept: Kept) -> str:
    names = ", ".join(kept.files[:SHOWN]) + (f" and {len(kept.files) - SHOWN} more" if len(kept.files) > SHOWN else "")
    when = moment(kept.created_at.timestamp(), time.time())
    return f"{kept.ref.removeprefix(f'{ROOM}/'):<20}  {when:<17}  {names or 'no files'}  ({kept.note})"


def _tell_stopped(line: str) -> None:
    """Say what was done by then, beside an answer that does not come."""
    print(f"agentorchestr: {line}", file=sys.stderr)


def _say(line: str) -> None:
    print(line)

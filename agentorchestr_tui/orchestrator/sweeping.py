"""What dead sessions left on this machine: found, its work kept, and cleared away, with the bytes that this freed."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agentorchestr_tui.agents.card import Card, litter_of
from agentorchestr_tui.core.apply import replay
from agentorchestr_tui.core.errors import OrchestraError, PaneError
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.orchestrator import daemons, throwaway
from agentorchestr_tui.panes.listening import is_served
from agentorchestr_tui.paths import APPLICATION, SOCKET, Paths
from agentorchestr_tui.store.log import EventLog
from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.worktree import Worktree
from agentorchestr_tui.worktrees.worktrees import Worktrees

RESTS = 14 * 86_400.0  # seconds after which the folders of a session that could be resumed are cleared away, too
FRESH = 60.0  # seconds in which a folder may belong to a session that begins just now


@dataclass(frozen=True, slots=True)
class Swept:
    """Something that is gone now: what it was, whose, where, and the bytes that it took."""

    what: str
    session: str
    where: str
    freed: int


@dataclass(frozen=True, slots=True)
class Rest:
    """Something that stays, and why."""

    session: str
    why: str


@dataclass
class Sweep:
    """What one sweep did."""

    swept: list[Swept] = field(default_factory=list)
    kept: list[Rest] = field(default_factory=list)

    @property
    def freed(self) -> int:
        """Return the bytes that are free now and were not before."""
        return sum(each.freed for each in self.swept)


@dataclass(frozen=True, slots=True)
class _Dead:
    """A session that nobody needs any more: its name, how it stood, and what its agents leave that is no work."""

    session: str
    state: Session
    litter: list[str]


async def sweep(
    paths: Paths, environment: Mapping[str, str], cards: Collection[Card], now: float, done: Sweep | None = None
) -> Sweep:
    """Clear away what no session needs any more; refs and branches with work stay. Raises: StoreError.

    What is done is written into `done`, thing by thing.
    """
    done = Sweep() if done is None else done
    for session in await asyncio.to_thread(_sessions, paths):
        state = await _state(paths, session)
        why = await asyncio.to_thread(_needed, paths, session, state, now)
        if why:
            done.kept.append(Rest(session, why))
        else:
            used = {agent.name for agent in state.agents}
            litter = litter_of(card for card in cards if card.name in used)
            await _sweep(paths, environment, _Dead(session, state, litter), done)
    for folder in await asyncio.to_thread(_rehearsals, paths, now):
        await _sweep_rehearsal(folder, done)
    for daemon in await asyncio.to_thread(daemons.left_by_the_dead, cards):
        await _end(daemon, done)
    return done


async def left_over(paths: Paths, now: float) -> tuple[list[str], list[str]]:
    """Return the sessions and rehearsals whose folders a sweep would clear away, and the sessions it would keep."""
    dead = [folder.name for folder in await asyncio.to_thread(_rehearsals, paths, now)]
    kept: list[str] = []
    for session in await asyncio.to_thread(_sessions, paths):
        state = await _state(paths, session)
        (kept if await asyncio.to_thread(_needed, paths, session, state, now) else dead).append(session)
    return dead, kept


def _rehearsals(paths: Paths, now: float) -> list[Path]:
    """Find the grounds of rehearsals that nobody plays on any more."""
    found = [path for path in paths.runtime.glob(f"{throwaway.PREFIX}*") if _is_ours(path)]
    return sorted(path for path in found if throwaway.is_dead(path, now - path.lstat().st_mtime < FRESH))


async def _sweep_rehearsal(folder: Path, done: Sweep) -> None:
    try:
        await throwaway.end(folder)
    except PaneError as error:
        done.kept.append(Rest("", f"{folder}: {error}"))
        return
    done.swept.append(Swept("rehearsal", "", str(folder), await asyncio.to_thread(_remove, folder)))


def _sessions(paths: Paths) -> list[str]:
    homes = (paths.data / "worktrees", paths.data / "launches")
    found = {path.name for home in homes if home.is_dir() for path in home.iterdir()}
    prefix = f"{APPLICATION}-"
    for path in paths.runtime.glob(f"{prefix}*"):
        name = path.name.removeprefix(prefix)
        if _is_ours(path) and name.isalnum() and len(name) == 8:  # a session's id
            found.add(name)
    return sorted(found)


async def _state(paths: Paths, session: str) -> Session:
    if not await asyncio.to_thread(paths.database.exists):
        return Session()
    log = await EventLog.open(paths.database)
    try:
        return replay(await log.read(session))
    finally:
        await log.close()


def _needed(paths: Paths, session: str, state: Session, now: float) -> str:
    """Say why a session's things are still needed; "" when they are not."""
    folder = paths.session(session)
    if is_served(folder / SOCKET):
        return "it runs"
    if folder.exists() and now - folder.lstat().st_mtime < FRESH:
        return "it began just now"
    if state.resumable and now - state.updated < RESTS:
        return f"it can be resumed: {APPLICATION} --resume {session}"
    return ""


async def _sweep(paths: Paths, environment: Mapping[str, str], dead: _Dead, done: Sweep) -> None:
    home = paths.worktrees(dead.session)
    try:
        await _sweep_worktrees(home, environment, dead, done)
    except OrchestraError as error:
        done.kept.append(Rest(dead.session, f"{home}: {error}"))
    rest = (("launch files", paths.launches(dead.session)), ("temporary folder", paths.session(dead.session)))
    for what, path in rest:
        if await asyncio.to_thread(_is_ours, path):
            freed = await asyncio.to_thread(_remove, path)
            done.swept.append(Swept(what, dead.session, str(path), freed))


async def _sweep_worktrees(home: Path, environment: Mapping[str, str], dead: _Dead, done: Sweep) -> None:
    """Remove a session's worktrees, each after all that stands in it was kept under a ref. Raises: OrchestraError."""
    if not await asyncio.to_thread(home.is_dir):
        return
    folders = await asyncio.to_thread(lambda: sorted(path for path in home.iterdir() if path.is_dir()))
    session, state = dead.session, dead.state
    project = Path(state.project) if state.project else await asyncio.to_thread(_project_of, folders)
    worktrees = Worktrees(await Repository.open(project, environment), session, home, dead.litter)
    known = {worker.worktree: worker for worker in state.workers.values()}
    base = state.tip or worktrees.repository.head
    for folder in folders:
        worker = known.get(str(folder))
        worktree = (
            Worktree(worker.id, folder, worker.branch, worker.base)
            if worker
            else Worktree(folder.name, folder, "", base)
        )
        before = await asyncio.to_thread(_used, folder)
        await worktrees.remove(worktree)
        await worktrees.drop_empty_branch(worktree)
        left = await asyncio.to_thread(_used, folder)
        done.swept.append(Swept("worktree", session, str(folder), before - left))
    await worktrees.sweep()


def _project_of(folders: Iterable[Path]) -> Path:
    """Return the repository that worktrees belong to, as they say it themselves; they hold `.git` files."""
    for folder in folders:
        try:
            pointer = (folder / ".git").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        return Path(pointer.removeprefix("gitdir:").strip()).parents[2]  # of REPOSITORY/.git/worktrees/NAME
    return Path("/nowhere")


async def _end(daemon: daemons.Left, done: Sweep) -> None:
    if daemon.used:
        done.kept.append(Rest("", f"{daemon.title}: something else uses it"))
    elif await asyncio.to_thread(daemons.end, [daemon]):
        done.kept.append(Rest("", f"{daemon.title}: it does not end; end it by hand (kill {daemon.stray.pid})"))
    else:
        done.swept.append(Swept("daemon", "", daemon.title, 0))


def _is_ours(path: Path) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _remove(path: Path) -> int:
    before = _used(path)
    shutil.rmtree(path, ignore_errors=True)
    return before - _used(path)


def _used(folder: Path) -> int:
    """Return the bytes on disk below a folder; what has several names is counted once, and not if one is elsewhere."""
    seen: dict[tuple[int, int], tuple[int, int, int]] = {}
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            try:
                found = os.lstat(os.path.join(root, name))
            except OSError:
                continue
            key = (found.st_dev, found.st_ino)
            names = seen[key][0] + 1 if key in seen else 1
            links = 1 if stat.S_ISDIR(found.st_mode) else found.st_nlink
            seen[key] = (names, links, found.st_blocks * 512)
    return sum(size for names, links, size in seen.values() if names >= links)

"""`--doctor`: is everything well on this machine, and if not, what to type."""

from __future__ import annotations

import asyncio
import json as jsons
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agentorchestr_tui.agents.card import SHIPPED, Card, load_cards
from agentorchestr_tui.agents.detection import Detected, detect
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.orchestrator import daemons
from agentorchestr_tui.orchestrator.asking import asking
from agentorchestr_tui.orchestrator.sweeping import left_over
from agentorchestr_tui.paths import Paths, environment, private_folder, user_paths
from agentorchestr_tui.store.log import EventLog
from agentorchestr_tui.worktrees.git import find_git
from agentorchestr_tui.worktrees.repository import check_version

WELL, ILL = 0, 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether a session can begin in spite of it, what was found, and what mends it."""

    name: str
    well: bool
    found: str
    fix: str = ""

    @property
    def mark(self) -> str:
        """Say it in one sign: well, something to know, or ill."""
        return "✗" if not self.well else "!" if self.fix else "✓"


async def doctor(*, json: bool) -> int:
    """Look at everything, print it, and return 0 when a session can begin."""
    findings = [finding async for finding in _findings()]
    well = all(finding.well for finding in findings)
    if json:
        rows = [{"name": each.name, "well": each.well, "found": each.found, "fix": each.fix} for each in findings]
        _say(jsons.dumps({"healthy": well, "findings": rows}, ensure_ascii=False))
    else:
        for each in findings:
            _say(f"  {each.mark} {each.name:<11} {each.found}")
            if each.fix:
                _say(f"    {'':<11} {each.fix}")
        _say("All is well." if well else "Something has to be mended first: see the lines marked ✗.")
    return WELL if well else ILL


async def _findings() -> AsyncIterator[Finding]:
    paths, env = user_paths(), environment()
    yield await _git()
    yield await _folders(paths)
    yield await _log(paths)
    try:
        cards = await asyncio.to_thread(load_cards, [SHIPPED, paths.config / "agents"])
    except OrchestraError as error:
        yield Finding("cards", well=False, found=str(error), fix="Mend or remove that file.")
        return
    async with asking(paths) as run:
        found = await detect(cards, env.get("PATH", ""), env, run)
    yield _lead(found)
    for agent in found:
        if finding := _agent(agent):
            yield finding
    yield await _daemons(list(cards.values()))
    yield await _leftovers(paths)


async def _git() -> Finding:
    try:
        git = find_git(Path("/"), environment())
        await check_version(git)
    except OrchestraError as error:
        return Finding("git", well=False, found=str(error), fix="Install git 2.38 or newer.")
    return Finding("git", well=True, found=(await git.ask("version")).line)


async def _folders(paths: Paths) -> Finding:
    def tried() -> None:
        for folder in (paths.data, paths.session("00000000").parent):
            trial = private_folder(folder) if folder == paths.data else folder
            probe = trial / ".agentorchestr-doctor"
            probe.touch(mode=0o600)
            probe.unlink()

    try:
        await asyncio.to_thread(tried)
    except OrchestraError as error:
        return Finding("folders", well=False, found=str(error), fix="Set XDG_DATA_HOME or TMPDIR to a folder of yours.")
    except OSError as error:
        found = f"{error.filename} cannot be written: {error.strerror}"
        return Finding("folders", well=False, found=found, fix="Make it writable, or set XDG_DATA_HOME or TMPDIR.")
    return Finding("folders", well=True, found=f"{paths.data} and {paths.runtime} can be written")


async def _log(paths: Paths) -> Finding:
    if not await asyncio.to_thread(paths.database.exists):
        return Finding("sessions", well=True, found="none yet")
    try:
        log = await EventLog.open(paths.database)
        try:
            count = len(await log.summaries())
        finally:
            await log.close()
    except OrchestraError as error:
        return Finding("sessions", well=False, found=str(error), fix=f"Move {paths.database} aside to begin anew.")
    return Finding("sessions", well=True, found=f"{count} can be read" if count else "none yet")


def _lead(found: Sequence[Detected]) -> Finding:
    able = [agent for agent in found if agent.card.mcp is not None and agent.card.lead_rank]
    if not able:
        names = ", ".join(agent.card.title for agent in found)
        words = f"none can lead; installed: {names}" if names else "none is installed"
        fix = "Install one that speaks MCP (agentorchestr --detect lists them), or try: agentorchestr --demo"
        return Finding("agents", well=False, found=words, fix=fix)
    best = max(able, key=lambda agent: agent.card.lead_rank)
    return Finding("agents", well=True, found=f"{len(found)} installed; {best.card.title} would lead")


def _agent(agent: Detected) -> Finding | None:
    """Say what a person should know about an installed agent, if anything."""
    card = agent.card
    if card.unverified:
        return Finding(card.name, well=True, found=f"untried: {card.unverified}", fix="Watch its first run.")
    if not agent.version:
        return Finding(
            card.name, well=True, found="it tells no version", fix=f"See what it says: {agent.binary} --help"
        )
    if agent.version not in card.checked:
        tried = ", ".join(card.checked)
        fix = "Should its status be wrong, agentorchestr --explain says why."
        return Finding(card.name, well=True, found=f"{agent.version} is installed; tried with {tried}", fix=fix)
    return None


async def _daemons(cards: list[Card]) -> Finding:
    left = [each for each in await asyncio.to_thread(daemons.left_by_the_dead, cards) if not each.used]
    if not left:
        return Finding("daemons", well=True, found="none left of dead sessions")
    names = ", ".join(each.title for each in left)
    return Finding(
        "daemons", well=True, found=f"left of dead sessions: {names}", fix="End them with: agentorchestr --gc"
    )


async def _leftovers(paths: Paths) -> Finding:
    dead, resumable = await left_over(paths, time.time())
    waiting = f"; {len(resumable)} to be resumed" if resumable else ""
    if not dead:
        return Finding("leftovers", well=True, found=f"none of dead sessions{waiting}")
    found = f"folders of {len(dead)} dead session{'s' if len(dead) > 1 else ''}{waiting}"
    return Finding("leftovers", well=True, found=found, fix="Clear them away with: agentorchestr --gc")


def _say(line: str) -> None:
    print(line)

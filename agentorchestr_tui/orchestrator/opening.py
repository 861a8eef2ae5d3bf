"""How a session comes to stand: project, agents, log, panes and worktrees, found or refused with a sentence."""

from __future__ import annotations

import asyncio
import difflib
import secrets
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from agentorchestr_tui.agents.card import SHIPPED as SHIPPED_CARDS
from agentorchestr_tui.agents.card import Card, litter_of, load_cards
from agentorchestr_tui.agents.detection import Detected, find
from agentorchestr_tui.agents.environment import inherited
from agentorchestr_tui.agents.perspectives import SHIPPED as SHIPPED_PERSPECTIVES
from agentorchestr_tui.agents.perspectives import load_perspectives
from agentorchestr_tui.agents.versions import Versions
from agentorchestr_tui.core.apply import replay
from agentorchestr_tui.core.commands import CreateSession
from agentorchestr_tui.core.decide import Refused
from agentorchestr_tui.core.errors import CannotRun, NoAgent, PaneError, UsageError
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import AgentChoice
from agentorchestr_tui.hooks import load_hooks
from agentorchestr_tui.orchestrator.access import Access
from agentorchestr_tui.orchestrator.asking import runner
from agentorchestr_tui.orchestrator.checks import written_commands
from agentorchestr_tui.orchestrator.ground import Ground
from agentorchestr_tui.orchestrator.hands import SessionHands
from agentorchestr_tui.orchestrator.holding import hold
from agentorchestr_tui.orchestrator.launching import Launcher
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator
from agentorchestr_tui.orchestrator.prospect import Opening
from agentorchestr_tui.panes.client import HostedPanes
from agentorchestr_tui.panes.listening import is_served
from agentorchestr_tui.paths import PROJECT_FOLDER, SOCKET, private_folder, remove_private
from agentorchestr_tui.settings import Settings
from agentorchestr_tui.store.log import EventLog
from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.worktrees import Worktrees

ACCESS = "access.json"
PROJECT_TEXT = "PROJECT.md"
PAGE = 2_000  # events of a log that are read at once
Tell = Callable[[str], None]


async def open_session(opening: Opening) -> Orchestrator:
    """Open a new session. Raises: CannotRun, UsageError, StoreError, PaneError."""
    _check_backend(opening.settings)
    repository = await Repository.open(opening.folder, opening.environment)
    agents = choose_agents(opening)
    perspectives = load_perspectives([SHIPPED_PERSPECTIVES, opening.paths.config / "perspectives"])
    session = secrets.token_hex(4)
    orchestrator = await _stand(opening, session, repository, agents, Session())
    wish = CreateSession(
        session_id=session,
        project=str(repository.root),
        base_commit=repository.head,
        base_branch=repository.branch,
        agents=tuple(_choice(agent) for agent in agents.values()),
        perspectives=tuple(perspectives.values()),
        lead_agent=opening.settings.lead,
        seats=opening.settings.max_workers,
        permissions=opening.settings.permissions,
    )
    try:
        granted = await orchestrator.perform(wish)
    except BaseException:
        await orchestrator.settle()
        await abandon(orchestrator)
        raise
    if isinstance(granted, Refused):
        await abandon(orchestrator)
        raise NoAgent(granted.reason)
    return orchestrator


async def reopen_session(opening: Opening, session: str, tell: Tell = lambda _: None) -> Orchestrator:
    """Open a paused or crashed session again, joining what still runs of it. Raises: as `open_session`.

    `tell` hears what it is at. Cancelled, the session stands as it was.
    """
    log = await EventLog.open(opening.paths.database)
    try:
        state = await _replayed(log, session, tell)
    finally:
        await log.close()
    if not state.id:
        raise UsageError(f"There is no session {session!r}. See: agentorchestr --list-sessions")
    if not state.resumable:
        raise CannotRun(f"Session {session} cannot be resumed: {_why_not(state)}. Start a new one with --goal.")
    repository = await Repository.open(Path(state.project), opening.environment)
    cards = _cards(opening)
    found = {each.card.name: each for each in find(cards, opening.environment.get("PATH", ""), hidden=True)}
    missing = [agent.name for agent in state.agents if agent.name not in found]
    if missing:
        raise NoAgent(f"The session's agent {missing[0]} is not installed any more. See: agentorchestr --detect")
    agents = {agent.name: found[agent.name] for agent in state.agents}
    tell("joins what still runs")
    return await _stand(opening, session, repository, agents, state)


async def _replayed(log: EventLog, session: str, tell: Tell) -> Session:
    """Read a session as its log tells it, in parts: beside the event loop, and never longer than one of them."""
    state, done, all_of_it = Session(), 0, await log.count(session)
    while events := await log.page(session, state.seq, PAGE):
        state = await asyncio.to_thread(replay, events, state)
        done += len(events)
        tell(f"reads event {done:,} of {all_of_it:,}")
    return state


def choose_agents(opening: Opening) -> dict[str, Detected]:
    """Find the agents that a session may use. Raises: NoAgent, UsageError."""
    cards = _cards(opening)
    path = opening.environment.get("PATH", "")
    if opening.rehearsal:
        found = [each for each in find(cards, path, hidden=True) if each.card.hidden]
    else:
        found = find(cards, path, hidden=bool(opening.settings.agents))
    wanted = opening.settings.agents or tuple(each.card.name for each in found)
    for name in (*wanted, *filter(None, (opening.settings.lead,))):
        if name not in cards:
            raise UsageError(_unknown(name, cards))
    chosen = {each.card.name: each for each in found if each.card.name in wanted}
    missing = [name for name in (*wanted, *filter(None, (opening.settings.lead,))) if name not in chosen]
    if missing and missing[0] == opening.settings.lead and missing[0] not in wanted:
        raise UsageError(f"The lead {missing[0]} must be among the agents: add it to --agents, or install it.")
    if missing:
        raise NoAgent(f"{missing[0]} is not installed (not found on PATH). See: agentorchestr --detect")
    if not chosen:
        raise NoAgent("No agent is installed. See which there are with --detect, or try it without one: --demo")
    return chosen


async def abandon(orchestrator: Orchestrator) -> None:
    """Let go of a session that never began."""
    ground = orchestrator.ground
    with ground.held:
        await ground.panes.close()
        await ground.log.close()
        await asyncio.to_thread(remove_private, ground.access.file.parent)


async def _stand(
    opening: Opening, session: str, repository: Repository, agents: dict[str, Detected], state: Session
) -> Orchestrator:
    paths = opening.paths
    folder = private_folder(paths.session(session))
    held = hold(folder, session)  # at once: who is cancelled in between would leave the folder behind
    async with AsyncExitStack() as undo:
        undo.callback(held.close)
        joins = bool(state.id) and (folder / SOCKET).exists()
        if not joins:
            undo.callback(remove_private, folder)
        log = await EventLog.open(paths.database)
        undo.push_async_callback(log.close)
        panes = await _panes(folder / SOCKET, paths.recordings(session), join=joins)
        undo.push_async_callback(panes.leave if joins else panes.close)
        ground = Ground(
            log=log,
            panes=panes,
            repository=repository,
            worktrees=Worktrees(
                repository, session, paths.worktrees(session), litter_of(each.card for each in agents.values())
            ),
            agents=agents,
            access=Access.load(folder / ACCESS),
            held=held,
            paths=paths,
            settings=opening.settings,
            environment=opening.environment,
            user_id=opening.user_id,
            attended=opening.attended,
            written=await asyncio.to_thread(_written, repository.root / PROJECT_FOLDER) if opening.trusted else (),
            hooks=load_hooks(paths.config, repository.root / PROJECT_FOLDER if opening.trusted else None),
            clock=time.time,
            fresh_id=lambda: str(uuid.uuid4()),
            versions=Versions(paths.cache, inherited(opening.environment), runner(panes)),
        )
        undo.pop_all()
    hands = SessionHands(Launcher(ground))
    orchestrator = Orchestrator(ground, hands, state)
    hands.team.attach(orchestrator)
    hands.moments.attach(orchestrator)
    hands.measurer.attach(orchestrator)
    return orchestrator


async def _panes(socket: Path, recordings: Path, *, join: bool) -> HostedPanes:
    if join:
        try:
            return await HostedPanes.connect(socket)
        except PaneError:
            if await asyncio.to_thread(is_served, socket):
                raise  # its agents go on, and are nobody else's
            await asyncio.to_thread(socket.unlink, missing_ok=True)  # its host is gone
    return await HostedPanes.start(socket, recordings)


def _written(folder: Path) -> tuple[str, ...]:
    try:
        return written_commands((folder / PROJECT_TEXT).read_text("utf-8", "replace"))
    except OSError:
        return ()


def _cards(opening: Opening) -> dict[str, Card]:
    return load_cards([SHIPPED_CARDS, opening.paths.config / "agents"])


def _choice(agent: Detected) -> AgentChoice:
    card = agent.card
    return AgentChoice(card.name, agent.version, card.lead_rank, card.implement_rank, card.mcp is not None)


def _check_backend(settings: Settings) -> None:
    if settings.backend == "tmux":
        raise CannotRun("The tmux backend is not available yet; leave --backend out, or say --backend pty.")


def _unknown(name: str, cards: Mapping[str, Card]) -> str:
    names = [card.name for card in cards.values() if not card.hidden]
    near = difflib.get_close_matches(name, names, n=1)
    hint = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(names)}."
    return f"There is no agent {name!r}.{hint}"


def _why_not(state: Session) -> str:
    return f"its goal is {state.phase}" if state.over else "it never had a goal"

"""A session from flags: its ground, its face, and its end."""

from __future__ import annotations

import argparse
import logging
import logging.handlers
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from agentorchestr_tui import curtain, tasks
from agentorchestr_tui.cli.goals import read_goal
from agentorchestr_tui.cli.trust import is_trusted, trust
from agentorchestr_tui.core.errors import CannotRun, UsageError
from agentorchestr_tui.hooks import has_hooks
from agentorchestr_tui.orchestrator.prospect import Opening
from agentorchestr_tui.paths import PROJECT_FOLDER, Paths, environment, private_folder, user_id, user_paths
from agentorchestr_tui.settings import Layer, load, project_commands

DUMB = ("dumb", "unknown")  # terminals that cannot move their cursor, by their names in terminfo
LOG_BYTES = 2_000_000  # of one log file; the one before it is kept


def run_session(flags: argparse.Namespace) -> int:
    """Run a session with the face that fits; returns the exit code. Raises: OrchestraError."""
    if flags.trust and not (flags.goal or flags.goal_file or flags.interactive or flags.resume or flags.demo):
        return _trust(flags)
    headless = flags.no_tui or not (sys.stdin.isatty() and sys.stdout.isatty())
    _check_face(flags, headless=headless)
    if flags.demo:
        with _demo(flags) as opening:
            return _open(flags, opening, headless=headless)
    return _open(flags, _opening(flags), headless=headless)


def _open(flags: argparse.Namespace, opening: Opening, *, headless: bool) -> int:
    goal = _goal(flags, headless=headless)
    _log_to(opening.paths)
    if headless:
        return tasks.run(_headless(flags, opening, goal))
    from agentorchestr_tui.cli.screen import run_screen

    return run_screen(replace(opening, attended=True), goal, flags.resume, lambda: _rehearsal(flags))


@contextmanager
def _rehearsal(flags: argparse.Namespace) -> Iterator[tuple[Opening, str]]:
    """Make the rehearsal's ground, and its goal, for the full screen."""
    from agentorchestr_tui.rehearsal.project import DEMO_GOAL

    plain = argparse.Namespace(**(vars(flags) | {"agents": None, "lead": None, "resume": None}))
    with _demo(plain) as opening:
        yield replace(opening, attended=True), DEMO_GOAL


async def _headless(flags: argparse.Namespace, opening: Opening, goal: str | None) -> int:
    from agentorchestr_tui.headless.run import Wish, run
    from agentorchestr_tui.mcp_server.door import serve
    from agentorchestr_tui.orchestrator.opening import open_session, reopen_session

    wish = Wish(goal=goal, json=flags.json, merge=flags.merge, kept=not opening.rehearsal)
    orchestrator = await (reopen_session(opening, flags.resume) if flags.resume else open_session(opening))
    async with serve(orchestrator):
        return await run(orchestrator, wish)


def _goal(flags: argparse.Namespace, *, headless: bool) -> str | None:
    if flags.demo:
        from agentorchestr_tui.rehearsal.project import DEMO_GOAL

        return DEMO_GOAL
    goal = read_goal(flags, typed=headless)
    if goal is None and headless and not flags.resume:
        raise UsageError('Say what the team is to do: --goal "...", --goal-file PATH, or --interactive.')
    return goal


def _check_face(flags: argparse.Namespace, *, headless: bool) -> None:
    if not headless and (term := environment().get("TERM", "")) in DUMB:
        raise CannotRun(
            f"With TERM={term} there is no full screen: add --no-tui, or set TERM to what your terminal is, "
            "such as xterm-256color."
        )
    if flags.merge and not headless:
        raise UsageError("--merge goes with --no-tui; on the full screen, merge from there.")
    if flags.json and not headless:
        raise UsageError("--json goes with --no-tui, or with a question like --detect or --list-sessions.")


def _trust(flags: argparse.Namespace) -> int:
    project = _project_folder(_folder(flags))
    trust(user_paths().trust, project)
    curtain.lift()
    print(f"The commands in {project} are trusted as they are now.")
    return 0


def _folder(flags: argparse.Namespace) -> Path:
    return Path(flags.project).absolute() if flags.project else Path.cwd()


def _opening(flags: argparse.Namespace) -> Opening:
    paths = user_paths()
    folder = _folder(flags)
    project = _project_folder(folder)
    if flags.trust:
        trust(paths.trust, project)
    trusted = is_trusted(paths.trust, project)
    if not trusted and project_commands(project):
        _warn(f"{project / 'config.toml'} names commands; they run only after: agentorchestr --trust")
    if not trusted and has_hooks(project):
        _warn(f"{project / 'hooks.json'} names hooks; they run only after: agentorchestr --trust")
    return Opening(
        folder=folder,
        paths=paths,
        settings=load(_layer(flags), user=paths.config, project=project, commands=trusted),
        environment=environment(),
        user_id=user_id(),
        trusted=trusted,
    )


def _layer(flags: argparse.Namespace) -> Layer:
    names = ("agents", "lead", "max_workers", "permissions", "backend", "theme")
    return {name: getattr(flags, name) for name in names}


def _project_folder(folder: Path) -> Path:
    """Find the project's own folder beside the nearest `.git`; a folder without one has none."""
    for parent in (folder, *folder.parents):
        if (parent / ".git").exists():
            return parent / PROJECT_FOLDER
    return folder / PROJECT_FOLDER


@contextmanager
def _demo(flags: argparse.Namespace) -> Iterator[Opening]:
    """Make a throw-away project and house for the rehearsal; nothing of the user's is touched."""
    from agentorchestr_tui.orchestrator import throwaway
    from agentorchestr_tui.rehearsal.project import DEMO_VERIFY, make_project
    from agentorchestr_tui.worktrees.creation import create_repository

    with throwaway.ground() as home:
        project = home / "marmalade"
        make_project(project)
        tasks.run(create_repository(project, environment(), "A small project to rehearse on"))
        paths = replace(user_paths(), data=home / "data", config=home / "config", cache=home / "cache", runtime=home)
        ours: Layer = {"agents": ("rehearsal",), "lead": "rehearsal", "verify": (shlex.join(DEMO_VERIFY),)}
        settings = load({**_layer(flags), **ours}, user=paths.config)
        yield Opening(project, paths, settings, environment(), user_id(), rehearsal=True)


def _log_to(paths: Paths) -> None:
    """Send every diagnostic to the log file, and none to the screen."""
    try:
        private_folder(paths.data)
        handler = logging.handlers.RotatingFileHandler(
            paths.log, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError as error:
        raise CannotRun(f"{paths.data} cannot be written: {error.strerror}.") from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def _warn(words: str) -> None:
    curtain.lift()
    print(f"agentorchestr: {words}", file=sys.stderr)

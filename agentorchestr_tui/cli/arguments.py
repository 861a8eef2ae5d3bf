"""The flags there are, and which of them go together."""

from __future__ import annotations

import argparse
import difflib
import re
import shlex
from collections.abc import Sequence
from typing import NoReturn

from agentorchestr_tui import __version__
from agentorchestr_tui.core.errors import UsageError

_EPILOG = """\
examples:
  agentorchestr                                   the full screen; it asks for a goal
  agentorchestr --demo                            see a whole session, without an agent
  agentorchestr --goal "Add JWT auth"             begin with this goal
  agentorchestr --no-tui --goal-file goal.md      without a screen, for scripts

exit codes: 0 done, 1 cannot run, 2 usage, 3 goal failed,
            4 stopped before its end (resumable), 130 Ctrl-C (paused)
"""
_UNKNOWN = "unrecognized arguments: "
_SAID = (
    (r"argument (\S+): expected one argument", "{} wants a value."),
    (r"argument (\S+): expected at least one argument", "{} wants one name or more."),
    (r"argument (\S+): ignored explicit argument .*", "{} takes no value."),
    (r"argument (\S+): invalid int value: (.*)", "{} wants a whole number, not {}."),
    (r"argument (\S+): invalid choice: (.*) \(choose from (.*)\)", "{} cannot be {}: it is one of {}."),
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong as one sentence. Raises: UsageError."""
        raise UsageError(f"{self._said(message)} See: agentorchestr --help")

    def _said(self, message: str) -> str:
        """Put one of argparse's own complaints into plain words."""
        for pattern, words in _SAID:
            if match := re.fullmatch(pattern, message):
                return words.format(*match.groups())
        if message.startswith(_UNKNOWN):
            unknown = message.removeprefix(_UNKNOWN)
            word = unknown.split()[0] if unknown.split() else unknown
            if not word.startswith("-"):
                return f"{unknown!r} is no flag; a goal is given with --goal {shlex.quote(unknown)}."
            near = difflib.get_close_matches(word.partition("=")[0], self._option_string_actions, 1)
            return f"There is no {word}.{f' Did you mean {near[0]}?' if near else ''}"
        return f"{message[0].upper()}{message[1:]}."


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line. Raises: UsageError."""
    parser = _build()
    flags = parser.parse_args(words)
    _check(flags)
    return flags


def _build() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="agentorchestr",
        description="Run a team of terminal coding agents on one goal.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"agentorchestr {__version__}")
    _add_goal(parser)
    _add_team(parser)
    _add_face(parser)
    _add_answers(parser)
    return parser


def _add_goal(parser: argparse.ArgumentParser) -> None:
    goal = parser.add_argument_group("the goal")
    goal.add_argument("--goal", metavar="TEXT", help="what the team is to do")
    goal.add_argument("--goal-file", metavar="PATH", help="the same, from a UTF-8 file")
    goal.add_argument("--interactive", action="store_true", help="type it; with --no-tui several lines, ended by /end")
    goal.add_argument("--resume", metavar="ID", help="go on with a paused or crashed session")
    goal.add_argument(
        "--demo", action="store_true", help="a whole session with rehearsal agents; needs no agent, no key"
    )


def _add_team(parser: argparse.ArgumentParser) -> None:
    team = parser.add_argument_group("the team")
    team.add_argument("--agents", nargs="+", metavar="NAME", help="use these agents only")
    team.add_argument("--lead", metavar="NAME", help="the agent that leads")
    team.add_argument("--max-workers", type=int, metavar="N", help="workers at work at the same time (default 8)")
    team.add_argument("--project", metavar="DIR", help="the project (default: the git repository around this folder)")
    team.add_argument(
        "--permissions",
        choices=("skip", "ask"),
        help="the agents' own permission prompts: skip them (default), or have each come to you",
    )
    team.add_argument(
        "--trust",
        action="store_true",
        help="trust this project's hooks and commands as they are now",
    )


def _add_face(parser: argparse.ArgumentParser) -> None:
    face = parser.add_argument_group("how it is shown")
    face.add_argument("--no-tui", action="store_true", help="print progress lines instead of the full screen")
    face.add_argument(
        "--backend",
        choices=("auto", "pty", "tmux"),
        help="where the agents' terminals live: auto, in this program (pty), or tmux",
    )
    face.add_argument("--theme", metavar="NAME", help="the colours of the full screen")
    face.add_argument("--json", action="store_true", help="output for programs: of --no-tui and of questions")
    face.add_argument("--merge", action="store_true", help="with --no-tui: merge the result into a clean branch")


def _add_answers(parser: argparse.ArgumentParser) -> None:
    answers = parser.add_argument_group("questions, answered without a session")
    answers.add_argument("--detect", action="store_true", help="which agents are installed")
    answers.add_argument("--doctor", action="store_true", help="is everything well, and if not, what to type")
    answers.add_argument("--gc", action="store_true", help="clear away what sessions left behind; work is kept")
    answers.add_argument(
        "--rescue", nargs="?", const="", metavar="REF", help="list the work that was kept, or bring one piece back"
    )
    answers.add_argument(
        "--explain",
        metavar="WID",
        help="why a worker (w01) or lead stood as it did",
    )
    answers.add_argument("--session", metavar="ID", default="", help="the one --explain is about (default: the latest)")
    answers.add_argument("--list-sessions", action="store_true", help="recent sessions, the resumable ones marked")


def _check(flags: argparse.Namespace) -> None:
    given = [name for name in ("goal", "goal_file", "interactive", "resume", "demo") if _is_given(flags, name)]
    if len(given) > 1:
        first, second = (f"--{name.replace('_', '-')}" for name in given[:2])
        raise UsageError(f"{first} and {second} do not go together: each says what is to be done. Leave one out.")
    if flags.max_workers is not None and flags.max_workers < 1:
        raise UsageError("--max-workers must be at least 1.")
    if flags.resume and (flags.agents or flags.lead):
        raise UsageError("--resume goes on with the session's own agents: leave --agents and --lead out.")
    if flags.demo and (flags.agents or flags.lead or flags.project):
        raise UsageError("--demo brings its own agents and project: leave --agents, --lead and --project out.")
    if flags.lead and flags.agents and flags.lead not in flags.agents:
        raise UsageError(f"The lead {flags.lead} must be among the agents: add it to --agents.")


def _is_given(flags: argparse.Namespace, name: str) -> bool:
    value = getattr(flags, name)
    return value is not None and value is not False

"""From flags to a face or an answer; every mistake is one sentence on stderr."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from agentorchestr_tui import curtain, tasks
from agentorchestr_tui.cli.arguments import parse
from agentorchestr_tui.core.errors import OrchestraError, UsageError
from agentorchestr_tui.paths import user_paths

CANNOT_RUN, USAGE, INTERRUPTED = 1, 2, 130
_log = logging.getLogger(__name__)


def run(words: Sequence[str]) -> int:
    """Run the command line; returns the exit code."""
    logging.raiseExceptions = False  # a log that cannot be written is no reason to write over the screen
    logging.basicConfig(handlers=[logging.NullHandler()])
    try:
        return _run(parse(words))
    except UsageError as error:
        return _say(error, USAGE)
    except OrchestraError as error:
        return _say(error, CANNOT_RUN)
    except KeyboardInterrupt:
        return _say(curtain.STOPPED, INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; so do we, without a word
        return CANNOT_RUN
    except Exception as error:  # noqa: BLE001  # the outermost handler: a sentence for the person, the rest for the log
        if isinstance(error.__cause__, KeyboardInterrupt):  # it came while a class was being made
            return _say(curtain.STOPPED, INTERRUPTED)
        _log.critical("unexpected", exc_info=error)
        return _say(_unexpected(error), CANNOT_RUN)


def _run(flags: argparse.Namespace) -> int:
    if flags.detect:
        from agentorchestr_tui.cli.answers import detect

        return tasks.run(detect(json=flags.json))
    if flags.list_sessions:
        from agentorchestr_tui.cli.answers import list_sessions

        return tasks.run(list_sessions(json=flags.json))
    if flags.explain:
        from agentorchestr_tui.cli.explain import explain

        return tasks.run(explain(flags.explain, flags.session, json=flags.json))
    if flags.session:
        raise UsageError("--session goes with --explain.")
    if flags.doctor:
        from agentorchestr_tui.cli.doctor import doctor

        return tasks.run(doctor(json=flags.json))
    if flags.gc:
        from agentorchestr_tui.cli.sweeping import gc

        return tasks.run(gc(json=flags.json))
    if flags.rescue is not None:
        from agentorchestr_tui.cli.sweeping import rescue

        return tasks.run(rescue(Path(flags.project or ".").absolute(), flags.rescue, json=flags.json))
    from agentorchestr_tui.cli.session import run_session

    return run_session(flags)


def _unexpected(error: Exception) -> str:
    """Say what happened without the error's own words: who knows what secret they quote."""
    return (
        f"Something unexpected happened ({type(error).__name__}). Nothing is lost: what can be gone on with is in "
        f"agentorchestr --list-sessions, and what went wrong in {user_paths().log}"
    )


def _say(words: object, code: int) -> int:
    curtain.lift()
    start = "\r\x1b[K" if code == INTERRUPTED and sys.stderr.isatty() else ""  # over the ^C that the terminal showed
    print(f"{start}agentorchestr: {words}", file=sys.stderr)
    return code

"""The launcher: a small process that stands over the full screen, and gives the terminal back when it cannot."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import signal
import sys
import termios
from collections.abc import Callable, Sequence

from agentorchestr_tui import curtain

_QUIET = {
    "--no-tui", "--help", "-h", "--version", "--detect", "--doctor", "--list-sessions", "--init", "--gc", "--rescue",
    "--explain", "--dashboard", "--manual", "--skill-add", "--skill-list", "--skill-verify", "--skill-remove",
}  # fmt: skip
"""Flags under which there is no full screen."""
_ASKED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)
_USABLE = (
    b"\x1b[?2026l"  # no half-drawn update
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # no mouse
    b"\x1b[?1004l\x1b[?2004l\x1b[?2031l\x1b[?2048l"  # no focus, paste, theme or size reports
    b"\x1b[<u\x1b[>4;0m"  # plain keys
    b"\x1b[?7h"  # long lines that wrap
    + (curtain.ALTERNATE + curtain.MAIN).encode()  # first there, since it may be left already: nothing else is wiped
)
_Settings = list[int | list[bytes | int]]
INTERRUPTED = 130
_GO_ON = "Agents that ran still run; go on with them: agentorchestr --list-sessions"
_GONE = 128  # plus a signal's number: how shells tell an end by signal


def stand_over(run: Callable[[], int], words: Sequence[str]) -> int:
    """Run in a child process where a full screen may come, else right here; returns the exit code."""
    _open_what_is_closed()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)  # an exception in the midst of an import may come out as another one
    names = {word.partition("=")[0] for word in words}
    if not (os.isatty(0) and os.isatty(1)) or names & _QUIET:
        return _run(run)
    before = termios.tcgetattr(0)
    heard = {*_ASKED, signal.SIGCHLD}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {*heard, signal.SIGTTOU})
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        curtain.draw()
        gc.disable()  # while what lasts is loaded; the screen enables it once it stands
        return _run(run)
    code = _until_ended(child, heard)
    _give_back(before, whole=code < 0)
    if code < 0:
        left = "The rehearsal is cleared away by: agentorchestr --gc" if "--demo" in names else _GO_ON
        _say(f"The screen was ended by {_name(-code)}. {left}")
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return code if code >= 0 else _GONE - code


def _run(run: Callable[[], int]) -> int:
    """Run to the end, also to one that comes while it is still being loaded; returns the exit code."""
    try:
        code = run()
    except KeyboardInterrupt:
        code = INTERRUPTED
        curtain.lift()
        _say(curtain.STOPPED)
    finally:
        curtain.lift()
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python would try again as it ends, and complain
        if error.errno not in (errno.EIO, errno.EPIPE):  # whoever read it has gone
            _say(f"What was to be said could not be written: {error.strerror}.")
        code = code or 1
    return code


def _stop(*_: object) -> None:
    """End at once: while the program is being loaded nothing is done yet."""
    curtain.lift()
    _say(curtain.STOPPED)
    os._exit(INTERRUPTED)


def _open_what_is_closed() -> None:
    """Open stdin, stdout and stderr if they were closed: whatever is opened next would pass for them."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, so this one
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115


def _until_ended(child: int, heard: set[signal.Signals]) -> int:
    """Hand signals on until the child has ended; returns its exit code, a signal's number negative."""
    while True:
        number, by_someone = _hear(heard)
        if number == signal.SIGCHLD:
            pid, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
            if pid == child and os.WIFSTOPPED(status):
                os.kill(os.getpid(), signal.SIGSTOP)  # the shell sees us stop, and lets us go on
                os.kill(child, signal.SIGCONT)
            elif pid == child:
                return os.waitstatus_to_exitcode(status)
        elif by_someone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)


def _hear(heard: set[signal.Signals]) -> tuple[int, bool]:
    """Wait for a signal; say whether the child did not get it too, as it does what the terminal itself sends."""
    if hasattr(signal, "sigwaitinfo"):
        info = signal.sigwaitinfo(heard)
        return info.si_signo, info.si_code <= 0 or info.si_signo == signal.SIGHUP
    number = signal.sigwait(heard)
    return number, number != signal.SIGINT


def _give_back(before: _Settings, *, whole: bool) -> None:
    """Put the terminal back as it was found, if the child did not."""
    with contextlib.suppress(termios.error, OSError):  # it may be gone
        if whole or termios.tcgetattr(0)[:4] != before[:4]:
            os.write(1, _USABLE)
            termios.tcsetattr(0, termios.TCSAFLUSH, before)


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _say(words: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        start = "\r\x1b[K" if words is curtain.STOPPED and sys.stderr.isatty() else ""  # over the ^C that it shows
        sys.stderr.write(f"{start}agentorchestr: {words}\n")
        sys.stderr.flush()

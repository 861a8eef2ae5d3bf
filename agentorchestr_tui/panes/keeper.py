"""The keeper: a tiny process above each pane's program, so that no descendant of it is ever out of reach."""

from __future__ import annotations

import contextlib
import json
import os
import re
import selectors
import signal
import socket
import sys
import termios
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import ptyprocess

from . import frames
from .program import Program, enter, sentence

if TYPE_CHECKING:
    from psutil import Process

MARKER = "AGENTORCHESTR_PANE"  # in the environment of everything that runs in a pane
GRACE_ALONE = 0.5  # seconds between hang-up, terminate and kill when the host is gone
AGAIN = 0.05  # seconds between two kills of what still stands
GIVE_UP = 10.0  # seconds of killing before the rest is reported as left

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_IUTF8 = 0o40000  # termios flag, the same on Linux and macOS; Python's termios does not name it
_STEPS = (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL)


def become_subreaper() -> bool:
    """Make orphaned descendants children of this process, and say whether this system can (Linux 3.4)."""
    if sys.platform != "linux":
        return False
    import ctypes

    return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def family(marker: str) -> list[Process]:
    """Return what runs below this process, and whatever carries the marker wherever it runs."""
    import psutil

    found = {child.pid: child for child in psutil.Process().children(recursive=True)}
    mine = os.getuid()
    for process in psutil.process_iter():
        try:
            if process.uids().real == mine and process.environ().get(MARKER) == marker:
                found.setdefault(process.pid, process)
        except (psutil.Error, OSError):
            continue
    found.pop(os.getpid(), None)
    return [process for process in found.values() if _runs(process)]


def spared(processes: list[Process], patterns: tuple[str, ...]) -> list[Process]:
    """Return those of them that are not to be ended, with all below them."""
    import psutil

    found: dict[int, Process] = {}
    for process in processes if patterns else ():
        with contextlib.suppress(psutil.Error):
            words = " ".join(process.cmdline())
            if any(re.search(pattern, words) for pattern in patterns):
                found |= {each.pid: each for each in (process, *process.children(recursive=True))}
    return list(found.values())


def _runs(process: Process) -> bool:
    import psutil

    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def send(processes: list[Process], number: signal.Signals) -> None:
    """Signal them all, and wake those that are stopped; whoever is gone already does not matter."""
    import psutil

    for process in processes:
        try:
            process.send_signal(number)
            process.send_signal(signal.SIGCONT)
        except psutil.Error:
            continue


def kill_groups(but: list[Process]) -> None:
    """Kill every process group below this process at one stroke: one that forks and ends for ever dodges all else."""
    import psutil

    groups, others = set(), {os.getpgid(0)}
    for process in but:
        with contextlib.suppress(OSError):
            others.add(os.getpgid(process.pid))
    for child in psutil.Process().children(recursive=True):  # zombies, too: they tell the group of a fast one
        with contextlib.suppress(OSError):
            groups.add(os.getpgid(child.pid))
    for group in groups - others:
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)


def keep(link: socket.socket, program: Program, marker: str) -> NoReturn:
    """Be the keeper of one pane, from right after the fork until nothing of it is left; then exit."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)  # whatever ends the host reaches us over the link
    os.dup2(link.fileno(), 3)
    link.detach()
    os.closerange(4, _most_files())
    keeper = Keeper(socket.socket(fileno=3), program, marker)
    keeper.run()
    os._exit(0)  # only now does the link close


def _most_files() -> int:
    import resource

    return min(1_048_576, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


class Keeper:
    """The life of one program: start it, reap all it leaves, report its exit, end its tree."""

    def __init__(self, link: socket.socket, program: Program, marker: str) -> None:
        self._link = link
        self._program = program
        self._marker = marker
        self._subreaper = become_subreaper()
        self._child = 0
        self._terminal = -1
        self._heard = b""
        self._steps: Iterator[signal.Signals] | None = None
        self._grace = 0.0
        self._next = 0.0
        self._killing_since = 0.0
        self._bells, self._bell = os.pipe()

    def run(self) -> None:
        """Return when nothing is left to keep."""
        self._listen_for_children()
        if not self._start():
            return
        with selectors.DefaultSelector() as selector:
            selector.register(self._bells, selectors.EVENT_READ)
            selector.register(self._link, selectors.EVENT_READ)
            while not self._over():
                for key, _ in selector.select(self._patience()):
                    if key.fileobj is self._link:
                        self._hear(selector)
                    else:
                        os.read(self._bells, 4096)

    def _listen_for_children(self) -> None:
        os.set_blocking(self._bell, False)
        os.set_blocking(self._bells, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)

    def _start(self) -> bool:
        me = os.getpid()
        try:
            master = self._spawn()
        except OSError as error:
            if os.getpid() != me:  # in the child, between fork and exec
                os._exit(127)
            self._tell(error=sentence(error, self._program))
            return False
        self._terminal = _open_terminal_of(master)
        message = json.dumps({"pid": self._child}).encode() + b"\n"
        try:
            socket.send_fds(self._link, [message], [master])
        except OSError:
            self._begin_to_end(GRACE_ALONE)
        os.close(master)
        return True

    def _spawn(self) -> int:
        program = self._program
        enter(program)
        process = ptyprocess.PtyProcess.spawn(
            program.argv,
            env=program.env | {MARKER: self._marker},
            dimensions=(program.lines, program.columns),
            preexec_fn=_clean_slate,
        )
        self._child = process.pid
        master = os.dup(process.fd)
        os.set_inheritable(master, False)
        process.fileobj.close()
        process.closed = True
        return master

    def _patience(self) -> float | None:
        return None if self._steps is None else max(0.0, self._next - time.monotonic())

    def _over(self) -> bool:
        alone = self._reap()
        if self._steps is None:
            return alone and self._subreaper
        if time.monotonic() < self._next and not alone:
            return False
        return self._step(alone)

    def _reap(self) -> bool:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if pid == 0:
                return False
            if pid == self._child:
                self._report_exit(os.waitstatus_to_exitcode(status))

    def _report_exit(self, code: int) -> None:
        self._child = 0
        if self._terminal >= 0:
            os.close(self._terminal)  # from here on the host reads to a true end
            self._terminal = -1
        self._tell(exit=code)

    def _hear(self, selector: selectors.BaseSelector) -> None:
        try:
            heard = self._link.recv(4096)
        except OSError:
            heard = b""
        if not heard:
            selector.unregister(self._link)
            self._begin_to_end(GRACE_ALONE)
        self._heard += heard
        while b"\n" in self._heard:
            line, self._heard = self._heard.split(b"\n", 1)
            self._begin_to_end(frames.Words(line).seconds("end"))

    def _begin_to_end(self, grace: float) -> None:
        """Begin to end the tree; of all who ask, whoever has the least patience counts."""
        if self._steps is None:
            self._steps = iter(_STEPS)
            self._grace, self._next = grace, 0.0
        self._grace = min(self._grace, grace)
        self._next = min(self._next, time.monotonic() + grace)

    def _step(self, alone: bool) -> bool:
        """Take the next step of ending; return whether all is over."""
        found = family(self._marker)
        stays = spared(found, self._program.spare)
        left = [process for process in found if process not in stays]
        if not left and (alone or stays):
            return True
        number = next(self._steps, signal.SIGKILL) if self._steps is not None else signal.SIGKILL
        send(left, number)
        now = time.monotonic()
        if number != signal.SIGKILL:
            self._next = now + self._grace
            return False
        kill_groups(stays)
        self._killing_since = self._killing_since or now
        self._next = now + AGAIN
        if now - self._killing_since < GIVE_UP:
            return False
        self._tell(left=[process.pid for process in left])
        return True

    def _tell(self, **message: object) -> None:
        try:
            self._link.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            return  # the host is gone; the end of the link says so, too


def _clean_slate() -> None:
    for number in signal.valid_signals():
        if signal.getsignal(number) not in (signal.SIG_DFL, None):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    modes = termios.tcgetattr(0)
    modes[0] |= _IUTF8
    termios.tcsetattr(0, termios.TCSANOW, modes)


def _open_terminal_of(master: int) -> int:
    """Hold the terminal's inner end open, so that the outer end meets no false end while the program lives."""
    import ctypes

    ptsname = ctypes.CDLL(None).ptsname
    ptsname.restype = ctypes.c_char_p
    name: bytes | None = ptsname(master)
    try:
        return os.open(name, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC) if name else -1
    except OSError:
        return -1  # the program ended already

"""The pane host: `python -m agentorchestr_tui.panes.host SOCKET RECORDINGS [IDLE]`; it owns every PTY of a session."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import selectors
import signal
import socket
import stat
import struct
import sys
import termios
import time
from collections.abc import Callable

from . import frames
from .background import leave_for_the_background
from .held import LINGER
from .keeper import become_subreaper
from .listening import Unable, listen
from .program import Program, no_room, size_fault
from .reception import Caller, Reception
from .recording import Recording
from .tended import Order, TendedPane

HOST_IDLE = 60.0  # seconds without client and live pane after which the host ends
LOOK_AFTER = 5.0  # seconds between two looks whether anybody can still come back
ENDED_KEPT = 64  # panes whose program has ended that a later client can still look at
QUIT_GRACE = 1.0  # seconds between hang-up, terminate and kill when the host itself is told to end
RECORDINGS_OF_A_NAME = 10_000  # tries to find a free file name

_END_SIGNALS = {signal.SIGTERM, signal.SIGINT}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Host:
    """The loop: one client, many panes, no blocking call."""

    def __init__(self, listener: socket.socket, path: str, recordings: str, idle: float) -> None:
        self._path, self._recordings, self._idle = path, recordings, idle
        self._selector = selectors.DefaultSelector()
        self._reception = Reception(listener, self._selector, self)
        self._panes: dict[int, TendedPane] = {}
        self._stirred: dict[int, TendedPane] = {}
        self._draining: set[TendedPane] = set()
        self._numbers = 0
        self._quitting = False
        self._idle_since = time.monotonic()
        self._orphans_until = 0.0

    def run(self) -> None:
        """Serve until told to end, or until nobody needs this host any more."""
        import psutil  # noqa: F401 - once and here, so that every keeper has it from its birth

        self._watch_signals()
        while not self._over():
            for key, events in self._selector.select(self._patience()):
                act: Callable[[int], None] = key.data
                act(events)
            self._finish_drains()
            self._tell()

    # --- life and death

    def _watch_signals(self) -> None:
        bells, bell = os.pipe()
        os.set_blocking(bells, False)
        os.set_blocking(bell, False)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for number in (signal.SIGCHLD, *_END_SIGNALS):
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(bell, warn_on_full_buffer=False)

        def woken(_: int) -> None:
            if _END_SIGNALS.intersection(os.read(bells, 4096)):
                self._quit()
            self._collect_orphans()

        self._selector.register(bells, selectors.EVENT_READ, woken)

    def _collect_orphans(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if time.monotonic() < self._orphans_until:
            self._kill_orphans()

    def _kill_orphans(self) -> None:
        """End what a killed keeper left behind: it hangs below the host now, beside the keepers."""
        import psutil

        keepers = {pane.keeper for pane in self._panes.values() if pane.link is not None}
        with contextlib.suppress(psutil.Error):
            for child in psutil.Process().children():
                if child.pid not in keepers:
                    for process in [child, *child.children(recursive=True)]:
                        with contextlib.suppress(psutil.Error):
                            process.kill()

    def _over(self) -> bool:
        now = time.monotonic()
        if self._reception.client is not None:
            self._idle_since = now
        elif self._deserted(now):
            self._quit()
        return self._quitting and all(pane.link is None for pane in self._panes.values())

    def _deserted(self, now: float) -> bool:
        if any(pane.live for pane in self._panes.values()):
            self._idle_since = now
        return now - self._idle_since >= self._idle or not self._reachable()

    def _reachable(self) -> bool:
        try:
            return stat.S_ISSOCK(os.stat(self._path).st_mode)
        except OSError:
            return False

    def _patience(self) -> float | None:
        now = time.monotonic()
        waits = [pane.drain_until - now for pane in self._draining]
        if self._reception.client is None and not self._quitting:
            waits += [LOOK_AFTER, self._idle_since + self._idle - now]
        return max(0.0, min(waits)) if waits else None

    def _quit(self) -> None:
        if not self._quitting:
            self._quitting = True
            for pane in self._panes.values():
                pane.tell_to_end(QUIT_GRACE)

    # --- what the reception says

    def hear(self, caller: Caller, kind: int, number: int, body: bytes) -> None:
        """Take one frame of a caller. Raises: ValueError, struct.error when it is none of ours."""
        if kind == frames.ORDER:
            self._obey(caller, frames.Words(body))
        elif caller is self._reception.client and (pane := self._panes.get(number)) is not None:
            self._stir(pane)
            if kind == frames.INPUT:
                pane.give(body)
            elif kind == frames.SEEN:
                pane.note_seen(frames.COUNT.unpack(body)[0])

    def left(self) -> None:
        """Take that nobody listens any more: programs run free."""
        for pane in self._panes.values():
            pane.detach()
            self._stir(pane)

    def _obey(self, caller: Caller, order: frames.Words) -> None:
        whose, verb = Order(caller, order.number("id")), order.text("do")
        if verb == "hello":
            self._reception.greet(caller)
        elif caller is not self._reception.client:
            raise ValueError("an order before the greeting")
        try:
            answer = self._do(verb, order, whose)
        except Unable as refusal:
            answer = {"error": str(refusal)}
        if answer is not None:
            self._answer(whose, answer)

    def _answer(self, whose: Order, answer: dict[str, object]) -> None:
        if whose.caller is self._reception.client:
            whose.caller.say(frames.letter(frames.ANSWER, {"id": whose.ident, **answer}))

    def _do(self, verb: str, order: frames.Words, whose: Order) -> dict[str, object] | None:
        """Do what an order says; None is an answer that comes later, or never."""
        if verb == "hello":
            cards = [pane.card for pane in self._panes.values() if pane.pid]
            return {"protocol": frames.PROTOCOL, "pid": os.getpid(), "panes": cards}
        if verb == "open":
            self._open(order, whose)
            return None
        if verb == "quit":
            self._quit()
            return None
        pane = self._panes.get(order.number("pane"))
        if pane is None and verb == "end":
            return {"left": ()}  # only that of which nothing is left is forgotten
        if pane is None:
            raise Unable("This pane is forgotten by its host; open a new one.")
        self._stir(pane)
        if verb == "attach":
            return pane.attach(order.number("offset"))
        if verb == "resize":
            return self._resize(pane, order.number("columns"), order.number("lines"))
        if verb == "reader":
            return {"group": pane.reader}
        if verb == "mark":
            return pane.mark(order.text("label"))
        if verb == "end":
            return self._end(pane, order.seconds("grace"), whose)
        raise ValueError(f"an unknown order {verb!r}")

    # --- orders

    def _open(self, order: frames.Words, whose: Order) -> None:
        name = order.text("name")
        env = dict(zip(order.texts("names"), order.texts("values"), strict=True))
        size = order.number("columns"), order.number("lines")
        program = Program(order.texts("argv"), order.text("cwd"), env, *size, spare=order.texts("spare"))
        if (fault := self._name_fault(name) or program.fault()) is not None:
            raise Unable(fault)
        self._numbers += 1
        pane = TendedPane(self._numbers, name, program, self._record(name, program))
        pane.opened_by = whose
        try:
            link = pane.fork_keeper(program, self._panes.values())
        except OSError as error:
            pane.discard()
            raise Unable(no_room(error)) from error
        self._forget_old(name)
        self._panes[pane.number] = pane
        self._selector.register(link, selectors.EVENT_READ, lambda _: self._hear_keeper(pane, link))

    def _name_fault(self, name: str) -> str | None:
        if self._quitting:
            return "The agents' terminals are about to end; try again."
        if not _NAME.fullmatch(name):
            return f"{name!r} cannot name a pane; use letters, digits, dots and dashes, 64 at most."
        if any(pane.name == name and pane.stands for pane in self._panes.values()):
            return f"A pane named {name} lives already; end it first or choose another name."
        return None

    def _record(self, name: str, program: Program) -> Recording | None:
        for count in range(1, RECORDINGS_OF_A_NAME):
            path = os.path.join(self._recordings, f"{name}.cast" if count == 1 else f"{name}-{count}.cast")
            try:
                return Recording(path, name, program.columns, program.lines)
            except FileExistsError:
                continue
            except OSError:
                return None  # a full disk or a lost folder stops the recording, not the agent
        return None

    def _forget_old(self, name: str) -> None:
        ended = [pane for pane in self._panes.values() if pane.drained and pane.link is None]
        for pane in ended:
            if pane.name == name or pane in ended[:-ENDED_KEPT]:
                del self._panes[pane.number]

    def _resize(self, pane: TendedPane, columns: int, lines: int) -> dict[str, object]:
        if (fault := size_fault(columns, lines)) is not None:
            raise Unable(fault)
        if pane.master >= 0:
            with contextlib.suppress(OSError):  # it hung up just now
                fcntl.ioctl(pane.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        pane.resize(columns, lines)
        return {}

    def _end(self, pane: TendedPane, grace: float, whose: Order) -> dict[str, object] | None:
        if pane.link is None:
            return {"left": pane.left}
        pane.ended_by.append(whose)
        pane.tell_to_end(grace)
        return None

    # --- keepers

    def _hear_keeper(self, pane: TendedPane, link: socket.socket) -> None:
        self._stir(pane)
        for message in pane.messages():
            if "pid" in message:
                self._opened(pane, message.number("pid"))
            elif "error" in message:
                self._not_opened(pane, message.text("error"))
            elif "exit" in message:
                self._exited(pane, message.number("exit"))
            elif "left" in message:
                pane.left = message.numbers("left")
        if pane.link is None:
            self._selector.unregister(link)
            self._keeper_left(pane)

    def _opened(self, pane: TendedPane, pid: int) -> None:
        if pane.master < 0:
            self._not_opened(pane, no_room(OSError(errno.EMFILE, "")))
            return
        pane.pid = pid
        whose, pane.opened_by = pane.opened_by, None
        if whose is not None and whose.caller is self._reception.client:
            self._answer(whose, {**pane.card, **pane.attach(0)})

    def _not_opened(self, pane: TendedPane, sentence: str) -> None:
        if pane.opened_by is not None:
            self._answer(pane.opened_by, {"error": sentence})
            pane.opened_by = None
        pane.tell_to_end(QUIT_GRACE)
        pane.code = 0
        pane.discard()

    def _exited(self, pane: TendedPane, code: int) -> None:
        if pane.live:
            pane.code = code
            pane.drain_until = time.monotonic() + LINGER
            self._draining.add(pane)

    def _keeper_left(self, pane: TendedPane) -> None:
        if not pane.pid:
            if pane.live:
                self._not_opened(pane, "The program could not be started: its keeper was killed; try again.")
            del self._panes[pane.number]
            return
        if pane.live:  # somebody killed the keeper: what it kept hangs below the host now
            self._orphans_until = time.monotonic() + LOOK_AFTER
            self._exited(pane, -signal.SIGKILL)
            self._kill_orphans()
        for whose in pane.ended_by:
            self._answer(whose, {"left": pane.left})
        pane.ended_by.clear()

    # --- terminals

    def _stir(self, pane: TendedPane) -> None:
        self._stirred[pane.number] = pane

    def _serve(self, pane: TendedPane, events: int) -> None:
        if pane.master < 0:
            return
        self._stir(pane)
        if events & selectors.EVENT_WRITE:
            pane.pour()
        if events & selectors.EVENT_READ and pane.wants_output and not pane.hear() and not pane.live:
            self._close(pane)

    def _finish_drains(self) -> None:
        if self._draining:
            now = time.monotonic()
            for pane in [pane for pane in self._draining if pane.master < 0 or now >= pane.drain_until]:
                self._close(pane)

    def _close(self, pane: TendedPane) -> None:
        self._draining.discard(pane)
        self._watch(pane, 0)
        pane.close()
        self._stir(pane)

    def _watch(self, pane: TendedPane, mask: int) -> None:
        if mask == pane.watched:
            return
        if not pane.watched:
            self._selector.register(pane.master, mask, lambda events: self._serve(pane, events))
        elif mask:
            self._selector.modify(pane.master, mask, self._selector.get_key(pane.master).data)
        else:
            self._selector.unregister(pane.master)
        pane.watched = mask

    def _tell(self) -> None:
        """Bring the client up to date, and watch each terminal for what is wanted of it now."""
        stirred, self._stirred = self._stirred, {}
        for pane in stirred.values():
            for frame in pane.frames():
                if self._reception.client is not None:
                    self._reception.client.say(frame)
            reads = selectors.EVENT_READ if pane.wants_output else 0
            self._watch(pane, reads | (selectors.EVENT_WRITE if pane.wants_input else 0))
        self._reception.flush()


# --- the process


def main(arguments: list[str] | None = None) -> int:
    """Bind the socket, leave for the background, serve; the caller sees exit 0 once connections are taken."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) not in (2, 3):
        sys.stderr.write("Name a socket and a folder for recordings: SOCKET RECORDINGS [IDLE-SECONDS].\n")
        return 2
    path, recordings = os.path.abspath(arguments[0]), os.path.abspath(arguments[1])
    idle = float(arguments[2]) if len(arguments) == 3 else HOST_IDLE
    try:
        os.makedirs(recordings, mode=0o700, exist_ok=True)
        listener = listen(path)
    except Unable as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except OSError as error:
        sys.stderr.write(
            f"The agents' terminals cannot use {error.filename} ({error.strerror}); name another folder.\n"
        )
        return 1
    if os.fork():
        return 0
    leave_for_the_background(recordings)
    become_subreaper()
    Host(listener, path, recordings, idle).run()
    with contextlib.suppress(OSError):
        os.unlink(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

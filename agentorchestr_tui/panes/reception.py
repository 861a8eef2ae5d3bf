"""Who calls at a pane host's socket, and which caller is its client; imports next to nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import socket
import struct
from typing import Protocol

from . import frames

GULP = 256 * 1024  # bytes read from a caller at a time


class Caller:
    """One connection to the host; what is not sent yet waits here."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.splitter = frames.Splitter()
        self._waiting: list[bytes] = []

    @property
    def waits(self) -> bool:
        """Whether something could not be sent yet."""
        return bool(self._waiting)

    def say(self, frame: bytes) -> None:
        """Queue a frame."""
        self._waiting.append(frame)

    def flush(self) -> None:
        """Send what the socket takes. Raises: OSError when the other end is gone."""
        while self._waiting:
            block = b"".join(self._waiting)
            self._waiting = [block]
            try:
                done = self.connection.send(block)
            except BlockingIOError:
                return
            self._waiting = [block[done:]] if done < len(block) else []


class House(Protocol):
    """Whom the reception works for."""

    def hear(self, caller: Caller, kind: int, number: int, body: bytes) -> None:
        """Take one frame. Raises: ValueError, struct.error when it is none of ours."""

    def left(self) -> None:
        """Take that the client is gone."""


class Reception:
    """Takes calls of the same user, hands their frames in, and knows the one client; the latest greeting wins."""

    def __init__(self, listener: socket.socket, selector: selectors.BaseSelector, house: House) -> None:
        self.client: Caller | None = None
        self._listener, self._selector, self._house = listener, selector, house
        self._callers: set[Caller] = set()
        self._spare = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        selector.register(listener, selectors.EVENT_READ, self._accept)

    def greet(self, caller: Caller) -> None:
        """Make this caller the client, and tell the one before it."""
        before, self.client = self.client, caller
        if before is not None and before is not caller:
            before.say(frames.letter(frames.ANSWER, {"id": 0, "error": "Another window took over these terminals."}))
            with contextlib.suppress(OSError):
                before.flush()
            self._hang_up(before)
            self._house.left()

    def flush(self) -> None:
        """Send what the client can take now."""
        client = self.client
        if client is None:
            return
        try:
            client.flush()
        except OSError:
            self._lose(client)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.waits else 0)
        key = self._selector.get_key(client.connection)
        if key.events != wanted:
            self._selector.modify(client.connection, wanted, key.data)

    def _accept(self, _: int) -> None:
        try:
            connection, _address = self._listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._turn_away()
            return
        if frames.peer_uid(connection) != os.getuid():
            connection.close()
            return
        connection.setblocking(False)
        caller = Caller(connection)
        self._callers.add(caller)
        self._selector.register(connection, selectors.EVENT_READ, lambda events: self._attend(caller, events))

    def _turn_away(self) -> None:
        """Without a free descriptor, take the call with the spare one and hang up: else the loop would spin."""
        os.close(self._spare)
        with contextlib.suppress(OSError):
            self._listener.accept()[0].close()
        with contextlib.suppress(OSError):
            self._spare = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def _attend(self, caller: Caller, events: int) -> None:
        if caller not in self._callers or not events & selectors.EVENT_READ:
            return
        try:
            received = caller.connection.recv(GULP)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if not received:
            self._lose(caller)
            return
        try:
            for kind, number, body in caller.splitter.feed(received):
                self._house.hear(caller, kind, number, body)
        except (ValueError, struct.error):  # not our client, or not of our version
            self._lose(caller)

    def _lose(self, caller: Caller) -> None:
        self._hang_up(caller)
        if caller is self.client:
            self.client = None
            self._house.left()

    def _hang_up(self, caller: Caller) -> None:
        if caller in self._callers:
            self._callers.discard(caller)
            self._selector.unregister(caller.connection)
            caller.connection.close()

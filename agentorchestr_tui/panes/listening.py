"""The socket of a pane host: for its owner alone, in a folder of its owner alone; imports next to nothing."""

from __future__ import annotations

import contextlib
import os
import socket
import stat

from . import frames

KNOCK = 2.0  # seconds that a host at a socket found in place may take to answer


class Unable(Exception):
    """The host cannot do this; the message is one sentence."""


def listen(path: str) -> socket.socket:
    """Return a listening socket at a path; a dead host's socket makes way. Raises: Unable, OSError."""
    length = len(os.fsencode(path))
    if length > frames.LONGEST_PATH:
        most = frames.LONGEST_PATH
        raise Unable(f"The socket path {path} is {length} bytes long and this system takes {most}; use a shorter one.")
    _look_at_folder(os.path.dirname(path))
    _clear_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(path)
    except OSError as error:
        listener.close()
        raise OSError(error.errno, os.strerror(error.errno or 0), path) from error
    finally:
        os.umask(before)
    listener.listen(16)
    listener.setblocking(False)
    return listener


def is_served(path: str | os.PathLike[str]) -> bool:
    """Say whether somebody listens at a socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        knock.settimeout(KNOCK)
        try:
            knock.connect(os.fspath(path))
        except OSError:
            return False
    return True


def _look_at_folder(folder: str) -> None:
    os.makedirs(folder, mode=0o700, exist_ok=True)
    found = os.stat(folder)
    if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise Unable(f"The folder {folder} is open to other users; name one that is yours alone (chmod 700).")


def _clear_stale(path: str) -> None:
    if not os.path.lexists(path):
        return
    if not stat.S_ISSOCK(os.lstat(path).st_mode):
        raise Unable(f"{path} is there already and is no socket; move it away or name another.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        knock.settimeout(KNOCK)
        with contextlib.suppress(ConnectionRefusedError, FileNotFoundError):
            knock.connect(path)
            raise Unable(f"Another process serves {path} already; end that one first.")
    os.unlink(path)

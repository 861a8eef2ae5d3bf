"""One git process run to its end in a thread: asyncio's own can hang for ever when cancelled as it starts (3.11)."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

TIME_LIMIT = 300.0  # seconds for one git call; a checkout through a slow filter may need minutes
GRACE = 2.0  # seconds between asking git to stop (it removes its lock files) and killing it
GLANCE = 0.2  # seconds between looks at the clock while git says nothing
ERROR_LIMIT = 64 * 1024  # bytes kept of what git complained
CHUNK = 64 * 1024  # bytes


class Call:
    """A git process to be run once; `run` blocks, `stop` may be called from elsewhere meanwhile."""

    def __init__(self, argv: Sequence[str], folder: Path, env: Mapping[str, str], stdin: bytes, at_most: int) -> None:
        self._argv, self._folder, self._env, self._stdin = argv, folder, env, stdin
        self._limits = {"out": at_most, "complaint": ERROR_LIMIT}
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(self) -> tuple[int, bytes, bytes]:
        """Return git's exit code, output and complaint. Raises: TimeoutError, OSError when it cannot start."""
        with tempfile.TemporaryFile() as given:
            given.write(self._stdin)
            given.seek(0)
            with self._lock:
                if self._stopped:
                    raise TimeoutError
                # A session of its own: Ctrl-C in the user's terminal must not stop git halfway, nor git prompt there.
                process = self._process = subprocess.Popen(
                    self._argv, cwd=self._folder, env=dict(self._env), stdin=given,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                )  # fmt: skip
        try:
            with process:
                kept = self._listen(process)
                return process.returncode, bytes(kept["out"]), bytes(kept["complaint"])
        finally:
            with self._lock:
                self._process = None  # its number may soon be another's

    def stop(self) -> None:
        """Ask git and all it started to stop; what does not is killed a moment later by the thread that listens."""
        with self._lock:
            self._stopped = True
            self._signal(signal.SIGTERM)

    def _listen(self, process: subprocess.Popen[bytes]) -> dict[str, bytearray]:
        """Read both pipes to their ends and keep the first bytes: a reader that stopped early would block git."""
        kept = {name: bytearray() for name in self._limits}
        until = time.monotonic() + TIME_LIMIT
        with selectors.DefaultSelector() as selector:
            for name, pipe in (("out", process.stdout), ("complaint", process.stderr)):
                if pipe is not None:
                    selector.register(pipe, selectors.EVENT_READ, name)
            while selector.get_map():
                for key, _ in selector.select(GLANCE):
                    chunk = os.read(key.fd, CHUNK)
                    if not chunk:
                        selector.unregister(key.fileobj)
                    into = kept[key.data]
                    into += chunk[: self._limits[key.data] - len(into)]
                until = self._watch_clock(process, until)
        with suppress(subprocess.TimeoutExpired):
            process.wait(until - time.monotonic())
        if process.returncode is None:
            self._end(process)
        return kept

    def _watch_clock(self, process: subprocess.Popen[bytes], until: float) -> float:
        """Return the moment to wait for; a stopped git has only a little. Raises: TimeoutError past it, git ended."""
        now = time.monotonic()
        if self._stopped:
            until = min(until, now + GRACE)
        if now >= until:
            self._end(process)
        return until

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """End git and what it started. Raises: TimeoutError always."""
        with self._lock:
            self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        with self._lock:
            self._signal(signal.SIGKILL)
        process.wait()
        raise TimeoutError

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):  # it has ended; macOS says so by EPERM
                os.killpg(self._process.pid, number)

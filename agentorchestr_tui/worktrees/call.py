"""One git process, run to its end in a thread: asyncio's own may hang for ever when cancelled while it starts (3.11)."""

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
        """Run git and return its exit code, output and complaint. Raises: TimeoutError, OSError when it cannot start."""
        with tempfile.TemporaryFile() as given:
            given.write(self._stdin)
            given.seek(0)
            with self._lock:
                if self._stopped:
                    raise TimeoutError
                # A session of its own: Ctrl-C in the user's terminal must not stop git halfway, nor can it prompt there.
                process = self._process = subprocess.Popen(
                    self._argv, cwd=self._folder, env=dict(self._env), stdin=given,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                )  # fmt: skip
        with process:
            kept = self._listen(process)
            return process.wait(), bytes(kept["out"]), bytes(kept["complaint"])

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
                until = self._watch_clock(until)
        return kept

    def _watch_clock(self, until: float) -> float:
        """Stop git at its time limit, and kill it when it does not stop. Raises: TimeoutError after that."""
        now = time.monotonic()
        if self._stopped:
            until = min(until, now + GRACE)
        if now < until:
            return until
        with self._lock:
            self._signal(signal.SIGTERM)
        self._let_end()
        raise TimeoutError

    def _let_end(self) -> None:
        process = self._process
        if process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        with self._lock:
            self._signal(signal.SIGKILL)
        process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):  # it has ended; macOS says so by EPERM
                os.killpg(self._process.pid, number)

"""A person at tmux: the installed command in a real terminal multiplexer, keys to press, a screen to read."""

from __future__ import annotations

import os
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import psutil

LIMIT = 60.0  # seconds that any wait may last
COMMAND = Path(sys.executable).parent / "agentorchestr"


class Glass:
    """One tmux server of our own with one window; ended by its process, never by name."""

    def __init__(self, folder: Path, env: Mapping[str, str], size: tuple[int, int]) -> None:
        self._socket = folder / f"tmux-{secrets.token_hex(3)}"
        self._env = {**env, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        columns, lines = size
        self._tmux("-f", "/dev/null", "new-session", "-d", "-s", "it", "-x", str(columns), "-y", str(lines), "sh")
        self._tmux("set-option", "-g", "status", "off")
        self._tmux("set-option", "-g", "escape-time", "0")
        self._tmux("set-option", "-g", "remain-on-exit", "on")

    def run(
        self,
        *words: str,
        cwd: Path,
        env: Mapping[str, str] = MappingProxyType({}),
        above: str = "",
        command: Path = COMMAND,
    ) -> None:
        """Start the command in the window, in the place of what was there, under the words `above`.

        `env` is added to the environment.
        """
        line = shlex.join(("env", *(f"{name}={value}" for name, value in env.items()), str(command), *words))
        before = f"printf '%s\\n' {shlex.quote(above)}; " if above else ""
        told = f"trap : INT; {before}{line}; code=$?; echo; echo ended with $code; exec sleep 600"
        self._tmux("respawn-pane", "-k", "-c", str(cwd), "-t", "it", shlex.join(("sh", "-c", told)))

    def processes(self) -> tuple[psutil.Process, psutil.Process]:
        """Return the launcher of the command that runs, and the process that draws."""
        pane = psutil.Process(int(self._tmux("display-message", "-p", "-t", "it", "#{pane_pid}")))
        (launcher,) = pane.children()
        (screen,) = launcher.children()
        return launcher, screen

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: `C-b`, `M-1`, `Enter`."""
        for key in keys:
            self._tmux("send-keys", "-t", "it", key)

    def write(self, text: str) -> None:
        """Type text letter by letter."""
        self._tmux("send-keys", "-t", "it", "-l", "--", text)

    def click(self, words: str, *, times: int = 1, past: int = 0) -> None:
        """Click on the first place where the words stand still, or so many cells past their begin."""
        column, line = self.place_of(words)
        for _ in range(times):
            self._mouse("0", column + past, line, "Mm")

    def wheel(self, words: str, *, up: bool = False) -> None:
        """Turn the wheel over the first place where the words stand still."""
        self._mouse("64" if up else "65", *self.place_of(words), "M")

    def drag(self, words: str, *, right: int = 0, down: int = 0) -> None:
        """Press on the first place where the words stand still, and let go elsewhere."""
        column, line = self.place_of(words)
        self._mouse("0", column, line, "M")
        self._mouse("32", column + right, line + down, "M")
        self._mouse("0", column + right, line + down, "m")

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size."""
        self._tmux("resize-window", "-t", "it", "-x", str(columns), "-y", str(lines))

    def line_of(self, words: str) -> int:
        """Return the line, from 1, of the first place of some words that are on the screen; 0 if they are not."""
        return _place(words, self.text)[1]

    def _mouse(self, button: str, column: int, line: int, ends: str) -> None:
        """Send what a terminal reports of the mouse: bytes of SGR (xterm's ctlseqs), places from 1."""
        for end in ends:
            self._tmux("send-keys", "-t", "it", "-l", f"\x1b[<{button};{column};{line}{end}")

    def place_of(self, words: str) -> tuple[int, int]:
        """Return column and line, from 1, once two looks in a row find the words in the same place."""
        found = [_place(words, self.until_shown(words))]

        def still(text: str) -> bool:
            found.append(_place(words, text))
            return found[-1] != (0, 0) and found[-1] == found[-2]

        self._until(still, f"{words} in one place")
        return found[-1]

    @property
    def text(self) -> str:
        """The screen."""
        return self._tmux("capture-pane", "-p", "-t", "it")

    @property
    def whole(self) -> str:
        """The screen, and what has scrolled off it."""
        return self._tmux("capture-pane", "-p", "-S", "-", "-t", "it")

    @property
    def styled(self) -> str:
        """The screen, with the sequences that give it its colours."""
        return self._tmux("capture-pane", "-p", "-e", "-t", "it")

    def until_shown(self, *words: str) -> str:
        """Wait until all words stand on the screen; returns it."""
        return self._until(lambda text: all(word in text for word in words), f"{words}")

    def until_gone(self, *words: str) -> str:
        """Wait until none of the words stands there."""
        return self._until(lambda text: not any(word in text for word in words), f"{words} gone")

    def until(self, fact: Callable[[], object], what: str) -> str:
        """Wait for a fact about what is shown."""
        return self._until(lambda _: fact(), what)

    def end(self) -> None:
        """End the server and all that runs in it."""
        subprocess.run(["tmux", "-S", str(self._socket), "kill-server"], check=False, capture_output=True)

    def _until(self, fact, what) -> str:
        end = time.monotonic() + LIMIT
        while not fact(text := self.text):
            if time.monotonic() > end:
                raise AssertionError(f"never came: {what}\n{text}")
            time.sleep(0.05)
        return text

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(self._socket), *words], env=self._env, capture_output=True, text=True, check=True
        )
        return done.stdout


def surroundings(place) -> dict[str, str]:
    """Return the environment of a user of a test's place."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(place.home),
        "XDG_DATA_HOME": str(place.home / "data"),
        "XDG_CONFIG_HOME": str(place.home / "config"),
        "XDG_CACHE_HOME": str(place.home / "cache"),
        "XDG_RUNTIME_DIR": str(place.runtime),
        "TMPDIR": str(place.runtime),
    }


def _place(words: str, text: str) -> tuple[int, int]:
    """Return column and line, from 1, of the first place of some words, or (0, 0)."""
    places = ((row.index(words) + 1, line) for line, row in enumerate(text.splitlines(), 1) if words in row)
    return next(places, (0, 0))

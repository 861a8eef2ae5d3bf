"""`python readers.py KIND LOG SEED PROMPT`: an agent that only reads, by the paste rules of one CLI, and logs it.

Each line of the log is a JSON string: one message as it was submitted, or `{"answered": key}` for a prompt. Type
`\x07` at it and it asks for permission, where Enter means yes; `\x1a`, and it opens a shell, and says that it rests.
"""

from __future__ import annotations

import json
import os
import random
import select
import subprocess
import sys
import termios
import time
import tty
from dataclasses import dataclass
from pathlib import Path

FRAME = 0.1  # seconds between two pictures of the spinner
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_START, _END = b"\x1b[200~", b"\x1b[201~"


@dataclass(frozen=True)
class Kind:
    """How one CLI reads: where its status shows, and what it does with pastes and Enter."""

    tells: str  # osc, title or screen
    deaf: float = 0.0  # seconds after a paste in which Enter is swallowed
    drops: float = 0.0  # the share of Enters that are swallowed for no reason
    wary: float = 0.0  # seconds after a prompt is drawn in which it takes no keys
    collapses: int = 0  # characters from which a paste shows as a stand-in; 0: never
    alternate: bool = False
    framed: bool = False


KINDS = {
    "codex": Kind("osc", collapses=1000),
    "claude": Kind("osc", collapses=800),
    "gemini": Kind("title", deaf=0.04, framed=True),
    "opencode": Kind("screen", alternate=True, framed=True),
    "qwen": Kind("title", framed=True),
    "copilot": Kind("screen", collapses=2000, framed=True),
    "pi": Kind("screen"),
    "vibe": Kind("osc", framed=True),
    "drowsy": Kind("osc", drops=0.05),
    "cautious": Kind("osc", wary=0.8),
}


class Reader:
    """One running reader."""

    def __init__(self, kind: Kind, log: Path, seed: int) -> None:
        self.kind, self.log, self.dice = kind, log, random.Random(seed)
        self.draft, self.shown, self.history = "", "", ["ready"]
        self.queued: list[str] = []
        self.pending = b""
        self.pasted_at = self.asked_at = 0.0
        self.busy_until = 0.0
        self.working = self.asks = False
        self.frame = 0

    def run(self) -> None:
        """Read until the terminal goes away."""
        self.tell()
        self.paint()
        next_frame = time.monotonic()
        while True:
            if select.select([0], [], [], FRAME / 2)[0]:
                data = os.read(0, 65536)
                if not data:
                    return
                self.take(data)
            now = time.monotonic()
            if self.working and now >= self.busy_until:
                self.end_turn()
            if self.working and now >= next_frame:
                self.frame += 1
                next_frame = now + FRAME
                self.paint()

    # what is typed

    def take(self, data: bytes) -> None:
        """Take bytes, whole keys and pastes at a time."""
        self.pending += data
        while self.pending and self.one():
            pass
        self.paint()

    def one(self) -> bool:
        """Take one key or paste; False when it is not here to its end."""
        if self.pending.startswith(_START):
            end = self.pending.find(_END)
            if end < 0:
                return False
            text = self.pending[len(_START) : end].decode().replace("\r", "\n")
            self.pending = self.pending[end + len(_END) :]
            self.paste(text)
            return True
        if self.pending.startswith(b"\x1b"):
            if _START.startswith(self.pending[: len(_START)]):
                return False
            self.pending = self.pending[1:]
            return True
        try:
            text = self.pending.decode()
        except UnicodeDecodeError as error:
            text = self.pending[: error.start].decode()
            if not text:
                return False
        key = text[0]
        self.pending = self.pending[len(key.encode()) :]
        self.key(key)
        return True

    def paste(self, text: str) -> None:
        """Put a paste into the draft, or nowhere while a prompt stands."""
        if self.asks:
            return
        self.pasted_at = time.monotonic()
        self.draft += text
        lines = text.count("\n") + 1
        long = self.kind.collapses and len(text) > self.kind.collapses
        self.shown += f"[Pasted text #{len(self.history)} +{lines} lines]" if long else text

    def key(self, key: str) -> None:
        """Take one key."""
        if self.asks:
            if time.monotonic() - self.asked_at < self.kind.wary:
                self.write({"lost": key})
            elif key in "\r12\x1b":
                self.write({"answered": key})
                self.asks = False
                self.tell()
        elif key == "\r":
            self.enter()
        elif key == "\x07":
            self.asks, self.asked_at = True, time.monotonic()
            self.tell()
        elif key == "\x1a":
            subprocess.run(["bash", "--norc", "--noprofile", "-i"], env={"PS1": "the shell:"}, check=False)
        elif key in "\x03\x15":
            self.draft = self.shown = ""
        elif key == "\x7f":
            self.draft, self.shown = self.draft[:-1], self.shown[:-1]
        elif key.isprintable() or key == "\n":
            self.draft += key
            self.shown += key

    def enter(self) -> None:
        """Submit the draft, unless this kind swallows the key."""
        deaf = time.monotonic() - self.pasted_at < self.kind.deaf
        if not self.draft or deaf or self.dice.random() < self.kind.drops:
            return
        text, self.draft, self.shown = self.draft, "", ""
        self.write(text)
        first = next((line for line in text.split("\n") if line.strip()), "")
        self.history.append(f"> {first[:60]}")
        self.busy_until = time.monotonic() + self.dice.choice([0.0, 0.02, 0.3])
        if not self.working:
            self.working = True
            self.tell()

    def end_turn(self) -> None:
        """Answer, and be idle."""
        self.working = False
        self.history.append("ok")
        self.paint()
        self.tell()

    def write(self, what: object) -> None:
        """Put a line into the log."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(what) + "\n")

    # what is shown

    def tell(self) -> None:
        """Tell the terminal what it does."""
        state = "blocked" if self.asks else "working" if self.working else "idle"
        if self.kind.tells == "osc":
            put(f"\x1b]7501;state={state}:app=reader{':kind=permission' if self.asks else ''}\x1b\\")
        elif self.kind.tells == "title":
            glyph = {"blocked": "✋", "working": "✦", "idle": "◇"}[state]
            put(f"\x1b]0;{glyph} reader\x07")

    def paint(self) -> None:
        """Draw the bottom of the history and the input, anew."""
        columns, lines = os.get_terminal_size()
        live = self.prompt(columns) if self.asks else self.input(columns)
        above = self.history[-(lines - len(live)) :]
        rows = [*above, *live]
        blank = [""] * max(0, lines - len(rows)) if self.kind.alternate else []
        picture = "\r\n".join(f"{row[:columns]}\x1b[K" for row in [*blank, *rows][-lines:])
        put(f"\x1b[?2026h\x1b[H{picture}\x1b[J\x1b[?2026l")

    def prompt(self, columns: int) -> list[str]:
        """Return a permission prompt."""
        return ["─" * columns, " Do you want to run rm -rf build?", " ❯ 1. Yes", "   2. No", "", " Esc to cancel"]

    def input(self, columns: int) -> list[str]:
        """Return the spinner, the input and what stands below it."""
        width = columns - 6
        parts = [line[at : at + width] for line in self.shown.split("\n") for at in range(0, len(line) or 1, width)]
        rows = [f"{'❯ ' if place == 0 else '  '}{part}" for place, part in enumerate(parts[-8:])]
        if self.kind.framed:
            rows = [f"╭{'─' * (columns - 2)}╮", *(f"│ {row:<{width}} │" for row in rows), f"╰{'─' * (columns - 2)}╯"]
        spinner = [f"{_SPINNER[self.frame % 10]} Thinking ({self.frame})"] if self.working else []
        return [*spinner, *rows, "  esc interrupt" if self.working else "  ? for shortcuts"]


def lines_of(log: Path) -> None:
    """Read lines as Aider does: one is a message, several stand between `{word` and `word}`."""
    held: list[str] = []
    word = ""
    sys.stdout.write("ready\n")
    while True:
        sys.stdout.write("> ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            return
        line = line.rstrip("\n")
        if word and line == f"{word}}}":
            message, word = "\n".join(held), ""
        elif word:
            held.append(line)
            continue
        elif line.startswith("{") and line[1:].isalnum():
            held, word = [], line[1:]
            continue
        else:
            message = line
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(message) + "\n")
        sys.stdout.write("working\n")


def put(text: str) -> None:
    """Write to the terminal."""
    data = text.encode()
    while data:
        data = data[os.write(1, data) :]


def main(kind: str, log: str, seed: str, _prompt: str) -> None:
    """Run one reader."""
    if kind == "aider":
        lines_of(Path(log))
        return
    before = termios.tcgetattr(0)
    tty.setraw(0)
    put("\x1b[?2004h" + ("\x1b[?1049h" if KINDS[kind].alternate else ""))
    try:
        Reader(KINDS[kind], Path(log), int(seed)).run()
    finally:
        termios.tcsetattr(0, termios.TCSANOW, before)


if __name__ == "__main__":
    main(*sys.argv[1:])

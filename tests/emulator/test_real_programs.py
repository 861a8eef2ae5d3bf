"""Real programs, run in a PTY: what they show is what libghostty shows, row for row, after every step."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time

import ptyprocess
import pytest

from agentorchestr_tui.emulator import Emulator
from tests.emulator.oracle import compare

pyghostty = pytest.importorskip("pyghostty")

COLUMNS, LINES = 100, 30
PATIENCE = 30  # seconds for what a step leads to
_SOURCE = "import os\n\n\ndef start(name: str) -> int:\n    return len(name)  # 漢字 é\n"
_APP = """
from textual.app import App
from textual.widgets import DataTable, Footer, Header, Input
class Shown(App):
    BINDINGS = [("f2", "toggle_dark", "Dark")]
    def compose(self):
        yield Header()
        yield Input(placeholder="say something")
        yield DataTable()
        yield Footer()
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("number", "word", "漢字")
        table.add_rows((str(n), f"word {n}", "é" * (n % 9)) for n in range(40))
Shown().run()
"""
# By name: argv, and steps of (keys, text that then stands on the screen).
PROGRAMS = {
    "vim": (
        ["vim", "-u", "NONE", "-N", "sample.py"],
        [("", "import os"), (":syntax on\r:set number hlsearch\r", "1 import"), ("/def\r", "/def"),
         ("Gonew line\x1b", "new line"), (":split\r", "sample.py [+]"), (":vsplit\r\x06", "sample.py [+]"),
         (":set cursorline list\r", "$"), (":terminal ++curwin echo in-a-terminal\r", "in-a-terminal")],
    ),
    "less": (
        ["less", "-R", "sample.txt"],
        [("", "line 5"), (" ", "line 40"), ("jjj", "line 60"), ("/word 90\r", "line 90"), ("kk", "line 88"),
         ("G", "line 119"), ("b", "line 70"), ("g", "line 1")],
    ),
    "htop": (["htop", "-d", "5"], [("", "PID"), ("\x1b[B\x1b[B", "PID"), ("t", "PID"), ("\x1bOP", "htop")]),
    "nano": (
        ["nano", "-I", "sample.py"],
        [("", "import os"), ("typed ", "typed"), ("\x1b[6~", "start"), ("\x17def\r", "def"), ("\x07", "help")],
    ),
    "mc": (["mc", "-u"], [("", "Name"), ("\x1b[B\x1b[B", "sample"), ("\t", "Name"), ("\x1b9", "Left")]),
    "tmux": (
        ["tmux", "-S", "socket", "-f", "tmux.conf", "new", "sh"],
        [("", "$"), ("\x02%", "│"), ("echo right\r", "right"), ('\x02"', "──"), ("cat sample.py\r", "start"),
         ("\x02z", "*Z"), ("\x02t", "*")],
    ),
    "ipython": (
        [sys.executable, "-m", "IPython", "--no-banner", "--no-confirm-exit"],
        [("", "In [1]"), ("print('漢字 é' * 3)\r", "In [2]"), ("def f(x):\rreturn x\r\r\r", "In [3]"),
         ("1/0\r", "ZeroDivisionError")],
    ),
    "node": (
        ["node"],
        [("", ">"), ("[1, {a: 'é漢'}]\r", "a: 'é漢'"), ("for (let n = 0; n < 40; n++) console.log(n)\r", "39"),
         ("Math.\t\t", "Math")],
    ),
    "fzf": (
        ["sh", "-c", "seq 1 500 | fzf --prompt='find '"],
        [("", "500/500"), ("4", "find 4"), ("2", "find 42"), ("\x1b[A\x1b[A", "find 42"), ("\x7f\x7f", "500/500")],
    ),
    "textual": (
        [sys.executable, "-c", _APP],
        [("", "word 7"), ("typed", "typed"), ("\t\x1b[B\x1b[B", "word 9"), ("\x1bOQ", "word 9")],
    ),
}  # fmt: skip
_ENDINGS = {"tmux": ["tmux", "-S", "socket", "kill-server"]}


def _need(program):
    """Skip where a program is missing, but never in CI, which installs them all."""
    if shutil.which(program) is None:
        message = f"{program} is not installed (.ci/run installs it)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sample.py").write_text(_SOURCE * 12)
    (tmp_path / "sample.txt").write_text("".join(f"line {n} \x1b[3{n % 8}mword {n}\x1b[m é 漢字\n" for n in range(120)))
    (tmp_path / "tmux.conf").write_text("set -g default-shell /bin/sh\nset -g default-command 'sh'\n")
    return tmp_path


class Both:
    """A program's bytes in both terminals; ours answers its questions."""

    def __init__(self, process):
        self.process = process
        self.ours = Emulator(COLUMNS, LINES)
        self.theirs = pyghostty.Terminal(COLUMNS, LINES)

    def take(self, seconds):
        if not select.select([self.process.fd], [], [], seconds)[0]:
            return
        data = self.process.read(65536)
        self.ours.feed(data)
        self.theirs.feed(data)
        self.process.write(self.ours.take_replies())

    def until(self, text):
        end = time.monotonic() + PATIENCE
        while not any(text in row for row in self.ours.display):
            assert time.monotonic() < end, [text, *self.ours.display]
            self.take(0.1)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_looks_as_in_libghostty(name, folder):
    argv, steps = PROGRAMS[name]
    if name in {"fzf", "vim", "less", "htop", "nano", "mc", "tmux", "node"}:
        _need(name)
    env = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "xterm-256color", "COLORTERM": "truecolor",
        "LANG": "C.UTF-8", "PS1": "$ ", "SHELL": "/bin/sh", "IPYTHONDIR": str(folder / "ipython"),
    }  # fmt: skip
    process = ptyprocess.PtyProcess.spawn(argv, cwd=str(folder), env=env, dimensions=(LINES, COLUMNS))
    both = Both(process)
    try:
        for keys, text in steps:
            process.write(keys.encode())
            both.until(text)
            both.take(0.05)
            assert not compare(both.ours, both.theirs, styles=True), (keys, text)
    finally:
        process.terminate(force=True)
        if name in _ENDINGS:
            subprocess.run(_ENDINGS[name], cwd=folder, check=False, capture_output=True, timeout=20)

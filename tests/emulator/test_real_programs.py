"""Real programs, run in a PTY: what they show is what libghostty shows, row for row, after every step."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.emulator.oracle import compare
from tests.emulator.running import COLUMNS, LINES, Running, environment, need

pyghostty = pytest.importorskip("pyghostty")

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


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sample.py").write_text(_SOURCE * 12)
    (tmp_path / "sample.txt").write_text("".join(f"line {n} \x1b[3{n % 8}mword {n}\x1b[m é 漢字\n" for n in range(120)))
    (tmp_path / "tmux.conf").write_text("set -g default-shell /bin/sh\nset -g default-command 'sh'\n")
    return tmp_path


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_looks_as_in_libghostty(name, folder):
    argv, steps = PROGRAMS[name]
    if name in {"fzf", "vim", "less", "htop", "nano", "mc", "tmux", "node"}:
        need(name)
    theirs = pyghostty.Terminal(COLUMNS, LINES)
    env = environment(folder, IPYTHONDIR=str(folder / "ipython"))
    try:
        with Running(argv, folder, env=env, beside=theirs.feed) as program:
            for keys, text in steps:
                program.type(keys)
                program.until(text)
                program.take(0.05)
                assert not compare(program.emulator, theirs, styles=True), (keys, text)
    finally:
        if name in _ENDINGS:
            subprocess.run(_ENDINGS[name], cwd=folder, check=False, capture_output=True, timeout=20)

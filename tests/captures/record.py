"""Record what real programs print: `python -m tests.captures.record [NAME ...]` writes NAME.bytes and NAME.screen.

The screen is our own emulator's; look at it before it is kept.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import ptyprocess

from agentorchestr_tui.emulator import Emulator

HERE = Path(__file__).parent
COLUMNS, LINES = 80, 24
QUIET = 0.4  # seconds without output after which a program waits for a key
SCENES = {
    "vim": (
        ["vim", "-u", "NONE", "-N", "sample.py"],
        [":syntax on\r", ":set number hlsearch\r", "/def\r", "ddP", "onew line\x1b"],
    ),
    "less": (["less", "-R", "sample.txt"], [" ", "j", "/word 90\r", "G", "k"]),
    "nano": (["nano", "sample.py"], ["\x17def\r", "\x1b[B\x1b[B", "typed "]),
    "tmux": (
        ["tmux", "-L", "capture", "-f", "tmux.conf", "new", "sh"],
        ["\x02%", "echo right\r", "\x02\x1b[D", "cat sample.py\r", '\x02"'],
    ),
    "python": (
        [sys.executable, "-q", "-X", "utf8"],
        ["print('漢字 é 👍' * 3)\r", "1/0\r", "for n in range(30): print(n)\r\r"],
    ),
}

ENDINGS = {"tmux": ["tmux", "-L", "capture", "kill-server"]}  # for those that leave a process behind


def main() -> None:
    """Record the scenes named, or all whose program is installed."""
    for name in sys.argv[1:] or SCENES:
        argv, keys = SCENES[name]
        if shutil.which(argv[0]):
            keep(name, record(argv, keys))
            subprocess.run(ENDINGS.get(name, ["true"]), check=False)


def record(argv: list[str], keys: list[str]) -> bytes:
    """Run a program in an empty home, press keys when it is quiet, and return all it printed."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        env = {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PS1": "$ "}
        process = ptyprocess.PtyProcess.spawn(argv, cwd=folder, env=env, dimensions=(LINES, COLUMNS))
        emulator, said = Emulator(COLUMNS, LINES), b""
        for key in ["", *keys]:
            process.write(key.encode())
            said += until_quiet(process, emulator)
        process.terminate(force=True)
    return said


def fill(folder: Path) -> None:
    """Put files to look at into a folder."""
    (folder / "sample.py").write_text("import os\n\n\ndef start(name: str) -> int:\n    return len(name)  # 漢字\n" * 9)
    (folder / "sample.txt").write_text("".join(f"line {n} \x1b[3{n % 8}mword {n}\x1b[m é 漢字\n" for n in range(120)))
    (folder / "tmux.conf").write_text("set -g status-right ''\nset -g default-shell /bin/sh\n")


def until_quiet(process: ptyprocess.PtyProcess, emulator: Emulator) -> bytes:
    """Read what a program prints, answer its questions, and return when it has been quiet for a while."""
    said = b""
    end = time.monotonic() + QUIET
    while (left := end - time.monotonic()) > 0:
        if select.select([process.fd], [], [], left)[0]:
            try:
                data = os.read(process.fd, 65536)
            except OSError:
                break
            said += data
            emulator.feed(data)
            process.write(emulator.take_replies())
            end = time.monotonic() + QUIET
    return said


def keep(name: str, said: bytes) -> None:
    """Write what was recorded, and the screen it makes."""
    (HERE / f"{name}.bytes").write_bytes(said)
    (HERE / f"{name}.screen").write_text(picture(said))


def picture(said: bytes) -> str:
    """Return the screen that bytes make, row by row, and the cursor's place below it."""
    emulator = Emulator(COLUMNS, LINES)
    emulator.feed(said)
    rows = [row.rstrip() for row in emulator.display]
    return "\n".join([*rows, f"cursor {emulator.screen.column} {emulator.cursor.y}", ""])


if __name__ == "__main__":
    main()

"""`python beginners.py KIND LOG SEED PROMPT`: a reader that is given its first task in its argv.

KIND is `loses` (it never does anything with it), `deaf` (nor with anything else), `tardy` (it rests for a while first)
or `hasty` (it is done with it before it has told anybody that it began).
"""

from __future__ import annotations

import sys
import termios
import time
import tty
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from readers import KINDS, Kind, Reader, put

RESTS = 1.0  # seconds that a slow agent rests before it shows what it was started with


def main(how: str, log: str, _seed: str, prompt: str) -> None:
    """Run one."""
    before = termios.tcgetattr(0)
    tty.setraw(0)
    put("\x1b[?2004h")
    reader = Reader(Kind("osc", drops=1.0) if how == "deaf" else KINDS["codex"], Path(log), 1)
    try:
        if how == "tardy":
            reader.tell()
            reader.paint()
            time.sleep(RESTS)
            reader.draft = prompt
            reader.enter()
        elif how == "hasty":
            reader.write(prompt)
            reader.history.append(f"> {prompt.splitlines()[0]}")
        reader.run()
    finally:
        termios.tcsetattr(0, termios.TCSANOW, before)


if __name__ == "__main__":
    main(*sys.argv[1:])

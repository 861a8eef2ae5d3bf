"""`python wary.py KIND LOG SEED PROMPT`: a reader that first asks whether its folder is trusted, the cursor on no.

It loses the first arrow that it gets, as Claude Code was seen to do while it draws; Enter on no ends it.
"""

from __future__ import annotations

import os
import sys
import tty
from pathlib import Path

READERS = Path(__file__).with_name("readers.py")


def main(_kind: str, *rest: str) -> None:
    """Ask, and go on as a reader, or end."""
    tty.setraw(0)
    trusts, arrows = False, 0
    while True:
        cursor = ("   ", " ❯ ") if trusts else (" ❯ ", "   ")
        show(f"{cursor[0]}No, exit", f"{cursor[1]}Yes, I trust this folder", "", " Enter to confirm")
        keys = os.read(0, 1024)
        if keys in (b"\x1b[A", b"\x1b[B"):
            arrows += 1
            trusts = trusts != (arrows > 1)
        elif keys == b"\r" and trusts:
            os.execv(sys.executable, [sys.executable, "-S", "-E", str(READERS), "codex", *rest])
        else:
            sys.exit(f"\x1b[2J\x1b[HIt ended at {keys!r}.")


def show(*rows: str) -> None:
    """Draw the screen anew."""
    os.write(1, ("\x1b[H\x1b[2J Quick safety check\r\n\r\n" + "\r\n".join(rows)).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Take the pictures anew: `python -m tests.tui.looks [SCENE ...]`."""

from __future__ import annotations

import asyncio
import sys

from tests.tui.looks.scenes import named
from tests.tui.looks.taking import KEPT, take_all

if __name__ == "__main__":
    taken = asyncio.run(take_all(named(sys.argv[1:])))
    sys.stdout.write(f"{taken} pictures in {KEPT.name}/\n")

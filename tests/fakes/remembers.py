"""An agent with conversations: it begins one by name, goes on with one that it knows, and notes which."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

NOTES = Path(os.environ["NOTES"])

how, name = sys.argv[1:3]
del sys.argv[1:3]
known = NOTES.read_text().split() if NOTES.exists() else []
if how == "--go-on" and name not in known:
    sys.exit("There is no such conversation.")
with NOTES.open("a") as notes:
    notes.write(f"{how[2:]} {name}\n")
runpy.run_module("agentorchestr_tui.rehearsal", run_name="__main__")

"""An agent with conversations: it begins one by name, goes on with one that it knows, and notes which.

Where it knows none of that name, it leaves something running behind, as agents with servers of their own do.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

NOTES = Path(os.environ["NOTES"])

how, name = sys.argv[1:3]
del sys.argv[1:3]
known = NOTES.read_text().split() if NOTES.exists() else []
if how == "--go-on" and name not in known:
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    sys.exit("There is no such conversation.")
with NOTES.open("a") as notes:
    notes.write(f"{how[2:]} {name}\n")
runpy.run_module("agentorchestr_tui.rehearsal", run_name="__main__")

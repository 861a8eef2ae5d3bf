"""An agent that starts a daemon of its own, once for each home, and leaves it running."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

MARK = Path(os.environ["HOME"]) / "daemon.pid"

if not MARK.exists():
    null = subprocess.DEVNULL
    daemon = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)", "mimic-daemon"],
        start_new_session=True,
        stdin=null,
        stdout=null,
        stderr=null,
    )
    MARK.write_text(str(daemon.pid))
runpy.run_module("agentorchestr_tui.rehearsal", run_name="__main__")

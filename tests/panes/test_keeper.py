import asyncio
import os
import subprocess
import sys

from agentorchestr_tui.panes.keeper import MARKER, family
from tests.panes.support import alive, kill, until

STRAY = """
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        os.close(0); os.close(1)
        os.execv("/bin/sleep", ["sleep", "600"])
"""


async def test_a_marked_process_is_found_wherever_it_hangs(tmp_path):
    marker = f"test-{os.getpid()}-{tmp_path.name}"
    command = [sys.executable, "-I", "-S", "-c", STRAY]
    started = subprocess.run(command, env={MARKER: marker}, stdout=subprocess.PIPE, check=True, timeout=20)
    pid = int(started.stdout)
    try:
        await until(lambda: not alive(pid) or pid in [process.pid for process in family(marker)])
        assert alive(pid)
        assert pid not in [process.pid for process in family("another")]
    finally:
        kill(pid)


async def test_a_descendant_is_found_whatever_its_environment():
    child = await asyncio.create_subprocess_exec("/bin/sleep", "600", env={})
    try:
        assert child.pid in [process.pid for process in family("whatever")]
    finally:
        child.kill()
        await child.wait()

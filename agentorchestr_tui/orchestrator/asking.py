"""Short commands' output, for looks that need no session: each runs in a pane, like everything else."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from agentorchestr_tui.agents.detection import Runner
from agentorchestr_tui.panes.client import HostedPanes
from agentorchestr_tui.panes.pane import Launch, PaneBackend
from agentorchestr_tui.paths import Paths, private_folder, remove_private

WIDTH = 200  # columns, so that nothing short is wrapped


@asynccontextmanager
async def asking(paths: Paths) -> AsyncIterator[Runner]:
    """Give a runner that starts a command and returns what it printed, for as long as the block lasts."""
    folder = private_folder(paths.session(secrets.token_hex(4)))
    panes = await HostedPanes.start(folder / "panes.sock", folder)
    try:
        yield runner(panes)
    finally:
        await panes.close()
        await asyncio.to_thread(remove_private, folder)


def runner(panes: PaneBackend) -> Runner:
    """Return what starts a command in a pane of its own and returns what it printed."""
    numbers = count(1)

    async def run(argv: tuple[str, ...], env: Mapping[str, str]) -> str:
        pane = await panes.open(f"ask-{next(numbers)}", Launch(argv, Path("/"), env, columns=WIDTH))
        try:
            await pane.wait()
        finally:
            await pane.end()
        return "\n".join(line.text for line in pane.emulator.transcript())

    return run

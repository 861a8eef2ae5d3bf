"""Real hosts in short folders, ended by process id whatever a test does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agentorchestr_tui.panes.client import HostedPanes
from tests.panes.support import alive, finish


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a folder of our own whose name is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix=""))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def socket_path(place: Path) -> Path:
    return place / "host.sock"


@pytest.fixture
def recordings(place: Path) -> Path:
    return place / "recordings"


@pytest.fixture
async def panes(socket_path: Path, recordings: Path) -> AsyncIterator[HostedPanes]:
    """Give a backend with a host of its own; both are gone after the test, and neither left a note of a crash."""
    backend = await HostedPanes.start(socket_path, recordings)
    yield backend
    await finish(backend)
    assert not alive(backend.host)
    assert not (recordings / "host-crash.log").exists(), (recordings / "host-crash.log").read_text()

"""Fixtures: start rehearsal programs and a server for them, and end what was started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rehearsal.orchestra import Orchestra, Player, make_repository


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "marmalade")


@pytest.fixture
def orchestra(repository: Path) -> Iterator[Orchestra]:
    orchestra = Orchestra(repository)
    yield orchestra
    orchestra.close()


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Callable[..., Player]]:
    """Start a worker with a score given as text, or as a path."""
    players: list[Player] = []

    def start(score: str | Path | None = None, prompt: str = "", folder: Path | None = None, **options) -> Player:
        if isinstance(score, str):
            path = tmp_path / f"score-{len(players)}.toml"
            path.write_text(score, encoding="utf-8")
            score = path
        players.append(Player(folder or tmp_path / "folder", prompt, score=score, **options))
        return players[-1]

    yield start
    for player in players:
        player.close()

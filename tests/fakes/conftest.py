"""The fakes are played with the rehearsal's own fixtures."""

from __future__ import annotations

from tests.rehearsal.conftest import orchestra, play, repository

__all__ = ["orchestra", "play", "repository"]

"""Leads that do nothing: at the end of a session nobody waits for their last words."""

from __future__ import annotations

import pytest

from agentorchestr_tui.orchestrator import closing


@pytest.fixture(autouse=True)
def no_farewell(monkeypatch):
    """Wait for no last words: a lead that hangs has none."""
    monkeypatch.setattr(closing, "FAREWELL", 0.1)

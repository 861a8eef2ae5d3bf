"""What a session is opened from: it is known before anything of the session is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agentorchestr_tui.paths import Paths
from agentorchestr_tui.settings import Settings


@dataclass(frozen=True, slots=True)
class Opening:
    """What a session is opened from."""

    folder: Path
    paths: Paths
    settings: Settings
    environment: Mapping[str, str] = field(repr=False)
    user_id: int
    rehearsal: bool = False
    attended: bool = False
    trusted: bool = False  # the project's own commands may run

"""Which published CLIs take part in which tests, and what each of them is shown to do."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet

IN_CI = ("codex", "opencode", "claude", "gemini")
SPEAKING = ("codex", "opencode", "claude", "gemini", "qwen", "copilot", "kilocode", "vibe", "cline")  # they speak MCP
MUTE = ("pi", "aider")  # they do not
ALL = (*SPEAKING, *MUTE)


def clis(*names: str, act: str, in_ci: Iterable[str] = IN_CI) -> Iterable[ParameterSet]:
    """Return these CLIs as parameters of a test of an act; the mark `real_all` is on those that CI does not run."""
    aside = [() if name in in_ci else (pytest.mark.real_all,) for name in names]
    return [pytest.param(name, marks=[pytest.mark.act(act), *more]) for name, more in zip(names, aside, strict=True)]

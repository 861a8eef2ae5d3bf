"""The emulator's README: its example runs, and every name in its table is there."""

from __future__ import annotations

import re
from pathlib import Path

import agentorchestr_tui.emulator as room
from agentorchestr_tui.emulator import Emulator

README = (Path(room.__file__).parent / "README.md").read_text()


def test_the_example_runs():
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(example, {})


def test_every_name_of_the_table_is_the_emulators():
    table = README.split("## `Emulator", 1)[1].split("## Events", 1)[0]
    names = re.findall(r"`(\w+)[^`]*`", "".join(row.split("|")[1] for row in table.splitlines() if row[:3] == "| `"))
    assert len(names) >= 19
    assert [name for name in names if not hasattr(Emulator(4, 2), name)] == []


def test_every_public_name_is_documented():
    assert [name for name in room.__all__ if f"`{name}" not in README] == []

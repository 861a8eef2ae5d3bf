"""A terminal emulator: bytes in, dirty rows out; keys and mouse to bytes; transcript out."""

from __future__ import annotations

from agentorchestr_tui.emulator.emulator import Emulator
from agentorchestr_tui.emulator.events import (
    Bell,
    ClipboardWrite,
    Event,
    Folder,
    Notification,
    ProgramStatus,
    Progress,
    PromptMark,
    Title,
)
from agentorchestr_tui.emulator.keys import paste
from agentorchestr_tui.emulator.modes import KeyFlags, Modes
from agentorchestr_tui.emulator.transcript import Line

__all__ = [
    "Bell",
    "ClipboardWrite",
    "Emulator",
    "Event",
    "Folder",
    "KeyFlags",
    "Line",
    "Modes",
    "Notification",
    "ProgramStatus",
    "Progress",
    "PromptMark",
    "Title",
    "paste",
]

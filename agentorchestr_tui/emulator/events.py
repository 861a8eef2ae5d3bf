"""What a program tells its terminal beside text: frozen facts, taken with `Emulator.take_events`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Title:
    """The window title was set (OSC 0 and 2)."""

    text: str


@dataclass(frozen=True, slots=True)
class Bell:
    """The bell rang."""


@dataclass(frozen=True, slots=True)
class Notification:
    """The program wants to be noticed (OSC 9, 777 and 99)."""

    body: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """The working folder changed (OSC 7 and 9;9), as an absolute path on `host`."""

    path: str
    host: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A progress bar (OSC 9;4): `none`, `normal`, `error`, `indeterminate` or `paused`, and 0 to 100."""

    state: str
    percent: int = 0


@dataclass(frozen=True, slots=True)
class ProgramStatus:
    """What a program says of itself (OSC 7501).

    `state` is idle, working, blocked, done, error or clear; `kind` says what blocks it (`permission`); `progress` is
    0 to 100 or None.
    """

    state: str
    app: str = ""
    kind: str = ""
    progress: int | None = None
    message: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class PromptMark:
    """A shell mark (OSC 133): A prompt, B input, C output, D its end with the exit code; at a transcript line."""

    kind: str
    line: int
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class ClipboardWrite:
    """The program asks for text to be copied (OSC 52); whoever hears it decides."""

    text: str


Event = Title | Bell | Notification | Folder | Progress | ProgramStatus | PromptMark | ClipboardWrite

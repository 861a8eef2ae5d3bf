"""Notices to the world outside the screen: the bell, and the terminal's own notifications, once per event."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import ON_SCREEN, Phase, shortened
from agentorchestr_tui.tui.looks import named
from agentorchestr_tui.tui.needs import Item, items

TITLE = "agentorchestr"
LONGEST = 160  # characters of a notice
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Dialect(StrEnum):
    """How a terminal is asked to notify: iTerm2's OSC 9, rxvt's OSC 777, kitty's OSC 99; or not at all."""

    OSC9 = "osc9"
    OSC777 = "osc777"
    OSC99 = "osc99"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Loudness:
    """Which notices a person wants, and how their terminal takes them."""

    bell: bool = True
    dialect: Dialect = Dialect.OFF
    in_tmux: bool = False


def loudness(bell: bool, notify: str, environment: Mapping[str, str]) -> Loudness:
    """Choose how to notify; `notify` is `auto`, `off` or a dialect, and the terminal is told by its environment."""
    dialect = _guess(environment) if notify == "auto" else Dialect(notify)
    return Loudness(bell, dialect, in_tmux="TMUX" in environment)


def _guess(environment: Mapping[str, str]) -> Dialect:
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "").lower()
    if term in ("", "dumb", "linux"):
        return Dialect.OFF
    if "kitty" in term or "KITTY_WINDOW_ID" in environment:
        return Dialect.OSC99
    if term.startswith(("foot", "rxvt")) or program in ("ghostty", "wezterm") or "VTE_VERSION" in environment:
        return Dialect.OSC777
    return Dialect.OSC9


def sequence(words: str, how: Loudness) -> str:
    """Return what makes the terminal notify; empty when it is not to."""
    said = shortened(_CONTROLS.sub(" ", words), LONGEST)
    match how.dialect:
        case Dialect.OSC9:
            written = f"\x1b]9;{TITLE}: {said}\x1b\\"
        case Dialect.OSC777:
            written = f"\x1b]777;notify;{TITLE};{said.replace(';', ',')}\x1b\\"
        case Dialect.OSC99:
            written = f"\x1b]99;i={TITLE}:d=0;{TITLE}\x1b\\\x1b]99;i={TITLE}:p=body;{said}\x1b\\"
        case _:
            return ""
    return f"\x1bPtmux;{written.replace(chr(27), chr(27) * 2)}\x1b\\" if how.in_tmux else written


@dataclass(frozen=True, slots=True)
class Gaze:
    """Where a person looks: whose pane (empty for none), whether the terminal has the focus, and whether that is known.

    `everything` says that they look at the inbox.
    """

    who: str
    focused: bool = True
    known: bool = False
    everything: bool = False


class Herald:
    """Tells, once, what newly needs a person who does not look at it, and how the goal ended."""

    def __init__(self, how: Loudness, ring: Callable[[], None], write: Callable[[str], None]) -> None:
        self._how = how
        self._ring = ring
        self._write = write
        self._told: set[tuple[str, str]] = set()
        self._phase: Phase | None = None

    def look(self, session: Session, gaze: Gaze) -> None:
        """Compare the session with what was told before."""
        listed = [item for item in items(session) if item.waits or item.limited]
        new = [item for item in listed if _name(item) not in self._told]
        self._told = {_name(item) for item in listed}
        self._tell([_sentence(session, item) for item in new if not _seen(item, gaze)], gaze)
        if session.over and self._phase is Phase.RUNNING:
            ended = "The goal is reached" if session.phase is Phase.DONE else "The goal is given up"
            self._tell([f"{ended}: {session.why}"], gaze)
        self._phase = session.phase

    def _tell(self, sentences: list[str], gaze: Gaze) -> None:
        if not sentences:
            return
        if self._how.bell:
            self._ring()
        more = f" (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
        words = sequence(sentences[0] + more, self._how)
        if words and not (gaze.known and gaze.focused):
            self._write(words)


def _name(item: Item) -> tuple[str, str]:
    """Tell one need from another, however it came to be listed."""
    asks = item.what == "asks" if item.need is None else item.need.kind in ON_SCREEN
    return item.who, "asks" if item.who and asks else item.key


def _seen(item: Item, gaze: Gaze) -> bool:
    return gaze.focused and (gaze.everything or (bool(item.who) and item.who == gaze.who))


def _sentence(session: Session, item: Item) -> str:
    between = "" if item.sentence.startswith(item.what) else ":"
    return f"{named(session, item.who)}{between} {item.sentence}" if item.who else item.sentence

"""Bytes to keys, however they are cut."""

from __future__ import annotations

import pytest

from agentorchestr_tui.rehearsal.keys import Event, Key, Keyboard, Pasted, StatusHeard, Typed

STREAM = (
    "hällo 日本".encode()
    + b"\r\x7f\x1b[A\x1bOB\x1b[1;5C\x1b[3~\x03\x1b\r"
    + b"\x1b[200~two\r\nlines \x1b[A\x1b[201~"
    + b"\x1b]7501;ok\x1b\\\x1b]11;rgb:00/00/00\x07\x1bP1$r0m\x1b\\\x1b[?62;c\x1b[I"
    + b"end"
)
EVENTS = [
    Typed("hällo 日本"),
    *(Key(name) for name in ("enter", "backspace", "up", "down", "right", "delete", "ctrl+c", "newline")),
    Pasted("two\nlines \x1b[A"),
    StatusHeard(),
    Typed("end"),
]


def joined(events: list[Event]) -> list[Event]:
    """Put typed text together that came in several reads."""
    whole: list[Event] = []
    for event in events:
        if isinstance(event, Typed) and whole and isinstance(whole[-1], Typed):
            whole[-1] = Typed(whole[-1].text + event.text)
        else:
            whole.append(event)
    return whole


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_keys_pastes_and_answers_are_told_apart_however_they_are_cut(size):
    keyboard = Keyboard()
    events = [event for at in range(0, len(STREAM), size) for event in keyboard.feed(STREAM[at : at + size])]
    assert joined(events) == EVENTS


def test_a_lone_escape_is_a_key_once_nothing_follows():
    keyboard = Keyboard()
    assert keyboard.feed(b"\x1b") == []
    assert keyboard.undecided
    assert keyboard.settle() == [Key("escape")]
    assert keyboard.settle() == []


def test_two_escapes_are_one_key_and_one_undecided():
    keyboard = Keyboard()
    assert keyboard.feed(b"\x1b\x1b") == [Key("escape")]
    assert keyboard.undecided


def test_unknown_keys_and_bytes_are_dropped():
    assert Keyboard().feed(b"\x1b[15~\x02\x1bx\x1b[<0;1;1M") == []

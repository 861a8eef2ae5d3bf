"""Events: titles, bells, notifications, folders, progress, marks, clipboard and program status."""

from __future__ import annotations

import base64

import pytest

from agentorchestr_tui.emulator import (
    Bell,
    ClipboardWrite,
    Folder,
    Notification,
    ProgramStatus,
    Progress,
    PromptMark,
    Title,
)
from tests.emulator.screens import fed, shown


def b64(text):
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("sequence", "events"),
    [
        ("\x07", [Bell()]),
        ("\x1b]0;hello\x07", [Title("hello")]),
        ("\x1b]2;a;b\x1b\\", [Title("a;b")]),
        ("\x1b]2;a\x07\x1b[22t\x1b]2;b\x07\x1b[23t", [Title("a"), Title("b"), Title("a")]),
        ("\x1b]9;ready\x07", [Notification("ready")]),
        ("\x1b]9;4;1;50\x07", [Progress("normal", 50)]),
        ("\x1b]9;4;0\x07", [Progress("none", 0)]),
        ("\x1b]777;notify;title;body\x07", [Notification("body", "title")]),
        ("\x1b]99;i=1:d=0;hello\x1b\\", [Notification("hello")]),
        ("\x1b]7;file://host/a%20b\x07", [Folder("/a b", "host")]),
        ("\x1b]9;9;/tmp\x07", [Folder("/tmp")]),
        (f"\x1b]52;c;{b64('text')}\x07", [ClipboardWrite("text")]),
        ("\x1b]52;c;?\x07", []),
        ("\x1b]52;c;!!!\x07", []),
        ("x\r\n\x1b]133;A\x07\x1b]133;D;1\x07", [PromptMark("A", 1), PromptMark("D", 1, 1)]),
        ("\x1b]7501;state=working:app=codex\x1b\\", [ProgramStatus("working", "codex")]),
        (
            f"\x1b]7501;state=blocked:app=x:kind=permission:progress=40:msg={b64('approve?')}:title={b64('t')}\x1b\\",
            [ProgramStatus("blocked", "x", "permission", 40, "approve?", "t")],
        ),
        ("\x1b]7501;state=nonsense\x1b\\", []),
        ("\x1b]0;cut\x18", []),
        ("\x1b]0;cut\x1b[1m", []),
    ],
)
def test_a_sequence_is_told_as_an_event(sequence, events):
    emulator = fed(sequence)
    assert emulator.take_events() == events
    assert emulator.take_events() == []


def test_strings_for_others_never_print():
    assert shown(fed("a\x1bPjunk\x07more\x1b\\b\x1b_Gi=1;AAAA\x1b\\c\x1b^pm\x1b\\d\x1bXsos\x1b\\e")) == ["abcde"]


def test_a_string_without_end_neither_prints_nor_grows():
    emulator = fed("a")
    for _ in range(40):
        emulator.feed(b"\x1b]52;c;" * (not _) + b"A" * 65536)
    assert len(emulator._parser._held) <= (1 << 20) + 100
    emulator.feed(b"\x07b")
    assert shown(emulator) == ["ab"]


def test_events_that_no_one_takes_are_bounded():
    assert len(fed("\x07" * 5000).take_events()) == 1000


def test_a_link_is_part_of_the_style():
    emulator = fed("\x1b]8;id=1;http://x/\x1b\\here\x1b[0m!\x1b]8;;\x1b\\ there")
    links = [emulator.screen.styles[code].link for code in emulator.screen.rows[0].codes]
    assert links == ["http://x/"] * 5 + [""] * 6

"""Recorded programs: their bytes make the screen that was looked at, cut anywhere, and survive a resize midway."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentorchestr_tui.emulator import Emulator
from tests.captures.record import COLUMNS, LINES, picture

CAPTURES = sorted(Path(__file__).parent.glob("*.bytes"))
each = pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)


def test_there_are_captures():
    assert len(CAPTURES) >= 5


@each
def test_a_capture_makes_its_screen(capture):
    assert picture(capture.read_bytes()) == capture.with_suffix(".screen").read_text()


@each
def test_a_capture_fed_byte_by_byte_makes_the_same_screen(capture):
    said = capture.read_bytes()
    whole, parts = Emulator(COLUMNS, LINES), Emulator(COLUMNS, LINES)
    whole.feed(said)
    for at in range(len(said)):
        parts.feed(said[at : at + 1])
    assert parts.display == whole.display
    assert [parts.cursor.x, parts.cursor.y] == [whole.cursor.x, whole.cursor.y]
    assert parts.take_replies() == whole.take_replies()


@each
@pytest.mark.parametrize("size", [(40, 10), (2, 1), (200, 60)])
def test_a_capture_resized_midway_still_holds(capture, size):
    said = capture.read_bytes()
    emulator = Emulator(COLUMNS, LINES)
    emulator.feed(said[: len(said) // 2])
    emulator.resize(*size)
    emulator.feed(said[len(said) // 2 :])
    assert len(emulator.display) == size[1]
    emulator.resize(COLUMNS, LINES)
    assert len(emulator.display) == LINES
    emulator.transcript()

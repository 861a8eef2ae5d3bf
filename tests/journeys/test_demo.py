"""The rehearsal on the full screen, as a person sees it."""

from __future__ import annotations

import signal

import pytest

LEFT_ALTERNATE, SHOWN_CURSOR, NO_MOUSE = b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1003l"


def test_the_demo_goes_to_its_summary_and_leaves_it_in_the_scrollback(person):
    one = person("--demo")
    one.until_shown("lead · rehearsal", "1 w01 implementer", "2 w02 tester")
    one.press(b"\x1b1")
    one.until_shown("┏ 1 w01")
    one.press(b"\x02?")
    one.until_shown("after ctrl+b")
    one.press(b"q")
    one.until_shown("✓ Done", "take it with", "q  end")
    one.press(b"q")
    assert one.until_ended() == 0
    assert "✓ done: marmalade prints recipes" in one.text
    assert "w02 tester done" in one.text
    assert one.raw.rindex(LEFT_ALTERNATE) < one.raw.rindex(b"w02 tester done")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_pauses_the_session_and_gives_the_terminal_back(person, number):
    one = person("--demo", size=(80, 24))
    one.until_shown("[lead")
    one.signal(number)
    assert one.until_ended() == 4
    for restored in (LEFT_ALTERNATE, SHOWN_CURSOR, NO_MOUSE):
        assert restored in one.raw
    assert "stopped before its end" in one.text
    assert "Traceback" not in one.text

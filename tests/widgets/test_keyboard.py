"""What a terminal sends becomes the keys that were pressed, however fast they come."""

from __future__ import annotations

import os
import select
import sys
import time
from itertools import pairwise

import ptyprocess
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.emulator.keys import encode
from agentorchestr_tui.widgets.keyboard import ESCAPE, TerminalReader

LIMIT = 60.0  # seconds
ENDS = "\x1b[200~", "\x1b[201~"


def told(*chunks):
    """Return what comes of chunks of text, once nothing more is waited for."""
    reader = TerminalReader()
    found = [event for chunk in chunks for event in reader.feed(chunk)]
    while reader.wait() <= ESCAPE:
        found += reader.tick()
    return found


def read(*chunks):
    """Return the names of keys, and pastes as lists."""
    return [[event.text] if isinstance(event, events.Paste) else event.key for event in told(*chunks)]


def test_alt_with_keys_that_come_in_one_burst_are_these_keys():
    """They were `^`, `1`, `^`, `2`, typed to the agent in focus."""
    assert read("\x1b1\x1b2\x1bb\x1bb") == ["alt+1", "alt+2", "alt+b", "alt+b"]


def test_what_is_typed_right_after_alt_with_a_key_need_not_wait_for_a_pause():
    assert [event.key for event in TerminalReader().feed("\x1b1ls\r")] == ["alt+1", "l", "s", "enter"]


@pytest.mark.parametrize("key", [*"bfBd12-. éP][", "\x7f", "\r", "\t", "\x02", "\0", "\x1b", ""])
def test_what_an_agent_gets_is_what_the_terminal_sent(key):
    """alt+b was ctrl+left, alt+backspace was ctrl+w, alt+2 was ™."""
    modes, sent = Emulator(80, 24).modes, f"\x1b{key}"
    assert b"".join(encode(event.key, event.character, modes) for event in told(sent)) == sent.encode()


def test_escape_and_then_a_key_that_come_together_are_so_for_vim():
    """With modifyOtherKeys, as vim has it, `ESC d d` typed fast wrote `ä` into the text."""
    asked = Emulator(80, 24)
    asked.feed(b"\x1b[>4;2m")
    assert b"".join(encode(event.key, event.character, asked.modes) for event in told("\x1bd")) == b"\x1bd"
    asked.feed(b"\x1b[>1u")  # a program with the kitty protocol is told what the name says
    assert b"".join(encode(event.key, event.character, asked.modes) for event in told("\x1bd")) == b"\x1b[100;3u"


def test_an_answer_of_the_terminal_is_no_key():
    assert read("a\x1b]11;rgb:1111/2222/3333\x1b\\b\x1bP>|tmux 3.3a\x1b\\c\x1b]52;c;aGk=\x07d") == ["a", "b", "c", "d"]


def test_keys_that_are_told_by_longer_sequences_stay_what_they_are():
    assert read("\x1b[A\x1b[1;3D\x1bOP\x1b[49;3u\x1b[3~") == ["up", "alt+left", "f1", "alt+1", "delete"]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.lists(st.integers(0, 60)), st.sampled_from(["", "x"]))
def test_a_paste_comes_whole_wherever_it_was_cut(text, cuts, after):
    """An ESC in it, with 32 characters after it, was lost."""
    text = text.replace(ENDS[1], "")
    sent = text.join(ENDS) + after
    places = sorted({min(cut, len(sent)) for cut in cuts if not 0 < cut < len(ENDS[0])} | {0, len(sent)})
    chunks = [sent[one:other] for one, other in pairwise(places)]
    assert read(*chunks) == [[text.replace("\0", "")], *after]


def test_the_gallery_hands_bytes_that_are_no_text_and_bursts_of_alt_to_its_program():
    """One byte over 127 alone ended the whole program."""
    argv = [sys.executable, "-m", "agentorchestr_tui.widgets", "sh", "-c", "stty raw -echo; echo here; exec cat -v"]
    process = ptyprocess.PtyProcess.spawn(argv, dimensions=(12, 60))
    screen = Emulator(60, 12)
    try:
        _until(process, screen, "here")
        os.write(process.fd, b"\xff\x1bb\x1bb\x1b2=")
        _until(process, screen, "M-oM-?M-=^[b^[b^[2=")  # U+FFFD stands for the byte
    finally:
        process.terminate(force=True)
        process.fileobj.close()
        process.closed = True


def _until(process, screen, words):
    end = time.monotonic() + LIMIT
    while words not in "\n".join(screen.display):
        assert time.monotonic() < end, screen.display
        if select.select([process.fd], [], [], 0.1)[0]:
            screen.feed(os.read(process.fd, 65536))
            os.write(process.fd, screen.take_replies())

import os
import socket
import subprocess
import sys
from pathlib import Path

import ptyprocess
import pytest
from hypothesis import given
from hypothesis import strategies as st

import agentorchestr_tui
from agentorchestr_tui.panes import frames


@given(
    st.lists(st.tuples(st.integers(1, 8), st.integers(0, 2**32 - 1), st.binary(max_size=80)), max_size=12),
    st.integers(1, 60),
)
def test_frames_survive_any_cut(sent, step):
    stream = b"".join(frames.frame(*one) for one in sent)
    splitter = frames.Splitter()
    got = [one for at in range(0, len(stream), step) for one in splitter.feed(stream[at : at + step])]
    assert got == sent


def test_a_frame_longer_than_any_of_ours_is_refused():
    with pytest.raises(ValueError, match="bytes"):
        list(frames.Splitter().feed(frames.HEADER.pack(1, 1, frames.LONGEST + 1)))


def test_texts_that_are_no_utf8_survive_a_letter():
    name = os.fsdecode(b"caf\xe9")
    (_, _, body), *_ = frames.Splitter().feed(frames.letter(frames.ORDER, {"name": name}))
    assert os.fsencode(frames.Words(body).text("name")) == b"caf\xe9"


@pytest.mark.parametrize("message", [b"[]", b"3", b"nonsense", b'{"pane": "one"}', b'{"pane": null}', b"{}"])
def test_a_word_of_another_kind_is_refused(message):
    with pytest.raises(ValueError):
        frames.Words(message).number("pane")


def test_the_peer_of_a_socket_is_known():
    one, other = socket.socketpair()
    with one, other:
        assert frames.peer_uid(one) == os.getuid()


def test_the_host_imports_next_to_nothing():
    heavy = "textual rich asyncio pydantic mcp pyte psutil ctypes dataclasses pathlib subprocess threading logging"
    code = f"import agentorchestr_tui.panes.host; print([name for name in {heavy.split()} if name in sys.modules])"
    homes = [str(Path(module.__file__).parents[1]) for module in (agentorchestr_tui, ptyprocess)]
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path += {homes}; {code}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

import json
import os

import pytest

from agentorchestr_tui.panes.recording import Recording


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "w01.cast"


def test_a_recording_is_asciicast_v2(path):
    recording = Recording(str(path), "w01", 80, 24)
    recording.output(b"hello\r\n")
    recording.resize(100, 30)
    recording.mark("turn ended")
    recording.close()
    header, *events = lines(path)
    assert (header["version"], header["width"], header["height"], header["title"]) == (2, 80, 24, "w01")
    assert [event[1:] for event in events] == [["o", "hello\r\n"], ["r", "100x30"], ["m", "turn ended"]]
    assert sorted(event[0] for event in events) == [event[0] for event in events]


def test_a_character_cut_in_two_is_recorded_whole(path):
    recording = Recording(str(path), "w01", 80, 24)
    for byte in "é世🙂".encode():
        recording.output(bytes([byte]))
    recording.close()
    assert "".join(event[2] for event in lines(path)[1:]) == "é世🙂"


def test_bytes_that_are_no_utf8_are_replaced(path):
    recording = Recording(str(path), "w01", 80, 24)
    recording.output(b"a\xff\xfeb")
    recording.output(b"\xe4\xb8")
    recording.close()
    assert "".join(event[2] for event in lines(path)[1:]) == "a��b�"


def test_a_recording_stops_at_its_ceiling_with_a_mark(path):
    recording = Recording(str(path), "w01", 80, 24, ceiling=4000)
    for _ in range(1000):
        recording.output(b"0123456789")
    recording.close()
    assert path.stat().st_size <= 4000
    assert lines(path)[-1][1:] == ["m", "recording stopped at its ceiling of 4,000 bytes"]


def test_nothing_is_recorded_after_the_end(path):
    recording = Recording(str(path), "w01", 80, 24)
    recording.close()
    recording.output(b"late")
    recording.mark("late")
    recording.close()
    assert len(lines(path)) == 1


def test_a_recording_is_for_its_owner_alone_and_never_overwrites(path):
    Recording(str(path), "w01", 80, 24).close()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        Recording(str(path), "w01", 80, 24)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_ends_the_recording_and_nothing_else(path, monkeypatch):
    recording = Recording(str(path), "w01", 80, 24)
    recording.output(b"kept")
    real, full = os.write, os.open("/dev/full", os.O_WRONLY)
    monkeypatch.setattr(os, "write", lambda _fd, line: real(full, line))
    recording.output(b"lost")
    monkeypatch.undo()
    os.close(full)
    recording.output(b"lost, too")
    recording.close()
    assert [event[2] for event in lines(path)[1:]] == ["kept"]

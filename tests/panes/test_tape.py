"""Recordings read back: scanned, sought, turned into lines, and searched; while they grow, and when they are large."""

from __future__ import annotations

import json

import pytest

from agentorchestr_tui.panes.recording import Recording
from agentorchestr_tui.panes.replay import EVERY, FEED, Replay, last_lines, transcript
from agentorchestr_tui.panes.tape import SPACING, Tape, recordings


def write(path, moments, columns=40, lines=10):
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"version": 2, "width": columns, "height": lines, "timestamp": 1000}) + "\n")
        for moment in moments:
            file.write(json.dumps(moment) + "\n")
    return path


def scanned(path):
    tape = Tape.open(path)
    while tape.scan():
        pass
    return tape


def numbered(count, each=4):
    """A recording of `count` lines, `each` of them every tenth of a second."""
    for number in range(0, count, each):
        text = "".join(f"\x1b[3{n % 8}mline {n}\x1b[0m and what follows it\r\n" for n in range(number, number + each))
        yield [round(number / each / 10, 6), "o", text]


def test_what_a_pane_recorded_is_read_back(tmp_path):
    recording = Recording(str(tmp_path / "w01.cast"), "w01", 40, 10)
    recording.output("ü one\r\n".encode())
    recording.mark("here")
    recording.resize(20, 5)
    recording.output(b"two\r\n")
    recording.close()
    tape = scanned(tmp_path / "w01.cast")
    assert (tape.columns, tape.lines, [label for _, label in tape.marks]) == (40, 10, ["here"])
    frame = Replay(tape).seek(tape.duration)
    assert (frame.emulator.columns, frame.emulator.lines) == (20, 5)
    assert [line.rstrip() for line in frame.emulator.display[:2]] == ["ü one", "two"]
    assert [line.text for piece in transcript(tape) for line in piece] == ["ü one", "two"]


def test_a_time_shows_what_stood_on_the_screen_then(tmp_path):
    tape = scanned(write(tmp_path / "a.cast", numbered(40)))
    replay = Replay(tape)
    for at, first in ((0.0, "line 0"), (0.5, "line 15"), (0.3, "line 7"), (0.95, "line 31")):
        assert replay.seek(at).emulator.display[0].startswith(first), at
    assert replay.seek(99.0).emulator.display[8].startswith("line 39")
    ahead = replay.ahead(replay.seek(0.35))
    assert [moment.at for moment in ahead] == [0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def test_a_large_recording_is_sought_by_a_bounded_piece_and_from_kept_frames(tmp_path):
    count = 6 * FEED // 40
    tape = scanned(write(tmp_path / "a.cast", numbered(count)))
    assert len(tape.places) > 4 * FEED // SPACING
    replay = Replay(tape)
    middle = round(tape.duration / 2, 1)
    whole = [line for line in replay.seek(middle).emulator.display if line.strip()]
    last = int(middle * 10 + 0.5) * 4 + 3
    assert whole[-1].startswith(f"line {last} and")
    place = tape.place(middle, back=FEED)
    assert 0 < tape.place(middle).offset - place.offset <= FEED + SPACING
    kept = [frame.offset for frame in replay._frames]
    assert 0 < len(kept) <= FEED // EVERY + 1
    again = replay.seek(middle)
    assert [line for line in again.emulator.display if line.strip()] == whole
    assert replay._nearest(middle).offset > place.offset  # it began at a kept frame


def test_a_screen_that_was_switched_long_before_is_still_the_other_one(tmp_path):
    filler = [[1 + n / 1000, "o", "\x1b[H" + "x" * 400] for n in range(8 * FEED // 420)]
    tape = scanned(write(tmp_path / "a.cast", [[0.1, "o", "shell\r\n\x1b[?1049h"], *filler]))
    assert Replay(tape).seek(tape.duration).emulator.alternate


def test_the_transcript_of_a_long_recording_keeps_every_line_once(tmp_path):
    tape = scanned(write(tmp_path / "a.cast", numbered(20_000)))
    lines = [line.text for piece in transcript(tape) for line in piece]
    assert lines == [f"line {n} and what follows it" for n in range(20_000)]
    assert list(last_lines(transcript(tape), 2)) == lines[-2:]


def test_words_are_found_through_colours_and_across_pieces_of_output(tmp_path):
    tape = scanned(write(tmp_path / "a.cast", [
        [0.1, "o", "\x1b[1mHel"], [0.2, "o", "lo\x1b[0m there"], [0.3, "o", "hello \x1b]0;hello\x07"], [0.4, "o", "no"],
    ]))  # fmt: skip
    assert list(tape.find("hello")) == [(tape.scanned, [0.2, 0.3])]
    assert list(tape.find("nowhere")) == [(tape.scanned, [])]


def test_a_recording_is_followed_while_it_is_written_and_damage_is_skipped(tmp_path):
    path = write(tmp_path / "a.cast", [[0.1, "o", "one"]])
    tape = scanned(path)
    with path.open("a", encoding="utf-8") as file:
        file.write('[0.2, "o", "two"]\nnonsense\n[0.3, "o", "thr')
    tape.scan()
    assert tape.duration == 0.2
    with path.open("a", encoding="utf-8") as file:
        file.write('ee"]\n')
    tape.scan()
    assert [moment.text for moment in tape.read(tape.places[0].offset)] == ["one", "two", "three"]


@pytest.mark.parametrize("text", ["", "[]\n", '{"version": 1, "width": 1, "height": 1}\n'])
def test_what_is_no_recording_is_said_so(tmp_path, text):
    (tmp_path / "a.cast").write_text(text)
    with pytest.raises(ValueError):
        Tape.open(tmp_path / "a.cast")


def test_recordings_of_one_pane_are_told_from_those_of_others(tmp_path):
    for name in ("w01", "w01-2", "w01-10", "w011", "lead", "verify-v1-1", "verify-v1-2", "verify-v10-1"):
        (tmp_path / f"{name}.cast").touch()
    assert [path.stem for path in recordings(tmp_path, "w01")] == ["w01", "w01-2", "w01-10"]
    assert [path.stem for path in recordings(tmp_path, "verify-v1")] == ["verify-v1-1", "verify-v1-2"]

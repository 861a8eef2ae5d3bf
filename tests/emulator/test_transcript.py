"""The transcript: clean lines with numbers that stay, through scrolling, wrapping and resizing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from agentorchestr_tui.emulator import Emulator, Line
from tests.emulator.screens import fed


def numbered(emulator, **how):
    return [(line.number, line.text) for line in emulator.transcript(**how)]


def test_lines_are_counted_from_the_first():
    assert numbered(fed("a\r\nb\r\n")) == [(0, "a"), (1, "b")]


def test_a_wrapped_line_is_one_line():
    emulator = fed("x" * 50 + "\r\ny", columns=20)
    assert emulator.transcript() == [Line(0, "x" * 50), Line(1, "y")]


def test_the_last_lines_are_given_without_a_start_and_the_next_from_one():
    emulator = fed("".join(f"line {n}\r\n" for n in range(30)), lines=5)
    assert numbered(emulator, limit=2) == [(28, "line 28"), (29, "line 29")]
    assert numbered(emulator, start=7, limit=2) == [(7, "line 7"), (8, "line 8")]
    assert numbered(emulator, start=99) == []
    assert numbered(emulator, limit=0) == []


def test_what_scrollback_forgot_is_skipped():
    emulator = fed("".join(f"line {n}\r\n" for n in range(100)), lines=5, history=10)
    assert numbered(emulator, start=0, limit=1) == [(86, "line 86")]


def test_numbers_stay_when_the_pane_is_resized():
    emulator = fed("".join(f"a line of some words {n}\r\n" for n in range(30)), columns=30, lines=5)
    before = numbered(emulator)
    emulator.resize(9, 7)
    assert numbered(emulator) == before
    emulator.resize(40, 3)
    assert numbered(emulator) == before


def test_lines_before_the_settled_one_never_change():
    emulator = fed("".join(f"line {n}\r\n" for n in range(30)), lines=5)
    settled = emulator.settled
    before = numbered(emulator, start=0, limit=settled)
    emulator.feed(b"\x1b[Hchanged" + b"\r\nmore" * 9)
    assert numbered(emulator, start=0, limit=settled) == before


@settings(deadline=None, max_examples=80, database=None)
@given(
    st.lists(st.text("ab 漢", max_size=40), max_size=30),
    st.lists(st.tuples(st.integers(2, 30), st.integers(1, 9)), max_size=4),
)
def test_any_lines_come_back_whole_after_any_resizing(lines, sizes):
    emulator = Emulator(20, 5)
    emulator.feed("".join(line + "\r\n" for line in lines).encode())
    for columns, rows in sizes:
        emulator.resize(columns, rows)
    wanted = "\n".join(line.rstrip() for line in lines).rstrip("\n")
    assert "\n".join(line.text for line in emulator.transcript(limit=1000)).rstrip("\n") == wanted


def chat(screenful, spinner):
    """Draw a full-screen program as agents do: a title, the end of a conversation, a prompt with a spinner."""
    rows = ["=== agent ===", *screenful, f"{spinner} thinking", "> _"]
    return "".join(f"\x1b[{y};1H\x1b[2K{text}" for y, text in enumerate(rows, 1)).encode()


def test_a_repainting_program_leaves_each_line_once_and_no_spinner():
    emulator = fed("$ agent\r\n\x1b[?1049h", columns=40, lines=10)
    said = [f"message {n}" for n in range(30)]
    for end in range(7, 31):
        for spinner in "/-\\|":
            emulator.feed(chat(said[end - 7 : end], spinner))
    texts = [line.text for line in emulator.transcript()]
    assert texts[:1] == ["$ agent"] or "$ agent" in texts
    assert [text for text in texts if text.startswith("message")] == said
    assert sum("thinking" in text for text in texts) == 1


def test_scrolling_back_and_forth_in_a_program_keeps_lines_once():
    emulator = fed("\x1b[?1049h", columns=40, lines=10)
    said = [f"message {n}" for n in range(30)]
    for end in [*range(7, 20), *range(19, 12, -1), *range(13, 31)]:
        emulator.feed(chat(said[end - 7 : end], "*"))
    assert [line.text for line in emulator.transcript() if line.text.startswith("message")] == said


def test_a_program_that_scrolls_a_region_is_heard_too():
    emulator = fed("\x1b[?1049h\x1b[1;9r", columns=40, lines=10)
    for n in range(30):
        emulator.feed(f"\x1b[9;1H\r\nrow {n}\x1b[10;1Hstatus {n}".encode())
    texts = [line.text for line in emulator.transcript() if line.text.startswith("row")]
    assert texts == [f"row {n}" for n in range(30)]


def test_numbers_stay_when_a_program_comes_and_goes():
    emulator = fed("".join(f"before {n}\r\n" for n in range(12)), columns=40, lines=10)
    emulator.feed(b"\x1b[?1049h")
    said = [f"message {n}" for n in range(30)]
    for end in range(7, 31):
        emulator.feed(chat(said[end - 7 : end], "*"))
    during = {line.number: line.text for line in emulator.transcript() if line.number < emulator.settled}
    emulator.feed(b"\x1b[?1049l" + b"".join(b"after %d\r\n" % n for n in range(20)))
    after = {line.number: line.text for line in emulator.transcript()}
    assert {number: after[number] for number in during} == during
    assert sorted(after) == list(range(len(after)))
    texts = list(after.values())
    assert texts.index("message 29") < texts.index("after 0")


def test_lines_that_a_resize_moves_away_below_a_full_screen_program_keep_their_numbers():
    emulator = fed("".join(f"line {n}\r\n" for n in range(4)) + "\x1b[?1049h", columns=12, lines=6)
    emulator.resize(12, 1)
    settled = numbered(emulator, start=0, limit=emulator.settled)
    emulator.feed(b"one\r\ntwo\r\nthree")
    assert numbered(emulator, start=0, limit=len(settled)) == settled


def framed(rows, *, bar=-1, foot="> "):
    """Draw a full screen of 40x10: rows, a scroll bar's knob beside one of them, and a foot."""
    lines = [f"{row:<38}" + (" █" if y == bar else "  ") for y, row in enumerate(rows)]
    return ("\x1b[H" + "\r\n".join([*lines, foot]) + "\x1b[J").encode()


def test_a_scroll_bar_is_no_text_and_hides_no_scrolling():
    emulator = fed("\x1b[?1049h", columns=40, lines=10)
    said = [f"message {n}" for n in range(30)]
    for end in range(9, 31):
        emulator.feed(framed(said[end - 9 : end], bar=end // 4))
    assert [line.text for line in emulator.transcript()] == [*said, ">"]
    emulator.feed(b"\x1b[?1049l")
    assert [line.text for line in emulator.transcript()] == [*said, ">"]


def test_what_comes_back_into_view_unseen_is_kept_once():
    emulator = fed("\x1b[?1049h", columns=40, lines=10)
    said = [f"message {n}" for n in range(20)]
    for end in range(9, 21):
        emulator.feed(framed(said[end - 9 : end]))
    emulator.feed(framed([*said[5:8], *"abcdef"]))  # a menu covered most, and when it went the view stood higher
    emulator.feed(framed(said[5:14]))
    emulator.feed(b"\x1b[?1049l")
    texts = [line.text for line in emulator.transcript() if line.text.startswith("message")]
    assert texts == said[:14]


def test_a_spinner_that_stood_when_a_program_left_is_not_kept():
    emulator = fed("\x1b[?1049h", columns=40, lines=10)
    emulator.feed(framed(["one", "two", "", "⠋ Thinking (3s)"]))
    emulator.feed(b"\x1b[?1049lafter")
    assert [line.text for line in emulator.transcript()] == ["one", "two", "", ">", "after"]


def talking(rows, foot=("─" * 30, "> ", "─" * 30)):
    """Draw a full screen of 40x14 as a program that talks: rows, a gap, a spinner and a box to type in."""
    lines = [*rows, *[""] * (9 - len(rows)), "✻ Thinking… (3s)", *foot]
    return ("\x1b[H" + "\x1b[K\r\n".join(lines) + "\x1b[J").encode()


def test_what_a_program_said_before_it_said_more_than_a_screen_at_once_is_kept():
    emulator = fed("\x1b[?1049h", columns=40, lines=14)
    asked = ["> do it", "", "* a command", "  its output"]
    emulator.feed(talking(asked))
    emulator.feed(talking([f"answer {n}" for n in range(30, 39)]))
    assert [line.text for line in emulator.transcript()] == [*asked, *(f"answer {n}" for n in range(30, 39))]
    settled = emulator.transcript(start=0, limit=emulator.settled)
    emulator.feed(talking(asked))  # scrolled back, and on again
    emulator.feed(talking([f"answer {n}" for n in range(30, 39)]))
    emulator.feed(b"\x1b[?1049lafter")
    texts = [line.text for line in emulator.transcript()]
    assert texts == [*asked, *(f"answer {n}" for n in range(30, 39)), "after"]
    assert emulator.transcript(start=0, limit=len(settled)) == settled


def test_pictures_of_a_program_that_does_not_talk_are_not_kept():
    emulator = fed("\x1b[?1049h", columns=40, lines=14)
    for n in range(5):
        emulator.feed(talking([f"cpu {y} {n}" for y in range(9)], foot=("F1 help  F10 quit",)))
    assert len(emulator.transcript()) <= 14


def test_a_dialog_between_two_screens_of_talk_is_not_kept():
    emulator = fed("\x1b[?1049h", columns=40, lines=14)
    said = ["> do it", "* a command", "  its output"]
    emulator.feed(talking(said))
    emulator.feed(talking(["May it run?", "> 1. Yes", "  2. No"], foot=("esc cancels",)))
    emulator.feed(talking([*said, "done"]))
    assert [line.text for line in emulator.transcript()] == [*said, "done"]
    assert emulator.settled == 0

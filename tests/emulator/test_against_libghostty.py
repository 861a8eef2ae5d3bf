"""Differential tests: generated, recorded and random streams look the same as in libghostty, row for row."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from agentorchestr_tui.emulator import Emulator
from tests.emulator.oracle import DEVIATIONS, compare, differences
from tests.speed import streams as kinds

pyghostty = pytest.importorskip("pyghostty")

CAPTURES = sorted((Path(__file__).parents[1] / "captures").glob("*.bytes"))
GENERATED = {stream.name: stream.data for stream in kinds.generated()}
SEEDS = range(12)
EACH = 60  # streams from one seed
_MOVES = [f"\x1b[{n}{final}" for n in (1, 2, 3, 7) for final in "@ABCDEFGLMPSTX`bd"]
_ERASES = [f"\x1b[{n}{final}" for n in (0, 1, 2) for final in "JK"]
_MODES = [f"\x1b[?{mode}{on}" for mode in (7, 47, 1047, 1048, 1049) for on in "hl"] + ["\x1b[4h", "\x1b[4l"]
_OTHERS = [
    "\x1b[2;5r", "\x1b[r", "\x1b7", "\x1b8", "\x1bD", "\x1bM", "\x1bE", "\x1bH", "\x1b[g", "\x1b[3g", "\x1b[41m",
    "\x1b[m", "\x1b#8", "\x1bc", "\x1b[2I", "\x1b[Z",
]  # fmt: skip
_TEXTS = ["abc", "x", "\r\n", "\n", "\r", "\b", "\t", "0123456789012345678901234", "é"]
_WIDE = ["漢", "한국", "👍", "नि"]
_MARGINS = [
    "\x1b[?69h\x1b[4;15s", "\x1b[?69h\x1b[2;9s", "\x1b[?69l", "\x1b[2;5r", "\x1b[r", "\x1b[?6h", "\x1b[?6l",
    "\x1b[?45h", "\x1b[?1045h", "\x1b[?45l", "\x1b[?1045l", "\x1bM", "\x1bD", "\x1bE", "\x1b7", "\x1b8",
    "\x1b[3b", "\x1b[2L", "\x1b[3M", "\x1b[2@", "\x1b[3P", "\x1b[S", "\x1b[2T", '\x1b[1"q', '\x1b[0"q',
    "\x1b[?J", "\x1b[?1K", "\x1b[?2K", "\x1b[s", "\x1b[u",
]  # fmt: skip
_GLYPHS = [
    "漢", "한국", "👍", "नि", "é", "e\u0301", "👩\u200d👧", "❤\ufe0f", "❤", "✔", "✔\ufe0f", "🇩🇪", "👍🏽",
    "1\ufe0f\u20e3", "ﬁ", "─│", "ก็", "ﷺ", "🫠", "🧑\u200d💻", "ｱ", "…", "ab", " ", "\x1b[2;5H", "\x1b[3X",
    "\r\n", "\x1b[3D", "x" * 17,
]  # fmt: skip
_STYLES = [
    f"\x1b[{code}m"
    for code in (
        "0", "1", "2", "3", "4", "7", "9", "21", "22", "23", "24", "27", "29", "31", "42", "97", "104", "39", "49",
        "53", "55", "38;5;3", "38;2;1;2;3", "48:2::4:5:6", "4:3", "1;31;44",
    )
]  # fmt: skip


def _stream(chance, tokens):
    place = [f"\x1b[{chance.randrange(1, 7)};{chance.randrange(1, 21)}H" for _ in range(3)]
    return "".join(chance.choice(tokens + place) for _ in range(chance.randrange(3, 16))).encode()


@pytest.mark.parametrize("seed", SEEDS)
def test_random_streams_look_the_same(seed):
    chance = random.Random(seed)
    texts = _TEXTS if seed % 2 else [text for text in _TEXTS if text != "x"] + _WIDE
    modes = [mode for mode in _MODES if seed % 2 or mode != "\x1b[?7l"]  # see DEVIATIONS: no wrap and wide glyphs
    others = _OTHERS if seed % 2 else [other for other in _OTHERS if other != "\x1b#8"]
    for _ in range(EACH):
        stream = _stream(chance, texts + texts + _MOVES + _ERASES + modes + others)
        assert not differences(stream), stream


@pytest.mark.parametrize("seed", SEEDS)
def test_random_streams_have_the_same_styles(seed):
    chance = random.Random(1000 + seed)
    for _ in range(EACH // 3):
        stream = _stream(chance, _TEXTS + _STYLES + _STYLES + _MOVES[::5] + _ERASES)
        assert not differences(stream, styles=True), stream


@pytest.mark.parametrize("seed", SEEDS)
def test_random_streams_between_margins_look_the_same(seed):
    chance = random.Random(3000 + seed)
    moves = [move for move in _MOVES if move[-1] not in "DF"]  # see DEVIATIONS: the left margin stops CUB
    texts = [text for text in _TEXTS if text != "\b"]
    for _ in range(EACH):
        stream = _stream(chance, _MARGINS + _MARGINS + moves + _ERASES + texts + texts)
        assert not differences(stream), stream


@pytest.mark.parametrize("clusters", ["", "\x1b[?2027h"])
@pytest.mark.parametrize("seed", SEEDS)
def test_random_glyphs_look_the_same(seed, clusters):
    chance = random.Random(4000 + seed)
    glyphs = [glyph for glyph in _GLYPHS if not clusters or glyph != "नि"]  # see DEVIATIONS
    for _ in range(EACH):
        stream = (clusters + "".join(chance.choice(glyphs) for _ in range(chance.randrange(2, 9)))).encode()
        assert not differences(stream), stream


@pytest.mark.parametrize("seed", SEEDS)
def test_resized_screens_look_the_same(seed):
    """But for two things: what is in our scrollback stays there, and a line that now fills its row leaves the cursor
    on it, with a wrap due.
    """
    chance = random.Random(2000 + seed)
    for _ in range(EACH // 3):
        ours, theirs = Emulator(24, 12), pyghostty.Terminal(24, 12)
        done: list[object] = []
        for _ in range(chance.randrange(1, 4)):
            words = [chance.choice(["ab ", "word ", "xxxxxxx", "漢字", "é"]) for _ in range(chance.randrange(12))]
            said = ("".join(words) + chance.choice(["", "\r\n"])).encode()
            size = chance.randrange(8, 30), chance.randrange(9, 14)
            ours.feed(said)
            theirs.feed(said)
            ours.resize(*size)
            theirs.resize(*size)
            done += said, size
            if ours.screen.history or ours.cursor.x == size[0]:
                break
            assert not compare(ours, theirs), done


@pytest.mark.parametrize("name", GENERATED)
def test_generated_output_looks_the_same_all_along(name):
    ours, theirs = Emulator(kinds.COLUMNS, kinds.LINES), pyghostty.Terminal(kinds.COLUMNS, kinds.LINES)
    data = GENERATED[name]
    for at in range(0, len(data), 7001):
        ours.feed(data[at : at + 7001])
        theirs.feed(data[at : at + 7001])
        assert not compare(ours, theirs), at


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)
@pytest.mark.parametrize("share", [1, 2, 3, 5])
def test_a_recorded_program_looks_the_same(capture, share):
    said = capture.read_bytes()
    assert not differences(said[: len(said) // share], 80, 24, styles=True)


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: ascii(deviation.stream)[:40])
def test_a_deviation_is_still_one(deviation):
    assert differences(deviation.stream.encode(), styles=True), "they agree now: take it off the list"
    assert len(deviation.reason) > 20

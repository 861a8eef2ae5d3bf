"""Streams for property tests: pieces that a terminal meets, valid, odd and broken."""

from __future__ import annotations

from hypothesis import strategies as st

_texts = st.one_of(
    st.text("abc xyz-", min_size=1, max_size=30),
    st.sampled_from(["漢字", "한국어", "é", "e\u0301", "\u0301", "✔", "✔\ufe0f", "❤\ufe0f", "\ufe0f"]),
    st.sampled_from(["👩\u200d👧", "\u200d", "👧", "🇩🇪", "🇩", "👍🏽", "\U0001f3fd", "1\ufe0f\u20e3"]),
    st.sampled_from(["\U00100001", "─│┌┐", "\u00a0", "ﬁ", "\u0300" * 40]),
)
_number = st.integers(0, 14).map(str) | st.sampled_from(["", "999999999999", "38", "48", "2", "5"])
_numbers = st.lists(_number, max_size=6)
_finals = st.sampled_from("@ABCDEFGHIJKLMPSTXZ^`abcdefghlmnrstu")
_csi = st.builds(lambda n, f: f"\x1b[{';'.join(n)}{f}", _numbers, _finals)
_modes = st.builds(
    lambda mode, on: f"\x1b[?{mode}{'h' if on else 'l'}",
    st.sampled_from([1, 5, 6, 7, 12, 25, 45, 47, 69, 1045, 1046, 1000, 1006, 1047, 1048, 1049, 2004, 2026, 2027, 2027]),
    st.booleans(),
)
_ansi_modes = st.sampled_from(["\x1b[4h", "\x1b[4l", "\x1b[20h", "\x1b[20l"])
_odd = st.sampled_from([
    "\x1b[?6n", "\x1b[!p", '\x1b[1"q', '\x1b[0"q', "\x1b[?2J", "\x1b[?K", "\x1b[2;3;4;9$z", "\x1b[65;1;1;3;9$x",
    "\x1b[2'}", "\x1b[1'~", "\x1b[2 @", "\x1b[2 A", "\x1b[3;9s", "\x1b[2;5r", "\x1b[r", "\x1b[=1;2u", "\x1b[>5u",
    "\x1b[<u", "\x1b7", "\x1b8", "\x1bD", "\x1bE", "\x1bM", "\x1bH", "\x1bc", "\x1b#8", "\x1b(0", "\x1b(B",
    "\x1b)0", "\x1bN", "\x1bn", "\x1b]0;title\x07", "\x1b]2;t\x1b\\", "\x1b]8;;http://x\x1b\\", "\x1b]8;;\x1b\\",
    "\x1b]7501;?\x1b\\", "\x1b]11;?\x07", "\x1b]52;c;aGk=\x07", "\x1b]4;1;#ff0000\x07", "\x1bP$qm\x1b\\",
    "\x1bP+q544e\x1b\\", "\x1b_Gx=1;AAAA\x1b\\", "\x1bXsos\x1b\\", "\x1b[1\x0a;2H", "\x1b[3\x18", "\x1b[3\x1b[4m",
    "\x1bV", "\x1bW", '\x1b[61"p', '\x1b[64"p', "\x1b[2*x", "\x1b[1*x", "\x1b]5;0;?\x07", "\x1b]17;#fff\x1b\\",
    "\x1b]105\x07", "\x1b[5 q", "\x1b]9;4;1;50\x07", "\x1b[?63;1n", "\x1b[?7s", "\x1b[?7r", "\x1b[31m\x1b[42m",
    "\x1b]0;cut\x1b[1m", "\x1bP1;2", "\x1b", "\x1b[", "\x1b]", "\x9b3C", "\x85", "\x9d2;c1\x9c",
    "\x1b[1;1;3;3;1;2;4$v", "\x1b[1;2;3;5;1;4$r", "\x1b[1;2;3;5;1;4$t", "\x1b[1;1;1;1;9;9*y",
    "\x1b[1$w", "\x1bP1$t2;3;1;O;A;I;1;2;@;B0BB\x1b\\", "\x1bP2$t3/7\x1b\\", "\x1b[1;1;2;9#|", "\x1b[#P", "\x1b[#Q",
    "\x1b6", "\x1b9", "\x1b[?45h", "\x1b[?1045h", "\x1b[#{", "\x1b[#}", "\x1b[?5W", "\x1b[8;9;14t", "\x1b[8;4t",
    "\x1b[4;64;200t", "\x1b[30t", "\x1b[7*|", "\x1b[9$|", "\x1b[?40h", "\x1b[?3h", "\x1b[?3l", "\x1b[>0;1t",
    "\x1b[20t", "\x1b[21t",
    "\x1b[38:2::1:2:3m", "\x1b[4:3m", "\x1b[58;5;3m", "\x1b[38;5", "\x1b[38;2;1;2m", "\x1b[;m", "\x1b[:::m",
])  # fmt: skip
_controls = st.sampled_from(["\r\n", "\n", "\r", "\t", "\b", "\x07", "\x0e", "\x0f", "\x00", "\x7f", "\x18"])
_lines = st.integers(4, 30).map(lambda n: "".join(f"line {i}\r\n" for i in range(n)))

pieces = st.lists(
    st.one_of(_texts, _texts, _csi, _csi, _modes, _ansi_modes, _odd, _controls, _controls, _lines).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    )
    | st.binary(max_size=12),
    max_size=40,
)
streams = pieces.map(b"".join)

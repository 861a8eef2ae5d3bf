"""xterm's control sequences, family by family: what each leaves on the screen, and what it answers (ctlseqs)."""

from __future__ import annotations

import pytest

from tests.emulator.screens import fed, place, shown

GRID = "abcdef\r\nghijkl\r\nmnopqr\r\nstuvwx"

# By family: stream, rows that are shown.
ROWS = {
    "DECSCA and DECSEL": [
        ('\x1b[1"qab\x1b[0"qcd\x1b[1G\x1b[?2K', ["ab"]),
        ('\x1b[1"qab\x1b[0"qcd\x1b[1G\x1b[?K', ["ab"]),
        ('\x1b[1"qab\x1b[0"qcd\x1b[?1K', ["ab"]),
        ('\x1b[1"qab\x1b[0"qcd\x1b[2K', []),
    ],
    "DECSED": [
        ('\x1b[1"qab\x1b[0"q\r\ncd\x1b[?2J', ["ab"]),
        ('\x1b[1"qab\x1b[0"q\r\ncd\x1b[2J', []),
    ],
    "SPA and EPA": [
        ("\x1bVab\x1bWcd\x1b[2K", ["ab"]),
        ("\x1bVab\x1bWcd\x1b[H\x1b[J", ["ab"]),
        ("\x1bVab\x1bWcd\x1b[H\x1b[4X", ["ab"]),
        ("\x1bVab\x1bWcd\x1b[2J", ["ab"]),
        ("\x1bVab\x1bWcd\x1b[?2K", []),
        ("\x1bVab\x1bWcd\x1b[?2J", []),
    ],
    "DECSERA": [
        ('\x1b[1"qab\x1b[0"qcd\x1b[1;1;1;4${', ["ab"]),
        ("\x1bVab\x1bWcd\x1b[1;1;1;4${", []),
        (GRID + "\x1b[2;2;3;4${", ["abcdef", "g   kl", "m   qr", "stuvwx"]),
    ],
    "DECERA": [
        (GRID + "\x1b[2;2;3;4$z", ["abcdef", "g   kl", "m   qr", "stuvwx"]),
        (GRID + "\x1b[3;2;2;4$z", GRID.split("\r\n")),
        (GRID + "\x1b[3;4$z", ["abcdef", "ghijkl", "mno", "stu"]),
        (GRID + "\x1b[2;4r\x1b[?6h\x1b[1;1;1;2$z", ["abcdef", "  ijkl", "mnopqr", "stuvwx"]),
    ],
    "DECFRA": [
        (GRID + "\x1b[42;2;2;3;4$x", ["abcdef", "g***kl", "m***qr", "stuvwx"]),
        (GRID + "\x1b[42;3;2;2;4$x", GRID.split("\r\n")),
        (GRID + "\x1b[7;1;1;2;2$x", GRID.split("\r\n")),
    ],
    "DECCRA": [
        (GRID + "\x1b[1;1;2;2;1;3;4;1$v", ["abcdef", "ghijkl", "mnoabr", "stughx"]),
        (GRID + "\x1b[1;1;2;2;1;2;2;1$v", ["abcdef", "gabjkl", "mghpqr", "stuvwx"]),
        (GRID + "\x1b[3;1;2;2;1;2;2;1$v", GRID.split("\r\n")),
    ],
    "DECIC and DECDC": [
        (GRID + "\x1b[1;2H\x1b[2'}", ["a  bcdef", "g  hijkl", "m  nopqr", "s  tuvwx"]),
        (GRID + "\x1b[1;2H\x1b[2'~", ["adef", "gjkl", "mpqr", "svwx"]),
        (GRID + "\x1b[?69h\x1b[2;4s\x1b[1;3H\x1b['}", ["ab cef", "gh ikl", "mn oqr", "st uwx"]),
        (GRID + "\x1b[?69h\x1b[2;4s\x1b[1;1H\x1b['}", GRID.split("\r\n")),
    ],
    "DECBI and DECFI": [
        (GRID + "\x1b[2;1H\x1b6", [" abcdef", " ghijkl", " mnopqr", " stuvwx"]),
        (GRID + "\x1b[?69h\x1b[1;6s\x1b[2;6H\x1b9", ["bcdef", "hijkl", "nopqr", "tuvwx"]),
    ],
    "SL and SR": [
        (GRID + "\x1b[2 @", ["cdef", "ijkl", "opqr", "uvwx"]),
        (GRID + "\x1b[2 A", ["  abcdef", "  ghijkl", "  mnopqr", "  stuvwx"]),
    ],
    "SU and SD with margins": [
        (GRID + "\x1b[?69h\x1b[2;3s\x1b[2;4r\x1b[S", ["abcdef", "gnojkl", "mtupqr", "s  vwx"]),
        (GRID + "\x1b[?69h\x1b[2;3s\x1b[2;4r\x1b[T", ["abcdef", "g  jkl", "mhipqr", "snovwx"]),
        (GRID + "\x1b[1;2;3;4;5T", GRID.split("\r\n")),
    ],
    "IL and DL with margins": [
        (GRID + "\x1b[?69h\x1b[2;3s\x1b[2;2H\x1b[L", ["abcdef", "g  jkl", "mhipqr", "snovwx", " tu"]),
        (GRID + "\x1b[?69h\x1b[2;3s\x1b[2;2H\x1b[M", ["abcdef", "gnojkl", "mtupqr", "s  vwx"]),
        (GRID + "\x1b[?69h\x1b[2;3s\x1b[2;5H\x1b[M", GRID.split("\r\n")),
    ],
    "ICH and DCH with margins": [
        (GRID + "\x1b[?69h\x1b[2;5s\x1b[1;3H\x1b[@", ["ab cdf", *GRID.split("\r\n")[1:]]),
        (GRID + "\x1b[?69h\x1b[2;5s\x1b[1;3H\x1b[P", ["abde f", *GRID.split("\r\n")[1:]]),
        (GRID + "\x1b[?69h\x1b[2;5s\x1b[1;6H\x1b[P", GRID.split("\r\n")),
    ],
    "RI, IND and LF with margins": [
        (GRID + "\x1b[?69h\x1b[2;3s\x1b[2;4r\x1b[2;2H\x1bM", ["abcdef", "g  jkl", "mhipqr", "snovwx"]),
        (GRID + "\x1b[?69h\x1b[2;3s\x1b[2;4r\x1b[4;2H\x1bD", ["abcdef", "gnojkl", "mtupqr", "s  vwx"]),
        (GRID + "\x1b[?69h\x1b[2;3s\x1b[2;4r\x1b[4;6H\n", GRID.split("\r\n")),
    ],
    "REP": [("ab\x1b[3b", ["abbbb"]), ("\x1b[?69h\x1b[1;3sab\x1b[3b", ["abb", "bb"])],
    "DECALN": [("\x1b[2;3r\x1b#8", ["E" * 20] * 6)],
    "switching screens (1046)": [
        ("main\x1b[?1046l\x1b[?1049hx", ["mainx"]),
        ("main\x1b[?47h\x1b[Hother\x1b[?1046l", ["main"]),
    ],
    "strings": [
        ("a\x1b_apc\x1b\\b\x1b^pm\x1b\\c\x1bXsos\x1b\\d\x1bPxyz\x1b\\e", ["abcde"]),
    ],
    "DECSCL": [('ab\x1b[61"p\x1b[1;1;1;2$z', ["ab"]), ('ab\x1b[61"p\x1b[64"p\x1b[1;1;1;2$z', [])],
}  # fmt: skip

# By family: stream, column and row of the cursor.
PLACES = {
    "CUB with reverse wrap": [
        ("0123456789012345678901\x1b[?45h\x1b[3D", (19, 0)),
        ("0123456789012345678901\x1b[?45h\x1b[6D", (16, 0)),
        ("x" * 20 + "\x1b[?45h\b", (19, 0)),
        ("x" * 20 + "\x1b[?45h\b\b", (18, 0)),
        ("\r\n\x1b[?45h\b", (19, 0)),
        ("\r\n\x1b[?45h\x1b[?7l\b", (0, 1)),
        ("\x1b[?45h\x1b[2;4r\x1b[2;1H\b", (19, 3)),
        ("\x1b[?45h\x1b[?69h\x1b[5;9s\x1b[3;5H\b", (8, 1)),
        ("\x1b[?45h\x1b[?69h\x1b[5;9s\x1b[3;1H\b", (8, 1)),
        ("\x1b[?1045h\b", (19, 5)),
        ("\r\n\x1b[?1045h\x1b[2D", (18, 0)),
    ],
    "HPR and VPR": [
        ("\x1b[2;3H\x1b[4a", (6, 1)), ("\x1b[2;3H\x1b[99a", (19, 1)), ("\x1b[2;3H\x1b[2e", (2, 3)),
        ("\x1b[2;4r\x1b[?6h\x1b[9e", (0, 3)), ("\x1b[?69h\x1b[2;6s\x1b[?6h\x1b[9a", (5, 0)),
        ("\x1b[2;4r\x1b[9e", (0, 5)),
    ],
    "CBT": [
        ("\x1b[18G\x1b[Z", (16, 0)), ("\x1b[18G\x1b[2Z", (8, 0)), ("\x1b[18G\x1b[9Z", (0, 0)),
        ("\x1b[?69h\x1b[3;19s\x1b[?6h\x1b[7G\x1b[Z", (2, 0)),
    ],
    "CHT": [
        ("\x1b[I", (8, 0)), ("\x1b[2I", (16, 0)), ("\x1b[9I", (19, 0)),
        ("\x1b[?69h\x1b[2;12s\x1b[3G\x1b[3I", (11, 0)),
    ],
    "DECSTBM and DECSLRM go home": [
        ("\x1b[3;3H\x1b[2;4r", (0, 0)), ("\x1b[3;3H\x1b[4;2r", (2, 2)), ("\x1b[?69h\x1b[3;3H\x1b[2;4s", (0, 0)),
        ("\x1b[?69h\x1b[?6h\x1b[2;4r\x1b[3;8s", (2, 1)), ("\x1b[3;3H\x1b[2;4s", (2, 2)),
    ],
    "CUU and CUD stop at margins": [
        ("\x1b[2;4r\x1b[3;1H\x1b[9A", (0, 1)), ("\x1b[2;4r\x1b[3;1H\x1b[9B", (0, 3)), ("\x1b[2;4r\x1b[9A", (0, 0)),
        ("\x1b[2;4r\x1b[6;1H\x1b[9B", (0, 5)),
    ],
    "CNL, CPL and CR at margins": [
        ("\x1b[?69h\x1b[3;8s\x1b[2;5H\x1b[E", (2, 2)), ("\x1b[?69h\x1b[3;8s\x1b[3;5H\x1b[F", (2, 1)),
        ("\x1b[?69h\x1b[3;8s\x1b[2;2H\r", (0, 1)),
    ],
    "DECRC": [
        ("\x1b[2;3H\x1b7\x1b[5;5H\x1b8", (2, 1)), ("\x1b[5;5H\x1b8", (0, 0)),
        ("\x1b[2;3H\x1b[s\x1b[5;5H\x1b[u", (2, 1)),
        ("\x1b[2;3H\x1b7\x1b[!p\x1b[5;5H\x1b8", (0, 0)), ("\x1b[?1048h\x1b[5;5H\x1b[?1048l", (0, 0)),
    ],
    "DECALN goes home": [("\x1b[3;3H\x1b#8", (0, 0))],
}  # fmt: skip

ANSWERS = {
    "DECRQM": [
        ("\x1b[1$p", "\x1b[1;4$y"), ("\x1b[12$p", "\x1b[12;1$y"), ("\x1b[20h\x1b[20$p", "\x1b[20;1$y"),
        ("\x1b[?3h\x1b[?3$p", "\x1b[?3;2$y"), ("\x1b[?8$p", "\x1b[?8;3$y"), ("\x1b[?12h\x1b[?12$p", "\x1b[?12;1$y"),
        ("\x1b[?66h\x1b[?66$p", "\x1b[?66;1$y"), ("\x1b[?69$p", "\x1b[?69;2$y"), ("\x1b[?1046$p", "\x1b[?1046;1$y"),
    ],
    "XTSAVE": [
        ("\x1b[?7s\x1b[?7l\x1b[?7r\x1b[?7$p", "\x1b[?7;1$y"),
        ("\x1b[?1000h\x1b[?1000s\x1b[?1000l\x1b[?1000r\x1b[?1000$p", "\x1b[?1000;1$y"),
    ],
    "DSR": [
        ("\x1b[?15n", "\x1b[?13n"), ("\x1b[?25n", "\x1b[?20n"), ("\x1b[?26n", "\x1b[?27;1;0;0n"),
        ("\x1b[?53n", "\x1b[?50n"),
        ("\x1b[?62n", "\x1b[0*{"), ("\x1b[?63;12n", "\x1bP12!~0000\x1b\\"), ("\x1b[?75n", "\x1b[?70n"),
    ],
    "DECRQSS": [
        ('\x1b[62"p\x1bP$q"p\x1b\\', '\x1bP1$r62;1"p\x1b\\'), ('\x1b[1"q\x1bP$q"q\x1b\\', '\x1bP1$r1"q\x1b\\'),
        ("\x1b[2*x\x1bP$q*x\x1b\\", "\x1bP1$r2*x\x1b\\"), ("\x1b[?69h\x1b[3;5s\x1bP$qs\x1b\\", "\x1bP1$r3;5s\x1b\\"),
    ],
    "DECRQCRA": [
        ("a\x1b[7;1;1;1;1;1*y", "\x1bP7!~FF9F\x1b\\"), ("ab\x1b[1;1;1;1;1;2*y", "\x1bP1!~FF3D\x1b\\"),
    ],
    "colours": [
        ("\x1b]5;0;#112233\x1b\\\x1b]5;0;?\x1b\\", "\x1b]5;0;rgb:1111/2222/3333\x1b\\"),
        ("\x1b]4;257;#112233\x1b\\\x1b]5;1;?\x1b\\", "\x1b]5;1;rgb:1111/2222/3333\x1b\\"),
        ("\x1b]17;#112233\x07\x1b]17;?\x07", "\x1b]17;rgb:1111/2222/3333\x07"),
        ("\x1b]10;#111111;#222222;#333333\x07\x1b]12;?\x07", "\x1b]12;rgb:3333/3333/3333\x07"),
        ("\x1b]13;#112233\x07\x1b]113\x07\x1b]13;?\x07", "\x1b]13;rgb:ffff/ffff/ffff\x07"),
        ("\x1b]5;0;#112233\x07\x1b]105;0\x07\x1b]5;0;?\x07", "\x1b]5;0;rgb:ffff/ffff/ffff\x07"),
        ("\x1b]4;999;?\x07", ""),
    ],
    "DECSCL": [('\x1b[62"p\x1b[?7$p', ""), ('\x1b[63"p\x1b[?7$p', "\x1b[?7;1$y")],
    "DECTABSR": [("\x1b[3g\x1b[5G\x1bH\x1b[2$w", "\x1bP2$u5\x1b\\")],
}  # fmt: skip


def _each(families):
    return [pytest.param(*case, id=f"{name}-{n}") for name, cases in families.items() for n, case in enumerate(cases)]


@pytest.mark.parametrize(("stream", "rows"), _each(ROWS))
def test_it_leaves_these_rows(stream, rows):
    assert shown(fed(stream)) == rows


@pytest.mark.parametrize(("stream", "where"), _each(PLACES))
def test_it_puts_the_cursor_there(stream, where):
    assert place(fed(stream)) == where


@pytest.mark.parametrize(("question", "answer"), _each(ANSWERS))
def test_it_answers(question, answer):
    assert fed(question).take_replies().decode() == answer


@pytest.mark.parametrize(("extent", "bold"), [("1", "abcdef|ghijkl|mn"), ("2", "ab|gh|mn")])
def test_decsace_chooses_between_a_stream_and_a_rectangle(extent, bold):
    emulator = fed(f"{GRID}\x1b[{extent}*x\x1b[1;1;3;2;1$r")
    rows = [[cell for cell in range(6) if emulator.buffer[y][cell].bold] for y in range(3)]
    assert "|".join("".join(emulator.buffer[y][x].data for x in row) for y, row in enumerate(rows)) == bold

from agentorchestr_tui.panes.ring import Ring, Settings


def test_bytes_are_found_again_by_their_offset():
    ring = Ring()
    ring.append(b"hello ")
    ring.append(b"world")
    assert (ring.start, ring.head) == (0, 11)
    assert ring.read(6, 100) == b"world"
    assert ring.read(2, 3) == b"llo"
    assert ring.read(11, 5) == b""


def test_the_oldest_bytes_go_and_the_offsets_stay():
    ring = Ring(size=100, slack=20)
    for count in range(100):
        ring.append(b"%09d\n" % count)
    assert ring.head == 1000
    assert 870 <= ring.start <= 910
    assert ring.read(990, 10) == b"000000099\n"


def test_a_shortened_ring_begins_at_a_line_or_a_sequence():
    ring = Ring(size=100, slack=50)
    ring.append(b"x" * 55 + b"\x1b[31mred" + b"y" * 90)
    assert ring.read(ring.start, 8) == b"\x1b[31mred"


def test_modes_set_by_dropped_bytes_are_remembered():
    ring = Ring(size=50, slack=10)
    ring.append(b"\x1b[?1049h\x1b[?2004;1006h\x1b[?25l" + b"." * 100 + b"\n" + b"." * 40)
    ring.append(b"\x1b[?25h" + b"." * 100 + b"\n" + b"." * 40)
    assert ring.preamble == b"\x1b[?1049h\x1b[?2004h\x1b[?1006h\x1b[?25h"


def test_key_flags_and_title_set_by_dropped_bytes_are_remembered():
    settings = Settings()
    settings.read(b"\x1b[>1u\x1b[>7u..\x1b[<u\x1b[>4;2m\x1b]0;old\x07..\x1b]2;Working \xe2\x9c\xb3\x1b\\..\x1b[=3;1u")
    assert settings.sequence == b"\x1b[>1u\x1b[=3;1u\x1b[>4;2m\x1b]2;Working \xe2\x9c\xb3\x1b\\"


def test_a_reset_forgets_all_settings():
    settings = Settings()
    settings.read(b"\x1b[?1049h\x1b[>1u\x1b]0;title\x07\x1bc\x1b[?25l")
    assert settings.sequence == b"\x1b[?25l"


def test_a_cleared_ring_keeps_its_offsets():
    ring = Ring()
    ring.append(b"abc")
    ring.clear()
    ring.append(b"d")
    assert (ring.start, ring.head, ring.read(3, 5)) == (3, 4, b"d")

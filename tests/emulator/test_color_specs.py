"""Colours as programs write them: hexadecimal, intensities, spaces, names; and their way through OSC 4 to 19."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentorchestr_tui.emulator.color_specs import parse_color
from tests.emulator.screens import fed

SPECS = {
    "#fff": (0xF0, 0xF0, 0xF0), "#f0f0f0": (0xF0,) * 3, "#f00f00f00": (0xF0,) * 3, "#800080008000": (0x80,) * 3,
    "#12345": None, "#ggg": None, "rgb:f/0/8": (255, 0, 136), "rgb:f0f0/8080/0000": (0xF0, 0x80, 0),
    "rgb:fff/000/800": (255, 0, 127), "rgb:12/34": None, "rgb:/1/1": None, "rgbi:1/1/1": (255, 255, 255),
    "rgbi:1.0/0/.5": (255, 0, 187), "RGBI:0/1e-9/2": (0, 19, 255), "rgbi:nan/0/0": None, "rgbi:-1/0/0": (0, 0, 0),
    "CIEXYZ:1/1/1": (255, 255, 255), "CIEXYZ:0.5/0.5/0.5": (221, 181, 160), "CIEXYZ:0/0/0": (0, 0, 0),
    "CIEXYZ:-1/0.5/-1": (14, 215, 158), "CIEXYZ:9e99/.5/9e99": (255, 156, 210), "CIExyY:1/0/1": (0, 0, 0),
    "CIExyY:0.3127/0.3290/1": (255, 255, 255), "CIExyY:0.5/0.5/0.5": (247, 179, 14), "CIEuvY:0/0.75/1": (0, 0, 0),
    "CIEuvY:0.5/0.5/0.5": (255, 163, 174), "CIEuvY:0.18835/0.44626/0.5": (193, 187, 187),
    "CIELab:0.5/0.5/0.5": (82, 79, 79), "CIELab:76.07/0/0": (193, 187, 187), "CIELab:9e99/0/0": (255, 255, 255),
    "CIELuv:1/1/1": (22, 20, 14), "CIELuv:0/1/1": (0, 0, 0), "CIELuv:76.07/0/0": (193, 187, 187),
    "TekHVC:1/1/1": (26, 19, 15), "TekHVC:0/0/1": (0, 0, 0), "TekHVC:721/76.07/0": (193, 187, 187),
    "red": (255, 0, 0), "Dark Green": (0, 100, 0),
    "green": (0, 255, 0), "gray50": (128, 128, 128), "grey101": None, "no colour": None, "": None,
}  # fmt: skip


@pytest.mark.parametrize("spec", SPECS)
def test_a_specification_is_read(spec):
    read, wanted = parse_color(spec), SPECS[spec]
    if wanted is None:
        assert read is None
    else:
        assert read is not None
        assert max(abs(one - other) for one, other in zip(read, wanted, strict=True)) <= 1


@given(
    st.sampled_from(["rgbi", "CIEXYZ", "CIExyY", "CIEuvY", "CIELab", "CIELuv", "TekHVC"]),
    st.lists(st.floats(), min_size=3),
)
def test_any_numbers_make_a_colour_or_none(space, numbers):
    read = parse_color(f"{space}:" + "/".join(str(number) for number in numbers[:3]))
    assert read is None or all(0 <= value <= 255 for value in read)


@pytest.mark.parametrize("code", range(10, 20))
def test_a_dynamic_colour_is_changed_told_and_reset(code):
    emulator = fed(f"\x1b]{code};?\x07")
    before = emulator.take_replies()
    emulator.feed(f"\x1b]{code};rgbi:1/0/0\x07\x1b]{code};?\x1b\\\x1b]{code + 100}\x07\x1b]{code};?\x07".encode())
    assert emulator.take_replies() == f"\x1b]{code};rgb:ffff/0000/0000\x1b\\".encode() + before


@pytest.mark.parametrize("index", [0, 7, 200, 255, 256, 260])
def test_a_palette_colour_is_changed_told_and_reset(index):
    emulator = fed(f"\x1b]4;{index};?\x07")
    before = emulator.take_replies()
    emulator.feed(f"\x1b]4;{index};tomato\x07\x1b]4;{index};?\x07\x1b]104;{index}\x07\x1b]4;{index};?\x07".encode())
    assert emulator.take_replies() == f"\x1b]4;{index};rgb:ffff/6363/4747\x07".encode() + before


@given(
    st.sampled_from(["CIEXYZ", "CIExyY", "CIEuvY", "CIELab", "CIELuv", "TekHVC"]),
    st.lists(st.sampled_from(["0", "1", "-1", "0.5", "1e-99", "9e99", "-999999999e99", "99", "7.9"]), min_size=3),
)
def test_any_specification_that_can_be_written_is_a_colour(space, numbers):
    read = parse_color(f"{space}:" + "/".join(numbers[:3]))
    assert read is not None
    assert all(0 <= value <= 255 for value in read)
